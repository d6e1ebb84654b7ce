"""Revisions as typed tables, and snapshots that do not depend on anything but the data."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from grevy.snapshot import (
    Entry,
    SnapshotDamaged,
    build_form_tables,
    canonical_json,
    key_rows,
    latest_revisions,
    number_revisions,
    read_snapshot,
    write_snapshot,
)

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
LESIONS = [
    {
        "_key": "T1",
        "lesion_id": "T1",
        "role": "TARGET",
        "organ": "LIVER",
        "kind": "NON_NODAL",
        "diameter_mm": "23.5",
    },
    {"_key": "NT1", "lesion_id": "NT1", "role": "NON_TARGET", "organ": "BONE", "kind": "BONE_BLASTIC"},
]


def entry(form: str, values: dict, hours: int = 0, subject: str = "01-001", **more) -> Entry:
    facts = {"event": "SCREENING", "event_seq": 1, "form_seq": 1, "by": "crc01", "role": "coordinator"} | more
    return Entry(
        site=subject[:2],
        subject=subject,
        form=form,
        values=values,
        at=START + timedelta(hours=hours),
        **facts,
    )


ENTRIES = [
    entry("informed_consent", {"consent_date": "2024-03-04", "consent_version": "1.0"}),
    entry("demographics", {"birth_date": "1960-05", "sex": "M", "height_cm": "170"}, 1),
    entry("baseline_lesions", {"scan_date": "2024-03-01", "lesions": LESIONS}, 2),
    entry("demographics", {"birth_date": "1960", "sex": "M"}, 3, reason="Only the year is known"),
    entry("adverse_event", {"term": "rash", "grade": 2}, 4, event="LOG", form_seq=2),
    entry("informed_consent", {"consent_date": "2024-03-05", "consent_version": "1.0"}, 5, subject="01-002"),
]
END = START + timedelta(days=1)


def tables(study, entries=ENTRIES, as_of=END):
    return build_form_tables(study, latest_revisions(number_revisions(entries, study.version), as_of))


def test_each_form_and_group_has_a_typed_table_even_without_rows(study):
    found = tables(study)
    assert set(found) == {
        name for f in study.forms.values() for name in (f.name, *(f"{f.name}__{g.name}" for g in f.groups))
    }
    assert found["death"].num_rows == 0
    assert found["death"].schema.field("death_date").type == pa.string()
    assert found["baseline_lesions__lesions"].schema.field("diameter_mm").type == pa.decimal128(18, 6)
    assert found["adverse_event"].schema.field("grade").type == pa.int64()
    assert found["informed_consent"].schema.field("consent_date").type == pa.date32()


def test_rows_carry_their_keys_values_and_revision(study):
    found = tables(study)
    (person,) = found["demographics"].to_pylist()
    assert (person["USUBJID"], person["birth_date"], person["height_cm"]) == ("SURU-NEN-01-001", "1960", None)
    assert (person["REVISION"], person["REVNO"]) == ("01-001/SCREENING/1/demographics/1#2", 2)
    rows = found["baseline_lesions__lesions"].to_pylist()
    assert [(r["ROWNO"], r["ROWKEY"], r["diameter_mm"]) for r in rows] == [
        (1, "T1", Decimal("23.5")),
        (2, "NT1", None),
    ]
    assert found["informed_consent"]["consent_date"].to_pylist() == [date(2024, 3, 4), date(2024, 3, 5)]


def test_as_of_takes_the_last_revision_at_or_before_the_moment(study):
    def birth(moment):
        return tables(study, as_of=moment)["demographics"]["birth_date"].to_pylist()

    assert birth(START) == []
    assert birth(START + timedelta(hours=1)) == ["1960-05"]
    assert birth(START + timedelta(hours=3) - timedelta(microseconds=1)) == ["1960-05"]
    assert birth(START + timedelta(hours=3)) == ["1960"]


def test_withdrawn_records_leave_and_two_revisions_of_a_record_are_refused(study):
    revisions = list(number_revisions(ENTRIES, study.version))
    withdrawn = [*revisions[:-1], replace(revisions[-1], withdrawn=True)]
    assert len(latest_revisions(withdrawn, END)) == len(latest_revisions(revisions, END)) - 1
    with pytest.raises(ValueError, match="more than one revision"):
        build_form_tables(study, revisions)
    with pytest.raises(ValueError, match="not in study"):
        build_form_tables(study, [replace(revisions[0], form="no_such_form")])


def test_a_stored_value_of_the_wrong_type_names_its_item_and_not_the_value(study):
    with pytest.raises(ValueError, match=r"demographics\.height_cm") as caught:
        tables(study, [entry("demographics", {"height_cm": "tall"})])
    assert "tall" not in str(caught.value)


def test_rows_get_keys_once_and_values_have_one_text():
    keyed = key_rows({"rows": [{"_key": "1", "a": "x"}, {"a": "y"}], "b": "z"})
    assert [row["_key"] for row in keyed["rows"]] == ["1", "2"]
    assert key_rows(keyed) == keyed
    assert canonical_json({"b": "值", "a": None}) == '{"a":null,"b":"值"}'
    with pytest.raises(TypeError, match="float"):
        canonical_json({"a": [{"b": 1.5}]})


def test_a_save_without_a_change_is_no_revision(study):
    again = [*ENTRIES[:2], replace(ENTRIES[1], at=END)]
    assert [r.revno for r in number_revisions(again, "1.0")] == [1, 1]


# ---- Files ---------------------------------------------------------------------------------------------


def write(study, folder, entries=ENTRIES, as_of=END):
    revisions = list(number_revisions(entries, study.version))
    shuffled = random.Random(1).sample(revisions, len(revisions))
    manifest = write_snapshot(
        build_form_tables(study, latest_revisions(shuffled, as_of)),
        shuffled,
        folder,
        study=study,
        as_of=as_of,
    )
    return manifest, {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_data_give_the_same_bytes_whatever_the_order_they_are_read_in(study, tmp_path):
    first, first_bytes = write(study, tmp_path / "a")
    write(study, tmp_path / "b", ENTRIES[:1])
    second, second_bytes = write(study, tmp_path / "b")  # over another snapshot
    assert first_bytes == second_bytes
    assert first == second
    later = [*ENTRIES, entry("demographics", {"birth_date": "1961", "sex": "M"}, 48, reason="Later")]
    assert write(study, tmp_path / "c", later)[1] == first_bytes


def test_a_snapshot_reads_back_with_its_history(study, tmp_path):
    write(study, tmp_path)
    snapshot = read_snapshot(tmp_path)
    assert snapshot.tables["demographics"].equals(tables(study)["demographics"])
    assert snapshot.revisions.num_rows == len(ENTRIES)
    history = {row["REVISION"]: row for row in snapshot.revisions.to_pylist()}
    assert json.loads(history["01-001/SCREENING/1/demographics/1#1"]["VALUES"])["height_cm"] == "170"
    assert history["01-001/SCREENING/1/demographics/1#2"]["REASON"] == "Only the year is known"


def test_a_damaged_snapshot_says_every_file_that_differs(study, tmp_path):
    write(study, tmp_path)
    (tmp_path / "death.parquet").unlink()
    (tmp_path / "demographics.parquet").write_bytes(b"other")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"as_of": "2020"}))
    with pytest.raises(SnapshotDamaged) as caught:
        read_snapshot(tmp_path)
    assert all(
        name in str(caught.value) for name in ("death.parquet", "demographics.parquet", "manifest.json")
    )
    with pytest.raises(SnapshotDamaged, match=r"no manifest\.json"):
        read_snapshot(tmp_path / "nowhere")
