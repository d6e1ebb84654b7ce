"""The records of a repeating form as one table: adverse events, doses, drugs. One row is one record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin

from grevy.capture.addresses import Address, address_of
from grevy.capture.ledger import Head, LedgerTransaction
from grevy.capture.models import Draft, FormRecord
from grevy.capture.reading.form_page import Field, paint_row, typed_of
from grevy.capture.reading.form_states import RecordState, Versioned, read_record_states
from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.rules.grade_help import GRADE_HELP

LOG_EVENT = "LOG"


@dataclass(frozen=True)
class LogRow:
    """One record: its fields with the person's own draft on top, and how far it has come."""

    address: Address
    number: int
    started_from: int
    base: dict[str, Any]
    fields: tuple[Field, ...]
    state: RecordState | None
    drafted: bool
    sequence: int
    by: str
    at: datetime | None
    moved_from: str = ""
    """The record under whose number a new row was begun that somebody else has taken since."""

    @property
    def withdrawn(self) -> bool:
        return self.state is not None and self.state.state == "withdrawn"

    @property
    def held(self) -> bool:
        """Frozen or locked: shown, and not to be changed."""
        return self.state is not None and self.state.state in ("frozen", "locked")


@dataclass(frozen=True)
class LogPage:
    """All records of one form of a subject, and an empty one from which the page makes new ones."""

    subject: str
    form: Form
    columns: tuple[Item, ...]
    rows: tuple[LogRow, ...]
    empty: LogRow
    next_seq: int


def read_log(study: Study, subject: str, form_name: str, *, by: str, language: str) -> LogPage:
    """The log of one form, in the order in which its records were begun."""
    form = study.forms[form_name]
    keys = FormRecord.objects.filter(
        study_event__subject_id=subject, study_event__event=LOG_EVENT, form=form_name
    ).order_by("form_seq")
    records = list(keys.values_list("key", flat=True))
    ledger = LedgerTransaction()
    ledger.preload(records, [])
    prefix = f"{subject}/{LOG_EVENT}/1/{form_name}/"
    drafts = {
        draft.record_key: draft
        for draft in Draft.objects.filter(user__username=by, record_key__startswith=prefix)
    }
    states = {state.record: state for state in read_record_states(study, [subject])[subject]}
    taken = [key for key, draft in drafts.items() if draft.started_from == 0 and ledger.head(key)]
    begun = {key: drafts.pop(key) for key in sorted(taken)}
    rows = [
        _row(study, form, key, ledger.head(key), drafts.get(key), states.get(key), language)
        for key in sorted({*records, *drafts}, key=lambda key: int(key.rsplit("/", 1)[1]))
    ]
    last = max((row.address.form_seq for row in rows), default=0)
    known = {draft.content for draft in drafts.values()}
    for key, draft in begun.items():
        if draft.content in known:  # it was given its new number before, and the old draft left behind
            continue
        last += 1
        row = _row(study, form, f"{prefix}{last}", None, draft, None, language)
        rows.append(replace(row, moved_from=key))
    empty = _row(study, form, f"{prefix}{last + 1}", None, None, None, language)
    return LogPage(subject, form, form.items, tuple(rows), empty, last + 1)


def _row(
    study: Study,
    form: Form,
    record: str,
    head: Head | None,
    draft: Draft | None,
    state: RecordState | None,
    language: str,
) -> LogRow:
    base = typed_of(form, head.values if head else {}, language)
    typed: Mapping[str, Any] = json.loads(draft.content) if draft else base
    return LogRow(
        address=address_of(record),
        number=head.number if head else 0,
        started_from=draft.started_from if draft else head.number if head else 0,
        base=base,
        fields=paint_row(study, form, record.rsplit("/", 1)[1], typed, language),
        state=state,
        drafted=draft is not None,
        sequence=draft.sequence if draft else 0,
        by=head.by if head else "",
        at=head.at if head else None,
    )


# ---- Terms ---------------------------------------------------------------------------------------------


def find_terms(study: Study, language: str) -> list[dict[str, Any]]:
    """Terms for the search box: stored word, label, class, and the keys by which they are found."""
    return list(_terms(Versioned(study), language))


@lru_cache(maxsize=8)
def _terms(version: Versioned, language: str) -> tuple[dict[str, Any], ...]:
    file, plan = version.study.terms, version.study.analysis
    helps = GRADE_HELP[str(plan.switches["ctcae.version"].value)] if "ctcae.version" in plan.switches else {}
    found = []
    for term in file.terms:
        words = (term.zh, *term.also)
        spelled = [spelling for word in words for spelling in spell(word)]
        grades = helps[term.help].grades if term.help in helps else {}
        found.append(
            {
                "term": term.en,
                "label": getattr(term, language),
                "class": file.class_of(term).en,
                "class_label": getattr(file.class_of(term), language),
                "keys": " ".join([term.en.lower(), *words, *spelled]),
                "grades": {grade: getattr(text, language) for grade, text in grades.items()},
            }
        )
    return tuple(found)


def spell(word: str) -> tuple[str, str]:
    """A Chinese word as pinyin without tones and as the initials of its characters: gaoxueya, gxy."""
    return "".join(lazy_pinyin(word)), "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
