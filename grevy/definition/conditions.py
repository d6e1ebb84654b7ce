"""Conditions of study files: CEL expressions with three-valued results.

A condition is compiled when the study loads; an unknown item, a wrong type or a code that its list does
not have is a mistake of the file. Evaluated on values, it is True, False or None: CEL's own `&&` and `||`
absorb a missing value where the other side decides, and what stays open is unknown.

What an author may write (one item is `form.item`, an item of a row is `form.group.item`):

    demographics.sex == "F"                            text and codes
    nen_diagnosis.ki67 >= 3                            numbers; whole literals are numbers too, so 3 is 3.0
    adverse_event.end_date < adverse_event.start_date  dates; a partial date stands for every day it may be
    adverse_event.end_date.given                       whether anything was entered
    baseline_lesions.lesions.exists(r, r.side == "NA") rows, also `all`, `filter`; `count(...)` counts them
    adverse_event.records.exists(r, r.grade == 5)      all records of a repeating form, as rows
    previous.vital_signs.weight                        the last earlier record of the same form, by its date
    first.vital_signs.weight                           the earliest record of the same form, by its date
    repeat_before.vital_signs.assessed_date            the same form at the occurrence of the event before
    days(a, b)  age(birth, at)  today                  elapsed days, completed years, the day of the check
    decided(item, ["MET"], ["NOT_MET"])                true, false, and unknown for any other answer
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import product
from typing import Any

from cel_expr_python import cel
from pydantic_core import core_schema

from grevy.definition.partial_values import (
    is_missing,
    read_date,
    read_datetime,
    read_decimal,
    read_partial_date,
    read_text,
)
from grevy.definition.quantities import convert_quantity
from grevy.definition.vocabulary import SERIES, ConditionMistake, Term, Vocabulary

Values = Mapping[str, Mapping[str, Any]]

_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_WHOLE_NUMBER = re.compile(r"(?<![\w.])(\d+)(?![\w.])")
_NAME = re.compile(r"(?<![\w.])[a-z_]\w*(?:\.[a-z_]\w*)+")
_OVER_ROWS = re.compile(
    rf"(?<![\w.])((?:(?:{'|'.join(SERIES)})\.)?[a-z_]\w*\.[a-z_]\w*)\.(?:exists|exists_one|all|filter)\(\s*([a-z_]\w*)\s*,"
)
_COMPARED = re.compile(r"([a-z_][\w.]*)\s*(?:==|!=)\s*(\"[^\"]*\"|'[^']*')")
_LISTED = re.compile(r"([a-z_][\w.]*)\s+in\s+\[([^\]]*)\]")
_DECIDED = re.compile(r"decided\(\s*([a-z_][\w.]*)\s*,\s*\[([^\]]*)\]\s*,\s*\[([^\]]*)\]\s*\)")

# ---- Values --------------------------------------------------------------------------------------------


def _timestamp(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _number(value: object) -> float | None:
    number = read_decimal(value)
    return None if number is None else float(number)


def _whole_date(value: object) -> datetime | None:
    day = read_date(value)
    return None if day is None else _timestamp(day)


def _point_in_time(value: object) -> datetime | None:
    moment = read_datetime(value)
    return None if moment is None else moment.replace(tzinfo=UTC)


def _certain_date(value: object) -> datetime | None:
    days = read_partial_date(value)
    return _timestamp(days[0]) if days and days[0] == days[1] else None


def _read_term(term: Term, value: object) -> Any:
    """A value as CEL takes it; a quantity is a number in the unit of its item."""
    if term.type == "quantity":
        number = convert_quantity(value, term.test, term.unit)
        return None if number is None else float(number)
    return _READERS[term.type](value)


_READERS: dict[str, Callable[[object], Any]] = {
    "text": read_text,
    "code": read_text,
    "integer": _number,
    "decimal": _number,
    "date": _whole_date,
    "partial_date": _certain_date,
    "datetime": _point_in_time,
}


# ---- The condition -------------------------------------------------------------------------------------


class Condition:
    """A CEL expression of a study file; `bind` compiles it against the study's items."""

    __slots__ = ("_partial", "_program", "_terms", "_vocabulary", "text")

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        self._program: Any = None
        self._vocabulary: Any = None
        self._terms: tuple[Term, ...] = ()
        self._partial: tuple[Term, ...] = ()

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.str_schema(min_length=1),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda condition: condition.text),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The items the condition reads, as `form.item` or `form.group.item`, in order."""
        named = (".".join(filter(None, (term.form, term.group, term.item))) for term in self._terms)
        return tuple(dict.fromkeys(name for name in named if name))

    def bind(self, vocabulary: Vocabulary, *, group: tuple[str, str] | None = None) -> None:
        """Compile against a study; `group` is the (form, group) whose rows the condition goes through."""
        loops = _loop_variables(self.text)
        terms = tuple(_find_terms(self.text, vocabulary, loops, group))
        _check_codes(self.text, vocabulary, loops)
        for body in _row_conditions(self.text, loops):
            vocabulary.compile(body)
        self._program = vocabulary.compile(_with_row_dates(_as_cel(self.text), vocabulary, loops))
        self._vocabulary = vocabulary
        self._terms = terms
        self._partial = tuple(term for term in terms if term.kind == "item" and term.type == "partial_date")

    def evaluate(
        self, data: Values, *, row: Mapping[str, Any] | None = None, today: date | None = None
    ) -> bool | None:
        """True, False, or None where a missing or partial value leaves it open.

        `data` holds the values of each form that is known, by form name; `row` the row in question.
        A partial date takes its first and its last possible day in turn: certain is what all agree on.
        """
        return evaluate_all([self], data, row=row, today=today)[0]

    def _result(self, bound: Any) -> bool | None:
        result = self._program.eval(bound)
        return bool(result.value()) if result.type() == cel.Type.BOOL else None

    def _result_over_days(
        self, bound: Mapping[str, Any], days: Sequence[tuple[str, list[datetime]]]
    ) -> bool | None:
        names, choices = [name for name, _ in days], [choice for _, choice in days]
        activate = self._vocabulary.activate
        results = {
            self._result(activate({**bound, **dict(zip(names, chosen, strict=True))}))
            for chosen in product(*choices)
        }
        return results.pop() if len(results) == 1 else None

    def _open_days(self, data: Values, row: Mapping[str, Any] | None) -> list[tuple[str, list[datetime]]]:
        """The partial dates among the values, with their first and last possible day."""
        found = []
        for term in self._partial:
            days = read_partial_date(_value_of(term, data, row))
            if days and days[0] != days[1]:
                found.append((term.name, [_timestamp(day) for day in days]))
        return found


def evaluate_all(
    conditions: Sequence[Condition],
    data: Values,
    *,
    row: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> list[bool | None]:
    """The results of many conditions on the same values, which are handed to CEL once."""
    if not conditions:
        return []
    bound: dict[str, Any] = {}
    for term in {term.name: term for condition in conditions for term in condition._terms}.values():
        _bind_term(bound, term, data, row, today)
    activation = conditions[0]._vocabulary.activate(bound)
    results = []
    for condition in conditions:
        days = condition._open_days(data, row)
        results.append(condition._result_over_days(bound, days) if days else condition._result(activation))
    return results


def _value_of(term: Term, data: Values, row: Mapping[str, Any] | None) -> Any:
    source = row if term.group else data.get(term.form)
    return None if source is None else source.get(term.item)


def _bind_term(
    bound: dict[str, Any], term: Term, data: Values, row: Mapping[str, Any] | None, today: date | None
) -> None:
    if term.kind == "today":
        if today is not None:
            bound["today"] = _timestamp(today)
    elif term.kind == "rows":
        if term.form in data:
            bound[term.name] = [_read_row(term, values) for values in data[term.form].get(term.group) or ()]
    elif term.kind == "given":
        if (row if term.group else data.get(term.form)) is not None:
            bound[term.name] = not is_missing(_value_of(term, data, row))
    else:
        value = _read_term(term, _value_of(term, data, row))
        if value is not None and value != "":
            bound[term.name] = value


def _read_row(term: Term, values: Mapping[str, Any]) -> dict[str, Any]:
    read = {column.item: _read_term(column, values.get(column.item)) for column in term.columns}
    return {
        item: value.isoformat() if isinstance(value, datetime) else value
        for item, value in read.items()
        if value is not None and value != ""
    }


# ---- Reading the text of a condition -------------------------------------------------------------------


def _map_code(text: str, change: Callable[[str], str]) -> str:
    """Apply a change to everything but the quoted strings."""
    pieces, end = [], 0
    for quoted in _STRING.finditer(text):
        pieces += [change(text[end : quoted.start()]), quoted[0]]
        end = quoted.end()
    return "".join([*pieces, change(text[end:])])


def _as_cel(text: str) -> str:
    """CEL keeps whole and decimal numbers apart; items are decimal, so whole literals become decimal."""
    return _map_code(text, lambda code: _WHOLE_NUMBER.sub(r"\1.0", code))


def _with_row_dates(text: str, vocabulary: Vocabulary, loops: Mapping[str, str]) -> str:
    """The runtime takes no dates inside rows: they travel as text and become dates where they are used."""
    for variable, group in loops.items():
        rows = vocabulary.terms.get(group)
        for column in rows.columns if rows else ():
            if column.type in ("date", "partial_date", "datetime"):
                name = re.compile(rf"(?<!has\()(?<![\w.]){variable}\.{column.item}(?!\w)")
                text = _map_code(text, partial(name.sub, r"timestamp(\g<0>)"))
    return text


def _blank_strings(text: str) -> str:
    return _STRING.sub(lambda quoted: '"' + "_" * (len(quoted[0]) - 2) + '"', text)


def _loop_variables(text: str) -> dict[str, str]:
    """Loop variable -> the group it runs over, for `form.group.exists(variable, ...)` and its like."""
    return {match[2]: match[1] for match in _OVER_ROWS.finditer(_blank_strings(text))}


def _row_conditions(text: str, loops: Mapping[str, str]) -> Iterator[str]:
    """The condition inside each loop, with typed items in place of the loop variable."""
    blanked = _blank_strings(text)
    for match in _OVER_ROWS.finditer(blanked):
        depth, end = 1, match.end()
        while end < len(blanked) and depth:
            depth += {"(": 1, ")": -1}.get(blanked[end], 0)
            end += 1
        yield _as_cel(_map_code(text[match.end() : end - 1], lambda code: _name_rows(code, loops)))


def _name_rows(code: str, loops: Mapping[str, str]) -> str:
    for variable, group in loops.items():
        code = re.sub(rf"\bhas\(\s*{variable}\.(\w+)\s*\)", rf"{group}.\1.given", code)
        code = re.sub(rf"(?<![\w.]){variable}\.", f"{group}.", code)
    return code


def _find_terms(
    text: str, vocabulary: Vocabulary, loops: Mapping[str, str], group: tuple[str, str] | None
) -> Iterator[Term]:
    blanked = _blank_strings(text)
    if re.search(r"(?<![\w.])today(?!\w)", blanked):
        yield vocabulary.terms["today"]
    for name in dict.fromkeys(_NAME.findall(blanked)):
        head, _, rest = name.partition(".")
        looped = head in loops
        term = vocabulary.find(f"{loops[head]}.{rest}" if looped else name)
        if term is None or (looped and term.kind == "rows"):
            raise _unknown_item(name, vocabulary, loops)
        if looped:
            continue
        if term.group and term.kind != "rows" and (term.form, term.group) != group:
            message = (
                f"'{term.name}' belongs to the rows of '{term.form}.{term.group}', but no row is meant here"
            )
            raise ConditionMistake(
                message, term.name, f"`each: {term.group}`, or {term.form}.{term.group}.exists(...)"
            )
        yield term


def _unknown_item(name: str, vocabulary: Vocabulary, loops: Mapping[str, str]) -> ConditionMistake:
    head, _, rest = name.partition(".")
    wanted = f"{loops[head]}.{rest}" if head in loops else name
    near = difflib.get_close_matches(wanted, list(vocabulary.terms), n=3, cutoff=0.6)
    allowed = ", ".join(near) if near else "form.item or form.group.item of this study"
    return ConditionMistake(f"unknown item '{name}'; allowed: {allowed}", name, allowed)


def _check_codes(text: str, vocabulary: Vocabulary, loops: Mapping[str, str]) -> None:
    for name, code in _compared_codes(text):
        head, _, rest = name.partition(".")
        term = vocabulary.find(f"{loops[head]}.{rest}" if head in loops else name)
        if (
            term
            and term.type == "code"
            and term.kind == "item"
            and term.codes is not None
            and code not in term.codes
        ):
            allowed = ", ".join(sorted(term.codes))
            raise ConditionMistake(f"'{term.name}' has no code '{code}'; allowed: {allowed}", code, allowed)


def _compared_codes(text: str) -> Iterator[tuple[str, str]]:
    for name, quoted in _COMPARED.findall(text):
        yield name, quoted[1:-1]
    for name, *lists in (*_LISTED.findall(text), *_DECIDED.findall(text)):
        for quoted in _STRING.findall(" ".join(lists)):
            yield name, quoted[1:-1]
