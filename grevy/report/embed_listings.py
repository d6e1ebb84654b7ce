"""The listings packed for the page: texts by their position, and the record behind each line as a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from grevy.report.lineage import Lineage
from grevy.report.listing_views import ListingView
from grevy.report.strings import Strings
from grevy.report.words import Words


def find_nodes(view: ListingView, lineage: Lineage) -> tuple[np.ndarray, list[int]]:
    """The nodes of all records of a listing in the order of its lines, and how many each line has."""
    counts = [len(own) for own in view.records]
    nodes = lineage.nodes[(lineage.nodes["LAYER"] == "adam") & (lineage.nodes["DATASET"] == view.dataset)]
    known = pd.MultiIndex.from_arrays([nodes["USUBJID"], nodes["SEQ"].astype("float64")])
    wanted = pd.MultiIndex.from_arrays(
        [
            np.repeat(np.array(view.subjects, dtype=object), counts),
            np.array([number for own in view.records for number in own], dtype="float64"),
        ]
    )
    places = known.get_indexer(wanted)
    if (places < 0).any():
        raise ValueError(f"{view.id} lists {(places < 0).sum()} records of {view.dataset} that do not exist")
    return nodes["NODE"].to_numpy("int64")[places], counts


def pack_listing(
    view: ListingView, nodes: np.ndarray, counts: Sequence[int], strings: Strings
) -> dict[str, Any]:
    """Heads, texts by column, subjects in runs, and the nodes of each line as differences."""
    return {
        "title": strings.pair(Words(view.heading("en"), view.heading("zh"))),
        "heads": [strings.pair(head) for head in view.heads],
        "subjects": _pack_runs([strings.place(name) for name in view.subjects]),
        "columns": [_pack_column(en, zh, strings) for en, zh in zip(view.en, view.zh, strict=True)],
        "nodes": np.diff(nodes, prepend=0).tolist(),
        "counts": _pack_runs(list(counts)),
    }


def _pack_column(en: Sequence[str], zh: Sequence[str], strings: Strings) -> list[list[int]]:
    """The texts in English, and those in Chinese where they differ; an empty text is -1."""
    packed = [[strings.place(text or None) for text in en]]
    if list(en) != list(zh):
        packed.append([strings.place(text or None) for text in zh])
    return packed


def _pack_runs(values: Sequence[int]) -> list[int]:
    """Value and how often it follows itself, by turns."""
    runs: list[int] = []
    for value in values:
        if runs and runs[-2] == value:
            runs[-1] += 1
        else:
            runs += [value, 1]
    return runs
