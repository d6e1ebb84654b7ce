"""The hash chains of the ledger: which columns they cover and how a row becomes a hash. Plain Python, no
Django.

Each append-only table is one chain. A row's hash covers all its columns and the hash of the row before it, so
that a changed, swapped, inserted or removed row breaks the chain at its place (ICH E6(R3) 4.2.2).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

START = "0" * 64

COMMON = ("seq", "at", "by", "role", "site", "reason", "prev")
CHAINS: dict[str, tuple[str, ...]] = {
    "ledger_revision": (
        *COMMON,
        "record_id",
        "number",
        "base_number",
        "study_version",
        "content",
        "withdrawn",
        "origin",
    ),
    "ledger_subject_step": (*COMMON, "subject_id", "number", "state", "cause"),
    "ledger_query_message": (
        *COMMON,
        "query_id",
        "number",
        "kind",
        "text",
        "item",
        "row_key",
        "revision_number",
    ),
    "ledger_confirmation": (
        *COMMON,
        "record_id",
        "revision_number",
        "check_id",
        "item",
        "row_key",
        "study_version",
    ),
    "ledger_verification": (*COMMON, "record_id", "revision_number", "item", "row_key"),
    "ledger_signature": (*COMMON, "record_id", "revision_number", "revision_hash", "meaning", "printed_name"),
    "ledger_lock": (*COMMON, "scope", "level", "second_person"),
    "ledger_access_change": (*COMMON, "change", "username", "for_role", "for_site"),
    "ledger_log_in": (*COMMON, "username", "outcome", "address"),
    "ledger_export": (*COMMON, "purpose", "recipient", "country", "files"),
    "ledger_lab_range": (
        *COMMON,
        "test",
        "sex",
        "age_from",
        "age_to",
        "valid_from",
        "unit",
        "low",
        "high",
        "origin",
    ),
}

# What must be unique besides the place in the chain: SQLite's INSERT OR REPLACE would remove the older row.
NUMBERED: dict[str, tuple[str, str]] = {
    "ledger_revision": ("record_id", "number"),
    "ledger_subject_step": ("subject_id", "number"),
    "ledger_query_message": ("query_id", "number"),
}

# Tables that give ledger rows their place. They grow, and their rows neither change nor go.
IDENTITIES = ("capture_site", "capture_study_event", "capture_form_record")

# Answers that saves got: rows that stay, outside the chains (grevy.capture.submissions says why).
ANSWERS = ("capture_submission",)

# Tables whose rows stay and whose named columns never change; the others are recomputed from the ledger.
KEPT_COLUMNS: dict[str, tuple[str, ...]] = {
    "capture_subject": ("number", "site_id"),
    "capture_query": ("key", "record_id", "item", "row_key", "check_id", "study_version", "batch"),
}


def reason_of_query(check_id: str, study_version: str, batch: str) -> str:
    """Why a query was opened, as its first message says it; empty where a person simply asked."""
    check = f"check {check_id}, study version {study_version}" if check_id else ""
    return "; ".join(part for part in (check, f"batch {batch}" if batch else "") if part)


_STORED_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.(?!0{6})\d{6})?")


def moment_text(at: datetime) -> str:
    """A moment as it is hashed: UTC, always six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stored_moment_text(stored: str) -> str:
    """The same text from what SQLite stores; a spelling that Django does not write stays, and breaks the
    hash."""
    if not isinstance(stored, str) or not _STORED_MOMENT.fullmatch(stored):
        return f"not a stored moment: {stored}"
    day, clock = stored.split(" ")
    return f"{day}T{clock if '.' in clock else clock + '.000000'}Z"


def row_hash(values: Iterable[Any]) -> str:
    """SHA-256 over the canonical text of a row: its hashed columns in their order, as JSON without floats."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
