"""Source data verification and signatures: what review adds to a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from grevy.capture.actions.access import is_paused, record_log_in
from grevy.capture.errors import AgainstPolicy, NotPermitted, UnknownPlace
from grevy.capture.ledger import Head, LedgerTransaction, ledger_transaction
from grevy.capture.models import FormRecord, FormRevision, Signature, Verification
from grevy.capture.policies import Address, check_open_for_review
from grevy.capture.words import say


def reviewed(ledger: LedgerTransaction, address: Address, by: str, action: str) -> tuple[str, str, Head]:
    """Site, role and last revision of a record under review; refuses what may not be reviewed now."""
    site = ledger.site_of(address.subject)
    role = ledger.role(by, action, site)
    check_open_for_review(ledger, address, site)
    head = ledger.head(address.record)
    if head is None:
        raise UnknownPlace(address.record, say("nothing_saved"))
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
    sign_all([ToSign(address, revision, meaning)], by=by, password=password)


@dataclass(frozen=True)
class ToSign:
    """A record as it was read, and what signing it means."""

    address: Address
    revision: int
    meaning: str


def sign_all(records: Sequence[ToSign], *, by: str, password: str) -> None:
    """Sign several records with the password given once: each is bound on its own, all of them or none."""
    if not records:
        raise AgainstPolicy(say("at_signature"), say("no_record_chosen"), say("choose_one"))
    if is_paused(by):
        raise AgainstPolicy(say("at_signature"), say("own_paused"), say("wait_15"))
    user = User.objects.get(username=by)
    with ledger_transaction() as ledger:
        found = [(one, *_check_can_be_signed(ledger, one, by)) for one in records]
        if user.check_password(password):
            at = ledger.clock(None, "person", Signature)
            for one, site, role, head in found:
                ledger.add(
                    Signature(
                        record_id=one.address.record,
                        revision_number=one.revision,
                        revision_hash=head.hash,
                        meaning=one.meaning.strip(),
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
    raise NotPermitted(records[0].address.record, say("password_not_right"), say("nothing_signed"))


def _check_can_be_signed(ledger: LedgerTransaction, one: ToSign, by: str) -> tuple[str, str, Head]:
    site, role, head = reviewed(ledger, one.address, by, "sign")
    _check_last_revision(one.address, head, one.revision)
    if not one.meaning.strip():
        raise AgainstPolicy(one.address.record, say("no_meaning"), say("say_meaning"))
    return site, role, head


def _check_last_revision(address: Address, head: Head, revision: int) -> None:
    if head.withdrawn or head.number != revision:
        raise AgainstPolicy(address.record, say("changed_since", number=revision), say("read_last"))


def is_signed(record: str) -> bool:
    """Whether the last revision of a record carries a signature; any later change breaks it."""
    last = FormRecord.objects.get(key=record).revisions.order_by("-number").first()
    return last is not None and Signature.objects.filter(record_id=record, revision_hash=last.hash).exists()


def signed_records(subject: str) -> frozenset[str]:
    """The records of a subject whose last revision carries a signature."""
    last = dict(
        FormRevision.objects.filter(record__study_event__subject_id=subject)
        .order_by("number")
        .values_list("record_id", "hash")
    )
    given = Signature.objects.filter(record__study_event__subject_id=subject)
    return frozenset(
        record for record, bound in given.values_list("record_id", "revision_hash") if last[record] == bound
    )
