"""Casts as DuckDB makes them; what it would refuse is missing, for a branch nobody takes is computed too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import ibis.expr.datatypes as dt

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})")


def find_cast(source: dt.DataType, target: dt.DataType) -> Callable[[Any], Any]:
    """The cast from one type to another; a missing value stays out of it."""
    if source == target:
        return lambda value: value
    if target.is_string():
        return _to_text(source)
    if target.is_date():
        return _to_date
    if target.is_integer():
        return _to_whole
    if target.is_decimal():
        return _to_decimal(target)
    if target.is_floating():
        return _to_float
    if target.is_boolean():
        return bool
    raise NotImplementedError(f"cast from {source} to {target}")


def _to_text(source: dt.DataType) -> Callable[[Any], str]:
    if source.is_decimal():
        places = source.scale or 0
        return lambda value: f"{value:.{places}f}"
    if source.is_boolean():
        return lambda value: "true" if value else "false"
    if source.is_date():
        return lambda value: value.isoformat()
    if source.is_floating():
        return lambda value: repr(float(value))
    return str


def _to_date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.match(value)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _to_whole(value: Any) -> int | None:
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        return int(Decimal(value.strip()).quantize(Decimal(1), ROUND_HALF_UP))
    if isinstance(value, Decimal):
        return int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return round(value)


def _to_float(value: Any) -> float | None:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    return float(value)


def _to_decimal(target: dt.Decimal) -> Callable[[Any], Decimal | None]:
    quantum = Decimal(1).scaleb(-(target.scale or 0))

    def cast(value: Any) -> Decimal | None:
        try:
            return Decimal(str(value).strip()).quantize(quantum, ROUND_HALF_UP)
        except InvalidOperation:
            return None

    return cast
