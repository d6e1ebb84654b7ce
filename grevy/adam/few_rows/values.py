"""Expressions of one value as functions from the columns in reach to a column.

Missing values follow SQL: they make a comparison missing, `&` and `|` are three-valued, reductions skip
them. An operation that no derivation uses is not here; asking for it is an error when the program is
written, never while somebody types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import repeat
from math import floor
from typing import Any

import ibis.expr.operations as ops

from grevy.adam.few_rows.casts import find_cast
from grevy.adam.few_rows.scope import Column, Compute, Scope
from grevy.adam.few_rows.windows import REDUCTIONS, compute_window, pick_where

RunRelation = Callable[[dict[str, Any]], Any]


@dataclass
class Writer:
    """Turns the values of one relation into functions; equal values are computed once."""

    places: dict[Any, int]
    """The relations whose fields may be read, each with its place in the scope."""
    relation: Callable[[Any], RunRelation]
    """Turns a relation inside a value into a function."""
    written: dict[tuple[Any, bool], Compute] = field(default_factory=dict)

    def write(self, node: Any, *, per_group: bool = False) -> Compute:
        key = (node, per_group)
        if key not in self.written:
            compute, number = self._write(node, per_group=per_group), len(self.written)
            self.written[key] = _once(number, compute) if _is_worth_keeping(node) else compute
        return self.written[key]

    def _write(self, node: Any, *, per_group: bool) -> Compute:
        if isinstance(node, ops.Literal):
            return _constant(node.value)
        if isinstance(node, ops.Field):
            return self._field(node, per_group=per_group)
        if isinstance(node, ops.Alias):
            return self.write(node.arg, per_group=per_group)
        if isinstance(node, ops.WindowFunction):
            return self._window(node)
        if isinstance(node, ops.Reduction):
            return self._reduction(node)
        if isinstance(node, ops.ScalarSubquery):
            return self._subquery(node)
        return self._of_arguments(node, per_group=per_group)

    def _field(self, node: Any, *, per_group: bool) -> Compute:
        place, name = self.places[node.rel], node.name
        if per_group:
            raise NotImplementedError(f"{name} is read beside reductions")
        return lambda scope: scope.sources[place][name]

    def _subquery(self, node: Any) -> Compute:
        run = self.relation(node.rel)

        def compute(scope: Scope) -> Column:
            (column,) = run(scope.tables).columns.values()
            return column[:1] * scope.size

        return compute

    def _reduction(self, node: Any) -> Compute:
        reduce, argument, where = self._parts_of_reduction(node)

        def compute(scope: Scope) -> Column:
            assert scope.inner is not None  # a reduction stands in an aggregate
            column = argument(scope.inner)
            kept = where(scope.inner) if where else None
            return [reduce(pick_where(column, kept, group)) for group in scope.groups]

        return compute

    def _parts_of_reduction(self, node: Any) -> tuple[Callable[[Column], Any], Compute, Compute | None]:
        if type(node) not in REDUCTIONS:
            raise NotImplementedError(type(node).__name__)
        argument = _constant(True) if isinstance(node, ops.CountStar) else self.write(node.arg)
        where = self.write(node.where) if node.where is not None else None
        return REDUCTIONS[type(node)], argument, where

    def _window(self, node: Any) -> Compute:
        if node.how != "rows" and node.order_by:
            raise NotImplementedError(f"window of {node.how}")
        groups = [self.write(one) for one in node.group_by]
        orders = [(self.write(key.arg), key.ascending, key.nulls_first) for key in node.order_by]
        numbers = isinstance(node.func, ops.RowNumber)
        parts = None if numbers else self._parts_of_reduction(node.func)
        return compute_window(groups, orders, parts, node.start, node.end)

    def _of_arguments(self, node: Any, *, per_group: bool) -> Compute:
        def write(one: Any) -> Compute:
            return self.write(one, per_group=per_group)

        if isinstance(node, (ops.Cast, ops.TryCast)):
            return _strict(find_cast(node.arg.dtype, node.to), [write(node.arg)])
        if isinstance(node, ops.SearchedCase):
            return _cases(
                [write(c) for c in node.cases], [write(r) for r in node.results], write(node.default)
            )
        if isinstance(node, ops.SimpleCase):
            cases = [ops.Equals(node.base, case) for case in node.cases]
            return _cases([write(c) for c in cases], [write(r) for r in node.results], write(node.default))
        if isinstance(node, ops.IfElse):
            return _cases([write(node.bool_expr)], [write(node.true_expr)], write(node.false_null_expr))
        if isinstance(node, ops.InValues):
            return _in_values(write(node.value), [write(option) for option in node.options])
        if isinstance(node, (ops.Coalesce, ops.Least, ops.Greatest, ops.StringConcat)):
            return _of_many(MANY[type(node)], [write(one) for one in node.arg])
        if isinstance(node, (ops.RegexSearch, ops.RegexReplace)):
            return _regular_expression(node, write(node.arg))
        if isinstance(node, ops.IntervalFromInteger):
            if node.unit.value != "D":
                raise NotImplementedError(f"interval of {node.unit}")
            return _strict(lambda days: timedelta(days=days), [write(node.arg)])
        if type(node) in LENIENT:
            return _lenient(LENIENT[type(node)], [write(one) for one in node.__args__])
        if type(node) in STRICT:
            given = [one for one in node.__args__ if isinstance(one, ops.Value)]
            return _strict(STRICT[type(node)], [write(one) for one in given])
        raise NotImplementedError(type(node).__name__)


def _is_worth_keeping(node: Any) -> bool:
    return not isinstance(node, (ops.Field, ops.Literal))


def _once(number: int, compute: Compute) -> Compute:
    def remembered(scope: Scope) -> Column:
        column = scope.memo.get(number)
        if column is None:
            column = scope.memo[number] = compute(scope)
        return column

    return remembered


def _constant(value: Any) -> Compute:
    return lambda scope: list(repeat(value, scope.size))


# ---- Shapes of functions -------------------------------------------------------------------------------


def _strict(function: Callable[..., Any], arguments: Sequence[Compute]) -> Compute:
    """A missing argument makes the result missing."""
    if len(arguments) == 1:
        (only,) = arguments
        return lambda scope: [None if value is None else function(value) for value in only(scope)]
    if len(arguments) == 2:
        left, right = arguments
        return lambda scope: [
            None if a is None or b is None else function(a, b)
            for a, b in zip(left(scope), right(scope), strict=True)
        ]
    return lambda scope: [
        None if any(value is None for value in values) else function(*values)
        for values in zip(*(one(scope) for one in arguments), strict=True)
    ]


def _lenient(function: Callable[..., Any], arguments: Sequence[Compute]) -> Compute:
    """The function decides what a missing argument means."""
    if len(arguments) == 1:
        (only,) = arguments
        return lambda scope: [function(value) for value in only(scope)]
    return lambda scope: [
        function(*values) for values in zip(*(one(scope) for one in arguments), strict=True)
    ]


def _of_many(function: Callable[[tuple[Any, ...]], Any], arguments: Sequence[Compute]) -> Compute:
    return lambda scope: [function(v) for v in zip(*(one(scope) for one in arguments), strict=True)]


def _cases(conditions: Sequence[Compute], results: Sequence[Compute], default: Compute) -> Compute:
    def compute(scope: Scope) -> Column:
        found = list(default(scope))
        for condition, result in zip(reversed(conditions), reversed(results), strict=True):
            found = [r if c else f for c, r, f in zip(condition(scope), result(scope), found, strict=True)]
        return found

    return compute


def _in_values(value: Compute, options: Sequence[Compute]) -> Compute:
    def compute(scope: Scope) -> Column:
        if not scope.size:
            return []
        columns = [option(scope) for option in options]
        if any(None in column for column in columns):
            raise NotImplementedError("a list of values that may be missing")
        return [
            None if one is None else one in among
            for one, among in zip(value(scope), zip(*columns, strict=True), strict=True)
        ]

    return compute


def _regular_expression(node: Any, argument: Compute) -> Compute:
    pattern = re.compile(node.pattern.value)
    if isinstance(node, ops.RegexSearch):
        return _strict(lambda text: pattern.search(text) is not None, [argument])
    replacement = node.replacement.value
    return _strict(lambda text: pattern.sub(replacement, text), [argument])


# ---- Functions of one row ------------------------------------------------------------------------------


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return None if left is None or right is None else False


def _coalesce(values: tuple[Any, ...]) -> Any:
    return next((value for value in values if value is not None), None)


def _least(values: tuple[Any, ...]) -> Any:
    return min((value for value in values if value is not None), default=None)


def _greatest(values: tuple[Any, ...]) -> Any:
    return max((value for value in values if value is not None), default=None)


def _concatenate(values: tuple[Any, ...]) -> str | None:
    return None if None in values else "".join(values)


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A float beside a decimal is a float, as in SQL."""

    def compute(left: Any, right: Any) -> Any:
        if isinstance(left, float) and isinstance(right, Decimal):
            right = float(right)
        elif isinstance(left, Decimal) and isinstance(right, float):
            left = float(left)
        return function(left, right)

    return compute


def _divide(left: Any, right: Any) -> float | None:
    return float(left) / float(right) if right else None


def _round(value: Any, digits: int | None = None) -> Any:
    """Half away from zero; a whole number if no digits are named."""
    scale = 10**digits if digits else 1
    rounded = floor(abs(float(value)) * scale + 0.5) / scale * (-1 if value < 0 else 1)
    return rounded if digits else int(rounded)


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[start:] if length is None else text[start : start + length]


MANY: dict[type, Callable[[tuple[Any, ...]], Any]] = {
    ops.Coalesce: _coalesce,
    ops.Least: _least,
    ops.Greatest: _greatest,
    ops.StringConcat: _concatenate,
}
LENIENT: dict[type, Callable[..., Any]] = {
    ops.And: _and,
    ops.Or: _or,
    ops.IsNull: lambda value: value is None,
    ops.NotNull: lambda value: value is not None,
    ops.NullIf: lambda value, other: None if value == other else value,
}
STRICT: dict[type, Callable[..., Any]] = {
    ops.Equals: lambda a, b: a == b,
    ops.NotEquals: lambda a, b: a != b,
    ops.Less: lambda a, b: a < b,
    ops.LessEqual: lambda a, b: a <= b,
    ops.Greater: lambda a, b: a > b,
    ops.GreaterEqual: lambda a, b: a >= b,
    ops.Not: lambda a: not a,
    ops.Add: _arithmetic(lambda a, b: a + b),
    ops.Subtract: _arithmetic(lambda a, b: a - b),
    ops.Multiply: _arithmetic(lambda a, b: a * b),
    ops.Divide: _divide,
    ops.Negate: lambda a: -a,
    ops.Round: _round,
    ops.IsNan: lambda a: a != a,
    ops.Uppercase: str.upper,
    ops.Lowercase: str.lower,
    ops.Strip: lambda text: text.strip(" \t\n\r\v\f"),
    ops.Substring: _substring,
    ops.StartsWith: str.startswith,
    ops.StringContains: lambda text, part: part in text,
    ops.StringSplit: lambda text, separator: text.split(separator),
    ops.ArrayLength: len,
    ops.ArrayIndex: lambda values, place: values[place] if 0 <= place < len(values) else None,
    ops.IntegerRange: lambda start, stop, step: list(range(start, stop, step)),
    ops.DateDelta: lambda _part, left, right: (left - right).days,
    ops.DateAdd: lambda day, days: day + days,
    ops.ExtractYear: lambda day: day.year,
    ops.ExtractMonth: lambda day: day.month,
    ops.ExtractDay: lambda day: day.day,
}
