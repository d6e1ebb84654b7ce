"""Tabulation data in three formats: read back as written, refused with every mistake, same bytes always."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from grevy.exchange import (
    FORMATS,
    ExchangeErrors,
    Finding,
    TabulationErrors,
    read_tabulation,
    write_tabulation,
)

DM = pa.table(
    {
        "STUDYID": ["S", "S"],
        "DOMAIN": ["DM", "DM"],
        "USUBJID": ["S-01-001", "S-01-002"],
        "SUBJID": ["01-001", "01-002"],
        "RFSTDTC": ["2024-02-29", None],
        "AGE": [61.0, None],
        "SEX": ["F", "M"],
    }
)
AE = pa.table(
    {
        "STUDYID": ["S", "S"],
        "DOMAIN": ["AE", "AE"],
        "USUBJID": ["S-01-001", "S-01-001"],
        "AESEQ": [1.0, 2.0],
        "AETERM": ["rash", 'a "quoted", long term'],
        "AESTDTC": ["2024-03", "2024-03-05T10:30"],
        "AETOXGR": ["3", None],
    }
)


def replaced(table: pa.Table, **columns: list) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    return table


def findings_of(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(TabulationErrors) as caught:
        read_tabulation(folder)
    return caught.value.findings


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_is_read_back(tmp_path, format):
    write_tabulation({"DM": DM, "AE": AE}, tmp_path, format)
    tables = read_tabulation(tmp_path).tables
    assert tables["DM"].select(DM.column_names).to_pylist() == DM.to_pylist()
    assert tables["AE"].select(AE.column_names).to_pylist() == AE.to_pylist()
    assert tables["DM"]["RFICDTC"].null_count == 2, "a variable that the file lacks is there, empty"


def test_dataset_json_line_by_line_is_read(tmp_path):
    write_tabulation({"DM": DM}, tmp_path, "dataset-json")
    whole = json.loads((tmp_path / "dm.json").read_text())
    rows = whole.pop("rows")
    (tmp_path / "dm.json").unlink()
    (tmp_path / "DM.ndjson").write_text("\n".join(json.dumps(line) for line in [whole, *rows]))
    assert read_tabulation(tmp_path).tables["DM"].num_rows == 2


@pytest.mark.parametrize("format", FORMATS)
def test_equal_data_give_equal_bytes_on_any_day(tmp_path, format, monkeypatch):
    first = write_tabulation({"AE": AE}, tmp_path / "a", format)[0].read_bytes()
    import time

    time.sleep(1.1)  # transport files carry whole seconds
    assert write_tabulation({"AE": AE}, tmp_path / "b", format)[0].read_bytes() == first


def test_moment_of_creation_is_the_one_given(tmp_path):
    created = datetime(2025, 6, 30, 8, 15, tzinfo=UTC)
    [path] = write_tabulation({"AE": AE}, tmp_path, "xpt", created=created)
    assert path.read_bytes().count(b"30JUN25:08:15:00") == 4
    [path] = write_tabulation({"AE": AE}, tmp_path, "dataset-json", created=created)
    assert json.loads(path.read_text())["datasetJSONCreationDateTime"] == "2025-06-30T08:15:00Z"


def test_codes_and_dates_of_other_types_become_text(tmp_path):
    foreign = replaced(AE, AETOXGR=[3.0, 2.0], AESTDTC=[date(2024, 3, 1), None])
    pq.write_table(DM, tmp_path / "dm.parquet")
    pq.write_table(foreign.rename_columns([c.lower() for c in foreign.column_names]), tmp_path / "AE.PARQUET")
    read = read_tabulation(tmp_path).tables["AE"]
    assert read["AETOXGR"].to_pylist() == ["3", "2"]
    assert read["AESTDTC"].to_pylist() == ["2024-03-01", None]


# --- Refused, with every mistake at once ------------------------------------------------------------------


def test_all_mistakes_are_told_at_once(tmp_path):
    pq.write_table(
        replaced(
            AE,
            AESEQ=["1", "one"],
            AESTDTC=["2024-02-30", "5 March"],
        ),
        tmp_path / "ae.parquet",
    )
    pq.write_table(AE.drop_columns(["AESEQ"]), tmp_path / "cm.parquet")
    (tmp_path / "tu.xpt").write_text("no transport file")
    (tmp_path / "tr.json").write_text("{")
    (tmp_path / "tr.ndjson").write_text("{")
    told = [(f.file, f.domain, f.variable) for f in findings_of(tmp_path)]
    assert told == [
        (str(tmp_path), "DM", ""),
        ("ae.parquet", "AE", "AESEQ"),
        ("ae.parquet", "AE", "AESTDTC"),
        ("cm.parquet", "CM", "CMSEQ"),
        ("cm.parquet", "CM", "DOMAIN"),
        ("tr.json", "TR", ""),
        ("tr.json, tr.ndjson", "TR", ""),
        ("tr.ndjson", "TR", ""),
        ("tu.xpt", "TU", ""),
    ]


def test_impossible_dates_are_counted_and_shown(tmp_path):
    pq.write_table(replaced(DM, RFSTDTC=["2024-02-30", "2023-02-29"]), tmp_path / "dm.parquet")
    [finding] = findings_of(tmp_path)
    assert finding.rows == 2
    assert str(finding) == (
        "dm.parquet, DM.RFSTDTC, 2 rows: impossible or unreadable date, first '2024-02-30' (row 1); "
        "allowed: ISO 8601 text of a real date, complete or partial: 2024-02-29, 2024-02, 2024. "
        "Correct it where it was captured."
    )


@pytest.mark.parametrize(
    "text", ["2024", "2024-02", "2024-02-29", "2024-02-29T23:59", "2024---15", "--02-29"]
)
def test_possible_dates_pass(tmp_path, text):
    pq.write_table(replaced(DM, RFSTDTC=[text, None]), tmp_path / "dm.parquet")
    assert read_tabulation(tmp_path).tables["DM"]["RFSTDTC"][0].as_py() == text


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2024-13", "2024-00-10", "24-02-03", "2024-02-29T25:00", "--02-30", "02/03/2024"]
)
def test_impossible_dates_do_not_pass(tmp_path, text):
    pq.write_table(replaced(DM, RFSTDTC=[text, None]), tmp_path / "dm.parquet")
    assert [f.variable for f in findings_of(tmp_path)] == ["RFSTDTC"]


def test_duplicate_keys_are_shown(tmp_path):
    pq.write_table(pa.concat_tables([DM, DM.slice(0, 1)]), tmp_path / "dm.parquet")
    [finding] = findings_of(tmp_path)
    assert finding.found == "1 duplicate key, first USUBJID S-01-001"
    assert finding.rows == 2


def test_key_without_a_value_is_shown(tmp_path):
    pq.write_table(replaced(DM, USUBJID=["S-01-001", " "]), tmp_path / "dm.parquet")
    assert [(f.variable, f.rows) for f in findings_of(tmp_path)] == [("USUBJID", 1)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"records": 3}, "says 3 records"),
        ({"rows": [["S"], ["S"]]}, "row 1 does not have one value"),
        ({"datasetJSONVersion": "1.0.0"}, "1.1 is read"),
        ({"name": "AE"}, "holds the data set 'AE'"),
    ],
)
def test_broken_dataset_json_is_refused(tmp_path, change, told):
    [path] = write_tabulation({"DM": DM}, tmp_path, "dataset-json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    [finding] = findings_of(tmp_path)
    assert told in finding.found


def test_number_in_a_text_column_of_dataset_json_is_refused(tmp_path):
    [path] = write_tabulation({"DM": DM}, tmp_path, "dataset-json")
    data = json.loads(path.read_text())
    data["rows"][0][3] = 7
    path.write_text(json.dumps(data))
    assert [f.found for f in findings_of(tmp_path)] == ["column SUBJID holds values that are not string"]


# --- Notes: nothing to refuse -----------------------------------------------------------------------------


def test_empty_domains_unknown_files_and_strangers_are_noted(tmp_path):
    write_tabulation({"DM": DM, "AE": replaced(AE, USUBJID=["S-01-001", "S-99-999"])}, tmp_path)
    pq.write_table(AE.slice(0, 0).rename_columns(["STUDYID", "DOMAIN", "USUBJID", "CMSEQ", "A", "B", "C"]),
                   tmp_path / "cm.parquet")  # fmt: skip
    (tmp_path / "readme.txt").write_text("x")
    notes = [(n.file, n.variable, n.rows, n.found) for n in read_tabulation(tmp_path).notes]
    assert notes == [
        ("ae.parquet", "USUBJID", 1, "records of subjects that DM does not have"),
        ("cm.parquet", "", 0, "no rows"),
        ("readme.txt", "", 0, "not used"),
    ]


# --- What transport files cannot hold ---------------------------------------------------------------------


def test_transport_limits_are_told_and_nothing_is_written(tmp_path):
    table = replaced(AE, AETERM=["皮疹", "x" * 201]).append_column("TOOLONGNAME", pa.array(["a", "b"]))
    with pytest.raises(ExchangeErrors) as caught:
        write_tabulation({"AE": table, "DM": DM}, tmp_path / "out", "xpt")
    assert [(f.variable, f.found) for f in caught.value.findings] == [
        ("AETERM", "text too long (first in row 2)"),
        ("AETERM", "text that is not ASCII (first in row 1)"),
        ("TOOLONGNAME", "name 'TOOLONGNAME'"),
    ]
    assert not (tmp_path / "out").exists()


def test_unknown_format_is_refused(tmp_path):
    with pytest.raises(ValueError, match="allowed: parquet, dataset-json, xpt"):
        write_tabulation({"DM": DM}, tmp_path, "csv")


# --- Which snapshot the data are of -----------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_snapshot_is_known_while_the_data_are_unchanged(tmp_path, format):
    write_tabulation({"DM": DM, "AE": AE}, tmp_path, format, snapshot_id="abc")
    assert read_tabulation(tmp_path).snapshot_id == "abc"
    write_tabulation({"DM": replaced(DM, SEX=["F", "F"])}, tmp_path, format)
    assert read_tabulation(tmp_path).snapshot_id not in ("abc", "")
