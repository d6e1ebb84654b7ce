"""Exposure: dose intensity, reductions and interruptions of surufatinib."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from grevy.adam.adex import build_adex
from grevy.definition import load_study
from grevy.sdtm.domains import build_empty, conform

ADSL = pa.schema(
    [("STUDYID", pa.string()), ("USUBJID", pa.string()), ("COHORT", pa.string()), ("SAFFL", pa.string())]
    + [("NENGRP", pa.string())]
    + [(name, pa.date32()) for name in ("TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT")]
)


@pytest.fixture(scope="module")
def plan():
    return load_study("studies/surufatinib_nen").analysis


def d(text):
    return date.fromisoformat(text) if text else None


@pytest.fixture
def expose(plan):
    """Build ADEX of one subject from intervals (dose, start, end) and give {PARAMCD: AVAL} and all rows."""

    def run(
        *intervals, cohort="MONO", last=None, death=None, alive="2024-12-31", cutoff=None, plan=plan, **more
    ):
        ex = ibis.memtable(
            [
                {
                    "STUDYID": "S",
                    "USUBJID": "1",
                    "EXSEQ": float(n),
                    "EXTRT": "SURUFATINIB",
                    "EXDOSE": float(dose),
                }
                | {
                    "EXSTDTC": start,
                    "EXENDTC": end,
                    "EXDOSFRQ": (frequency or [more.get("frequency", "QD")])[0],
                }
                for n, (dose, start, end, *frequency) in enumerate(intervals, start=1)
            ]
        )
        adsl = pa.Table.from_pylist(
            [
                {"STUDYID": "S", "USUBJID": "1", "COHORT": cohort, "SAFFL": "Y"}
                | {"TRTSDT": d(intervals[0][1]), "TRTEDT": d(last), "DTHDT": d(death), "LSTALVDT": d(alive)}
            ],
            schema=ADSL,
        )
        rows = (
            build_adex(conform(ex, "EX"), ibis.memtable(adsl), plan, d(cutoff), da=build_empty("DA"))
            .to_pyarrow()
            .to_pylist()
        )
        assert len({row["ASEQ"] for row in rows}) == len(rows)
        return {row["PARAMCD"]: row["AVAL"] for row in rows if row["PARAMCD"] != "DOSE"}, [
            row for row in rows if row["PARAMCD"] == "DOSE"
        ]

    return run


PAUSED_AND_REDUCED = [
    (300, "2024-03-01", "2024-03-28"),
    (0, "2024-03-29", "2024-04-04"),
    (250, "2024-04-05", "2024-04-25"),
]


def test_relative_dose_intensity_of_a_paused_and_reduced_treatment(expose):
    # 28 days of 300 mg, 7 days of rest, 21 days of 250 mg
    parameters, doses = expose(*PAUSED_AND_REDUCED, last="2024-04-25")
    assert parameters == {
        "TDURD": 56,
        "CUMDOSE": 13650,
        "AVDDOSE": 243.75,
        "PLANDOSE": 16800,
        "RDI": 81.25,
        "NREDUC": 1,
        "NINTERR": 1,
        "DOSEINT": 7,
        "FRSTRED": 36,
        "STRTDOSE": 300,
        "RDIEARLY": 81.25,
    }
    assert [(row["AVAL"], row["ASTDY"], row["AENDY"], row["SRCSEQ"]) for row in doses] == [
        (300, 1, 28, 1),
        (0, 29, 35, 2),
        (250, 36, 56, 3),
    ]


def test_interruption_that_nobody_recorded_is_a_gap_between_intervals(expose):
    first, _, last = PAUSED_AND_REDUCED
    recorded, _ = expose(*PAUSED_AND_REDUCED, last="2024-04-25")
    unrecorded, _ = expose(first, last, last="2024-04-25")
    assert unrecorded == recorded


def test_ordered_interruptions_may_be_left_out_of_the_planned_dose(expose, plan):
    other = plan.with_values({"exposure.planned": "without_interruptions"})
    parameters, _ = expose(*PAUSED_AND_REDUCED, last="2024-04-25", plan=other)
    assert (parameters["PLANDOSE"], parameters["RDI"]) == (14700, pytest.approx(100 * 13650 / 14700))


def test_combination_is_planned_at_250_mg_and_unknown_regimen_at_its_first_dose(expose):
    interval = (250, "2024-03-01", "2024-03-28")
    assert expose(interval, cohort="COMBO", last="2024-03-28")[0]["RDI"] == 100
    assert expose((200, *interval[1:]), cohort=None, last="2024-03-28")[0]["RDI"] == 100
    assert expose(interval, cohort="MONO", last="2024-03-28")[0]["PLANDOSE"] == 8400


def test_three_weeks_on_one_week_off_takes_three_quarters(expose):
    interval = (200, "2024-03-01", "2024-03-28")
    parameters, _ = expose(interval, last="2024-03-28", frequency="QD 3 WEEKS ON 1 WEEK OFF")
    assert parameters["CUMDOSE"] == 21 * 200


def test_three_weeks_on_one_week_off_is_the_level_below(expose):
    """Levels of the label: 300, 250 and 200 mg, then 200 mg for three weeks of four."""
    parameters, _ = expose(
        (200, "2024-03-01", "2024-03-28"),
        (200, "2024-03-29", "2024-04-25", "QD 3 WEEKS ON 1 WEEK OFF"),
        (200, "2024-04-26", "2024-05-23"),
        last="2024-05-23",
    )
    assert (parameters["NREDUC"], parameters["FRSTRED"]) == (1, 29)


@pytest.mark.parametrize(
    ("death", "cutoff", "days"),
    [
        # still on treatment: to the cut-off, or death before it, or else the last day known alive
        (None, "2024-03-10", 10),
        ("2024-03-08", "2024-03-10", 8),
        ("2024-03-08", None, 8),
        (None, None, 5),
    ],
)
def test_ongoing_treatment_is_counted_up_to_a_day_that_is_known(expose, death, cutoff, days):
    parameters, _ = expose((300, "2024-03-01", None), death=death, cutoff=cutoff, alive="2024-03-05")
    assert parameters["TDURD"] == days
    assert parameters["RDI"] == 100


def test_interval_that_only_follows_the_last_dose_does_not_count(expose):
    parameters, doses = expose(
        (300, "2024-03-01", "2024-03-28"), (0, "2024-03-29", None), last="2024-03-28", cutoff="2024-06-01"
    )
    assert (parameters["TDURD"], parameters["NINTERR"], parameters["DOSEINT"]) == (28, 0, 0)
    assert len(doses) == 1


def test_dose_raised_again_is_no_reduction_and_a_second_step_down_is_another_one(expose):
    steps = [
        (300, "2024-03-01", "2024-03-10"),
        (250, "2024-03-11", "2024-03-20"),
        (300, "2024-03-21", "2024-03-30"),
    ]
    parameters, _ = expose(*steps, (200, "2024-03-31", "2024-04-09"), last="2024-04-09")
    assert (parameters["NREDUC"], parameters["FRSTRED"]) == (2, 11)
    assert "FRSTRED" not in expose(steps[0], last="2024-03-10")[0]


def test_dose_left_open_when_the_next_began_ended_the_day_before(expose):
    values, rows = expose((300, "2024-01-01", None), (250, "2024-01-11", "2024-01-20"), last="2024-01-20")
    assert [row["AENDT"].isoformat() for row in rows] == ["2024-01-10", "2024-01-20"]
    assert values["CUMDOSE"] == 10 * 300 + 10 * 250


def test_other_drugs_are_not_exposure_to_surufatinib(expose, plan):
    ex = ibis.memtable(
        [
            {
                "STUDYID": "S",
                "USUBJID": "1",
                "EXSEQ": 1.0,
                "EXTRT": "PLACEBO",
                "EXDOSE": 1.0,
                "EXSTDTC": "2024-03-01",
            }
        ]
    )
    adsl = pa.Table.from_pylist([{"STUDYID": "S", "USUBJID": "1", "TRTSDT": d("2024-03-01")}], schema=ADSL)
    assert (
        build_adex(conform(ex, "EX"), ibis.memtable(adsl), plan, None, da=build_empty("DA"))
        .to_pyarrow()
        .num_rows
        == 0
    )


def test_early_dose_intensity_counts_the_first_eight_weeks_only(expose, plan):
    # 14 days of 300 mg, then nothing until the end of week 8, then full dose again
    early, late = (300, "2024-03-01", "2024-03-14"), (300, "2024-04-26", "2024-08-31")
    parameters, _ = expose(early, late, last="2024-08-31")
    assert parameters["RDIEARLY"] == pytest.approx(100 * 14 / 56)
    # the first four weeks only
    parameters, _ = expose(
        early, late, last="2024-08-31", plan=plan.with_values({"sets.intensity_weeks": "4"})
    )
    assert parameters["RDIEARLY"] == pytest.approx(50)
    # stopped sooner: planned until the end of treatment
    parameters, _ = expose(early, last="2024-03-14")
    assert parameters["RDIEARLY"] == pytest.approx(100)
