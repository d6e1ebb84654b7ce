"""Values of one form against its definition: types, code lists, ranges, required items, edit checks.

The same function answers while a form is filled in and when it is saved, so page and server cannot differ.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from grevy.definition import messages
from grevy.definition.conditions import Condition, evaluate_all
from grevy.definition.forms import Check, Form, Group, Item, Range
from grevy.definition.partial_values import (
    UNKNOWN_DATE,
    is_missing,
    read_date,
    read_datetime,
    read_decimal,
    read_integer,
    read_partial_date,
    read_quantity,
)
from grevy.definition.quantities import compute_standard_value
from grevy.definition.ranges import read_bound
from grevy.definition.study import Study
from grevy.definition.vocabulary import RECORDS
from grevy.definition.words import Text

Level = Literal["hard", "soft", "required"]


@dataclass(frozen=True)
class Problem:
    """One finding. Hard: refused. Soft: asked, confirmed with a note. Required: the form is not complete.

    `item` is `item` or `group.item`; `row` the position of the row, from 0; `rule` the kind of finding or the
    check's id.
    """

    item: str
    level: Level
    message: Text
    rule: str
    row: int | None = None


@dataclass(frozen=True)
class _Place:
    """Where values are looked at: the study, the results of the conditions there, the group and row."""

    study: Study
    results: Mapping[Condition, bool | None]
    prefix: str = ""
    number: int | None = None

    def holds(self, condition: Condition | None) -> bool | None:
        return True if condition is None else self.results[condition]

    def problem(self, item: str, level: Level, message: Text, rule: str) -> Problem:
        return Problem(self.prefix + item, level, message, rule, self.number)


@dataclass(frozen=True)
class _Known:
    """What is known while a form is judged: its own values, the subject's other forms, the day of entry."""

    data: Mapping[str, Mapping[str, Any]]
    today: date | None

    def results(
        self, conditions: Iterable[Condition | None], row: Mapping[str, Any] | None = None
    ) -> dict[Condition, bool | None]:
        wanted = [condition for condition in conditions if condition is not None]
        return dict(zip(wanted, evaluate_all(wanted, self.data, row=row, today=self.today), strict=True))


def validate_values(
    form: Form | str,
    values: Mapping[str, Any],
    study: Study,
    *,
    others: Mapping[str, Mapping[str, Any]] | None = None,
    today: date | None = None,
) -> tuple[Problem, ...]:
    """All problems of the values of one form.

    `others` are the values of the subject's other forms, for checks across forms; left out, such checks stay
    open. A repeating form has all its records there, `{"records": [...]}`, and another record of a form is
    named with its word, `previous.vital_signs`. `today` is the day of entry. A group's value is a list of
    rows, each a mapping of item to value.
    """
    form = study.forms[form] if isinstance(form, str) else form
    known = _Known(_with_own(others or {}, form, values), today)
    checks = [check for check in form.checks if check.each is None]
    place = _Place(study, known.results(_conditions(form.items, form.groups, checks)))
    names = [item.name for item in form.items] + [group.name for group in form.groups]
    problems = [*_check_keys(place, values, names)]
    for item in form.items:
        problems += _check_value(place, item, values.get(item.name))
    for group in form.groups:
        problems += _check_group(place, known, form, group, values.get(group.name))
    problems += [_fired(check, None) for check in checks if place.holds(check.when)]
    return tuple(problems)


def find_shown(
    form: Form,
    values: Mapping[str, Any],
    study: Study,
    *,
    others: Mapping[str, Mapping[str, Any]] | None = None,
    today: date | None = None,
) -> dict[tuple[str, int | None, str], bool]:
    """Which items and groups are asked, by (group or "", row from 0 or None, item or "").

    An item is asked once its condition is certain; while what it depends on is open, it waits.
    """
    known = _Known(_with_own(others or {}, form, values), today)
    results = known.results(_conditions(form.items, form.groups, ()))
    shown: dict[tuple[str, int | None, str], bool] = {}
    for item in form.items:
        shown["", None, item.name] = item.when is None or results[item.when] is True
    for group in form.groups:
        shown[group.name, None, ""] = group.when is None or results[group.when] is True
        rows = values.get(group.name) or []
        for number, row in enumerate(rows if _is_rows(rows) else []):
            of_row = known.results(_conditions(group.items, (), ()), row)
            for item in group.items:
                shown[group.name, number, item.name] = item.when is None or of_row[item.when] is True
    return shown


def form_to_refuse(form: Form) -> Form:
    """The form with nothing but what refuses values: types, codes, hard ranges and hard checks."""
    hard = tuple(check for check in form.checks if check.level == "hard")
    groups = tuple(
        group.model_copy(update={"when": None, "items": _always_shown(group.items)}) for group in form.groups
    )
    return form.model_copy(update={"checks": hard, "groups": groups, "items": _always_shown(form.items)})


def _always_shown(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(item.model_copy(update={"when": None, "soft": None, "required": False}) for item in items)


def _with_own(
    others: Mapping[str, Mapping[str, Any]], form: Form, values: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """The other values with those of the form itself; all its records stay beside its own values."""
    own = _without_broken_groups(form, values)
    if RECORDS in others.get(form.name, {}) and RECORDS not in own:
        own = {**own, RECORDS: others[form.name][RECORDS]}
    return {**others, form.name: own}


def _conditions(
    items: Sequence[Item], groups: Sequence[Group], checks: Sequence[Check]
) -> list[Condition | None]:
    return [*(e.when for e in items), *(e.when for e in groups), *(e.when for e in checks)]


def _is_rows(rows: Any) -> bool:
    return isinstance(rows, (list, tuple)) and all(isinstance(row, Mapping) for row in rows)


def _without_broken_groups(form: Form, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Conditions cannot look into a group that is not a list of rows; it is reported as such."""
    broken = {group.name for group in form.groups if not _is_rows(values.get(group.name) or [])}
    return {name: value for name, value in values.items() if name not in broken} if broken else values


def _fired(check: Check, row: int | None) -> Problem:
    return Problem(check.items[0], check.level, check.message, check.id, row)


def _check_keys(place: _Place, values: Mapping[str, Any], known: Sequence[str]) -> Iterator[Problem]:
    for name in values:
        if name not in known and name != messages.ROW_KEY:
            yield place.problem(name, "hard", messages.UNKNOWN_ITEM.filled(item=name), "unknown_item")


def _check_group(place: _Place, known: _Known, form: Form, group: Group, rows: Any) -> Iterator[Problem]:
    if not rows:
        return
    if not _is_rows(rows):
        yield place.problem(group.name, "hard", _named(messages.NOT_ROWS, group.label), "type")
        return
    if place.holds(group.when) is False:
        yield place.problem(group.name, "soft", _named(messages.NOT_EXPECTED, group.label), "when")
    checks = [check for check in form.checks if check.each == group.name]
    for number, row in enumerate(rows):
        results = known.results(_conditions(group.items, (), checks), row)
        here = _Place(place.study, results, f"{group.name}.", number)
        yield from _check_keys(here, row, [item.name for item in group.items])
        for item in group.items:
            yield from _check_value(here, item, row.get(item.name))
        yield from (_fired(check, number) for check in checks if here.holds(check.when))


def _check_value(place: _Place, item: Item, value: Any) -> Iterator[Problem]:
    shown = place.holds(item.when)
    if is_missing(value):
        if item.required and shown is True:
            yield place.problem(item.name, "required", _named(messages.REQUIRED, item.label), "required")
        return
    if shown is False:
        yield place.problem(item.name, "soft", _named(messages.NOT_EXPECTED, item.label), "when")
    if not is_of_type(item, value):
        yield place.problem(item.name, "hard", _describe_type(item, value), "type")
    elif item.codelist and place.study.codelists[item.codelist].find(str(value)) is None:
        yield place.problem(item.name, "hard", _describe_codes(place.study, item, value), "code")
    elif item.soft or item.hard:
        yield from _check_range(place, item, value)


def is_of_type(item: Item, value: Any) -> bool:
    """Whether a stored value has the type of its item."""
    if item.type == "integer":
        return read_integer(value) is not None
    if item.type == "decimal":
        return isinstance(value, str) and read_decimal(value) is not None
    if item.type == "quantity":
        quantity = read_quantity(value)
        return quantity is not None and quantity.unit in (item.unit, *item.units)
    if item.type == "date":
        return read_date(value) is not None
    if item.type == "partial_date":
        return value == UNKNOWN_DATE or read_partial_date(value) is not None
    if item.type == "datetime":
        return read_datetime(value) is not None
    return isinstance(value, str)


def _check_range(place: _Place, item: Item, value: Any) -> Iterator[Problem]:
    """A partial date is outside only if every day it may be is outside; a quantity is converted first."""
    first, last = _read_ends(item, value)
    if first is None:
        return
    for level, limits in (("hard", item.hard), ("soft", item.soft)):
        if limits is None:
            continue
        low, high = read_bound(item.type, limits.low), read_bound(item.type, limits.high, last=True)
        if (low is not None and last < low) or (high is not None and first > high):  # type: ignore[operator]
            message = _describe_range(place.study, item, value, limits, hard=level == "hard")
            yield place.problem(item.name, "hard" if level == "hard" else "soft", message, f"{level}_range")
            return


def _read_ends(item: Item, value: Any) -> tuple[object, object]:
    if item.type == "quantity":
        number = compute_standard_value(item, value)
        return number, number
    return read_bound(item.type, str(value)), read_bound(item.type, str(value), last=True)


# ---- Words ---------------------------------------------------------------------------------------------


def _named(message: Text, label: Text) -> Text:
    return Text(en=message.en.format(item=label.en), zh=message.zh.format(item=label.zh))


def _describe_type(item: Item, value: Any) -> Text:
    allowed = messages.TYPES[item.type]
    if item.type == "quantity":
        units = (str(item.unit), *item.units)
        allowed = Text(
            en=allowed.en.format(units=", ".join(units)), zh=allowed.zh.format(units="、".join(units))
        )
    return Text(
        en=messages.WRONG_TYPE.en.format(item=item.label.en, value=value, allowed=allowed.en),
        zh=messages.WRONG_TYPE.zh.format(item=item.label.zh, value=value, allowed=allowed.zh),
    )


def _describe_codes(study: Study, item: Item, value: Any) -> Text:
    codes = study.codelists[str(item.codelist)].codes
    return Text(
        en=messages.WRONG_CODE.en.format(
            item=item.label.en, value=value, allowed=", ".join(c.code for c in codes)
        ),
        zh=messages.WRONG_CODE.zh.format(
            item=item.label.zh, value=value, allowed="、".join(c.code for c in codes)
        ),
    )


def _describe_range(study: Study, item: Item, value: Any, limits: Range, *, hard: bool) -> Text:
    message = (messages.HARD_RANGE if hard else messages.SOFT_RANGE)[
        limits.low is not None, limits.high is not None
    ]
    unit = study.units[item.unit].label if item.unit else None

    def words(language: Literal["en", "zh"]) -> str:
        suffix = ""
        if unit:
            text = getattr(unit, language)
            suffix = text if text == "%" or (language == "zh" and not text[0].isascii()) else f" {text}"
        sentence = getattr(message, language)
        if item.type == "quantity":  # it carries the unit it was typed with
            sentence = sentence.replace("{value}{unit}", "{value}")
        filled = sentence.format(
            item=getattr(item.label, language), value=value, low=limits.low, high=limits.high, unit=suffix
        )
        return str(filled)

    return Text(en=words("en"), zh=words("zh"))
