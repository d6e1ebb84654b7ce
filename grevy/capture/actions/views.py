"""Views of the subject list that people keep for themselves; no part of the ledger."""

from __future__ import annotations

from django.contrib.auth.models import User

from grevy.capture.errors import AgainstPolicy
from grevy.capture.models import SavedView
from grevy.capture.words import say

MOST_VIEWS = 20


def keep_view(name: str, query: str, *, by: str) -> None:
    """Keep a filter under a name; one of that name is replaced."""
    name, user = " ".join(name.split())[:60], User.objects.get(username=by)
    if not name:
        raise AgainstPolicy(say("at_view"), say("view_unnamed"), say("name_view"))
    others = SavedView.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        raise AgainstPolicy(say("at_view"), say("views_full", count=MOST_VIEWS), say("remove_view_first"))
    SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query[:1000]})


def remove_view(key: int, *, by: str) -> None:
    """Remove a view of one's own; another person's stays."""
    SavedView.objects.filter(pk=key, user__username=by).delete()
