"""A listing: chosen items of one form across subjects, one line a record, or a row where rows are chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef

from grevy.capture.addresses import Address, address_of
from grevy.capture.models import FormRevision
from grevy.capture.typed import show_value
from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.snapshot import ROW_KEY

PAGE_SIZE = 200
FIRST_ITEMS = 6
"""So many items are shown where none is chosen."""
COMPARISONS = ("any", "eq", "ne", "lt", "gt", "has", "empty", "filled")


@dataclass(frozen=True)
class ListingFilter:
    """What the address of a listing says: the form, its items, and which lines."""

    form: str = ""
    item: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    subject: str = ""
    where: str = ""
    how: str = "any"
    value: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        said: dict[str, Any] = self.__dict__ | {"page": 1} | changes
        pairs = [(name, said[name]) for name in ("form", "subject", "where", "value") if said[name]]
        pairs += [("how", said["how"])] if said["how"] != "any" else []
        pairs += [(name, one) for name in ("item", "site") for one in said[name]]
        pairs += [("page", str(said["page"]))] if said["page"] > 1 else []
        return urlencode(pairs)


@dataclass(frozen=True)
class Line:
    """One record, or one row of it, with the values of the chosen items as a reader sees them."""

    address: Address
    row_key: str
    cells: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a choice of lines names it by."""
        return f"{self.address.record}|{self.row_key}"


def read_listing_filter(get: Any, study: Study) -> ListingFilter:
    """The listing that an address says; what it does not know is left out."""
    form = str(get.get("form", ""))
    form = form if form in study.forms else next(iter(study.forms))
    known = dict(study.forms[form].all_items())
    page, how = str(get.get("page", "")), str(get.get("how", ""))
    return ListingFilter(
        form=form,
        item=_of_one_group(name for name in known if name in get.getlist("item")),
        site=tuple(sorted({one[:10] for one in get.getlist("site") if one})),
        subject=str(get.get("subject", "")).strip()[:20],
        where=str(get.get("where", "")) if get.get("where") in known else "",
        how=how if how in COMPARISONS else "any",
        value=str(get.get("value", "")).strip()[:100],
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _of_one_group(names: Iterable[str]) -> tuple[str, ...]:
    """Items of the form and of one of its groups: lines are the rows of that group."""
    kept: list[str] = []
    group = ""
    for name in names:
        first, _, rest = name.partition(".")
        if rest and group not in ("", first):
            continue
        group = first if rest else group
        kept.append(name)
    return tuple(kept)


def items_of(form: Form, chosen: ListingFilter) -> list[tuple[str, Item]]:
    """The columns: the chosen items, else the first ones of the form."""
    known = dict(form.all_items())
    names = chosen.item or _of_one_group(list(known)[:FIRST_ITEMS])
    return [(name, known[name]) for name in names]


def read_lines(
    study: Study, sites: frozenset[str] | None, chosen: ListingFilter, language: str
) -> list[Line]:
    """The lines that the filter leaves, in the order of the records; one statement."""
    form = study.forms[chosen.form]
    columns = items_of(form, chosen)
    group = next((name.partition(".")[0] for name, _ in (*columns, *_asked(form, chosen)) if "." in name), "")
    return [
        Line(
            address_of(record),
            key,
            tuple(show_value(study, item, found.get(name), language) for name, item in columns),
        )
        for record, values in _last_values(sites, chosen)
        for key, found in _rows_of(values, group)
        if _is_left(found, chosen)
    ]


def _asked(form: Form, chosen: ListingFilter) -> list[tuple[str, Item]]:
    item = form.find(chosen.where) if chosen.where else None
    return [(chosen.where, item)] if item else []


def _last_values(sites: frozenset[str] | None, chosen: ListingFilter) -> Iterator[tuple[str, dict[str, Any]]]:
    later = FormRevision.objects.filter(record=OuterRef("record"), number__gt=OuterRef("number"))
    heads = FormRevision.objects.filter(record__form=chosen.form, withdrawn=False).exclude(Exists(later))
    if sites is not None:
        heads = heads.filter(record__study_event__subject__site_id__in=sites)
    if chosen.site:
        heads = heads.filter(record__study_event__subject__site_id__in=chosen.site)
    if chosen.subject:
        heads = heads.filter(record__study_event__subject__number__contains=chosen.subject)
    for record, content in heads.order_by("record_id").values_list("record_id", "content"):
        yield record, json.loads(content)


def _rows_of(values: Mapping[str, Any], group: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The values by the names of the columns: of the record, or of each row of a group with it."""
    own = {name: value for name, value in values.items() if not isinstance(value, list)}
    if not group:
        yield "", own
        return
    for row in values.get(group) or ():
        yield str(row.get(ROW_KEY, "")), own | {f"{group}.{name}": value for name, value in row.items()}


def _is_left(found: Mapping[str, Any], chosen: ListingFilter) -> bool:
    if not chosen.where or chosen.how == "any":
        return True
    value = found.get(chosen.where)
    text = "" if value is None else str(value)
    if chosen.how in ("empty", "filled"):
        return (text == "") == (chosen.how == "empty")
    if chosen.how == "has":
        return chosen.value.casefold() in text.casefold()
    mine, theirs = _comparable(text, chosen.value)
    if chosen.how in ("eq", "ne"):
        return (mine == theirs) == (chosen.how == "eq")
    return text != "" and (mine < theirs if chosen.how == "lt" else mine > theirs)


def _comparable(text: str, other: str) -> tuple[Any, Any]:
    """Numbers where both are numbers, else the text; dates as text are in their order."""
    try:
        numbers = Decimal(text.split(" ")[0]), Decimal(other)
    except InvalidOperation:
        return text, other
    return numbers if all(number.is_finite() for number in numbers) else (text, other)
