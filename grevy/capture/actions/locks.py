"""Freezing and locking: of a record, a visit, a subject, a site or the study; opened again by two persons."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from grevy.capture.actions.access import is_paused, record_log_in
from grevy.capture.addresses import kind_of_place
from grevy.capture.errors import AgainstPolicy, NotPermitted, OpenQueries, UnknownPlace
from grevy.capture.ledger import LedgerTransaction, ledger_transaction
from grevy.capture.models import Lock, LockLevel, Query, QueryState, Site
from grevy.capture.permissions import require_role, roles_of
from grevy.capture.policies import check_reason
from grevy.capture.words import say


def lock(scope: str, *, by: str, reason: str, level: str = LockLevel.LOCKED) -> None:
    """Freeze or lock a record, a visit (`01-001/CYCLE/1`), a subject, a site (`site:03`) or the study."""
    if level not in (LockLevel.FROZEN, LockLevel.LOCKED):
        raise AgainstPolicy(scope, say("unknown_level", level=level), say("allowed_levels"))
    with ledger_transaction() as ledger:
        site = _site_of_scope(ledger, scope)
        role = ledger.role(by, "lock", site)
        if ledger.lock_level([scope]) == level:
            raise AgainstPolicy(scope, say("is_level_already", level=say(f"level_{level}")))
        _check_no_open_query(scope, level)
        _add_lock(
            ledger, scope, level, "", by=by, role=role, site=site or "", reason=check_reason(scope, reason)
        )


def lock_all(scopes: Sequence[str], *, by: str, reason: str, level: str) -> None:
    """Freeze or lock several places with one reason: all of them or none."""
    if not scopes:
        raise AgainstPolicy(say("at_lock"), say("nothing_chosen_to_lock"), say("choose_a_place"))
    with ledger_transaction():
        for scope in scopes:
            lock(scope, by=by, reason=reason, level=level)


def unlock_together(
    scopes: Sequence[str], *, by: str, second_person: str, password: str, reason: str
) -> None:
    """Open several places, the second person standing by and giving the own password."""
    if not scopes:
        raise AgainstPolicy(say("at_lock"), say("nothing_chosen_to_lock"), say("choose_a_place"))
    if is_paused(second_person):
        raise AgainstPolicy(say("at_lock"), say("second_paused"), say("wait_15"))
    other = User.objects.filter(username=second_person, is_active=True).first()
    if other is None or not other.check_password(password):
        record_log_in(second_person, outcome="SIGNATURE_REFUSED")
        raise NotPermitted(say("at_lock"), say("second_password_wrong"), say("nothing_opened"))
    with ledger_transaction():
        for scope in scopes:
            unlock(scope, by=by, second_person=second_person, reason=reason)


def unlock(scope: str, *, by: str, second_person: str, reason: str) -> None:
    """Open again, by two persons who both may (ICH E6(R3) 4.2.6)."""
    with ledger_transaction() as ledger:
        site = _site_of_scope(ledger, scope)
        role = ledger.role(by, "unlock", site)
        if second_person == by:
            raise NotPermitted(scope, say("second_needed"))
        require_role(roles_of(second_person), second_person, "unlock", site)
        if ledger.lock_level([scope]) == LockLevel.OPEN:
            raise AgainstPolicy(scope, say("not_locked"))
        why = check_reason(scope, reason)
        _add_lock(ledger, scope, LockLevel.OPEN, second_person, by=by, role=role, site=site or "", reason=why)


def _add_lock(ledger: LedgerTransaction, scope: str, level: str, second_person: str, **who: str) -> None:
    at = ledger.clock(None, "person", Lock)
    ledger.add(Lock(scope=scope, level=str(level), second_person=second_person, at=at, **who))


def _site_of_scope(ledger: LedgerTransaction, scope: str) -> str | None:
    if scope == "study":
        return None
    if scope.startswith("site:"):
        if not Site.objects.filter(code=scope[5:]).exists():
            raise UnknownPlace(scope, say("no_such_site"))
        return scope[5:]
    return ledger.site_of(scope.split("/")[0])


def _check_no_open_query(scope: str, level: str) -> None:
    """Nothing is locked while a question about it is open; freezing is how one gets there."""
    queries = Query.objects.exclude(state__in=(QueryState.CLOSED, QueryState.CANCELLED))
    kind = kind_of_place(scope)
    if kind == "site":
        queries = queries.filter(record__study_event__subject__site_id=scope[5:])
    elif kind == "visit":
        queries = queries.filter(record__study_event_id=scope)
    elif kind == "record":
        queries = queries.filter(record_id=scope)
    elif kind == "subject":
        queries = queries.filter(record__study_event__subject_id=scope)
    if level == LockLevel.LOCKED and queries.exists():
        raise OpenQueries(scope, say("queries_open", count=queries.count()), say("close_first"))
