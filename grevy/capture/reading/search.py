"""What the box in the top bar finds: subjects, sites, forms, items and queries, each with its address."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from grevy.capture.models import Site, Subject
from grevy.capture.reading.log_page import spell
from grevy.capture.reading.queries import WHO_ACTS, QueryRow, list_queries
from grevy.definition import Study
from grevy.definition.words import Text

MOST = 20
"""So many lines of each kind are shown."""


@dataclass(frozen=True)
class FoundItem:
    """An item of a form, by its label."""

    form: str
    form_label: Text
    item: str
    label: Text


@dataclass(frozen=True)
class Found:
    """What was found, of each kind the first ones."""

    subjects: tuple[Subject, ...] = ()
    sites: tuple[Site, ...] = ()
    forms: tuple[tuple[str, Text], ...] = ()
    items: tuple[FoundItem, ...] = ()
    queries: tuple[QueryRow, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.subjects or self.sites or self.forms or self.items or self.queries)

    @property
    def only_subject(self) -> str:
        """The subject, where nothing else was found."""
        others = self.sites or self.forms or self.items or self.queries
        return self.subjects[0].number if len(self.subjects) == 1 and not others else ""


def search(study: Study, sites: Collection[str] | None, text: str) -> Found:
    """Search by number, code, label in either language or pinyin initials; `sites` None means all."""
    wanted = text.strip().lower()
    if not wanted:
        return Found()
    subjects = _subjects(wanted, sites)
    if (exact := _exact(wanted, subjects)) is not None:
        return Found(subjects=(exact,))
    return Found(
        subjects=subjects[:MOST],
        sites=_sites(wanted, sites),
        forms=tuple((name, form.label) for name, form in study.forms.items() if _meets(wanted, form.label)),
        items=_items(study, wanted),
        queries=_queries(wanted, sites),
    )


def _exact(wanted: str, subjects: Iterable[Subject]) -> Subject | None:
    return next((one for one in subjects if _digits(one.number) == _digits(wanted)), None)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _subjects(wanted: str, sites: Collection[str] | None) -> tuple[Subject, ...]:
    """Subjects whose number holds what was typed, with or without its dash."""
    rows = Subject.objects.order_by("number")
    if sites is not None:
        rows = rows.filter(site_id__in=sites)
    plain = wanted.replace("-", "").replace(" ", "")
    if not plain.isdigit():
        return ()
    return tuple(one for one in rows if wanted in one.number or plain in one.number.replace("-", ""))


def _sites(wanted: str, sites: Collection[str] | None) -> tuple[Site, ...]:
    rows = [one for one in Site.objects.order_by("code") if sites is None or one.code in sites]
    return tuple(
        one for one in rows if one.code == wanted or wanted in one.name_en.lower() or wanted in one.name_zh
    )[:MOST]


def _meets(wanted: str, label: Text) -> bool:
    if wanted in label.en.lower() or wanted in label.zh:
        return True
    return wanted.isascii() and wanted.isalpha() and any(wanted in one for one in spell(label.zh))


def _items(study: Study, wanted: str) -> tuple[FoundItem, ...]:
    if len(wanted) < 2:
        return ()
    found = (
        FoundItem(name, form.label, path, item.label)
        for name, form in study.forms.items()
        for path, item in form.all_items()
        if wanted in item.label.en.lower() or wanted in item.label.zh
    )
    return tuple(found)[:MOST]


def _queries(wanted: str, sites: Collection[str] | None) -> tuple[QueryRow, ...]:
    """Queries that are not settled, by the words of their first or last turn."""
    if len(wanted) < 2:
        return ()
    rows = list_queries(sites=sites, states=tuple(WHO_ACTS))
    texts = ((row, f"{row.text.en} {row.text.zh} {row.last_text.en} {row.last_text.zh}") for row in rows)
    return tuple(row for row, said in texts if wanted in said.lower())[:MOST]
