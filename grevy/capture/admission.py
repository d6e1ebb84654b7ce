"""What a person who is logged in must have before the pages open (ICH E6(R3) 4.3.8).

In the order in which it is asked: a password of one's own, a second factor where this installation
requires it, and the records of training and of delegation.
"""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User

from grevy.capture.actions.access import DELEGATION, TRAINING
from grevy.capture.models import AccessChange, UserSetting
from grevy.capture.second_factor import has_second_factor

Missing = Literal["password", "second_factor", "training"]


def setting_of(user: User) -> UserSetting:
    """The person's settings, read once a request; not yet kept where there are none."""
    found = getattr(user, "_grevy_setting", None)
    if found is None:
        found = UserSetting.objects.filter(user=user).first() or UserSetting(user=user)
        user._grevy_setting = found  # type: ignore[attr-defined]  # kept on the object that lives for one request
    return found


def missing_records(username: str) -> tuple[str, ...]:
    """Which of the two records a person still lacks."""
    kept = AccessChange.objects.filter(username=username, change__in=(TRAINING, DELEGATION))
    there = set(kept.values_list("change", flat=True))
    return tuple(change for change in (TRAINING, DELEGATION) if change not in there)


def what_is_missing(user: User, right: str) -> Missing | None:
    """Why the pages stay closed for now.

    Who changes access needs no record for that one task: somebody has to make the first records.
    """
    if setting_of(user).password_is_temporary:
        return "password"
    if settings.GREVY_SECOND_FACTOR_REQUIRED and not has_second_factor(user):
        return "second_factor"
    if right != "change_access" and missing_records(user.username):
        return "training"
    return None
