"""The shells of all outputs: what a report will print, before there are data, with x for every figure.

They are laid out from the results of virtual patients by the code that makes the report, so that a shell
cannot promise what the report does not keep; terms, hospitals and lines of listings are examples.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pyarrow as pa

from grevy.report.document import Document
from grevy.report.words import PAGE, Words
from grevy.results.checklists import PLACE
from grevy.results.rows import OK

ROWS_OF_EXAMPLE = 24
ROWS_OF_DATA = (
    *("T14.1.7", "T14.1.8", "T14.1.9.1", "T14.1.9.2", "T14.3.1.10"),
    *(f"T14.3.1.{number}" for number in range(2, 9)),
)
"""Outputs whose rows are terms or drugs; those of listings are entries."""
PERCENT = re.compile(r"[<>]?\d+(?:\.\d+)?%")
DECIMAL = re.compile(r"−?\d+\.(\d+)")
WHOLE = re.compile(r"−?(?<![x.])\d+(?![\d.])")
NAMED_BY_SUBJECT = ("F14.2.4", "F14.3.3", "L")


def mask_results(rows: pa.Table) -> pa.Table:
    """The rows with x for figures; of outputs whose rows come from the data, the first as an example."""
    masked = [_mask(row) for row in rows.to_pylist() if _is_shown(row)]
    return pa.Table.from_pylist(masked, schema=rows.schema)


def has_rows_of_data(output_id: str) -> bool:
    """Whether the data decide how many rows an output has, and not the plan."""
    return output_id in ROWS_OF_DATA or output_id.startswith("L")


def _is_shown(row: dict[str, Any]) -> bool:
    return row["row_order"] <= ROWS_OF_EXAMPLE or not has_rows_of_data(row["output_id"])


def _mask(row: dict[str, Any]) -> dict[str, Any]:
    if row["operation"] == PLACE:
        return row
    texts = {name: mask_text(row[name]) for name in ("value_text", "value_text_zh")}
    labels = {}
    if row["output_id"].startswith(NAMED_BY_SUBJECT):
        labels = {name: mask_text(row[name]) for name in ("row_label_en", "row_label_zh")}
    return row | texts | labels | {"status": OK, "reason": None, "reason_zh": None}


def mask_text(text: str) -> str:
    """A printed value with x for its figures: `158 (76.0%)` gives `xx (xx.x%)`."""
    without_percents = PERCENT.sub("xx.x%", text)
    without_decimals = DECIMAL.sub(lambda found: "xx." + "x" * len(found[1]), without_percents)
    return WHOLE.sub("xx", without_decimals)


def name_shells(document: Document) -> Document:
    """The document named for what it is."""
    title = Words(
        PAGE["shells_of"].en.format(title=document.title.en),
        PAGE["shells_of"].zh.format(title=document.title.zh),
    )
    return replace(document, title=title, preface=PAGE["shells"])
