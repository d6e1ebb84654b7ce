"""The data behind the numbers, packed for the page: results, record sets, rows, links, revisions.

Only rows that a number of the report can reach are packed. Texts stand once in a list and are named by their
position; tables are packed by column; links as one flat list with offsets. The page's script walks these and
derives nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from grevy.report.columns import fold, unfold
from grevy.report.embed_listings import find_nodes, pack_listing
from grevy.report.entries import Labels, changes_of
from grevy.report.lineage import ADSL_DOMAINS, Lineage, counted_variable, find_reachable
from grevy.report.listing_views import ListingView
from grevy.report.result_rows import ResultRow
from grevy.report.strings import Strings
from grevy.report.words import FACTS, PANEL, PARAMETERS, RULE_SWITCHES, SENTENCES, VALUES, VARIABLES

RESULT_COLUMNS = (
    "result_id", "output_id", "row_label_en", "row_label_zh", "column_label_en", "column_label_zh",
    "group_label_en", "group_label_zh", "value_text", "value_text_zh", "reason_zh",
    "analysis_set", "dataset", "where", "parameter", "method", "operation", "denominator",
    "unit", "status", "reason", "switches", "time",
)  # fmt: skip
NOT_PACKED = {"STUDYID", "DOMAIN"}
LEVEL = 7  # 9 takes three times as long and saves 3 %


def build_page_data(
    results: Sequence[ResultRow],
    trace: pa.Table,
    lineage: Lineage,
    labels: Labels,
    listings: Mapping[str, ListingView] | None = None,
) -> dict[str, Any]:
    """Everything the panel needs, as plain lists and numbers."""
    strings = Strings()
    sets = _collect_sets(results, trace, lineage)
    listed = {name: find_nodes(view, lineage) for name, view in (listings or {}).items()}
    every = [*sets.values(), *(nodes for nodes, _ in listed.values()), np.array([], dtype="int64")]
    start = np.unique(np.concatenate(every)).astype("int64")
    kept = find_reachable(lineage, start)
    renumbered = np.full(len(lineage.nodes), -1, dtype="int64")
    renumbered[kept] = np.arange(len(kept))
    set_places = {key: place for place, key in enumerate(sets)}
    data: dict[str, Any] = {
        "results": _pack_results(results, set_places, strings),
        "sets": [_steps(renumbered[nodes]) for nodes in sets.values()],
        "tables": _pack_tables(lineage, kept, strings),
        "parents": _pack_links(lineage, kept, renumbered),
        "listings": {
            name: pack_listing(view, renumbered[listed[name][0]], listed[name][1], strings)
            for name, view in (listings or {}).items()
        },
    }
    data.update(_pack_revisions(lineage, renumbered, labels, strings))
    data["adsl"] = ADSL_DOMAINS
    data["facts"] = FACTS
    data["ruleSwitches"] = RULE_SWITCHES
    data["words"] = {
        name: {key: list(words) for key, words in table.items()}
        for name, table in (
            ("panel", PANEL), ("parameters", PARAMETERS), ("values", VALUES), ("variables", VARIABLES),
            ("sentences", SENTENCES),
        )
    }  # fmt: skip
    data["strings"] = strings.texts
    return data


def as_script_text(data: Any) -> Markup:
    """The data as compressed JSON (zlib, base64): an eighth of the size, and no text can end it early."""
    text = json.dumps(fold(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(base64.b64encode(zlib.compress(text.encode(), LEVEL)).decode("ascii"))


def read_script_text(text: str) -> Any:
    """The data of a page as `as_script_text` packed them."""
    return unfold(json.loads(zlib.decompress(base64.b64decode(text))))


# ---- Results and sets ------------------------------------------------------------------------------------


def _collect_sets(results: Sequence[ResultRow], trace: pa.Table, lineage: Lineage) -> dict[str, np.ndarray]:
    """Nodes of each record set that a result of this report names, in order of first use."""
    frame = trace.to_pandas()
    wanted = list(dict.fromkeys(row.trace_key for row in results if row.trace_key))
    frame = frame[frame["trace_key"].isin(wanted)].rename(columns={"dataset": "DATASET", "ASEQ": "SEQ"})
    frame["SEQ"] = frame["SEQ"].astype("float64")
    nodes = lineage.nodes[lineage.nodes["LAYER"] == "adam"]
    joined = frame.merge(nodes, on=["DATASET", "USUBJID", "SEQ"], how="left")
    missing = joined[joined["NODE"].isna()]
    if len(missing):
        example = missing.iloc[0]
        raise ValueError(
            f"trace names {len(missing)} analysis records that do not exist, first: {example['DATASET']} "
            f"{example['USUBJID']} ASEQ {example['SEQ']:g}"
        )
    by_key = {key: np.sort(part.to_numpy("int64")) for key, part in joined.groupby("trace_key")["NODE"]}
    return {key: np.unique(by_key[key]) for key in wanted if key in by_key}


def _pack_results(
    results: Sequence[ResultRow], sets: Mapping[str, int], strings: Strings
) -> dict[str, list[int]]:
    packed = {name: _place_all([getattr(row, name) for row in results], strings) for name in RESULT_COLUMNS}
    packed["source"] = [
        strings.place(counted_variable(row) if row.dataset == "ADSL" else None) for row in results
    ]
    packed["set"] = [sets.get(row.trace_key, -1) for row in results]
    return packed


def _place_all(values: Sequence[Any], strings: Strings) -> list[int]:
    """The position of the text of each value; each distinct one is made a text once."""
    known = {value: strings.place(_text(value)) for value in dict.fromkeys(values)}
    return [known[value] for value in values]


def _steps(numbers: np.ndarray) -> list[int]:
    """Rising numbers as differences, which are short."""
    return np.diff(numbers, prepend=0).tolist()


# ---- Rows and links --------------------------------------------------------------------------------------


def _pack_tables(lineage: Lineage, kept: np.ndarray, strings: Strings) -> list[dict[str, Any]]:
    nodes = lineage.nodes.iloc[kept]
    tables, first = [], 0
    for name, part in nodes.groupby("DATASET", sort=False):
        rows = lineage.tables[str(name)].iloc[part["ROW"].to_numpy()]
        columns = {}
        for column in rows.columns:
            if column not in NOT_PACKED and rows[column].notna().any():
                columns[column] = _pack_column(rows[column], strings)
        _name_twins(columns)
        tables.append(
            {
                "name": name,
                "layer": part["LAYER"].iloc[0],
                "first": first,
                "count": len(part),
                "columns": columns,
            }
        )
        first += len(part)
    return tables


def _name_twins(columns: dict[str, dict[str, Any]]) -> None:
    """A column that says what another of its table says (as collected, as standardized) names that one."""
    first: dict[tuple[Any, ...], str] = {}
    for name, column in columns.items():
        if "each" in column:
            twin = first.setdefault((column["kind"], *column["each"]), name)
            if twin != name:
                columns[name] = {"like": twin}


def _pack_column(column: pd.Series, strings: Strings) -> dict[str, Any]:
    """A column of numbers, or of texts by position; one that is the same throughout is kept once.

    Millions of cells hold few distinct values: each of these is made plain once.
    """
    places, distinct = pd.factorize(column)
    cells = [plain_value(value) for value in distinct.tolist()]
    numeric = not any(isinstance(cell, str) for cell in cells)
    plain = cells if numeric else [strings.place(None if cell is None else str(cell)) for cell in cells]
    plain.append(None if numeric else strings.place(None))  # what is missing has the last place, -1
    packed = [plain[place] for place in places.tolist()]
    kind = "number" if numeric else "text"
    if len(packed) > 1 and packed.count(packed[0]) == len(packed):
        return {"kind": kind, "same": packed[0]}
    return {"kind": kind, "each": packed}


def _pack_links(lineage: Lineage, kept: np.ndarray, renumbered: np.ndarray) -> dict[str, list[int]]:
    """Parents of each kept node: counts per node, then all parents in order."""
    child = renumbered[lineage.links["CHILD"].to_numpy()]
    parent = renumbered[lineage.links["PARENT"].to_numpy()]
    inside = child >= 0
    order = np.lexsort((parent[inside], child[inside]))
    counts = np.bincount(child[inside], minlength=len(kept))
    return {"counts": counts.tolist(), "nodes": parent[inside][order].tolist()}


# ---- Revisions -------------------------------------------------------------------------------------------


def _pack_revisions(
    lineage: Lineage, renumbered: np.ndarray, labels: Labels, strings: Strings
) -> dict[str, Any]:
    """All revisions of the records that a number reaches, each with what it changed."""
    nodes = renumbered[lineage.origins["NODE"].to_numpy("int64")]
    origins = lineage.origins[nodes >= 0]
    all_revisions = lineage.revisions
    records = np.unique(all_revisions["RECORD"].to_numpy("int64")[origins["REVISION"].to_numpy("int64")])
    kept = np.flatnonzero(all_revisions["RECORD"].isin(records).to_numpy())
    revisions = all_revisions.iloc[kept]
    place = np.full(len(all_revisions), -1, dtype="int64")
    place[kept] = np.arange(len(kept))
    packed_origins: dict[str, list[int]] = {}
    for node, revision, row_key in zip(
        renumbered[origins["NODE"].to_numpy("int64")].tolist(),
        place[origins["REVISION"].to_numpy("int64")].tolist(),
        origins["ROWKEY"].tolist(),
        strict=True,
    ):
        packed_origins.setdefault(str(node), []).extend([revision, strings.place(_text(row_key))])
    items: dict[tuple[str, str, str], int] = {}
    item_rows: list[list[int]] = []
    packed = _pack_revision_columns(revisions, strings)
    packed["changes"] = [
        _pack_changes(str(form), changes, items, item_rows, labels, strings)
        for form, changes in zip(revisions["FORM"], changes_of(revisions, labels), strict=True)
    ]
    return {
        "origins": packed_origins,
        "revisions": packed,
        "items": item_rows,
        **_pack_names(revisions, labels),
    }


def _pack_revision_columns(revisions: pd.DataFrame, strings: Strings) -> dict[str, list[int]]:
    record_numbers = {record: n for n, record in enumerate(dict.fromkeys(revisions["RECORD"]))}
    return {
        "record": [record_numbers[record] for record in revisions["RECORD"]],
        "number": [int(n) for n in revisions["REVNO"]],
        "id": _place_all(revisions["REVISION"].tolist(), strings),
        "form": _place_all(revisions["FORM"].tolist(), strings),
        "event": _place_all(revisions["EVENTID"].tolist(), strings),
        "eventseq": [int(n) for n in revisions["EVENTSEQ"]],
        "formseq": [int(n) for n in revisions["FORMSEQ"]],
        "at": _place_all(revisions["AT"].tolist(), strings),
        "by": _place_all(revisions["BY"].tolist(), strings),
        "role": _place_all(revisions["ROLE"].tolist(), strings),
        "reason": _place_all(revisions["REASON"].tolist(), strings),
        "withdrawn": [int(bool(v)) for v in revisions["WITHDRAWN"]],
    }


def _pack_changes(
    form: str,
    changes: Sequence[Any],
    items: dict[tuple[str, str, str], int],
    item_rows: list[list[int]],
    labels: Labels,
    strings: Strings,
) -> list[int]:
    """Flat triples: item, row key, value after (its label in both languages when they differ)."""
    flat: list[int] = []
    for change in changes:
        key = (form, change.place.group, change.place.item)
        if key not in items:
            items[key] = len(item_rows)
            item_rows.append(
                [strings.place(change.place.group or None), *strings.pair(labels.item(form, change.place))]
            )
        if change.after is None:
            value = [-1, -1]
        else:
            value = strings.pair(labels.value(form, change.place, change.after))
        flat += [items[key], strings.place(change.place.row or None), *value]
    return flat


def _pack_names(revisions: pd.DataFrame, labels: Labels) -> dict[str, Any]:
    return {
        "forms": {form: list(labels.form(form)) for form in dict.fromkeys(revisions["FORM"])},
        "events": {event: list(labels.event(event)) for event in dict.fromkeys(revisions["EVENTID"])},
    }


# ---- Cells -----------------------------------------------------------------------------------------------


def plain_value(value: Any) -> str | int | float | None:
    """A cell as JSON holds it: dates as ISO text, whole numbers without a point."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 6)
    if isinstance(value, int | str):
        return value
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _text(value: Any) -> str | None:
    plain = plain_value(value)
    return None if plain is None or plain == "" else str(plain)


def _moment(value: Any) -> str:
    """A moment in UTC to the second, as the ledger keeps it."""
    moment = pd.Timestamp(value)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
