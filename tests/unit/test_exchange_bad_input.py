"""Tabulation data that cannot be analyzed: each told in words, all at once, from whatever piece of a file."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from grevy.exchange import read_tabulation, reading, write_tabulation
from tests.unit.test_exchange_tabulation import AE, DM, findings_of, replaced


def write(folder, **tables):
    """Write tables as Parquet under their names, beside a DM."""
    for name, table in {"dm": DM, **tables}.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


def told(folder):
    return [(f.file, f.variable, f.rows, f.found) for f in findings_of(folder)]


def not_utf8(*values: bytes) -> pa.Array:
    raw = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(values), raw.buffers())


# --- Wrong types ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (pa.array([["a"], ["b"]]), "list<element: string>"),
        (pa.array([b"a", b"b"]), "binary"),
        (pa.array([1, 2], pa.int32()).cast(pa.time32("s")), "time32[ms]"),
    ],
)
@pytest.mark.parametrize("variable", ["AETERM", "SPONSORS"])
def test_values_that_are_neither_text_nor_number_are_refused(tmp_path, values, type_, variable):
    foreign = AE.drop_columns([variable] if variable in AE.column_names else [])
    write(tmp_path, ae=foreign.append_column(variable, values))
    assert told(tmp_path) == [("ae.parquet", variable, 2, f"values of type {type_}")]


def test_numbers_of_sas_where_dates_belong_are_refused(tmp_path):
    write(tmp_path, ae=replaced(AE, AESTDTC=[22000.0, None]))
    assert told(tmp_path) == [
        ("ae.parquet", "AESTDTC", 1, "impossible or unreadable date, first '22000' (row 1)")
    ]


def test_infinite_number_is_refused(tmp_path):
    write(tmp_path, ae=replaced(AE, AESEQ=[1.0, float("inf")]))
    assert told(tmp_path) == [("ae.parquet", "AESEQ", 1, "infinite number (first in row 2)")]


def test_numbers_exported_as_text_are_numbers(tmp_path):
    write(tmp_path, ae=replaced(AE, AESEQ=[" 1", "2.0 "]))
    assert read_tabulation(tmp_path).tables["AE"]["AESEQ"].to_pylist() == [1.0, 2.0]


# --- Damaged files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["parquet", "xpt", "dataset-json"])
@pytest.mark.parametrize("share", [0, 0.3, 0.8, 0.95])
def test_file_that_was_cut_off_is_refused(tmp_path, format, share):
    write(tmp_path)
    [path] = write_tabulation({"AE": AE}, tmp_path, format)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    [finding] = findings_of(tmp_path)
    assert (finding.file, finding.domain, finding.advice) == (path.name, "AE", "Export the file again.")


def test_file_with_bytes_overwritten_is_refused(tmp_path):
    write(tmp_path, ae=AE)
    content = bytearray((tmp_path / "ae.parquet").read_bytes())
    content[20:60] = bytes(40)
    (tmp_path / "ae.parquet").write_bytes(content)
    [finding] = findings_of(tmp_path)
    assert finding.found.startswith("not a Parquet file")


@pytest.mark.parametrize("format", ["xpt", "dataset-json"])
def test_text_in_another_encoding_is_refused(tmp_path, format):
    write(tmp_path)
    [path] = write_tabulation({"AE": AE}, tmp_path, format)
    path.write_bytes(path.read_bytes().replace(b"rash", b"r\xe4sh"))
    assert told(tmp_path) == [(path.name, "", 0, "text that is not UTF-8, first byte 0xe4")]


def test_parquet_text_in_another_encoding_is_refused_with_its_variables(tmp_path):
    foreign = AE.set_column(AE.column_names.index("AETERM"), "AETERM", not_utf8(b"rash", b"\xc6\xa4\xd5\xee"))
    write(tmp_path, ae=foreign)
    assert told(tmp_path) == [("ae.parquet", "", 0, "text that is not UTF-8 in AETERM")]


def test_column_twice_in_other_case_is_refused(tmp_path):
    write(tmp_path, ae=AE.append_column("aeterm", AE["AETERM"]))
    assert told(tmp_path) == [("ae.parquet", "", 0, "column AETERM occurs twice")]


# --- Missing, empty, unknown ------------------------------------------------------------------------------


def test_missing_keys_are_named_each(tmp_path):
    write(tmp_path, ae=AE.drop_columns(["USUBJID", "AESEQ"]))
    assert told(tmp_path) == [
        ("ae.parquet", "AESEQ", 0, "no such variable"),
        ("ae.parquet", "USUBJID", 0, "no such variable"),
    ]


def test_file_without_columns_lacks_its_keys(tmp_path):
    write(tmp_path, ae=pa.table({}))
    assert {variable for _, variable, _, _ in told(tmp_path)} == {"STUDYID", "USUBJID", "AESEQ"}


def test_nobody_in_dm_is_refused(tmp_path):
    write(tmp_path, dm=DM.slice(0, 0))
    assert told(tmp_path) == [("dm.parquet", "", 0, "no subjects")]


def test_folders_and_unknown_domains_are_noted(tmp_path):
    write(tmp_path, zz=AE)
    (tmp_path / "lb.parquet").mkdir()
    notes = [(note.file, note.found) for note in read_tabulation(tmp_path).notes]
    assert notes == [("lb.parquet", "a folder, not used"), ("zz.parquet", "not used")]


# --- Split domains (SDTMIG 3.4, 4.1.7) --------------------------------------------------------------------

LB = pa.table(
    {
        "STUDYID": ["S", "S"],
        "DOMAIN": ["LB", "LB"],
        "USUBJID": ["S-01-001", "S-01-001"],
        "LBSEQ": [1.0, 2.0],
        "LBTESTCD": ["ALT", "AST"],
        "LBTEST": ["Alanine Aminotransferase", "Aspartate Aminotransferase"],
    }
)


def test_parts_of_a_domain_are_read_as_one(tmp_path):
    more = replaced(LB, LBSEQ=["3", "4"]).append_column("LBXTRA", pa.array(["a", None]))
    write(tmp_path, lbch=LB, lbhe=more)
    read = read_tabulation(tmp_path)
    assert read.tables["LB"]["LBSEQ"].to_pylist() == [1.0, 2.0, 3.0, 4.0]
    assert read.tables["LB"]["LBXTRA"].to_pylist() == [None, None, "a", None]
    assert [path.name for path in read.files["LB"]] == ["lbch.parquet", "lbhe.parquet"]


def test_supplemental_qualifiers_may_be_split_as_their_parent(tmp_path):
    columns = ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL"]
    part = pa.table([[v] for v in ("S", "LB", "S-01-001", "LBSEQ", "1", "LBFAST", "Fasting", "Y")], columns)
    write(tmp_path, lbch=LB, supplbch=part)
    assert read_tabulation(tmp_path).tables["SUPPLB"].num_rows == 1


def test_key_that_two_parts_share_is_refused(tmp_path):
    write(tmp_path, lbch=LB, lbhe=LB)
    [finding] = findings_of(tmp_path)
    assert finding.file == "lbch.parquet, lbhe.parquet"
    assert finding.found == "2 duplicate keys, first USUBJID S-01-001, LBSEQ 1"


def test_file_that_only_looks_like_a_part_is_noted(tmp_path):
    write(tmp_path, aexx=LB)
    assert [note.found for note in read_tabulation(tmp_path).notes] == ["not used"]


def test_whole_and_part_of_one_domain_are_refused(tmp_path):
    write(tmp_path, lb=LB, lbch=replaced(LB, LBSEQ=[3.0, 4.0]))
    assert told(tmp_path)[0][3] == "several files for one domain"


def test_mistake_in_one_part_does_not_hide_that_in_another(tmp_path):
    write(tmp_path, lbch=replaced(LB, LBSEQ=["1", "one"]))
    (tmp_path / "lbhe.json").write_text("{")
    assert [name for name, *_ in told(tmp_path)] == ["lbch.parquet", "lbhe.json"]


# --- Large domains ----------------------------------------------------------------------------------------


@pytest.fixture
def small_pieces(monkeypatch):
    """Pieces of three rows, and five rows at most."""
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(reading, "MOST_ROWS", 5)


def test_domain_beyond_memory_is_refused_with_all_its_mistakes(tmp_path, small_pieces):
    seq = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 1.0]
    dates = ["2024-02-30", "2024", None, None, "2023-13", None, None, "2024-02-31"]
    large = pa.concat_tables([LB] * 4)
    large = replaced(large, LBSEQ=seq).append_column("LBDTC", pa.array(dates))
    write(tmp_path, lb=large)
    assert told(tmp_path) == [
        ("lb.parquet", "", 2, "1 duplicate key, first USUBJID S-01-001, LBSEQ 1"),
        ("lb.parquet", "", 8, "more rows than are analyzed"),
        ("lb.parquet", "LBDTC", 3, "impossible or unreadable date, first '2024-02-30' (row 1)"),
    ]


def test_rows_are_numbered_through_all_pieces(tmp_path, small_pieces):
    large = replaced(pa.concat_tables([LB] * 2), LBSEQ=[1.0, 2.0, 3.0, None])
    write(tmp_path, lb=large)
    assert told(tmp_path) == [("lb.parquet", "LBSEQ", 1, "no value (first in row 4)")]


def test_pieces_make_the_same_table_as_the_whole(tmp_path, monkeypatch):
    write(tmp_path, ae=AE)
    whole = read_tabulation(tmp_path)
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 1)
    assert read_tabulation(tmp_path).tables["AE"].equals(whole.tables["AE"])


def test_format_without_pieces_is_refused_beyond_its_size(tmp_path, monkeypatch):
    write(tmp_path)
    [path] = write_tabulation({"AE": AE}, tmp_path, "dataset-json")
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    [finding] = findings_of(tmp_path)
    assert "as Parquet it is read" in finding.found
    assert json.loads(path.read_text())["name"] == "AE"
