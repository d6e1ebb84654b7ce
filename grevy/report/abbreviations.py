"""Abbreviations under an output: those that stand there as words, each in the sense it has there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grevy.report.result_rows import ResultRow
from grevy.report.words import ABBREVIATIONS, Words


def find_abbreviations(rows: Sequence[ResultRow]) -> list[Words]:
    """Abbreviations that stand as words in labels or values."""
    return find_in_text(
        " ".join(f"{r.row_label_en} {r.column_label_en} {r.group_label_en} {r.value_text}" for r in rows)
    )


def find_in_text(text: str) -> list[Words]:
    """Abbreviations that stand as words in a text, and only those."""
    text, deviations = re.subn(r"mean \(SD\)", "", text, flags=re.IGNORECASE)
    text = text.replace("PD-1", "")  # a target of antibodies, not progressive disease
    present = set(re.findall(r"[A-Za-z0-9]+", text)) | ({"mean (SD)"} if deviations else set())
    return [words for name, words in ABBREVIATIONS if name in present]


def say_in_one_line(found: Sequence[Words]) -> Words | None:
    """The abbreviations of an output as one line under it."""
    if not found:
        return None
    return Words("; ".join(w.en for w in found) + ".", "；".join(w.zh for w in found) + "。")
