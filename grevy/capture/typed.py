"""What people type, read into stored values; and stored values as people read them.

Dates are typed in several ways and stored in one (ISO 8601, never completed); a number keeps the decimals
that were typed. What cannot be read is kept as it was typed and explained; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.definition.partial_values import (
    UNKNOWN_DATE,
    read_date,
    read_datetime,
    read_decimal,
    read_partial_date,
    read_quantity,
)
from grevy.definition.words import Text
from grevy.snapshot import ROW_KEY

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNKNOWN_WORDS = frozenset({"unk", "unknown", "un", "不详", "未知"})
_TODAY = re.compile(r"t\s*(?:([+-])\s*(\d{1,3}))?")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.年](\d{1,2}|un|uk)(?:[-/.月](\d{1,2}|un|uk)?日?)?)?月?年?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED_MONTH = re.compile(r"(\d{1,2}|un|uk)?[-\s./]*([a-z]{3})[a-z]*[-\s./,]*(\d{4})")
_UNKNOWN_PARTS = re.compile(r"(?:un|uk)[-\s]+(?:un|unk|uk)[-\s]+(\d{4})")
_TWO_WAYS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_TIME = re.compile(r"(.+?)[T\s]+(\d{1,2}):?(\d{2})")
_QUANTITY = re.compile(r"(<=|>=|<|>|≤|≥)?\s*([-−]?\d+(?:\.\d+)?)\s*(.*)", re.DOTALL)
# A Chinese keyboard types figures and signs in full width; they mean the same.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_COMPARATORS = {"≤": "<=", "≥": ">="}

AMBIGUOUS = Text(
    en="{typed} can be read two ways. Type {first} or {second}.",
    zh="{typed} 有两种读法。请输入 {first} 或 {second}。",
)
NO_DATE = Text(
    en="{typed} is no date. Type it like 2026-03-05, 5mar2026 or t for today.",
    zh="{typed} 不是日期。请按 2026-03-05 输入，t 表示今天。",
)
NO_PARTIAL_DATE = Text(
    en="{typed} is no date. Type it like 2026-03-05, or 2026-03 or 2026 where the rest is unknown, or UNK.",
    zh="{typed} 不是日期。请按 2026-03-05 输入；日或月不详时输入 2026-03 或 2026；全部不详输入 UNK。",
)
NOT_WHOLE_DATE = Text(
    en="The whole date is needed here: year, month and day. {typed} leaves a part open.",
    zh="此处需要完整日期（年、月、日）；{typed} 不完整。",
)
NO_TIME = Text(
    en="{typed} is no date with time. Type it like 2026-03-05 14:30.",
    zh="{typed} 不是日期和时间。请按 2026-03-05 14:30 输入。",
)
NO_NUMBER = Text(en="{typed} is no number. Type it like 12.5.", zh="{typed} 不是数字。请按 12.5 输入。")
NOT_WHOLE = Text(en="{typed} is no whole number. Type it like 12.", zh="{typed} 不是整数。请按 12 输入。")
COMMA = Text(
    en="The decimal sign is a point: type {point}, not {typed}.",
    zh="小数点请用“.”：请输入 {point}，不要用 {typed}。",
)
UNIT_MISSING = Text(
    en="{typed} has no unit. Choose one of: {units}.", zh="{typed} 没有单位。请选择：{units}。"
)


@dataclass(frozen=True)
class Mistyped:
    """What was typed into a field cannot be read; the message says what is allowed."""

    path: tuple[str, ...]
    message: Text


def read_typed(item: Item, typed: str, today: date) -> tuple[Any, Text | None]:
    """The value of what was typed, or None and why it cannot be read; an empty field is an absent value."""
    text = typed.strip()
    if item.type not in ("text", "code"):
        text = text.translate(_HALF_WIDTH).strip()
    if not text:
        return None, None
    if item.type in ("date", "partial_date"):
        return _read_date(text, today, partial=item.type == "partial_date")
    if item.type == "datetime":
        return _read_moment(text, today)
    if item.type in ("integer", "decimal"):
        return _read_number(text, whole=item.type == "integer")
    if item.type == "quantity":
        return _read_quantity(item, text)
    return (typed.strip() if item.type == "code" else typed), None


def read_typed_form(
    form: Form, typed: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], tuple[Mistyped, ...]]:
    """The values of a form from the text of its fields, and every field that cannot be read.

    A group is a list of rows, each with its key. A row in which nothing was typed stays: it may be meant.
    Unknown names pass through, so that saving refuses them by name.
    """
    values: dict[str, Any] = {}
    problems: list[Mistyped] = []
    for name, given in typed.items():
        group, item = form.find_group(name), form.find(name)
        if group is not None and isinstance(given, list):
            values[name] = [
                _read_row(name, group.items, row, today, problems) if isinstance(row, Mapping) else row
                for row in given
            ]
        elif item is not None and isinstance(given, str):
            _keep(values, problems, (name,), item, given, today)
        elif given is not None:
            values[name] = given
    return values, tuple(problems)


def _read_row(
    group: str, items: tuple[Item, ...], row: Mapping[str, Any], today: date, problems: list[Mistyped]
) -> dict[str, Any]:
    read: dict[str, Any] = {ROW_KEY: str(row[ROW_KEY])} if row.get(ROW_KEY) else {}
    known = {item.name: item for item in items}
    for name, given in row.items():
        if name == ROW_KEY:
            continue
        if name in known and isinstance(given, str):
            _keep(read, problems, (group, str(row.get(ROW_KEY, "")), name), known[name], given, today)
        elif given is not None:
            read[name] = given
    return read


def _keep(
    values: dict[str, Any],
    problems: list[Mistyped],
    path: tuple[str, ...],
    item: Item,
    given: str,
    today: date,
) -> None:
    value, message = read_typed(item, given, today)
    if message is not None:
        problems.append(Mistyped(path, message))
    if value is not None:
        values[path[-1]] = value


# ---- Dates ---------------------------------------------------------------------------------------------


def _read_date(text: str, today: date, *, partial: bool) -> tuple[str | None, Text | None]:
    written = text.lower().rstrip("日")
    if relative := _TODAY.fullmatch(written):
        days = int(relative[2] or 0) * (-1 if relative[1] == "-" else 1)
        return (today + timedelta(days=days)).isoformat(), None
    if partial and written in _UNKNOWN_WORDS:
        return UNKNOWN_DATE, None
    if two_ways := _TWO_WAYS.fullmatch(written):
        return _refuse_two_ways(text, *(int(part) for part in two_ways.groups()))
    found = _date_parts(written)
    value = _write_date(*found) if found else None
    if value is None:
        return None, _filled(NO_PARTIAL_DATE if partial else NO_DATE, typed=text)
    if len(value) < 10 and not partial:
        return None, _filled(NOT_WHOLE_DATE, typed=text)
    return value, None


def _date_parts(written: str) -> tuple[str, str | None, str | None] | None:
    """Year, month and day as text; None where a part is unknown."""
    if match := _COMPACT.fullmatch(written):
        return match[1], match[2], match[3]
    if match := _YEAR_FIRST.fullmatch(written):
        return match[1], _known(match[2]), _known(match[3])
    if match := _UNKNOWN_PARTS.fullmatch(written):
        return match[1], None, None
    match = _NAMED_MONTH.fullmatch(written)
    if match and match[2] in MONTHS:
        return match[3], str(MONTHS.index(match[2]) + 1), _known(match[1])
    return None


def _known(part: str | None) -> str | None:
    return part if part and part.isdigit() else None


def _write_date(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return year if day is None else None
    value = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
    return value if read_partial_date(value) else None


def _refuse_two_ways(text: str, one: int, other: int, year: int) -> tuple[None, Text]:
    """Day and month in an order nobody can know: refused even where only one reading is possible."""
    readings = [f"{year}-{month:02d}-{day:02d}" for month, day in ((other, one), (one, other))]
    possible = [reading for reading in readings if read_date(reading)]
    if not possible:
        return None, _filled(NO_DATE, typed=text)
    return None, _filled(AMBIGUOUS, typed=text, first=possible[0], second=possible[-1])


def _read_moment(text: str, today: date) -> tuple[str | None, Text | None]:
    match = _TIME.fullmatch(text)
    day = _read_date(match[1].strip(), today, partial=False)[0] if match else None
    value = f"{day}T{int(match[2]):02d}:{match[3]}" if match and day else None
    return (value, None) if value and read_datetime(value) else (None, _filled(NO_TIME, typed=text))


# ---- Numbers -------------------------------------------------------------------------------------------


def _read_number(text: str, *, whole: bool) -> tuple[int | str | None, Text | None]:
    if re.fullmatch(r"[-−]?\d+,\d+", text):
        return None, _filled(COMMA, typed=text, point=text.replace(",", "."))
    plain = text.replace("−", "-").removeprefix("+")
    if read_decimal(plain) is None:
        return None, _filled(NOT_WHOLE if whole else NO_NUMBER, typed=text)
    if not whole:
        return plain, None
    return (int(plain), None) if "." not in plain else (None, _filled(NOT_WHOLE, typed=text))


def _read_quantity(item: Item, text: str) -> tuple[str | None, Text | None]:
    """A number, perhaps with < or >, and its unit; a missing unit is asked for, never supposed."""
    if comma := re.match(r"[<>≤≥=]*\s*[-−]?\d+,\d+", text):
        return None, _filled(COMMA, typed=comma[0], point=comma[0].replace(",", "."))
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None, _filled(NO_NUMBER, typed=text)
    if not match[3].strip():
        units = (str(item.unit), *item.units)
        return None, Text(
            en=UNIT_MISSING.en.format(typed=text, units=", ".join(units)),
            zh=UNIT_MISSING.zh.format(typed=text, units="、".join(units)),
        )
    comparator = match[1] or ""
    number = match[2].replace("−", "-")
    value = f"{_COMPARATORS.get(comparator, comparator)}{number} {match[3].strip()}"
    return value, None  # whether the unit is one of the item's is a matter of the definition's checks


def _filled(message: Text, **figures: object) -> Text:
    return Text(en=message.en.format(**figures), zh=message.zh.format(**figures))


# ---- Reading back --------------------------------------------------------------------------------------


def show_date(value: str, language: str) -> str:
    """A stored date or moment in the reader's manner: 05-Mar-2026 and 2026-03-05; open parts are marked."""
    if value == UNKNOWN_DATE:
        return "UNK" if language == "en" else "不详"
    day, _, time = value.partition("T")
    parts = day.split("-")
    if language == "en" and all(part.isdigit() for part in parts):
        month = MONTHS[int(parts[1]) - 1].capitalize() if len(parts) > 1 else "UN"
        day = f"{parts[2] if len(parts) > 2 else 'UN'}-{month}-{parts[0]}"
    return f"{day} {time[:5]}".strip()


def show_value(study: Study, item: Item, value: Any, language: str) -> str:
    """A stored value as a reader of the language sees it: the label of a code, the date in its manner."""
    if value is None or value == "":
        return ""
    if item.codelist:
        code = study.codelists[item.codelist].find(str(value))
        return getattr(code, language) if code else str(value)
    if item.type in ("date", "partial_date", "datetime") and isinstance(value, str):
        return show_date(value, language)
    return str(value)


def show_typed(item: Item, value: Any, language: str) -> str:
    """A stored value as the text of its field, from which it reads back as the same value."""
    if value is None:
        return ""
    if item.type in ("date", "partial_date", "datetime") and isinstance(value, str):
        return show_date(value, language)
    return str(value)


def split_quantity(typed: str, units: tuple[str, ...] = ()) -> tuple[str, str, str]:
    """Comparator, number and unit of a quantity's text, for its three controls.

    What is no quantity stays in the middle, but for a unit at its end: the three put together again are the
    text that was typed, however often.
    """
    quantity = read_quantity(typed)
    if quantity is not None:
        match = _QUANTITY.fullmatch(typed)
        assert match is not None  # it was read just now
        return quantity.comparator, match[2], quantity.unit
    unit = next((u for u in sorted(units, key=len, reverse=True) if typed.endswith(f" {u}")), "")
    return "", typed.removesuffix(f" {unit}") if unit else typed, unit
