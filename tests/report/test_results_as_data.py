"""Results as JSON in the manner of the Analysis Results Standard; shells of outputs, without figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report_run import Run

from grevy.cli import DOCUMENTS as offered
from grevy.report import DOCUMENTS, style
from grevy.report.analysis_results import write_results_json
from grevy.report.document import Document
from grevy.report.grid import lay_out
from grevy.report.shells import ROWS_OF_EXAMPLE, has_rows_of_data, mask_results, mask_text, name_shells
from grevy.results import OUTPUTS
from grevy.results.checklists import PLACE


@pytest.fixture(scope="module")
def document(run: Run) -> Document:
    return run.describe()


@pytest.fixture(scope="module")
def event(document: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = write_results_json(document, tmp_path_factory.mktemp("results") / "results.json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shells(run: Run) -> Document:
    masked = replace(run.results, rows=mask_results(run.results.rows))
    return name_shells(run.describe(masked))


# ---- Results as data ---------------------------------------------------------------------------------------


def test_every_result_stands_once_with_its_texts_and_values(document, event):
    found = {r["id"]: r for analysis in event["analyses"] for r in analysis["results"]}
    assert len(found) == sum(len(analysis["results"]) for analysis in event["analyses"])
    assert set(found) == {row.result_id for row in document.rows}
    for row in document.rows:
        result = found[row.result_id]
        assert result["formattedValue"] == row.value_text
        assert result.get("formattedValue_zh", row.value_text) == row.value_text_zh
        assert result.get("rawValue") == row.value
        assert result.get("traceKey") == row.trace_key


def test_names_lead_to_what_they_name(event):
    names = {key: {entry["id"] for entry in event[key]} for key in ("analysisSets", "dataSubsets", "outputs")}
    operations = {o["id"] for method in event["methods"] for o in method["operations"]}
    groups = {g["id"]: {group["id"] for group in g["groups"]} for g in event["analysisGroupings"]}
    for analysis in event["analyses"]:
        assert analysis["outputId"] in names["outputs"]
        assert analysis["analysisSetId"] in names["analysisSets"]
        assert analysis.get("dataSubsetId") is None or analysis["dataSubsetId"] in names["dataSubsets"]
        for result in analysis["results"]:
            assert result["operationId"] in operations
            assert all(group["groupId"] in groups[group["groupingId"]] for group in result["resultGroups"])


def test_equal_rows_give_equal_bytes(run: Run, document: Document, tmp_path: Path):
    one, two = (write_results_json(d, tmp_path / "r.json").read_bytes() for d in (document, run.describe()))
    assert one == two


def test_rows_of_a_table_stand_in_their_order_and_points_of_curves_in_that_of_time(document):
    expected = {row.row_id: row.row_order for row in document.rows if row.output_id == "T14.2.2"}
    for name in ("T14.2.2", "F14.2.1"):
        output = next(output for output in document.outputs if output.id == name)
        rows = {row.result_id: row for row in document.rows if row.output_id == name}
        cells = [cell for row in output.table.rows for cell in row.cells]
        shown = [rows[cell[0].result_id] for cell in cells if cell]
        if name == "T14.2.2":
            places = [expected[row.row_id] for row in shown]
        else:
            places = [row.time for row in shown if row.operation == "survival"]
        assert len(places) > 2
        assert places == sorted(places)


# ---- Shells ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("158 (76.0%)", "xx (xx.x%)"),
        ("0", "xx"),
        ("54 (100%)", "xx (xx.x%)"),
        ("1 (<0.1%)", "xx (xx.x%)"),
        ("−11.1 (−28.9, 0.0)", "xx.x (xx.x, xx.x)"),
        ("53.9 (11.47)", "xx.x (xx.xx)"),
        ("12/40 (30.0%)", "xx/xx (xx.x%)"),
        ("26.0 (24.1, NR)", "xx.x (xx.x, NR)"),
    ],
)
def test_shell_of_a_value_has_x_for_its_figures(text, shell):
    assert mask_text(text) == shell


def test_shells_have_every_output_and_no_figure_of_the_data(shells):
    assert [output.id for output in shells.outputs] == [output.id for output in OUTPUTS]
    checklists = {
        row.output_id for row in shells.rows if row.operation == PLACE
    }  # numbers of outputs, no data
    assert checklists == {"TX9.1", "TX9.2", "TX9.3", "TX9.4"}
    for output in (output for output in shells.outputs if output.table and output.id not in checklists):
        for language in ("en", "zh"):
            grid = lay_out(output.table, language)
            printed = [value.text for value in grid.printed] + [head.n for head in grid.heads]
            assert not [text for text in printed if re.search(r"\d", text)], output.id
        assert output.reasons == []


def test_shells_show_all_rows_that_the_plan_decides_and_some_of_those_that_data_decide(run, shells):
    orders = {row.output_id: row.row_order for row in shells.rows}
    before = {}
    for row in run.describe().rows:
        before[row.output_id] = row.row_order
    for name, last in before.items():
        assert orders[name] == (min(last, ROWS_OF_EXAMPLE) if has_rows_of_data(name) else last), name
    # the overview is planned whole: its last line is the events that led to death
    assert orders["T14.3.1.1"] == before["T14.3.1.1"] == 27


def test_drawings_of_shells_print_no_figure_of_a_result(shells):
    for output in shells.outputs:
        for drawing in output.drawings:
            linked = re.findall(r'<a class="v"[^>]*><text[^>]*>([^<]*)</text>', drawing.en)
            assert not [text for text in linked if re.search(r"\d", text)], output.id


def test_no_drawing_is_taller_than_the_page_under_its_title(run, shells):
    """A taller one would leave the title alone on an empty page."""
    for output in (*run.describe().outputs, *shells.outputs):
        for drawing in output.drawings:
            height = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', drawing.en)[1])
            assert height <= style.PAGE_OF_DRAWINGS, output.id


def test_command_line_offers_every_document():
    assert offered == DOCUMENTS
