"""Courses of single subjects (F14.2.5, F14.2.6) and curves of subgroups (F14.2.3), by hand and as drawn."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.report.document import describe_document
from grevy.report.spider import select_courses
from grevy.report.swimmer import read_pages
from grevy.results.conventions import read_conventions
from grevy.results.curves import estimate_subgroup_curves
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.labels import Label
from grevy.results.later_therapy import estimate_therapy_after_progression
from grevy.results.outputs import OUTPUTS
from grevy.results.rows import Line, Placed, Row, Sources, build_rows
from grevy.results.time_to_event import estimate_pfs_sensitivity
from grevy.results.treatment_course import estimate_swimmer
from grevy.results.tumor_course import estimate_spider

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
FIRST_DOSE = date(2024, 1, 1)
MONTH = 30.4375


def make(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def keyed(subject, sequence, **more):
    return {"STUDYID": "S", "USUBJID": subject, "ASEQ": sequence} | more


def make_data(days_of_b=200):
    """A: responds, progresses by a new lesion without a sum, dies. B: on treatment, no progression."""
    shared = {"FASFL": "Y", "ENRLFL": "Y", "SAFFL": "Y", "NENGRP": "NET G3", "TRTSDT": FIRST_DOSE}
    adsl = [
        keyed("A", 1, **shared, COHORT="MONO", TRTDURD=120, TRTEDT=date(2024, 4, 29), EOTSTT="DISCONTINUED",
              DCTREAS="PROGRESSIVE DISEASE", DTHDT=date(2024, 6, 1), SEX="M"),
        keyed("B", 1, **shared, COHORT="COMBO", TRTDURD=days_of_b, EOTSTT="ONGOING", SEX="F"),
    ]  # fmt: skip
    adtr = [
        keyed("A", 1, PARAMCD="SUMDIAM", ABLFL="Y", ADT=date(2023, 12, 20), AVAL=100.0),
        keyed("A", 2, PARAMCD="SUMDIAM", ADT=date(2024, 2, 26), AVAL=60.0, PCHG=-40.0),
        keyed("B", 1, PARAMCD="SUMDIAM", ADT=date(2024, 2, 26), AVAL=90.0, PCHG=-10.0),
        keyed("B", 2, PARAMCD="SUMDIAM", ADT=date(2024, 4, 22), AVAL=95.0, PCHG=-5.0),
    ]
    adrs = [
        keyed("A", 1, PARAMCD="PD", AVALC="Y", ADT=date(2024, 4, 22), RULE="PD: unequivocal new lesion"),
        keyed("A", 2, PARAMCD="CRSP", AVALC="Y", ADT=date(2024, 2, 26)),
        keyed("A", 3, PARAMCD="CBOR", AVALC="PR"),
        keyed("B", 1, PARAMCD="PD", AVALC="N"),
        keyed("B", 2, PARAMCD="CBOR", AVALC="SD"),
    ]
    adtte = [
        keyed("A", 1, PARAMCD="PFS", ADT=date(2024, 4, 22), AVAL=113, CNSR=0, EVNTDESC="Disease progression"),
        keyed("A", 2, PARAMCD="CRSD", ADT=date(2024, 4, 22), AVAL=57, CNSR=0),
        keyed("B", 1, PARAMCD="PFS", ADT=date(2024, 4, 22), AVAL=113, CNSR=1),
        keyed("A", 3, PARAMCD="PFSEMA", ADT=date(2024, 4, 22), AVAL=113, CNSR=0,
              EVNTDESC="Disease progression"),
        keyed("B", 2, PARAMCD="PFSEMA", ADT=date(2024, 5, 22), AVAL=143, CNSR=0, EVNTDESC="Death"),
    ]  # fmt: skip
    adex = [
        keyed("A", 1, PARAMCD="DOSE", AVAL=300.0, ASTDT=FIRST_DOSE, AENDT=date(2024, 3, 1)),
        keyed("A", 2, PARAMCD="DOSE", AVAL=250.0, ASTDT=date(2024, 3, 2), AENDT=date(2024, 4, 29)),
        keyed("B", 1, PARAMCD="DOSE", AVAL=250.0, ASTDT=FIRST_DOSE, AENDT=date(2024, 7, 18)),
        keyed("B", 2, PARAMCD="TDURD", AVAL=200.0, ASTDT=FIRST_DOSE, AENDT=date(2024, 7, 18)),
    ]
    later = {"CMCAT": "SUBSEQUENT ANTI-CANCER THERAPY"}
    adcm = [
        keyed("A", 1, **later, CMCLAS="CHEMOTHERAPY", ASTDT=date(2024, 4, 22)),
        keyed("A", 2, **later, CMCLAS="PRRT", ASTDT=date(2024, 4, 21)),
        keyed("B", 1, **later, CMCLAS="PRRT", ASTDT=date(2024, 5, 1)),
    ]
    parts = {"ADCM": adcm, "ADSL": adsl, "ADTR": adtr, "ADRS": adrs, "ADTTE": adtte, "ADEX": adex}
    frames = collect_frames({name: make(rows) for name, rows in parts.items()})
    return AnalysisData(frames, STUDY, read_conventions(STUDY.analysis), STUDY.analysis)


@pytest.fixture(scope="module")
def data():
    return make_data()


def rows_by(data, estimate):
    return {(row.line.id, row.column.id): row for row in estimate(data)}


def test_spider_points_stand_in_months_from_first_dose(data):
    rows = rows_by(data, estimate_spider)
    first = rows["change|A|0", "NET G3"]
    assert first.line.time == pytest.approx(56 / MONTH)
    assert first.value == -40.0
    assert first.line.group_1_value == "PR"


def test_spider_marks_a_new_lesion_at_its_own_date_and_who_goes_on(data):
    rows = rows_by(data, estimate_spider)
    mark = rows["new_lesion|A|0", "NET G3"]
    assert (mark.value, mark.records.dataset) == (-40.0, "ADRS")
    assert mark.line.time == pytest.approx(112 / MONTH)
    assert rows["change|B|1", "NET G3"].line.where == "ongoing"
    assert rows["change|B|0", "NET G3"].line.where is None
    assert rows["change|A|0", "NET G3"].line.where is None


def test_swimmer_has_doses_response_and_events_of_each_subject(data):
    rows = rows_by(data, estimate_swimmer)
    assert rows["treatment|A|0", "MONO"].value == pytest.approx(120 / MONTH)
    second = rows["dose|A|1", "MONO"]
    assert (second.value, second.lower, second.upper) == pytest.approx((250, 61 / MONTH, 120 / MONTH))
    assert rows["response|A|0", "MONO"].value == pytest.approx(56 / MONTH)
    assert rows["response_end|A|0", "MONO"].value == pytest.approx(112 / MONTH)
    assert rows["death|A|0", "MONO"].value == pytest.approx(152 / MONTH)
    assert rows["ongoing|B|0", "COMBO"].value == pytest.approx(200 / MONTH)
    absent = {"other_stop|A|0", "ongoing|A|0", "new_therapy|A|0", "progression|B|0"}
    assert absent.isdisjoint(name for name, _ in rows)


def test_treatment_that_goes_on_is_a_bar_to_the_last_day_known():
    """Without a cut-off date ADSL has no end of it; the bar must not be left out."""
    rows = rows_by(make_data(days_of_b=None), estimate_swimmer)
    bar = rows["treatment|B|0", "COMBO"]
    assert bar.value == pytest.approx(200 / MONTH)
    assert bar.records.dataset == "ADEX"
    assert rows["ongoing|B|0", "COMBO"].value == pytest.approx(200 / MONTH)


def test_a_small_subgroup_has_a_reason_and_no_curve(data):
    rows = [row for row in estimate_subgroup_curves(data) if row.line.group_1 == "SEX"]
    assert {row.status for row in rows} == {"SUPPRESSED"}
    assert [row.line.group_1_value for row in rows] == ["M", "F"]


def test_regimen_and_class_are_not_drawn_twice(data):
    assert {"NENGRP", "COHORT"}.isdisjoint(row.line.group_1 for row in estimate_subgroup_curves(data))


@pytest.fixture(scope="module")
def document(data):
    wanted = ("F14.2.5", "F14.2.6")
    placed = [
        Placed(output.id, output.analysis_set, output.switches, row)
        for output in OUTPUTS
        if output.id in wanted
        for row in output.estimate(data)
    ]
    rows = build_rows(placed, Sources(data), "x")
    return describe_document(rows, adam={}, revisions=None, study=STUDY, plan=STUDY.analysis)


def test_every_subject_is_a_line_and_a_bar(document):
    rows = [row for row in document.rows if row.output_id == "F14.2.5"]
    assert [own[0].group_label_en for _, own in select_courses(rows)] == ["A", "B"]
    (page,) = read_pages([row for row in document.rows if row.output_id == "F14.2.6"])
    assert [lane.treatment.group_label_en for lane in page.lanes] == ["B", "A"]


def test_drawings_say_in_both_languages_what_they_show(document):
    for output in document.outputs:
        if output.id in ("F14.2.5", "F14.2.6"):
            (drawing,) = output.drawings
            assert "subject" in drawing.alt.en
            assert "受试者" in drawing.alt.zh
            assert "治疗中" in drawing.zh
            assert "Ongoing" in drawing.en


def test_more_subjects_than_a_page_holds_are_split_by_class(data):
    """61 bars of two classes: no page has more than 60, and none mixes classes."""
    rows = []
    for place in range(61):
        group = "NET G3" if place % 2 else "NEC/MiNEN"
        name = Label(str(place), str(place))
        line = Line(f"treatment|{place}|0", name, "treatment", group=name, group_1_value=group, time=1.0)
        rows.append(Placed("F14.2.6", "FAS", (), Row(line, data.regimens[0], float(place), "1")))
    table = build_rows(rows, Sources(data), "x")
    made = describe_document(table, adam={}, revisions=None, study=STUDY, plan=STUDY.analysis)
    pages = read_pages([row for row in made.rows if row.output_id == "F14.2.6"])
    assert [(page.group, len(page.lanes)) for page in pages] == [("NET G3", 30), ("NEC/MiNEN", 31)]


def test_therapy_counts_from_the_day_of_progression_and_only_after_one(data):
    rows = rows_by(data, estimate_therapy_after_progression)
    assert rows["PDTHER", "TOTAL"].text == "1 (50.0%)"
    assert rows["PDTHER|ANY", "TOTAL"].text == "1/1 (100%)"
    assert rows["PDTHER|CHEMOTHERAPY", "TOTAL"].value == 1.0
    assert ("PDTHER|PRRT", "TOTAL") not in rows
    assert rows["PDTHER|NONE", "TOTAL"].value == 0.0


def test_who_moves_between_rule_sets_is_counted(data):
    rows = rows_by(data, estimate_pfs_sensitivity)
    assert rows["PFSEMA|moved", "TOTAL"].value == 1.0
