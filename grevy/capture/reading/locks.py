"""Which freeze or lock holds at a place: since when, whose, why, and who could open it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from grevy.capture.addresses import kind_of_place
from grevy.capture.ledger import LOCK_ORDER
from grevy.capture.models import Lock, LockLevel
from grevy.capture.permissions import ROLES_THAT_MAY


@dataclass(frozen=True)
class LockInForce:
    """A freeze or lock that holds now. `place` says how wide it reaches: record, visit, subject, site or
    study."""

    scope: str
    level: str
    by: str
    role: str
    at: datetime
    reason: str

    @property
    def place(self) -> str:
        return kind_of_place(self.scope)

    @property
    def state(self) -> str:
        """The name of its shape and word."""
        return self.level.lower()


def read_locks(scopes: Iterable[str]) -> dict[str, LockInForce]:
    """The freezes and locks that hold on some places, by place."""
    last = {row.scope: row for row in Lock.objects.filter(scope__in=list(scopes)).order_by("seq")}
    return {
        scope: LockInForce(scope, row.level, row.by, row.role, row.at, row.reason)
        for scope, row in last.items()
        if row.level != LockLevel.OPEN
    }


def read_strictest(scopes: list[str]) -> LockInForce | None:
    """What stops work at a place: the strictest of its locks, of equal ones the narrowest."""
    found = read_locks(scopes)
    held = [found[scope] for scope in scopes if scope in found]
    return max(held, key=lambda one: LOCK_ORDER[one.level], default=None)


def list_who_may_unlock(site: str) -> list[tuple[str, str]]:
    """The open accounts that may unlock at a site: account and name."""
    here = Q(memberships__site=None) | Q(memberships__site_id=site)
    rows = User.objects.filter(here, memberships__role__in=ROLES_THAT_MAY["unlock"], is_active=True)
    return [
        (one.username, one.get_full_name() or one.username) for one in rows.distinct().order_by("username")
    ]
