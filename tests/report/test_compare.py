"""Two runs compared: the numbers that changed, and the entry, setting, cut-off or program behind each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from report_run import RunBuilder, add_adverse_event, add_assessment, add_endpoints, add_subject

from grevy.report import compare_runs, tell_comparison, write_comparison
from grevy.report.compare import ChangedCell, Comparison

FACTS = {
    "program": "grevy 1",
    "study": {"id": "SURU-NEN", "version": "1.0", "hash": "a"},
    "snapshot_id": "1" * 64,
    "cutoff": "2026-01-31",
}


def make_run(study: Any, folder: Path, *, corrected: bool = False, grown: bool = False, **facts: Any) -> Path:
    """Two subjects; where it is corrected, the first assessment of 01-001 was 48 mm and no response."""
    run = RunBuilder()
    add_subject(run, "01-001", "MONO")
    response = "SD" if corrected else "PR"
    add_assessment(run, "01-001", 1, "34", response, "2025-03-03", corrected="48" if corrected else None)
    add_endpoints(run, "01-001", response, progressed=None, last="2025-12-01")
    add_subject(run, "01-002", "COMBO", SEX="F")
    add_assessment(run, "01-002", 1, "48", "SD", "2025-03-04")
    add_endpoints(run, "01-002", "SD", progressed=None, last="2025-03-04")
    add_adverse_event(run, "01-002", 1, "Hypertension", "Vascular disorders", 3)
    if grown:
        add_adverse_event(run, "01-002", 2, "Diarrhoea", "Gastrointestinal disorders", 1)
    place = run.finish(study).write(folder)
    switches = json.loads((place / "manifest.json").read_text())["switches"]
    changed = {**FACTS, "switches": switches | facts.pop("switches", {}), **facts}
    (place / "manifest.json").write_text(json.dumps(changed))
    return place


@pytest.fixture(scope="module")
def before(study: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(study, tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def after(study: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(study, tmp_path_factory.mktemp("after"), corrected=True, snapshot_id="2" * 64)


@pytest.fixture(scope="module")
def compared(study: Any, before: Path, after: Path) -> Comparison:
    return compare_runs(before, after, study=study)


def cell(comparison: Comparison, result: str) -> ChangedCell:
    return next(one for one in comparison.cells if one.result_id == result)


CORRECTION = "01-001/IMAGING/1/tumor_assessment/1#2"


def test_a_corrected_entry_is_named_behind_the_numbers_that_it_changed(compared: Comparison) -> None:
    responders = cell(compared, "T14.2.4|BOR|FAS|PR|MONO")
    assert (responders.before.en, responders.after.en) == ("1 (100%)", "0")
    assert responders.causes == ("entries",)
    assert responders.entries == (CORRECTION,)
    assert (responders.joined, responders.left) == ((), ("01-001",))
    assert compared.new_revisions == 1


def test_the_entry_tells_author_reason_and_what_it_changed(compared: Comparison) -> None:
    entry = compared.entries[CORRECTION]
    assert (entry.record, entry.by, entry.reason) == (
        "01-001/IMAGING/1/tumor_assessment/1", "chen.wei", "transcription error",
    )  # fmt: skip
    (moved,) = entry.moved
    assert (moved.before.en, moved.after.en) == ("34 mm", "48 mm")
    assert not entry.is_first


def test_a_first_entry_gives_no_reason(study: Any, before: Path, tmp_path: Path) -> None:
    grown = make_run(study, tmp_path, grown=True, snapshot_id="3" * 64)
    compared = compare_runs(before, grown, study=study)
    (entry,) = compared.entries.values()
    assert (entry.is_first, entry.reason) == (True, None)
    assert any("first entry" in line and "nan" not in line for line in tell_comparison(compared, "en"))


def test_numbers_that_rest_on_other_records_are_not_listed(compared: Comparison) -> None:
    changed = {one.output_id for one in compared.cells}
    assert "T14.2.4" in changed
    assert not {"T14.3.1.2", "T14.1.5", "T14.1.2"} & changed
    assert all(one.before != one.after for one in compared.cells)


def test_a_run_compared_with_itself_reads_alike(study: Any, before: Path) -> None:
    comparison = compare_runs(before, before)
    assert (comparison.cells, comparison.points, comparison.entries) == ((), {}, {})
    assert list(tell_comparison(comparison)) == [f"All numbers of {comparison.compared} outputs read alike."]


def test_a_setting_a_cut_off_or_a_program_that_changed_is_the_cause(
    study: Any, after: Path, tmp_path: Path
) -> None:
    other = make_run(
        study, tmp_path, snapshot_id="2" * 64, switches={"recist.sd_min_days": "30"}, program="grevy 2",
        cutoff="2025-06-30",
    )  # fmt: skip
    # the same entries in both: what differs is not theirs
    (other / "snapshot" / "_revisions.parquet").write_bytes(
        (after / "snapshot" / "_revisions.parquet").read_bytes()
    )
    comparison = compare_runs(other, after)
    responders = cell(comparison, "T14.2.4|BOR|FAS|PR|MONO")
    assert responders.causes == ("setting", "cutoff", "program")
    assert responders.settings == ("recist.sd_min_days",)
    assert responders.entries == ()
    lines = list(tell_comparison(comparison, "zh"))
    assert any(line.startswith("recist.sd_min_days: 30 -> ") for line in lines)
    assert "数据截止日期: 2025-06-30 -> 2026-01-31" in lines


def test_lines_name_numbers_and_entries_in_both_languages(compared: Comparison) -> None:
    english, chinese = ("\n".join(tell_comparison(compared, language)) for language in ("en", "zh"))
    assert f"Snapshot: {'1' * 12} -> {'2' * 12}" in english
    assert "1 (100%) -> 0  [entries 1; now without 01-001]" in english
    assert "[录入 1; 不再含 01-001]" in chinese
    assert f"  1  {CORRECTION}  chen.wei, PI; 2025-01-06" in english
    assert "34 mm -> 48 mm" in chinese


def test_as_json_it_holds_the_same(compared: Comparison, tmp_path: Path) -> None:
    write_comparison(compared, tmp_path / "compared.json")
    read = json.loads((tmp_path / "compared.json").read_text(encoding="utf-8"))
    assert len(read["cells"]) == len(compared.cells)
    assert read["entries"][CORRECTION]["moved"][0]["after"] == ["48 mm", "48 mm"]


def test_what_is_no_run_is_refused_by_name(before: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"has no results\.parquet"):
        compare_runs(before, tmp_path)
