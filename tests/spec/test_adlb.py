"""Laboratory: units, baseline, change, flags, grades of both directions, derived parameters."""

import pytest

from grevy.adam.adlb import build_adlb
from tests.spec.measured import build, pick


def laboratory(drawn, **switches):
    return build(build_adlb, "LB", drawn, switches or None)


ALT = """
    LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRHI | LBDTC            | VISITNUM | VISIT
    ALT      | 30       | U/L      | 40       | 2024-02-20       | 1        | SCREENING
    ALT      | 38       | U/L      | 40       | 2024-03-10T08:00 | 2        | CYCLE 1 DAY 1
    ALT      | 36       | U/L      | 40       | 2024-03-10T12:00 | 2        | CYCLE 1 DAY 1
    ALT      | 130      | U/L      | 40       | 2024-04-07       | 3        | CYCLE 2 DAY 1
    ALT      | 201      | U/L      | 40       | 2024-04-12       | 3.1      | UNSCHEDULED
    ALT      | 201      | U/L      | 40       | 2024-06-19       | 4        | SAFETY FOLLOW-UP
    ALT      | 900      | U/L      | 40       | 2024-06-20       | 5        | LATER
"""


def test_baseline_is_the_last_value_before_the_first_dose_and_change_counts_from_it():
    assert pick(laboratory(ALT), "ALT", "AVAL", "ABLFL", "BASE", "CHG", "PCHG", "ADY") == [
        (30, None, 38, None, None, -19),
        (38, "Y", 38, None, None, 1),
        (36, None, 38, -2, pytest.approx(-5.263158), 1),  # timed after the dose
        (130, None, 38, 92, pytest.approx(242.105263), 29),
        (201, None, 38, 163, pytest.approx(428.947368), 34),
        (201, None, 38, 163, pytest.approx(428.947368), 102),
        (900, None, 38, 862, pytest.approx(2268.421053), 103),
    ]


def test_the_day_of_the_first_dose_may_be_left_out_of_baseline():
    rows = laboratory(ALT, **{"baseline.same_day": "never"})
    assert pick(rows, "ALT", "ABLFL") == ["Y", *[None] * 6]


def test_one_record_stands_for_a_visit_and_treatment_ends_30_days_after_the_last_dose():
    assert pick(laboratory(ALT), "ALT", "AVISIT", "ANL01FL", "ONTRTFL") == [
        ("SCREENING", "Y", None),
        ("CYCLE 1 DAY 1", "Y", None),
        ("CYCLE 1 DAY 1", None, "Y"),
        ("CYCLE 2 DAY 1", "Y", "Y"),
        ("UNSCHEDULED", None, "Y"),
        ("SAFETY FOLLOW-UP", "Y", "Y"),
        ("LATER", "Y", None),
    ]


def test_worst_grade_on_treatment_is_the_first_of_the_highest():
    assert pick(laboratory(ALT), "ALT", "ATOXGRH", "BTOXGRH", "WGRHFL", "ATOXGRL") == [
        (0, 0, None, None),
        (0, 0, None, None),
        (0, 0, None, None),
        (2, 0, None, None),
        (3, 0, "Y", None),
        (3, 0, None, None),
        (4, 0, None, None),
    ]


def test_partial_date_is_neither_baseline_nor_on_treatment():
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBDTC      | VISITNUM
        ALT      | 30       | U/L      | 2024-02    | 1
        ALT      | 30       | U/L      | 2024       | 2
        ALT      | 20       | U/L      | 2024-03-09 | 3     # the baseline
    """)
    undated = [row for row in rows if row["ADT"] is None]
    # nor is it a change from baseline: nobody can say that it is later
    assert pick(undated, "ALT", "ABLFL", "ONTRTFL", "BASE", "CHG") == [(None, None, 20, None)] * 2


def test_undated_result_is_graded_by_the_limits_alone():
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRHI | LBDTC      | VISITNUM
        ALT      | 100      | U/L      | 40       | 2024-03-09 | 1     # an abnormal baseline
        ALT      | 110      | U/L      | 40       | 2024-04-01 | 2     # 1.1 times the baseline
        ALT      | 110      | U/L      | 40       | 2024-04    | 3     # 2.75 times the limit
    """)
    assert pick(rows, "ALT", "AVISITN", "ATOXGRH") == [(1, 1), (2, 0), (3, 1)]


def test_units_become_those_of_the_criterion_with_their_limits():
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRLO | LBDTC
        HGB      | 9.9      | g/dL     | 11.5     | 2024-04-01
        HGB      | 100      | g/L      | 115      | 2024-04-08
        HGB      | 6.2      | stones   | 7        | 2024-04-15
    """)
    assert pick(rows, "HGB", "AVAL", "AVALU", "A1LO", "ANRIND", "ATOXGRL", "ATOXDSCL") == [
        (99, "g/L", 115, "LOW", 2, "Anemia"),
        (100, "g/L", 115, "LOW", 1, "Anemia"),
        (6.2, "stones", 7, "LOW", None, None),  # a unit nobody knows is not graded
    ]


def test_abnormal_baseline_is_graded_by_multiples_of_itself():
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRHI | LBDTC
        ALT      | 100      | U/L      | 40       | 2024-03-01
        ALT      | 149      | U/L      | 40       | 2024-04-01
        ALT      | 150      | U/L      | 40       | 2024-04-08
        ALT      | 301      | U/L      | 40       | 2024-04-15
    """)
    assert pick(rows, "ALT", "ATOXGRH", "BTOXGRH") == [(1, 1), (0, 1), (1, 1), (2, 1)]


@pytest.mark.parametrize(
    ("symptoms", "version", "grade"),
    [("recorded", "5.0", 1), ("worst_case", "5.0", 3), ("recorded", "6.0", 1)],
)
def test_symptoms_and_version_are_switches(symptoms, version, grade):
    drawn = """
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRHI | LBDTC
        URATE    | 421      | umol/L   | 420      | 2024-04-01
    """
    rows = laboratory(drawn, **{"ctcae.symptoms": symptoms, "ctcae.version": version})
    assert pick(rows, "URATE", "ATOXGRH", "CTCVER") == [(grade, version)]


@pytest.mark.parametrize(
    ("rule", "values", "kinds"),
    [
        ("limit", [0.5, 100], ["LIMIT", "LIMIT"]),
        ("half", [0.25, 100], ["HALF LIMIT", "HALF LIMIT"]),
        ("missing", [None, None], [None, None]),
    ],
)
def test_results_beyond_a_limit_of_quantification(rule, values, kinds):
    rows = laboratory(
        """
        LBTESTCD | LBSTRESC | LBSTRESU | LBDTC
        CGA      | <0.5     | ng/mL    | 2024-04-01
        CGA      | > 100    | ng/mL    | 2024-04-08
        """,
        **{"lab.below_quantification": rule},
    )
    assert pick(rows, "CGA", "AVAL") == values
    assert pick(rows, "CGA", "DTYPE") == kinds
    assert pick(rows, "CGA", "AVALC") == ["<0.5", "> 100"]


def test_a_test_of_urine_is_a_parameter_of_its_own_and_not_graded_as_blood():
    rows = laboratory("""
        LBTESTCD | LBTEST  | LBSTRESN | LBSTRESU | LBSPEC | LBDTC
        GLUC     | Glucose | 2.0      | mmol/L   | URINE  | 2024-04-01
        GLUC     | Glucose | 2.0      | mmol/L   | SERUM  | 2024-04-01
    """)
    assert pick(rows, "UGLUC", "PARAM", "ATOXGRL") == [("Urine Glucose (mmol/L)", None)]
    assert pick(rows, "GLUC", "PARAM", "ATOXGRL") == [("Glucose (mmol/L)", 3)]


def test_calcium_is_graded_corrected_for_the_albumin_of_the_day():
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRLO | LBDTC
        CA       | 2.10     | mmol/L   | 2.1      | 2024-04-01
        ALB      | 30       | g/L      | 35       | 2024-04-01
        CA       | 1.70     | mmol/L   | 2.1      | 2024-04-08
        ALB      | 40       | g/L      | 35       | 2024-04-08
        CA       | 1.70     | mmol/L   | 2.1      | 2024-04-15   # no albumin that day
    """)
    assert pick(rows, "CACRALB", "AVAL", "ATOXGRL") == [(2.3, 0), (1.7, 3)]
    assert pick(rows, "CA", "ATOXGRL") == [None, None, None]


def test_calcium_is_corrected_for_the_albumin_of_its_own_visit():
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRLO | LBDTC      | VISITNUM
        CA       | 2.10     | mmol/L   | 2.1      | 2024-04-01 | 12
        ALB      | 30       | g/L      | 35       | 2024-04-01 | 12
        CA       | 2.10     | mmol/L   | 2.1      | 2024-04-01 | 901   # a second sample of the day
        ALB      | 45       | g/L      | 35       | 2024-04-01 | 901
        CA       | 2.10     | mmol/L   | 2.1      | 2024-04-08 | 13    # albumin of the day, of another visit
        ALB      | 35       | g/L      | 35       | 2024-04-08 | 902
    """)
    assert pick(rows, "CACRALB", "AVISITN", "AVAL") == [(12, 2.3), (901, 2.0), (13, 2.2)]


def test_filtration_and_clearance_come_from_creatinine():
    # 1.0 mg/dL in a man of 60 with 70 kg
    rows = laboratory("""
        LBTESTCD | LBSTRESN | LBSTRESU | LBDTC
        CREAT    | 88.42    | umol/L   | 2024-04-01
    """)
    assert pick(rows, "GFRBSCRT", "AVAL") == [pytest.approx(86.16, abs=0.005)]
    assert pick(rows, "CREATCLR", "AVAL") == [pytest.approx(77.78, abs=0.005)]
    assert pick(rows, "CREATCLR", "ATOXGRL") == [1]


@pytest.mark.parametrize(
    ("stick", "grams", "collected", "grade"),
    [
        ("1+", None, None, 1),
        ("3+", None, None, 2),
        ("4+", None, None, 3),
        ("NEGATIVE", None, None, 0),
        ("3+", "0.8", "2024-04-08", 1),  # within 7 days the collection counts
        ("3+", "3.5", "2024-03-28", 3),
        ("3+", "0.8", "2024-04-09", 2),  # 8 days: too far
    ],
)
def test_collection_of_24_hours_takes_the_place_of_the_dipstick(stick, grams, collected, grade):
    collection = f"PROTEXR | | {grams} | g/day | URINE | {collected}" if grams else ""
    rows = laboratory(f"""
        LBTESTCD | LBSTRESC | LBSTRESN | LBSTRESU | LBSPEC | LBDTC
        PROT     | {stick}  |          |          | URINE  | 2024-04-01
        {collection}
    """)
    assert pick(rows, "UPROT", "ATOXGRH", "ATOXDSCH") == [(grade, "Proteinuria")]


@pytest.mark.parametrize(
    ("alt", "bili", "bili_day", "alp", "answer"),
    [
        (120, 41, "2024-04-01", 100, "Y"),  # exactly 3 times counts
        (119, 41, "2024-04-01", 100, "N"),
        (120, 40, "2024-04-01", 100, "N"),  # exactly 2 times does not
        (120, 41, "2024-04-04", 100, "Y"),
        (120, 41, "2024-04-01", 200, "N"),  # cholestasis
    ],
)
def test_potential_hys_law(alt, bili, bili_day, alp, answer):
    rows = laboratory(f"""
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRHI | LBDTC
        ALT      | {alt}    | U/L      | 40       | 2024-04-01
        BILI     | {bili}   | umol/L   | 20       | {bili_day}
        ALP      | {alp}    | U/L      | 100      | 2024-04-01
    """)
    assert pick(rows, "HYLAW", "AVALC", "AVAL") == [(answer, 1.0 if answer == "Y" else 0.0)]


def test_bilirubin_too_far_away_gives_no_answer_and_exactly_twice_is_a_switch():
    drawn = """
        LBTESTCD | LBSTRESN | LBSTRESU | LBSTNRHI | LBDTC
        AST      | 120      | U/L      | 40       | 2024-04-01
        BILI     | 40       | umol/L   | 20       | 2024-04-05
    """
    assert pick(laboratory(drawn), "HYLAW", "AVALC") == []
    near = drawn.replace("04-05", "04-04")
    assert pick(laboratory(near), "HYLAW", "AVALC") == ["N"]
    assert pick(laboratory(near, **{"liver.hys_law_bilirubin": "at_least"}), "HYLAW", "AVALC") == ["Y"]


def test_a_domain_without_records_gives_the_columns():
    rows = laboratory("LBTESTCD | LBSTRESN | LBDTC\n")
    assert rows == []
