"""The casebook of a subject for review: what awaits the signature, and what is frozen or locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grevy.capture.addresses import Address
from grevy.capture.reading.form_states import FormState, RecordState
from grevy.capture.reading.locks import LockInForce, read_locks
from grevy.capture.reading.visits import Visit
from grevy.definition import Study
from grevy.definition.words import Text

SIGNABLE = (FormState.COMPLETE, FormState.VERIFIED, FormState.NOT_DONE, FormState.FROZEN)


@dataclass(frozen=True)
class SignLine:
    """A record that can be signed as it stands."""

    state: RecordState
    label: Text
    address: Address

    @property
    def value(self) -> str:
        """What the page sends back: the record, and the revision that was shown."""
        return f"{self.state.record}#{self.state.number}"


@dataclass(frozen=True)
class CasebookVisit:
    """One visit with what review did of it; `scope` names it for a lock."""

    scope: str
    name: Text
    visit: Visit | None
    records: int
    open_queries: int
    signed: int
    frozen: int
    locked: int
    to_sign: tuple[SignLine, ...]
    lock: LockInForce | None


@dataclass(frozen=True)
class Casebook:
    """All visits of a subject that have records, in the order of their dates, and the subject's own lock."""

    lock: LockInForce | None
    wider: LockInForce | None
    """The lock of the site or of the study, where one holds."""
    visits: tuple[CasebookVisit, ...]

    @property
    def records(self) -> int:
        return sum(visit.records for visit in self.visits)

    @property
    def open_queries(self) -> int:
        return sum(visit.open_queries for visit in self.visits)

    @property
    def signed(self) -> int:
        return sum(visit.signed for visit in self.visits)

    @property
    def to_sign(self) -> int:
        return sum(len(visit.to_sign) for visit in self.visits)


def read_casebook(
    study: Study,
    subject: str,
    site: str,
    states: Iterable[RecordState],
    visits: Iterable[Visit],
    signed: frozenset[str],
) -> Casebook:
    """The casebook; `signed` are the records whose last revision carries a signature, locked or not."""
    by_visit: dict[tuple[str, int], list[RecordState]] = {}
    for state in states:
        if state.state != FormState.WITHDRAWN:
            by_visit.setdefault((state.event, state.event_seq), []).append(state)
    dated = {(visit.event, visit.event_seq): visit for visit in visits}
    order = [*(key for key in dated if key in by_visit), *(key for key in by_visit if key not in dated)]
    locks = read_locks([subject, f"site:{site}", "study", *(f"{subject}/{e}/{seq}" for e, seq in order)])
    return Casebook(
        lock=locks.get(subject),
        wider=locks.get("study") or locks.get(f"site:{site}"),
        visits=tuple(
            _visit(study, subject, key, by_visit[key], dated.get(key), locks, signed) for key in order
        ),
    )


def _visit(
    study: Study,
    subject: str,
    key: tuple[str, int],
    states: list[RecordState],
    visit: Visit | None,
    locks: dict[str, LockInForce],
    signed: frozenset[str],
) -> CasebookVisit:
    scope = f"{subject}/{key[0]}/{key[1]}"
    place = {form: number for number, form in enumerate(study.event(key[0]).forms)}
    lines = [
        SignLine(
            one,
            study.forms[one.form].label,
            Address(subject, one.event, one.event_seq, one.form, one.form_seq),
        )
        for one in sorted(states, key=lambda one: (place.get(one.form, 0), one.form_seq))
        if one.state in SIGNABLE and one.record not in signed and one.form != "eligibility"
    ]
    return CasebookVisit(
        scope=scope,
        name=study.event(key[0]).name_of(key[1]),
        visit=visit,
        records=len(states),
        open_queries=sum(one.open_queries for one in states),
        signed=sum(one.record in signed for one in states),
        frozen=sum(one.state == FormState.FROZEN for one in states),
        locked=sum(one.state == FormState.LOCKED for one in states),
        to_sign=tuple(lines),
        lock=locks.get(scope),
    )
