"""After one entry has changed, outputs that read nothing of it are taken as they were; all rows are equal."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from report_run import SNAPSHOT, Run

from grevy.cli.earlier import read_earlier, write_made_from
from grevy.cli.run_folder import write_manifest, write_table
from grevy.results import Earlier, Results, build_results

OTHER = "0" * 64


@pytest.fixture(scope="module")
def changed(run: Run) -> dict[str, pa.Table]:
    """The data sets after the grade of one adverse event was corrected."""
    adae = run.adam["ADAE"]
    grades = pa.array([4, *adae["ATOXGR"].to_pylist()[1:]])
    return {**run.adam, "ADAE": adae.set_column(adae.column_names.index("ATOXGR"), "ATOXGR", grades)}


def earlier_of(results: Results) -> Earlier:
    return Earlier(results.rows, results.trace, results.made_from)


def build(run: Run, adam: dict[str, pa.Table], plan=None, earlier: Earlier | None = None) -> Results:
    return build_results(adam, run.study, plan or run.study.analysis, OTHER, earlier=earlier)


def test_the_same_data_are_estimated_once(run):
    again = build_results(run.adam, run.study, run.study.analysis, SNAPSHOT, earlier=earlier_of(run.results))
    outputs = set(run.results.rows["output_id"].to_pylist())
    assert set(again.reused) == outputs - set(run.results.listings)
    assert again.rows.equals(run.results.rows)
    assert again.trace.equals(run.results.trace)
    assert again.made_from == run.results.made_from


def test_a_changed_entry_makes_new_what_reads_its_data_set_and_nothing_else(run, changed):
    warm, cold = build(run, changed, earlier=earlier_of(run.results)), build(run, changed)
    read_it = {output for output, read in cold.made_from.outputs.items() if "ADAE" in read}
    assert {"T14.3.1.1", "T14.3.1.3"} <= read_it
    assert set(warm.reused) == set(cold.made_from.outputs) - read_it
    assert {"T14.2.1", "T14.1.5"} <= set(warm.reused)
    assert warm.rows.equals(cold.rows)
    assert warm.trace.equals(cold.trace)
    assert not cold.rows.drop_columns("snapshot_id").equals(run.results.rows.drop_columns("snapshot_id"))


def test_rows_are_really_taken(run, changed):
    """A planted word in the earlier rows comes through where the data set is the same, and only there."""
    rows = run.results.rows
    place = rows.column_names.index("value_text")
    planted = rows.set_column(
        place, "value_text", pc.binary_join_element_wise("planted", rows["value_text"], " ")
    )
    warm = build(run, changed, earlier=replace(earlier_of(run.results), rows=planted))
    found = warm.rows.filter(pc.starts_with(warm.rows["value_text"], "planted"))
    assert set(found["output_id"].to_pylist()) == set(warm.reused)


def test_another_rule_makes_all_new(run):
    plan = run.study.analysis.with_values({"recist.sd_min_days": "42"})
    assert build(run, run.adam, plan, earlier_of(run.results)).reused == ()


def test_a_folder_gives_its_results_only_as_they_were_written(run, tmp_path, caplog):
    assert read_earlier(tmp_path) is None
    write_table(run.results.rows, tmp_path / "results.parquet")
    write_table(run.results.trace, tmp_path / "trace.parquet")
    write_made_from(tmp_path, run.results.made_from)
    write_manifest(tmp_path, {})
    found = read_earlier(tmp_path)
    assert found is not None
    assert found.made_from == run.results.made_from
    assert build(run, run.adam, earlier=found).rows.equals(build(run, run.adam).rows)
    write_table(run.results.rows.slice(1), tmp_path / "results.parquet")
    assert read_earlier(tmp_path) is None, "a file that is not as the manifest says"
    (tmp_path / "manifest.json").write_text("{")
    assert read_earlier(tmp_path) is None
    assert "all is estimated anew" in caplog.text
