"""Every write of the application: atomic, with `by=` and `reason=`, for people, imports and simulated
data alike."""

from grevy.capture.actions.access import (
    close_account,
    create_account,
    grant_role,
    open_site,
    record_export,
    record_log_in,
    revoke_role,
)
from grevy.capture.actions.drafts import discard_draft, keep_draft, read_draft
from grevy.capture.actions.forms import (
    add_record,
    create_subject,
    restore_record,
    save_form,
    withdraw_record,
)
from grevy.capture.actions.laboratory import set_lab_range
from grevy.capture.actions.locks import lock, lock_all, unlock, unlock_together
from grevy.capture.actions.queries import (
    Place,
    answer_query,
    cancel_query,
    close_query,
    open_queries,
    open_query,
    reopen_query,
    undo_queries,
)
from grevy.capture.actions.review import ToSign, sign, sign_all, verify
from grevy.capture.actions.views import keep_view, remove_view
from grevy.capture.submissions import Saved

__all__ = [
    "Place",
    "Saved",
    "ToSign",
    "add_record",
    "answer_query",
    "cancel_query",
    "close_account",
    "close_query",
    "create_account",
    "create_subject",
    "discard_draft",
    "grant_role",
    "keep_draft",
    "keep_view",
    "lock",
    "lock_all",
    "open_queries",
    "open_query",
    "open_site",
    "read_draft",
    "record_export",
    "record_log_in",
    "remove_view",
    "reopen_query",
    "restore_record",
    "revoke_role",
    "save_form",
    "set_lab_range",
    "sign",
    "sign_all",
    "undo_queries",
    "unlock",
    "unlock_together",
    "verify",
    "withdraw_record",
]
