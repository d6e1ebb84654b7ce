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
from grevy.snapshot.lab_ranges import (
    LAB_RANGE_SCHEMA,
    LAB_RANGES,
    LabRange,
    build_lab_range_table,
    find_range,
    latest_ranges,
)
from grevy.snapshot.tables import build_form_tables, build_revision_table

__all__ = [
    "LAB_RANGES",
    "LAB_RANGE_SCHEMA",
    "ROW_KEY",
    "Entry",
    "LabRange",
    "Revision",
    "Snapshot",
    "SnapshotDamaged",
    "build_form_tables",
    "build_lab_range_table",
    "build_revision_table",
    "canonical_json",
    "find_range",
    "key_rows",
    "latest_ranges",
    "latest_revisions",
    "name_record",
    "name_revision",
    "number_revisions",
    "read_snapshot",
    "write_snapshot",
]
