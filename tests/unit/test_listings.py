"""Listings of section 16.2: which records, in which order, with which texts; their pages."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.report.listing_pages import page_listing
from grevy.report.listing_views import lay_out_listing, view_listings
from grevy.report.paging import break_evenly
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.listings import collect_listings, count_entries, name_subjects
from grevy.results.outputs.patient_listings import ALL_LISTINGS

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")


def make(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def keyed(subject, sequence, **more):
    return {"STUDYID": "S", "USUBJID": subject, "ASEQ": sequence} | more


ADAM = {
    "ADSL": make([
        keyed("A", 1, FASFL="Y", SAFFL="Y", ENRLFL="Y", COHORT="MONO", SEX="F", AGE=54.0, EOTSTT="ONGOING",
              EOSSTT="ONGOING", PPROTFL="Y", RSPEVFL="Y"),
        keyed("B", 1, FASFL="Y", SAFFL="Y", ENRLFL="Y", COHORT="COMBO", SEX="M", AGE=61.0,
              EOTSTT="DISCONTINUED", DCTREAS="PROGRESSIVE DISEASE", TRTEDT=date(2024, 5, 2), PPROTFL="N",
              PPROTRES="Major protocol deviation", RSPEVFL="Y"),
        keyed("C", 1, FASFL="N", SAFFL="N", ENRLFL="N", EOTSTT=None, EOSSTT=None, PPROTFL="N", RSPEVFL="N"),
    ]),
    "ADAE": make([
        keyed("A", 1, AETERM="Loose stools", AEDECOD="Diarrhoea", AESTDTC="2024-02", ASTDT=date(2024, 2, 1),
              ASTDTF="D", ATOXGR=2, AESER="N", AEREL="POSSIBLE", AREL="RELATED"),
        keyed("A", 2, AETERM="Headache", AEDECOD="Headache", AESTDTC="2024-01-05", ASTDT=date(2024, 1, 5),
              ATOXGR=1, AESER="N"),
        keyed("C", 1, AETERM="Before enrollment", ASTDT=date(2023, 1, 1)),
    ]),
    "ADLB": make([
        keyed("A", n, PARAMCD="ALT", ADT=date(2024, 1, n), AVAL=float(value), ATOXGRL=None, BTOXGRL=None,
              ATOXGRH=grade, BTOXGRH=base)
        for n, value, grade, base in ((1, 40, 0, 0), (2, 90, 1, 0), (3, 130, 2, 0), (4, 260, 3, 2),
                                      (5, 140, 2, 1))
    ] + [keyed("B", 1, PARAMCD="UPROT", ADT=date(2024, 1, 9), AVALC="4+", ATOXGRH=3, BTOXGRH=0)]),
    "ADTR": make([
        keyed("A", 1, PARAMCD="LDIAM", ADT=date(2024, 1, 9), AVAL=5.0, TRLNKID="T1", LESSTATE="TTSM"),
    ]),
    "ADRS": make([
        keyed("A", 1, PARAMCD="OVR", AVALC="PD", AVALCV="SD", ASMT=2, ADT=date(2024, 3, 1), AVISIT="WEEK 8",
              RULE="PD: new lesion proven later, dated to first sight"),
        keyed("A", 2, PARAMCD="OVRINV", AVALC="SD", ASMT=2, ADT=date(2024, 3, 2), AVISIT="WEEK 8"),
        keyed("A", 3, PARAMCD="OVR", AVALC="PR", AVALCV="PR", ASMT=3, ADT=date(2024, 5, 1), AVISIT="WEEK 16"),
        keyed("A", 4, PARAMCD="OVRINV", AVALC="SD", ASMT=3, ADT=date(2024, 5, 1), AVISIT="WEEK 16"),
    ]),
    "ADTTE": make([
        keyed("A", 1, PARAMCD="PFS", AVAL=100, CNSR=1), keyed("A", 2, PARAMCD="PFSEMA", AVAL=100, CNSR=0),
        keyed("B", 1, PARAMCD="PFS", AVAL=80, CNSR=1), keyed("B", 2, PARAMCD="PFSEMA", AVAL=80, CNSR=5),
        keyed("B", 3, PARAMCD="OS", AVAL=300, CNSR=0), keyed("B", 4, PARAMCD="TTDQL", AVAL=90, CNSR=0),
    ]),
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return AnalysisData(collect_frames(ADAM), STUDY, read_conventions(STUDY.analysis), STUDY.analysis)


@pytest.fixture(scope="module")
def listed(data):
    return collect_listings(ADAM, data, ALL_LISTINGS)


def lines(listed, name, language="en"):
    """Subject and texts by variable, line by line."""
    one = listed[name]
    variables = [item.variable for item in one.listing.items]
    texts = zip(*(one.zh if language == "zh" else one.en), strict=True)
    return [
        {"USUBJID": subject} | dict(zip(variables, row, strict=True))
        for subject, row in zip(one.subjects, texts, strict=True)
    ]


def test_events_stand_in_order_of_their_start_as_recorded_and_as_used(listed):
    first, second = lines(listed, "L16.2.7")
    assert (first["AETERM"], second["AETERM"]) == ("Headache", "Loose stools")
    assert (second["AESTDTC"], second["ASTDT"]) == ("2024-02", "2024-02-01 (D)")
    assert first["ASTDT"] == "2024-01-05"


def test_texts_are_in_both_languages_and_reported_terms_as_recorded(listed):
    second = lines(listed, "L16.2.7", "zh")[1]
    assert second["AETERM"] == "Loose stools"
    assert second["AEDECOD"] == "腹泻"
    assert (second["AESER"], second["AREL"]) == ("否", "有关")


def test_subjects_outside_the_set_are_not_listed(listed):
    assert {line["USUBJID"] for line in lines(listed, "L16.2.7")} == {"A"}


def test_laboratory_lists_grade_3_or_two_grades_above_baseline(listed):
    assert [line["AVAL"] for line in lines(listed, "L16.2.8")][:2] == ["130", "260"]
    assert listed["L16.2.8"].records[:2] == [(3,), (4,)]


def test_a_result_that_is_no_number_stands_as_recorded(listed):
    (line,) = (line for line in lines(listed, "L16.2.8") if line["USUBJID"] == "B")
    assert line["AVAL"] == "4+"


def test_a_target_too_small_to_measure_is_said_in_words(listed):
    (line,) = lines(listed, "L16.2.6.1")
    assert line["LESSTATE"] == "Too small to measure"
    assert lines(listed, "L16.2.6.1", "zh")[0]["LESSTATE"] == "过小无法测量"


def test_derived_and_investigators_response_stand_side_by_side(listed):
    """The first differs only since a lesion was proven later, the second could be told at the visit."""
    first, second = lines(listed, "L16.2.6.2")
    assert (first["OVR"], first["OVRINV"], first["DIFFERS"]) == ("PD", "SD", "")
    assert (second["OVR"], second["OVRINV"], second["DIFFERS"]) == ("PR", "SD", "Yes")
    assert listed["L16.2.6.2"].records == [(1, 2), (3, 4)]


def test_who_moves_with_the_rule_set_has_another_outcome_and_not_another_reason(listed):
    """A is censored by one rule set and has the event by the other; B is censored by both."""
    assert [line["USUBJID"] for line in lines(listed, "L16.2.6.7")] == ["A", "A"]


def test_endpoints_of_questionnaires_are_not_listed(listed):
    assert [line["PARAMCD"] for line in lines(listed, "L16.2.6.4")][-1] == "Overall survival"


def test_excluded_are_the_enrolled_who_miss_a_set(listed):
    (line,) = lines(listed, "L16.2.3")
    assert (line["USUBJID"], line["PPROTRES"]) == ("B", "Major protocol deviation")


def test_a_listing_counts_its_entries_and_points_at_their_records(data, listed):
    listing = next(x for x in ALL_LISTINGS if x.id == "L16.2.8")
    entries, subjects = count_entries(_with(data, listed), listing=listing)
    assert (entries.text, subjects.text) == ("3", "2")
    assert entries.records.index.tolist() == [2, 3, 5]


def _with(data, listed):
    return AnalysisData(data.frames, data.study, data.conventions, data.plan, listed)


def test_a_data_set_that_is_absent_gives_no_listing(listed):
    assert "L16.2.2.1" not in listed


@pytest.mark.parametrize("listing", ALL_LISTINGS, ids=lambda listing: listing.id)
def test_a_data_set_with_keys_alone_is_listed_without_values(data, listing):
    """Data of another system may lack any variable; a parameter's code is what chooses most records."""
    bare = make([keyed("A", 1)])
    (found,) = collect_listings({listing.dataset: bare}, data, [listing]).values()
    assert set(found.subjects) <= {"A"}
    assert all(text == "" for column in found.en for text in column)


def test_as_data_a_listing_has_a_column_per_variable_and_its_records(listed):
    table = listed["L16.2.7"].to_table()
    assert table["ASEQ"].to_pylist() == [[2], [1]]
    assert table["AEDECOD_ZH"].to_pylist()[1] == "腹泻"
    assert "AETERM_ZH" not in table.column_names


# ---- As printed ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def views(data, listed):
    return view_listings(listed, name_subjects(data))


def test_a_subject_stands_over_its_lines(views):
    grid = lay_out_listing(views["L16.2.7"], "zh")
    assert grid.lines[0].is_heading
    assert grid.lines[0].label.startswith("A，")
    assert grid.lines[0].label.endswith("，女，54岁")
    assert [line.is_heading for line in grid.lines] == [True, False, False]


def test_a_listing_with_one_line_per_subject_has_the_subject_in_its_first_column(views):
    grid = lay_out_listing(views["L16.2.1"], "en")
    assert (grid.stub, [line.label for line in grid.lines]) == ("Subject", ["B"])


def test_rules_are_translated(views):
    grid = lay_out_listing(views["L16.2.6.2"], "zh")
    assert grid.lines[1].cells[-1][0].text == "PD：新病灶后经证实，日期追溯至首次发现"


def test_a_subject_that_goes_on_is_named_again_on_the_next_page(views):
    long = views["L16.2.8"]
    many = type(long)(**(vars(long) | {
        "subjects": ["A"] * 60, "records": [(1,)] * 60, "en": [["x"] * 60 for _ in long.en],
        "zh": [["x"] * 60 for _ in long.zh],
    }))  # fmt: skip
    pages = page_listing(many, "en", 30.0).pages
    assert sum(not line.is_heading for page in pages for line in page.lines) == 60
    assert all(page.lines[0].is_heading for page in pages)
    assert pages[1].lines[0].label.endswith("(continued)")
    assert all(sum(not line.is_heading for line in page.lines) > 1 for page in pages)


def test_columns_fill_the_page_and_none_is_narrower_than_its_longest_word(views):
    for view in views.values():
        if view.subjects:
            widths = page_listing(view, "en", 40.0).widths.all
            assert sum(widths) == pytest.approx(257.0)


def test_a_grade_that_chooses_a_record_is_shown():
    """A loss of weight was listed without the grade for which it was."""
    graded = [
        listing for listing in ALL_LISTINGS
        if "grade 3 or higher" in listing.title.en
    ]  # fmt: skip
    assert len(graded) == 2
    for listing in graded:
        assert {"ATOXGRL", "ATOXGRH"} <= {item.variable for item in listing.items}, listing.id


def test_codes_and_imputed_dates_are_explained_under_a_listing(views):
    assert views["L16.2.6.2"].note.en.startswith("“Differs”")
    assert "PD: progressive disease" in views["L16.2.6.2"].note.en
    assert "PR：部分缓解" in views["L16.2.6.2"].note.zh
    assert views["L16.2.7"].note.en == "(D), (M), (Y): day, month, year imputed."
    assert views["L16.2.1"].note is None


def test_names_of_columns_in_chinese_are_torn_nowhere(views):
    """Between any two characters a typesetter would break them: lines end before a bracket, after a comma."""
    for view in views.values():
        if view.subjects:
            for head in page_listing(view, "zh", 40.0).heads:
                assert head.split("\n") in ([head], break_evenly(head.replace("\n", ""), 8.0)), view.id
