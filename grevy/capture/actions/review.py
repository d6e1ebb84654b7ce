"""Source data verification, signatures and locks: what review adds to a record."""

from __future__ import annotations

from django.contrib.auth.models import User

from grevy.capture.actions.access import record_log_in
from grevy.capture.errors import AgainstPolicy, NotPermitted, UnknownPlace
from grevy.capture.ledger import Head, LedgerTransaction, ledger_transaction
from grevy.capture.models import (
    FormRecord,
    Lock,
    LockLevel,
    Query,
    QueryState,
    Signature,
    Site,
    Verification,
)
from grevy.capture.permissions import require_role, roles_of
from grevy.capture.policies import Address, check_open_for_review, check_reason


def reviewed(ledger: LedgerTransaction, address: Address, by: str, action: str) -> tuple[str, str, Head]:
    """Site, role and last revision of a record under review; refuses what may not be reviewed now."""
    site = ledger.site_of(address.subject)
    role = ledger.role(by, action, site)
    check_open_for_review(ledger, address, site)
    head = ledger.head(address.record)
    if head is None:
        raise UnknownPlace(address.record, "nothing is saved there yet.")
    return site, role, head


def verify(address: Address, *, by: str, revision: int, item: str = "", row_key: str = "") -> None:
    """Confirm against the source what stands in the record (or one item), as it is in the revision that
    was read."""
    with ledger_transaction() as ledger:
        site, role, head = reviewed(ledger, address, by, "verify")
        _check_last_revision(address, head, revision)
        at = ledger.clock(None, "person", Verification)
        ledger.add(
            Verification(
                record_id=address.record,
                revision_number=revision,
                item=item,
                row_key=row_key,
                by=by,
                role=role,
                site=site,
                at=at,
            )
        )


def sign(address: Address, *, by: str, password: str, revision: int, meaning: str) -> None:
    """Sign a record with the password again; the signature holds for exactly this revision (21 CFR 11.50,
    11.200)."""
    user = User.objects.get(username=by)
    with ledger_transaction() as ledger:
        site, role, head = reviewed(ledger, address, by, "sign")
        _check_last_revision(address, head, revision)
        if not meaning.strip():
            raise AgainstPolicy(address.record, "the signature has no meaning.", "Say what is signed for.")
        if user.check_password(password):
            at = ledger.clock(None, "person", Signature)
            ledger.add(
                Signature(
                    record_id=address.record,
                    revision_number=revision,
                    revision_hash=head.hash,
                    meaning=meaning.strip(),
                    printed_name=user.get_full_name() or by,
                    by=by,
                    role=role,
                    site=site,
                    at=at,
                )
            )
            return
    # After the transaction, so that the attempt stays although the signature is refused.
    record_log_in(by, outcome="SIGNATURE_REFUSED")
    raise NotPermitted(address.record, "the password is not right.", "Nothing was signed.")


def _check_last_revision(address: Address, head: Head, revision: int) -> None:
    if head.withdrawn or head.number != revision:
        raise AgainstPolicy(
            address.record, f"it changed since revision {revision}.", "Read the last revision first."
        )


def is_signed(record: str) -> bool:
    """Whether the last revision of a record carries a signature; any later change breaks it."""
    last = FormRecord.objects.get(key=record).revisions.order_by("-number").first()
    return last is not None and Signature.objects.filter(record_id=record, revision_hash=last.hash).exists()


# ----------------------------------------------------------------------------------------------------------
# Locks
# ----------------------------------------------------------------------------------------------------------


def lock(scope: str, *, by: str, reason: str, level: str = LockLevel.LOCKED) -> None:
    """Freeze or lock a record, a subject, a site (`site:03`) or the study."""
    if level not in (LockLevel.FROZEN, LockLevel.LOCKED):
        raise AgainstPolicy(scope, f"unknown level '{level}'.", "Allowed: FROZEN, LOCKED; unlock() opens.")
    with ledger_transaction() as ledger:
        site = _site_of_scope(ledger, scope)
        role = ledger.role(by, "lock", site)
        if ledger.lock_level([scope]) == level:
            raise AgainstPolicy(scope, f"it is {str(level).lower()} already.")
        _check_no_open_query(scope, level)
        _add_lock(
            ledger, scope, level, "", by=by, role=role, site=site or "", reason=check_reason(scope, reason)
        )


def unlock(scope: str, *, by: str, second_person: str, reason: str) -> None:
    """Open again, by two persons who both may (ICH E6(R3) 4.2.6)."""
    with ledger_transaction() as ledger:
        site = _site_of_scope(ledger, scope)
        role = ledger.role(by, "unlock", site)
        if second_person == by:
            raise NotPermitted(scope, "unlocking takes a second person.")
        require_role(roles_of(second_person), second_person, "unlock", site)
        if ledger.lock_level([scope]) == LockLevel.OPEN:
            raise AgainstPolicy(scope, "it is not locked.")
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
            raise UnknownPlace(scope, "there is no such site.")
        return scope[5:]
    return ledger.site_of(scope.split("/")[0])


def _check_no_open_query(scope: str, level: str) -> None:
    """Nothing is locked while a question about it is open; freezing is how one gets there."""
    queries = Query.objects.exclude(state__in=(QueryState.CLOSED, QueryState.CANCELLED))
    if scope.startswith("site:"):
        queries = queries.filter(record__study_event__subject__site_id=scope[5:])
    elif "/" in scope:
        queries = queries.filter(record_id=scope)
    elif scope != "study":
        queries = queries.filter(record__study_event__subject_id=scope)
    if level == LockLevel.LOCKED and queries.exists():
        raise AgainstPolicy(scope, f"{queries.count()} queries are open.", "Close them first, or freeze.")
