"""Forms of measured values: laboratory, vital signs, ECG, echocardiography; limits, grades, trends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from grevy.capture.policies import Address
from grevy.capture.reading.form_page import FormPage
from grevy.capture.reading.measured import Mark, Measured, measured_items, read_measured
from grevy.capture.typed import show_date
from grevy.capture.web import current_study
from grevy.capture.words import Words

SPARK_WIDTH, SPARK_HEIGHT = 72, 20
MOST_POINTS = 24


def layout_context(page: FormPage, language: str) -> dict[str, Any]:
    """Rows of the table of values, the other fields, and the label's advice."""
    measured = read_measured(current_study(), page.address, page.judgment.values)
    told = layout_marks(page.address, page.judgment.values, measured, language)
    names = {item.name for item in measured_items(page.form)}
    return {
        "measured_rows": [
            (field, told["marks"][field.path], spark_points(measured.marks[field.path]))
            for field in page.fields
            if field.path in names
        ],
        "other_fields": [field for field in page.fields if field.path not in names],
        "advice": told["advice"],
    }


def layout_answer(address: Address, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Marks and advice as the page's script puts them into the rows."""
    measured = read_measured(current_study(), address, values)
    return {"measured": layout_marks(address, values, measured, language)}


def layout_marks(
    address: Address, values: Mapping[str, Any], measured: Measured, language: str
) -> dict[str, Any]:
    """Each mark in words, with the way to an adverse event where there is a grade."""
    return {
        "marks": {
            name: _told(address, mark, measured.day, language) for name, mark in measured.marks.items()
        },
        "advice": [
            {"about": getattr(about, language), "advice": getattr(advice, language)}
            for about, advice in measured.advice
        ],
    }


def _range_in_words(form: str, mark: Mark, t: Words) -> str:
    """The limits of normal; where they are missing only specimens of a laboratory ask for them."""
    if mark.has_range:
        return f"{_range(mark)} {mark.unit}".strip()
    return t["range_missing"] if current_study().forms[form].find("collected_date") else ""


def _told(address: Address, mark: Mark, on: date | None, language: str) -> dict[str, Any]:
    t, last = Words(language), mark.earlier[-1] if mark.earlier else None
    term = getattr(mark.term, language) if mark.term else ""
    return {
        "range": _range_in_words(address.form, mark, t),
        "converted": f"= {_plain(mark.value)} {mark.unit}"
        if mark.converted and mark.value is not None
        else "",
        "missing_range": not mark.has_range,
        "flag": t[f"flag_{mark.flag}"] if mark.flag else "",
        "flag_code": mark.flag,
        "grade": "" if mark.grade is None else str(mark.grade),
        "term": term,
        "last": f"{_plain(last[1])} · {show_date(last[0].isoformat(), language)}" if last else "",
        "event_url": _event_url(address, mark, on, language) if mark.grade else "",
    }


def _range(mark: Mark) -> str:
    if mark.low is not None and mark.high is not None:
        return f"{_plain(mark.low)}–{_plain(mark.high)}"
    if mark.high is not None:
        return f"≤ {_plain(mark.high)}"
    return f"≥ {_plain(mark.low)}" if mark.low is not None else ""


def _plain(number: Decimal) -> str:
    """As few digits as say the number: limits that were converted have many."""
    return f"{number:.4g}" if abs(number) < 1000 else f"{number:.0f}"


def _event_url(address: Address, mark: Mark, on: date | None, language: str) -> str:
    """The log of adverse events with a new row begun from this grade, of the day of the measurement."""
    file, told = current_study().terms, {}
    if mark.term:
        term = next((one for one in file.terms if one.en == mark.term.en), None)
        told = {"term": getattr(mark.term, language), "decod": mark.term.en}
        told |= {"soc": file.class_of(term).en} if term else {}
    day = show_date(on.isoformat(), language) if on else ""
    query = urlencode({**told, "start_date": day, "grade": mark.grade})
    return f"{reverse('log', args=[address.subject, 'adverse_event'])}?{query}"


def spark_points(mark: Mark) -> str:
    """The points of the small line of earlier values and this one; empty where one value alone is no line."""
    numbers = [number for _, number in mark.earlier[-MOST_POINTS:]]
    numbers += [mark.value] if mark.value is not None else []
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    span = high - low or Decimal(1)
    step = Decimal(SPARK_WIDTH - 6) / (len(numbers) - 1)
    return " ".join(
        f"{3 + place * step:.1f},{SPARK_HEIGHT - 3 - (number - low) / span * (SPARK_HEIGHT - 6):.1f}"
        for place, number in enumerate(numbers)
    )
