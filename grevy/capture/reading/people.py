"""Who has an account: roles, training, last log-in, second factor; and which log-ins are open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Max
from django.utils import timezone

from grevy.capture.actions.access import DELEGATION, TRAINING
from grevy.capture.models import AccessChange, LogIn, Membership, OpenLogIn
from grevy.capture.second_factor import KEYS, TIME_CODES


@dataclass(frozen=True)
class Role:
    role: str
    site: str | None


@dataclass(frozen=True)
class Account:
    """One account as the administrator sees it."""

    username: str
    full_name: str
    is_open: bool
    roles: tuple[Role, ...]
    trained: datetime | None
    delegated: datetime | None
    last_log_in: datetime | None
    second_factor: bool
    open_log_ins: int

    @property
    def is_ready(self) -> bool:
        return self.trained is not None and self.delegated is not None


@dataclass(frozen=True)
class OpenOne:
    """A log-in that is open now."""

    number: int
    since: datetime
    seen: datetime
    address: str
    device: str
    is_this: bool


def read_accounts(username: str | None = None) -> list[Account]:
    """All accounts, or the one; open ones first, by name. Six queries, however many there are."""
    users = User.objects.order_by("-is_active", "username")
    if username is not None:
        users = users.filter(username=username)
    roles: dict[int, list[Role]] = defaultdict(list)
    for user_id, role, site in Membership.objects.order_by("role", "site_id").values_list(
        "user_id", "role", "site_id"
    ):
        roles[user_id].append(Role(role, site))
    made = AccessChange.objects.filter(change__in=(TRAINING, DELEGATION)).values_list("username", "change")
    recorded = {(name, change): at for name, change, at in made.annotate(last=Max("at"))}
    log_ins = LogIn.objects.filter(outcome="SUCCESS").values_list("username").annotate(last=Max("at"))
    last = dict(log_ins)
    second = set(Authenticator.objects.filter(type__in=(TIME_CODES, KEYS)).values_list("user_id", flat=True))
    opened: dict[int, int] = defaultdict(int)
    for one in OpenLogIn.objects.filter(session_key__in=_sessions_now()):
        opened[one.user_id] += 1
    return [
        Account(
            username=user.username,
            full_name=user.get_full_name(),
            is_open=user.is_active,
            roles=tuple(roles[user.pk]),
            trained=recorded.get((user.username, TRAINING)),
            delegated=recorded.get((user.username, DELEGATION)),
            last_log_in=last.get(user.username),
            second_factor=user.pk in second,
            open_log_ins=opened[user.pk],
        )
        for user in users
    ]


def _sessions_now():  # type: ignore[no-untyped-def]  # a query set whose type the stubs do not name
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


def read_open_log_ins(user: User, this: str | None) -> list[OpenOne]:
    """The person's log-ins that are open now, the present one first."""
    mine = list(OpenLogIn.objects.filter(user=user))
    keys = [one.session_key for one in mine]
    ends = dict(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", "expire_date"
        )
    )
    lasts = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = [
        OpenOne(
            number=one.pk,
            since=one.since,
            seen=ends[one.session_key] - lasts,
            address=one.address,
            device=short_device(one.device),
            is_this=one.session_key == this,
        )
        for one in mine
        if one.session_key in ends
    ]
    return sorted(found, key=lambda one: (not one.is_this, -one.seen.timestamp()))


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


def short_device(agent: str) -> str:
    """Browser and system, as far as the browser says them."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return " · ".join(part for part in (browser, system) if part) or "–"
