"""Importing a hospital's results: all or nothing, the same twice adds nothing, contradictions stay out."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from small_study import PASSWORD

from grevy.capture.actions.lab_files import find_lab_mapping, import_lab_file, save_lab_mapping
from grevy.capture.errors import AgainstPolicy, NotPermitted
from grevy.capture.hospital_files import FileRefused, Sheet, read_sheet
from grevy.capture.lab_import import ColumnMap, plan_import, suggest_tests
from grevy.capture.models import FormRevision, LabFile

TODAY = date(2024, 6, 1)
HEADER = ("受试者编号", "采样日期", "检验项目", "结果", "单位")
MAP = ColumnMap(
    subject="受试者编号", day="采样日期", test="检验项目", result="结果", unit="单位",
    tests={"血红蛋白": "hematology.hgb", "丙氨酸氨基转移酶": "chemistry.alt", "备注": ""},
    units={"克/升": "g/L"},
)  # fmt: skip


def sheet(*rows: tuple[str, ...]) -> Sheet:
    text = "\n".join(",".join(row) for row in (HEADER, *rows))
    return read_sheet("results.csv", text.encode("gb18030"))


def rows_of(subject: str) -> tuple[tuple[str, ...], ...]:
    return (
        (subject, "2024-03-20", "血红蛋白", "121", "克/升"),
        (subject, "2024-03-20", "丙氨酸氨基转移酶", "<5", "U/L"),
        (subject, "2024-03-20", "备注", "溶血", ""),
    )


def revisions() -> int:
    return FormRevision.objects.count()


def run(study, site_sheet: Sheet, by: str = "crc01"):
    return import_lab_file(study, "01", site_sheet, MAP, by=by, today=TODAY)


# ---- Reading files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators_met_in_hospitals_are_read_alike(encoding, separator):
    text = "\n".join(separator.join(row) for row in (HEADER, *rows_of("01-001")))
    read = read_sheet("a.csv", text.encode(encoding))
    assert read.header == HEADER
    assert read.rows == rows_of("01-001")


def workbook(*, merge: str = "", formula: bool = False) -> bytes:
    book = Workbook()
    for row in (HEADER, ("01-001", date(2024, 3, 20), "血红蛋白", 121, "g/L")):
        book.active.append(row)
    if formula:
        book.active["D2"] = "=120+1"
    if merge:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_excel_is_read_as_it_would_be_typed():
    assert read_sheet("a.xlsx", workbook()).rows == (("01-001", "2024-03-20", "血红蛋白", "121", "g/L"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(merge="A2:B2"), "Merged cells: A2:B2"),
        (workbook(formula=True), "Formulas in D2"),
        (b"\xd0\xcf\x11\xe0 old excel", ".xls"),
        (b"\xff\xfe\x81\x00\xff", "neither"),
        (b"", "no rows"),
        ("列,列\n1,2".encode(), "same name"),
        (b"a,,c\n1,2,3", "no name"),
        (b"a,b\n1,2,3", "more cells"),
        (("a,b\n" + "1,2\n" * 10_001).encode(), "10001 rows"),
        (b'a,b\n"1,2', "no CSV"),
        (b"PK\x03\x04 not really a zip", "no rows"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused_with_its_place(content, said):
    with pytest.raises(FileRefused) as refused:
        read_sheet("a", content)
    assert said in " ".join(message.en for message in refused.value.messages)
    assert all(message.zh for message in refused.value.messages)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_bytes_whatever_break_the_reader(content):
    with suppress(FileRefused):
        read = read_sheet("a.csv", content)
        assert all(len(row) == len(read.header) for row in read.rows)


# ---- Importing -----------------------------------------------------------------------------------------


def test_results_go_to_the_forms_of_their_day_and_keep_what_was_reported(desk, study):
    done = run(study, sheet(*rows_of(desk.subject)))
    assert (done.records, done.values, done.conflicts) == (2, 2, 0)
    revision = FormRevision.objects.get(record__form="hematology")
    assert revision.origin == "import"
    assert '"hgb":"121 g/L"' in revision.content
    assert '"collected_date":"2024-03-20"' in revision.content
    assert '"alt":"<5 U/L"' in FormRevision.objects.get(record__form="chemistry").content


def test_the_same_file_twice_adds_nothing(desk, study):
    run(study, sheet(*rows_of(desk.subject)))
    before = revisions()
    assert run(study, sheet(*rows_of(desk.subject))).values == 0
    assert revisions() == before
    # and the same result in another unit is the same result
    other = sheet((desk.subject, "2024-03-20", "血红蛋白", "12.1", "g/dL"))
    plan = plan_import(study, "01", other, MAP, today=TODAY)
    assert (len(plan.same), len(plan.conflicts)) == (1, 0)


def test_a_contradiction_is_shown_and_never_overwrites(desk, study):
    run(study, sheet(*rows_of(desk.subject)))
    before = revisions()
    other = sheet((desk.subject, "2024-03-20", "血红蛋白", "95", "g/L"))
    plan = plan_import(study, "01", other, MAP, today=TODAY)
    assert [(one.entered, one.value) for one in plan.conflicts] == [("121 g/L", "95 g/L")]
    run(study, other)
    assert revisions() == before


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("99-999", "2024-03-20", "血红蛋白", "121", "g/L"), "受试者编号"),
        (("S", "20-03-24", "血红蛋白", "121", "g/L"), "采样日期"),
        (("S", "2024-07-01", "血红蛋白", "121", "g/L"), "采样日期"),
        (("S", "2024-03-20", "从未见过", "121", "g/L"), "检验项目"),
        (("S", "2024-03-20", "血红蛋白", "12.1.1", "g/L"), "结果"),
        (("S", "2024-03-20", "血红蛋白", "121", "furlong"), "结果"),
        (("S", "2024-03-20", "血红蛋白", "", "g/L"), "结果"),
        (("S", "2024-03-20", "血红蛋白", "130", "g/L"), "结果"),
    ],
)
def test_one_bad_row_and_nothing_is_saved(desk, study, row, column):
    bad = tuple(desk.subject if cell == "S" else cell for cell in row)
    mixed = sheet(*rows_of(desk.subject), bad)
    plan = plan_import(study, "01", mixed, MAP, today=TODAY)
    assert [(one.row, one.column) for one in plan.problems] == [(5, column)]
    before = revisions()
    with pytest.raises(AgainstPolicy):
        run(study, mixed)
    assert revisions() == before


def test_every_mistake_of_a_file_is_listed_at_once(desk, study):
    bad = [("99-999", "gestern", "从未见过", "x", "y")] * 3
    plan = plan_import(study, "01", sheet(*bad), MAP, today=TODAY)
    assert [one.row for one in plan.problems] == [2, 2, 2, 3, 3, 3, 4, 4, 4]


def test_subjects_of_other_sites_and_other_peoples_sites_stay_out(desk, study):
    with pytest.raises(NotPermitted):
        run(study, sheet(*rows_of(desk.subject)), by="crc02")
    with pytest.raises(NotPermitted):
        run(study, sheet(*rows_of(desk.subject)), by="data_manager")


def test_nothing_of_a_subject_without_consent_is_stored(desk, study):
    from grevy.capture.actions import create_subject

    fresh = create_subject("01", by="crc01")
    before = revisions()
    with pytest.raises(AgainstPolicy, match="consent"):
        run(study, sheet(*rows_of(desk.subject), *rows_of(fresh)))
    assert revisions() == before


def test_the_mapping_is_kept_for_the_next_file_of_that_layout(desk):
    first = sheet(*rows_of(desk.subject))
    assert find_lab_mapping("01", first) is None
    save_lab_mapping("01", first, MAP, by="crc01")
    assert find_lab_mapping("01", sheet(("x", "y", "z", "1", "2"))) == MAP
    assert find_lab_mapping("02", first) is None


def test_names_that_equal_a_label_are_suggested(study):
    suggested = suggest_tests(study, ["血红蛋白", "Hemoglobin", "ALT", "从未见过"])
    assert suggested["血红蛋白"] == suggested["Hemoglobin"] == "hematology.hgb"
    assert suggested["ALT"] == "chemistry.alt"
    assert suggested["从未见过"] == ""


# ---- Pages ---------------------------------------------------------------------------------------------


def test_the_way_through_the_pages(desk, study):
    client = Client(headers={"accept-language": "zh-CN"})
    client.post("/log-in/", {"username": "crc01", "password": PASSWORD})
    text = "\n".join(",".join(row) for row in (HEADER, *rows_of(desk.subject)[:2]))
    upload = SimpleUploadedFile("血常规.csv", text.encode("gb18030"))
    page = client.post("/laboratory/", {"site": "01", "file": upload})
    assert page.status_code == 302
    plan = client.get(page.headers["Location"]).text
    assert "新增 2" not in plan or "导入 2 个数值" in plan
    chosen = {f"column:{name}": getattr(MAP, name) for name in ("subject", "day", "test", "result", "unit")}
    chosen |= {
        "test:血红蛋白": "hematology.hgb",
        "test:丙氨酸氨基转移酶": "chemistry.alt",
        "unit:克/升": "g/L",
    }
    plan = client.post(page.headers["Location"], chosen | {"unit:U/L": "U/L"}).text
    assert "导入 2 个数值" in plan
    done = client.post(page.headers["Location"] + "import/")
    assert done.headers["Location"].startswith("/laboratory/?records=2")
    assert "新增 2 个数值" in client.get(done.headers["Location"]).text
    assert not LabFile.objects.exists()


def test_a_file_is_seen_only_by_who_brought_it(desk, study):
    owner, other = Client(), Client()
    owner.post("/log-in/", {"username": "crc01", "password": PASSWORD})
    other.post("/log-in/", {"username": "inv01", "password": PASSWORD})
    upload = SimpleUploadedFile("a.csv", ",".join(HEADER).encode() + b"\n1,2,3,4,5")
    place = owner.post("/laboratory/", {"site": "01", "file": upload}).headers["Location"]
    assert owner.get(place).status_code == 200
    assert other.get(place).status_code == 404
    assert other.post(place + "import/").status_code == 404
    assert owner.post("/laboratory/", {"site": "02", "file": upload}).headers["Location"] == "/laboratory/"
