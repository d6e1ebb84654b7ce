"""What the commands promise: exit codes, messages without traceback, and nothing changed by bad input."""

import html
import json
import re
import shutil
import sqlite3
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from grevy.adam.specification import DATA_SETS
from tests.functional.conftest import ROOT

STUDY = ROOT / "studies" / "surufatinib_nen"


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --- Help and usage ----------------------------------------------------------------------------------


def test_help_is_quick_and_lists_every_command(grevy):
    started = time.perf_counter()
    ended = grevy("--help")
    assert ended.code == 0
    for name in (
        "demo",
        "check-study",
        "simulate",
        "snapshot",
        "report",
        "explain",
        "verify",
        "analyse",
        "check-data",
        "migrate",
        "digest",
    ):
        assert f"\n  {name} " in ended.out
    assert time.perf_counter() - started < 2, "heavy packages must not be imported for the help"


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyse"],
        ["no-such-command"],
        ["analyse", "--sdtm", "nowhere", "--out", "x", "--cutoff", "31.12.2025"],
        ["report", "--db", "nowhere.sqlite3", "--out", "x"],
        ["report", "--out", "x"],
        ["report", "--shells", "--db", "nowhere.sqlite3", "--out", "x"],
        ["report", "--shells", "--final", "--out", "x"],
        ["verify", "--db", "nowhere.sqlite3"],
        ["check-study", "nowhere"],
        ["explain", "nowhere", "T14.2.1|PFS|median|MONO"],
    ],
)
def test_unusable_input_ends_with_2_and_without_traceback(grevy, arguments, tmp_path):
    ended = grevy(*arguments, cwd=tmp_path)
    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert ended.err.strip()
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_ledger_is_refused_and_left_alone(grevy, tmp_path):
    text, other = tmp_path / "text.sqlite3", tmp_path / "other.sqlite3"
    text.write_text("no database at all")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE t (x)")
    before = listing(tmp_path)
    for arguments in (["verify", "--db", text], ["report", "--db", other, "--out", tmp_path / "out"]):
        ended = grevy(*arguments)
        assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert listing(tmp_path) == before


# --- Study files -------------------------------------------------------------------------------------


def test_sound_study_passes(grevy):
    ended = grevy("check-study", STUDY)
    assert ended.code == 0
    assert "46 forms" in ended.out
    assert "untranslated: 0" in ended.out
    assert "Items without SDTM target: 0" in ended.out
    assert ended.out.rstrip().endswith("No mistakes.")


def test_sound_study_is_counted_in_chinese(grevy):
    ended = grevy("check-study", STUDY, "--lang", "zh")
    assert ended.code == 0
    assert "46张表单" in ended.out
    assert "未翻译：0" in ended.out
    assert ended.out.rstrip().endswith("未发现错误。")


def test_broken_study_is_told_with_file_and_line(grevy, tmp_path):
    broken = tmp_path / "study"
    shutil.copytree(STUDY, broken)
    form = broken / "forms" / "death.yaml"
    form.write_text(form.read_text().replace("type: partial_date", "type: partial_dat", 1))
    ended = grevy("check-study", broken)
    assert ended.code == 1
    assert "death.yaml, line" in ended.out
    assert "partial_dat" in ended.out
    assert grevy("analyse", "--sdtm", tmp_path, "--out", tmp_path / "out", "--study", broken).code == 2


def test_difference_of_two_studies_is_told_in_words(grevy, tmp_path):
    amended = tmp_path / "study"
    shutil.copytree(STUDY, amended)
    plan = amended / "analysis.yaml"
    plan.write_text(plan.read_text().replace('default: "49"', 'default: "42"', 1))
    ended = grevy("diff-study", STUDY, amended)
    assert ended.code == 0
    assert "recist.sd_min_days" in ended.out
    assert grevy("diff-study", STUDY, STUDY).out.strip() == "No difference."


# --- The line ----------------------------------------------------------------------------------------


def test_demo_leaves_every_step(demo):
    run = demo / "run"
    for name in (
        "manifest.json",
        "results.parquet",
        "trace.parquet",
        "report.html",
        "snapshot/manifest.json",
    ):
        assert (run / name).is_file(), name
    assert {p.stem for p in (run / "adam").glob("*.parquet")} == {name.lower() for name in DATA_SETS}
    adsl = pq.read_table(run / "adam" / "adsl.parquet")
    assert pc.sum(pc.equal(adsl["ENRLFL"], "Y")).as_py() == 40


def test_demo_does_not_overwrite_unasked(grevy, demo):
    before = listing(demo / "run")
    ended = grevy("demo", "--no-serve", "--out", demo)
    assert (ended.code, "--replace" in ended.err) == (2, True)
    assert listing(demo / "run") == before


def test_report_is_the_same_to_the_byte_when_made_again(grevy, demo, tmp_path):
    ended = grevy("report", "--db", demo / "ledger.sqlite3", "--out", tmp_path / "again")
    assert ended.code == 0, ended.err
    assert listing(tmp_path / "again") == listing(demo / "run")


@pytest.fixture(scope="module")
def analysed(grevy, demo, tmp_path_factory):
    """The analysis of the demo's tabulation, which is also written in the other formats."""
    folder = tmp_path_factory.mktemp("analysed") / "run"
    formats = ("--format", "dataset-json", "--format", "xpt")
    ended = grevy("analyse", "--sdtm", demo / "run" / "sdtm", "--out", folder, *formats)
    assert ended.code == 0, ended.err
    return folder


@pytest.mark.parametrize("format", ["parquet", "dataset-json", "xpt"])
def test_round_trip_through_each_format_gives_the_same_analysis(grevy, demo, analysed, tmp_path, format):
    run = analysed
    if format != "parquet":
        run = tmp_path / "read"
        ended = grevy("analyse", "--sdtm", analysed / f"sdtm-{format}", "--out", run)
        assert ended.code == 0, ended.err
    for name in ("adam", "results.parquet", "trace.parquet"):
        own, other = demo / "run" / name, run / name
        if own.is_dir():
            assert listing(own) == listing(other)
        else:
            assert own.read_bytes() == other.read_bytes(), name


def test_switch_changes_what_depends_on_it(grevy, demo, tmp_path):
    ended = grevy("analyse", "--sdtm", demo / "run" / "sdtm", "--out", tmp_path / "out",
                  "--set", "recist.sd_min_days=400", "--only", "T14.2.4")  # fmt: skip
    assert ended.code == 0, ended.err
    best = {}
    for name, run in (("plan", demo / "run"), ("changed", tmp_path / "out")):
        adrs = pq.read_table(run / "adam" / "adrs.parquet")
        of_subject = adrs.filter(pc.equal(adrs["PARAMCD"], "BOR"))
        best[name] = pc.sum(pc.equal(of_subject["AVALC"], "SD")).as_py()
    assert best["changed"] < best["plan"]
    rows = pq.read_table(tmp_path / "out" / "results.parquet", columns=["output_id"])
    assert set(rows["output_id"].to_pylist()) == {"T14.1.2", "T14.2.4"}
    compared = grevy("compare", demo / "run", tmp_path / "out").out
    assert re.search(r"^recist\.sd_min_days: \d+ -> 400$", compared, re.MULTILINE)
    assert "[setting recist.sd_min_days" in compared


@pytest.mark.parametrize("value", ["recist.sd_min_day=42", "recist.sd_min_days=soon", "recist.sd_min_days"])
def test_unknown_switch_or_value_is_refused(grevy, demo, tmp_path, value):
    ended = grevy("analyse", "--sdtm", demo / "run" / "sdtm", "--out", tmp_path / "out", "--set", value)
    assert ended.code == 2
    assert "recist.sd_min_days" in ended.err
    assert not (tmp_path / "out").exists()


def test_bad_tabulation_changes_nothing(grevy, demo, tmp_path):
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(demo / "run" / "sdtm", data)
    dm = pq.read_table(data / "dm.parquet")
    dates = pa.array(["2024-02-30", *dm["RFICDTC"].to_pylist()[1:]])
    dm = dm.set_column(dm.column_names.index("RFICDTC"), "RFICDTC", dates)
    pq.write_table(pa.concat_tables([dm, dm.slice(1, 1)]), data / "dm.parquet")
    out.mkdir()
    (out / "report.html").write_text("an earlier report")
    ended = grevy("analyse", "--sdtm", data, "--out", out)
    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert "dm.parquet, DM.RFICDTC, 1 row: impossible or unreadable date, first '2024-02-30'" in ended.err
    assert "duplicate key" in ended.err
    assert listing(out) == {"report.html": b"an earlier report"}
    assert {p.name for p in tmp_path.iterdir()} == {"data", "out"}


def test_demographics_alone_are_analysed_and_the_rest_is_told(grevy, demo, tmp_path):
    (tmp_path / "data").mkdir()
    shutil.copy(demo / "run" / "sdtm" / "dm.parquet", tmp_path / "data")
    ended = grevy("analyse", "--sdtm", tmp_path / "data", "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    assert "No responses at all" in ended.out
    assert "No responses at all" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lacking(grevy, demo, tmp_path_factory):
    """The analysis of tabulation data with a wrong term, without lesions; what was printed."""
    folder = tmp_path_factory.mktemp("lacking")
    data, out = folder / "data", folder / "out"
    shutil.copytree(demo / "run" / "sdtm", data)
    ae = pq.read_table(data / "ae.parquet")
    outcomes = pa.array(["CURED", *ae["AEOUT"].to_pylist()[1:]], pa.string())
    pq.write_table(ae.set_column(ae.column_names.index("AEOUT"), "AEOUT", outcomes), data / "ae.parquet")
    for name in ("tu", "tr"):
        (data / f"{name}.parquet").unlink()
    ended = grevy("analyse", "--sdtm", data, "--out", out)
    assert ended.code == 0, ended.err
    return out, ended.out


def test_wrong_terms_are_told_on_the_screen_in_the_report_and_in_the_manifest(lacking):
    out, printed = lacking
    told = "AE.AEOUT, error: 'CURED' not in the closed list OUT. Correct the value, or how it is mapped."
    assert [line.strip() for line in printed.splitlines() if "controlled" in line] == [
        f"controlled terminology: {told}"
    ]
    report = html.unescape((out / "report.html").read_text(encoding="utf-8"))
    assert told in report
    assert "AE.AEOUT，错误：'CURED'不在封闭代码表OUT中。" in report
    assert json.loads((out / "manifest.json").read_text())["terminology"] == {
        "package": "2025-03-28",
        "findings": [told],
    }


def test_responses_without_lesions_give_best_response_and_progression(lacking):
    adrs = pq.read_table(lacking[0] / "adam" / "adrs.parquet")
    best = adrs.filter(pc.equal(adrs["PARAMCD"], "BOR"))["AVALC"].to_pylist()
    assert {"PD", "SD"} <= set(best)


def test_own_tabulation_has_no_wrong_terms(demo):
    assert json.loads((demo / "run" / "manifest.json").read_text())["terminology"]["findings"] == []


# --- Looking back ------------------------------------------------------------------------------------


def test_explain_names_the_records_behind_a_number(grevy, demo):
    results = pq.read_table(demo / "run" / "results.parquet")
    traced = results.filter(pc.is_valid(results["trace_key"]))["result_id"][0].as_py()
    ended = grevy("explain", demo / "run", traced)
    assert ended.code == 0, ended.err
    assert ended.out.strip()


def test_explain_of_a_data_set_is_narrowed_to_the_parameter_and_names_items_by_the_study(grevy, demo):
    ended = grevy("explain", demo / "run", "ADTTE", subject_with_scans(demo), "PFS")
    assert ended.code == 0, ended.err
    records = [line for line in ended.out.splitlines() if line and not line.startswith(" ")]
    assert len(records) == 1
    assert "progression-free survival" in records[0].lower()
    assert "Lesion number: T1" in ended.out
    assert "lesion_id" not in ended.out


def test_explain_of_a_parameter_that_is_not_there_names_those_that_are(grevy, demo):
    ended = grevy("explain", demo / "run", "ADTTE", subject_with_scans(demo), "XYZ")
    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert "PFS" in ended.err


def subject_with_scans(demo):
    """A subject, as the report shows it, whose progression-free survival ends with an assessment."""
    adtte = pq.read_table(demo / "run" / "adam" / "adtte.parquet").to_pylist()
    found = next(row for row in adtte if row["PARAMCD"] == "PFS" and row["SRCDOM"] == "ADRS")
    return found["USUBJID"].removeprefix(f"{found['STUDYID']}-")


def test_explain_says_what_is_not_there(grevy, demo):
    ended = grevy("explain", demo / "run", "T99|NOTHING")
    assert (ended.code, "Traceback" in ended.err) == (2, False)


def test_untouched_ledger_verifies(grevy, demo):
    ended = grevy("verify", "--db", demo / "ledger.sqlite3")
    assert ended.code == 0, ended.out + ended.err


def test_changed_ledger_does_not_verify(grevy, demo, tmp_path):
    shutil.copy(demo / "ledger.sqlite3", tmp_path / "ledger.sqlite3")
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as ledger:
        triggers = ledger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            ledger.execute(f'DROP TRIGGER "{name}"')
        last = ledger.execute("SELECT max(seq) FROM ledger_revision").fetchone()[0]
        ledger.execute("UPDATE ledger_revision SET reason = 'because' WHERE seq = ?", (last // 2,))
    ended = grevy("verify", "--db", tmp_path / "ledger.sqlite3", "--anchor", demo / "anchor")
    assert ended.code == 1, ended.out + ended.err
