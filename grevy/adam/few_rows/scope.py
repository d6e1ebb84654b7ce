"""Where a value is computed: the columns that stand in reach, and what was computed already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Column = list[Any]
Compute = Callable[["Scope"], Column]
"""Computes one value of every row; a missing one is None."""


class Rows:
    """Some rows of a table, column by column."""

    __slots__ = ("_columns", "size")

    def __init__(self, columns: dict[str, Column], size: int) -> None:
        self._columns = columns
        self.size = size

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    @property
    def columns(self) -> dict[str, Column]:
        return self._columns

    def pick(self, places: Sequence[int | None]) -> Rows:
        """These rows in this order; None picks a row of missing values. A column is picked when asked for."""
        return _Picked(self, places)

    def to_dicts(self) -> list[dict[str, Any]]:
        names = list(self.columns)
        return [
            dict(zip(names, row, strict=True))
            for row in zip(*(self.columns[name] for name in names), strict=True)
        ]


class _Picked(Rows):
    """Rows of other rows."""

    __slots__ = ("_places", "_source")

    def __init__(self, source: Rows, places: Sequence[int | None]) -> None:
        super().__init__({}, len(places))
        self._source = source
        self._places = places

    def __getitem__(self, name: str) -> Column:
        if name not in self._columns:
            column = self._source[name]
            self._columns[name] = [None if place is None else column[place] for place in self._places]
        return self._columns[name]

    @property
    def columns(self) -> dict[str, Column]:
        for name in self._source.columns:
            self[name]
        return {name: self._columns[name] for name in self._source.columns}


@dataclass
class Scope:
    """The rows that a value may read, by place; `groups` where there is one value per group of them."""

    sources: Sequence[Rows]
    size: int
    tables: dict[str, Rows]
    groups: Sequence[Sequence[int]] = ()
    inner: Scope | None = None
    memo: dict[int, Column] = field(default_factory=dict)
