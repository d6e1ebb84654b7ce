"""Sites, accounts, roles, log-ins and exports: who may come in, who came, and what left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.utils import timezone

from grevy.capture.errors import AgainstPolicy, UnknownPlace
from grevy.capture.ledger import LedgerTransaction, ledger_transaction
from grevy.capture.models import AccessChange, Export, LogIn, Membership, OpenLogIn, Site, UserSetting
from grevy.capture.permissions import ADMINISTRATOR, ROLES
from grevy.capture.policies import check_reason
from grevy.capture.words import say

SYSTEM = "system"
TRAINING, DELEGATION = "TRAINING_RECORDED", "DELEGATION_RECORDED"
FAILURES_BEFORE_PAUSE, PAUSE = 5, timedelta(minutes=15)


def open_site(
    code: str, name_en: str, name_zh: str, *, by: str, at: datetime | None = None, origin: str = "person"
) -> None:
    """Open a site."""
    with ledger_transaction() as ledger:
        role = _administrator(ledger, by)
        if Site.objects.filter(code=code).exists():
            raise AgainstPolicy(say("at_site", site=code), say("site_open_already"))
        Site(code=code, name_en=name_en, name_zh=name_zh).save()
        _add_change(ledger, "SITE_OPENED", by=by, role=role, at=at, origin=origin, for_site=code)


def create_account(
    username: str,
    *,
    by: str,
    full_name: str = "",
    password: str | None = None,
    temporary: bool = False,
    at: datetime | None = None,
    origin: str = "person",
) -> None:
    """Make a personal account; without a password nobody can log in with it.

    A `temporary` password must be changed at the first log-in.
    """
    with ledger_transaction() as ledger:
        role = _administrator(ledger, by)
        if User.objects.filter(username=username).exists():
            raise AgainstPolicy(say("at_account", username=username), say("username_taken"))
        user = User(username=username, first_name=full_name[:150])
        if password is None:
            user.set_unusable_password()
        else:
            validate_password(password, user)
            user.set_password(password)
        user.save()
        if temporary:
            make_password_temporary(user)
        _add_change(ledger, "ACCOUNT_CREATED", by=by, role=role, at=at, origin=origin, username=username)


def close_account(username: str, *, by: str, reason: str) -> None:
    """Close an account at once: open log-ins end with their next request."""
    with ledger_transaction() as ledger:
        role = _administrator(ledger, by)
        user = _user(username)
        why = check_reason(say("at_account", username=username), reason)
        _check_other_person(username, by)
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_log_ins(user)
        _add_change(ledger, "ACCOUNT_CLOSED", by=by, role=role, reason=why, username=username)


def grant_role(
    username: str,
    role: str,
    site: str | None,
    *,
    by: str,
    reason: str = "",
    at: datetime | None = None,
    origin: str = "person",
) -> None:
    """Give a person a role at one site, or (site None) in the whole study."""
    with ledger_transaction() as ledger:
        own_role = _administrator(ledger, by)
        place = say("at_role", role=role, username=username)
        if role not in ROLES:
            raise UnknownPlace(place, say("no_such_role"), say("allowed", names=", ".join(ROLES)))
        if site is not None and not Site.objects.filter(code=site).exists():
            raise UnknownPlace(say("at_site", site=site), say("no_such_site"))
        _, created = Membership.objects.get_or_create(user=_user(username), role=role, site_id=site)
        if not created:
            raise AgainstPolicy(place, say("role_held"))
        change = {"username": username, "for_role": role, "for_site": site or ""}
        _add_change(
            ledger, "ROLE_GRANTED", by=by, role=own_role, reason=reason, at=at, origin=origin, **change
        )
        ledger.forget_roles(username)


def revoke_role(username: str, role: str, site: str | None, *, by: str, reason: str) -> None:
    """Take a role back; it ends with the next request."""
    with ledger_transaction() as ledger:
        own_role = _administrator(ledger, by)
        place = say("at_role", role=role, username=username)
        why = check_reason(place, reason)
        if role == ADMINISTRATOR:
            _check_other_person(username, by)
        deleted, _ = Membership.objects.filter(user__username=username, role=role, site_id=site).delete()
        if not deleted:
            raise UnknownPlace(place, say("role_not_held"))
        change = {"username": username, "for_role": role, "for_site": site or ""}
        _add_change(ledger, "ROLE_REVOKED", by=by, role=own_role, reason=why, **change)
        ledger.forget_roles(username)


def record_training(
    username: str, *, by: str, reason: str, at: datetime | None = None, origin: str = "person"
) -> None:
    """Record that a person was trained; `reason` says in what and when."""
    _record_for(username, TRAINING, by=by, reason=reason, at=at, origin=origin)


def record_delegation(
    username: str, *, by: str, reason: str, at: datetime | None = None, origin: str = "person"
) -> None:
    """Record that the investigator or the sponsor delegated the tasks; `reason` names the document."""
    _record_for(username, DELEGATION, by=by, reason=reason, at=at, origin=origin)


def _record_for(
    username: str, change: str, *, by: str, reason: str, at: datetime | None, origin: str
) -> None:
    with ledger_transaction() as ledger:
        role = _administrator(ledger, by)
        why = check_reason(say("at_account", username=username), reason)
        _user(username)
        _add_change(ledger, change, by=by, role=role, reason=why, at=at, origin=origin, username=username)


def reset_password(username: str, password: str, *, by: str, reason: str) -> None:
    """Give a password that holds for one log-in; the second factor goes too, and open log-ins end."""
    with ledger_transaction() as ledger:
        role = _administrator(ledger, by)
        user = _user(username)
        why = check_reason(say("at_account", username=username), reason)
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        make_password_temporary(user)
        end_log_ins(user)
        _add_change(ledger, "ACCESS_RESET", by=by, role=role, reason=why, username=username)


def make_password_temporary(user: User) -> None:
    UserSetting.objects.update_or_create(user=user, defaults={"password_is_temporary": True})


def end_log_ins_of(username: str, *, by: str, reason: str) -> None:
    """End every open log-in of a person now."""
    with ledger_transaction() as ledger:
        role = _administrator(ledger, by)
        why = check_reason(say("at_account", username=username), reason)
        end_log_ins(_user(username))
        _add_change(ledger, "LOG_INS_ENDED", by=by, role=role, reason=why, username=username)


def end_log_ins(user: User, *, except_for: str | None = None) -> None:
    """The sessions go, so the next request of each asks to log in."""
    ended = OpenLogIn.objects.filter(user=user).exclude(session_key=except_for or "")
    Session.objects.filter(session_key__in=list(ended.values_list("session_key", flat=True))).delete()
    ended.delete()


def _administrator(ledger: LedgerTransaction, by: str) -> str:
    """The role for changing access. An empty ledger has nobody yet: there the system sets up, and is
    named for it."""
    if by == SYSTEM and not Membership.objects.filter(role=ADMINISTRATOR).exists():
        return SYSTEM
    return ledger.role(by, "change_access", None)


def _check_other_person(username: str, by: str) -> None:
    """An administrator who shuts himself out might be the last one."""
    if username == by:
        raise AgainstPolicy(say("at_account", username=username), say("own_access"), say("ask_another"))


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise UnknownPlace(say("at_account", username=username), say("no_such_account"))
    return user


def _add_change(
    ledger: LedgerTransaction,
    change: str,
    *,
    by: str,
    role: str,
    reason: str = "",
    at: datetime | None = None,
    origin: str = "person",
    **what: str,
) -> None:
    at = ledger.clock(at, origin, AccessChange)
    ledger.add(AccessChange(change=change, by=by, role=role, reason=reason, at=at, **what))


# ----------------------------------------------------------------------------------------------------------
# Log-ins and exports
# ----------------------------------------------------------------------------------------------------------


def record_log_in(username: str, *, outcome: str, address: str = "") -> None:
    """Record an attempt, with the name as typed, or what a person did to the own way in.

    SUCCESS, FAILURE, PAUSED, PASSWORD_RIGHT (the second factor is still asked), LOG_OUT, REFUSED,
    SIGNATURE_REFUSED; PASSWORD_CHANGED, SECOND_FACTOR_CHANGED, LOG_INS_ENDED.
    """
    with ledger_transaction() as ledger:
        at = ledger.clock(None, "person", LogIn)
        name = username[:150]
        ledger.add(LogIn(username=name, outcome=outcome, address=address[:60], by=name, at=at))


def is_paused(username: str) -> bool:
    """Whether too many attempts failed lately for this name (21 CFR 11.300(d))."""
    recent = LogIn.objects.filter(username=username[:150], at__gte=timezone.now() - PAUSE).order_by("-seq")
    failures = 0
    for outcome in recent.values_list("outcome", flat=True)[:50]:
        if outcome == "SUCCESS":
            break
        failures += outcome in ("FAILURE", "SIGNATURE_REFUSED")
    return failures >= FAILURES_BEFORE_PAUSE


def record_export(
    *, by: str, purpose: str, recipient: str, country: str, files: Mapping[str, str], site: str | None = None
) -> None:
    """Record what left: purpose, recipient, country, and the SHA-256 of each file by its name."""
    with ledger_transaction() as ledger:
        role = ledger.role(by, "export", site)
        if not (purpose.strip() and recipient.strip() and country.strip() and files):
            raise AgainstPolicy(say("at_export"), say("export_incomplete"))
        at = ledger.clock(None, "person", Export)
        ledger.add(
            Export(
                purpose=purpose.strip(),
                recipient=recipient.strip(),
                country=country.strip(),
                files=json.dumps(dict(files), sort_keys=True, ensure_ascii=False),
                by=by,
                role=role,
                site=site or "",
                at=at,
            )
        )
