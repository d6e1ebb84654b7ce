"""The course of a subject's tumor from what is saved and what is being typed, as the analysis derives it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from grevy.adam.course import Course, compute_course, write_course
from grevy.capture.models import FormRevision
from grevy.capture.policies import Address
from grevy.definition import Study
from grevy.snapshot import Revision, canonical_json, key_rows, name_revision

REMEMBERED = 16
"""One answer judges the values and shows them; the course is computed once for both."""

_last: OrderedDict[tuple[Any, ...], Course] = OrderedDict()


def read_course(study: Study, address: Address, values: Mapping[str, Any]) -> Course:
    """The course with these values at the address, over the last saved revision of every other record."""
    typed = key_rows(dict(values))
    saved = _read_saved(address.subject, write_course(study).forms)
    heads = tuple(sorted((record, number) for record, (number, _content) in saved.items()))
    key = (study.hash, address.record, heads, canonical_json(typed))
    if key not in _last:
        others = [
            _revision(record, number, json.loads(content))
            for record, (number, content) in saved.items()
            if record != address.record
        ]
        _last[key] = compute_course(study, [*others, _revision(address.record, 0, typed)])
        while len(_last) > REMEMBERED:
            _last.popitem(last=False)
    return _last[key]


def warm_up(study: Study) -> None:
    """Write and compile the programs, on a subject that is none, so that no first request waits for them."""
    read_course(study, Address("0", "SCREENING", 1, "baseline_lesions", 1), {})


def _read_saved(subject: str, forms: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """Number and content of the last revision of the subject's records, those withdrawn left out."""
    rows = (
        FormRevision.objects.filter(record__study_event__subject_id=subject, record__form__in=forms)
        .order_by("record_id", "number")
        .values_list("record_id", "number", "content", "withdrawn")
    )
    last = {record: (number, content, withdrawn) for record, number, content, withdrawn in rows}
    return {
        record: (number, content) for record, (number, content, withdrawn) in last.items() if not withdrawn
    }


def _revision(record: str, number: int, values: dict[str, Any]) -> Revision:
    """A revision of which only the place and the values matter here."""
    subject, event, event_seq, form, form_seq = record.split("/")
    return Revision(
        site=subject.split("-")[0],
        subject=subject,
        event=event,
        event_seq=int(event_seq),
        form=form,
        form_seq=int(form_seq),
        values=values,
        by="",
        role="",
        at=datetime.now(UTC),
        revision=name_revision(record, number),
        revno=number,
        study_version="",
    )
