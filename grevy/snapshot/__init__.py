"""The waist of Grevy: all forms as of a moment, as typed tables with a manifest. Knows no database."""

from grevy.snapshot.entries import (
    ROW_KEY,
    Entry,
    Revision,
    canonical_json,
    key_rows,
    latest_revisions,
    name_record,
    name_revision,
    number_revisions,
)
from grevy.snapshot.files import Snapshot, SnapshotDamaged, read_snapshot, write_snapshot
from grevy.snapshot.tables import build_form_tables, build_revision_table

__all__ = [
    "ROW_KEY",
    "Entry",
    "Revision",
    "Snapshot",
    "SnapshotDamaged",
    "build_form_tables",
    "build_revision_table",
    "canonical_json",
    "key_rows",
    "latest_revisions",
    "name_record",
    "name_revision",
    "number_revisions",
    "read_snapshot",
    "write_snapshot",
]
