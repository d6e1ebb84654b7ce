"""The library of a notebook: what it gives is what the folder of the run and the report hold."""

import pandas as pd
import pytest

import grevy


@pytest.fixture(scope="module")
def opened(run, tmp_path_factory):
    return grevy.load_run(run.write(tmp_path_factory.mktemp("library") / "run"))


def test_data_sets_are_frames_by_their_name(opened):
    assert opened.data_sets["adam"] == ["ADAE", "ADRS", "ADSL", "ADTR", "ADTTE"]
    assert opened["ADSL"]["USUBJID"].tolist() == [
        f"SURU-NEN-{n}" for n in ("01-001", "01-002", "02-001", "02-002")
    ]
    assert opened["AE"]["AETERM"].iloc[0] == "Hypertension"


def test_a_frame_that_is_changed_changes_no_other(opened):
    frame = opened["ADSL"]
    frame.loc[:, "AGE"] = 0
    assert (opened["ADSL"]["AGE"] == 64).all()


def test_results_are_those_of_an_output_and_a_parameter(opened):
    rows = opened.results("T14.2.1", parameter="PFS").set_index("result_id")
    assert rows.loc["T14.2.1|PFS|events|TOTAL", "value"] == 2
    assert set(rows["parameter"]) == {"PFS"}


def test_a_table_says_what_the_report_prints_in_both_languages(opened):
    english, chinese = opened.table("T14.2.1"), opened.table("T14.2.1", "zh")
    assert english.columns[2] == "Total (N = 3)"
    assert chinese.columns[2] == "合计 (N = 3)"
    events = [text for label, text in english.iloc[:, 2].items() if label.startswith("Events")]
    assert events == ["2 (66.7%)"]


def test_an_output_without_data_says_why(opened):
    empty = opened.results()
    output = empty.loc[empty["row_id"] == "EMPTY", "output_id"].iloc[0]
    assert opened.table(output).iloc[0, 0].startswith("Not shown: ")


def test_the_records_behind_a_number_are_whole(opened):
    records = opened.records("T14.2.1|PFS|events|TOTAL")
    assert records["USUBJID"].tolist() == ["SURU-NEN-01-001", "SURU-NEN-02-002"]
    assert records["CNSR"].tolist() == [0, 0]
    assert "2025-06-23" in opened.explain("T14.2.1|PFS|events|TOTAL", "SURU-NEN-01-001")


def test_figures_carry_their_words(opened):
    figures = opened.figures("F14.2.1")
    assert [figure._repr_html_()[:4] for figure in figures] == ["<svg"] * len(figures)
    assert "var(--" not in figures[0].svg, "colors of the report's page, which a notebook does not have"
    assert figures[0].alt.startswith("Kaplan-Meier curves.")


@pytest.mark.parametrize(
    ("ask", "kind", "says"),
    [
        (lambda run: run["ADXX"], KeyError, "it has ADAE"),
        (lambda run: run.table("T99"), LookupError, "it has F14.1.1"),
        (lambda run: run.records("T14.2.1|no"), LookupError, "no such result"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(opened, ask, kind, says):
    with pytest.raises(kind, match=says):
        ask(opened)


def test_a_folder_without_a_run_and_an_unknown_switch_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"results\.parquet"):
        grevy.load_run(tmp_path)
    with pytest.raises(ValueError, match=r"recist\.nothing"):
        grevy.analyse({"DM": pd.DataFrame()}, tmp_path / "out", switches={"recist.nothing": 1})
    assert not (tmp_path / "out").exists()
