"""Times to treatment failure, to first severe hypertension and to deterioration of what patients report."""

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import get_args

import ibis
import pyarrow as pa

from grevy.adam.adtte import _failure_rows
from grevy.adam.deterioration import build_deterioration_rows
from grevy.adam.first_events import HYPERTENSION, build_first_event_rows
from grevy.definition import load_study
from grevy.definition.analysis_plan import Scale
from grevy.rules.deterioration import DEFINITIONS, find_definitive_deterioration
from grevy.rules.questionnaires import HIGHER_IS_BETTER


def keep_in_memory(expression):
    return ibis.memtable(expression.to_pyarrow())


PLAN = load_study("studies/surufatinib_nen").analysis
DATES = {
    name: pa.date32()
    for name in ("TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT", "NWTRSDT", "DCTDT", "ORIGIN", "ADT", "ASTDT")
}
TEXTS = {name: pa.string() for name in ("STUDYID", "USUBJID", "DCTREAS", "ABLFL", "AETERM")}
TYPES = {**DATES, **TEXTS, "BASE": pa.float64(), "CHG": pa.float64(), "AVAL": pa.float64()}


def failures(starts, adrs, switches=None):
    return _failure_rows(starts.mutate(ORIGIN=starts.TRTSDT), adrs, PLAN.with_values(switches or {}))


STOPS = """
    STUDYID | USUBJID | TRTSDT     | TRTEDT     | DCTREAS       | DCTDT      | DTHDT      | LSTALVDT
    # stopped, then died
    S       | 1       | 2024-01-01 | 2024-03-01 | ADVERSE EVENT | 2024-03-04 | 2024-05-01 | 2024-05-01
    # died under treatment
    S       | 2       | 2024-01-01 |            |               |            | 2024-04-01 | 2024-04-01
    # on treatment, beyond progression
    S       | 3       | 2024-01-01 |            |               |            |            | 2024-06-01
    # the last dose is not known, the decision is
    S       | 4       | 2024-01-01 |            | WITHDRAWAL    | 2024-02-10 |            | 2024-03-01
"""
PROGRESSED = """
    STUDYID | USUBJID | PARAMCD | AVALC | ADT
    S       | 1       | PD      | N     |
    S       | 3       | PD      | Y     | 2024-03-05
"""


def test_treatment_fails_with_its_permanent_stop_or_death(spec):
    spec(
        failures,
        types=TYPES,
        given={"starts": STOPS, "adrs": PROGRESSED},
        expect="""
            USUBJID | ADT        | CNSR | EVNTDESC                    | SRCDOM | SRCVAR
            1       | 2024-03-01 | 0    | Permanent stop of treatment | ADSL   | TRTEDT
            2       | 2024-04-01 | 0    | Death                       | ADSL   | DTHDT
            3       | 2024-06-01 | 1    |                             | ADSL   | LSTALVDT
            4       | 2024-02-10 | 0    | Permanent stop of treatment | ADSL   | DCTDT
        """,
    )


def test_progression_is_a_failure_where_the_plan_says_so(spec):
    spec(
        failures,
        types=TYPES,
        given={"starts": STOPS, "adrs": PROGRESSED},
        switches={"ttf.progression": "event"},
        expect="""
            USUBJID | ADT        | CNSR | EVNTDESC                    | SRCDOM
            1       | 2024-03-01 | 0    | Permanent stop of treatment | ADSL
            2       | 2024-04-01 | 0    | Death                       | ADSL
            3       | 2024-03-05 | 0    | Disease progression         | ADRS
            4       | 2024-02-10 | 0    | Permanent stop of treatment | ADSL
        """,
    )


def first_hypertension(starts, adae, switches=None):
    starts = starts.mutate(ORIGIN=starts.TRTSDT)
    (rows,) = build_first_event_rows(adae, starts, PLAN.with_values(switches or {}), HYPERTENSION)
    return rows


TREATED = """
    STUDYID | USUBJID | TRTSDT     | TRTEDT     | DTHDT      | LSTALVDT   | NWTRSDT
    S       | 1       | 2024-01-01 | 2024-03-01 |            | 2024-08-01 |
    S       | 2       | 2024-01-01 | 2024-03-01 |            | 2024-08-01 | 2024-03-11
    S       | 3       | 2024-01-01 | 2024-03-01 | 2024-03-20 | 2024-03-15 |
    S       | 4       | 2024-01-01 |            |            | 2024-06-01 |
    S       | 5       | 2024-01-01 | 2024-03-01 |            | 2024-03-09 |
    S       | 6       | 2024-01-01 | 2024-03-01 | 2024-04-01 | 2024-04-01 |
"""
EVENTS = """
    STUDYID | USUBJID | ASEQ | AEDECOD               | AETERM       | ATOXGR | TRTEMFL | ASTDT
    # grade 2 first, then twice grade 3
    S       | 1       | 1    | Hypertension          |              | 2      | Y       | 2024-01-05
    S       | 1       | 2    | Hypertension          |              | 3      | Y       | 2024-02-20
    S       | 1       | 3    | Hypertensive crisis   |              | 4      | Y       | 2024-02-10
    # another disease with the word, and an event before treatment
    S       | 2       | 1    | Portal hypertension   |              | 3      | Y       | 2024-01-20
    S       | 2       | 2    | Hypertension          |              | 3      |         | 2023-12-01
    # not coded
    S       | 4       | 1    |                       | HYPERTENSION | 3      | Y       | 2024-05-01
"""


def test_time_to_the_first_severe_hypertension_under_treatment(spec):
    spec(
        first_hypertension,
        types=TYPES,
        given={"starts": TREATED, "adae": EVENTS},
        expect="""
            USUBJID | ADT        | CNSR | SRCDOM | SRCVAR   | SRCSEQ
            1       | 2024-02-10 | 0    | ADAE   | ASTDT    | 3
            2       | 2024-03-31 | 2    | ADSL   | TRTEDT   |
            # death comes before the end of the 30 days, whenever the last contact was
            3       | 2024-03-20 | 3    | ADSL   | DTHDT    |
            4       | 2024-05-01 | 0    | ADAE   | ASTDT    | 1
            5       | 2024-03-09 | 1    | ADSL   | LSTALVDT |
            6       | 2024-03-31 | 2    | ADSL   | TRTEDT   |
        """,
    )


def test_new_therapy_ends_the_time_at_risk_where_the_plan_says_so(spec):
    spec(
        first_hypertension,
        types=TYPES,
        given={"starts": TREATED, "adae": EVENTS.replace("S       | 4       | 1", "S       | 9       | 1")},
        switches={"te.end_at_new_therapy": "true"},
        expect="""
            USUBJID | ADT        | CNSR | SRCVAR
            1       | 2024-02-10 | 0    | ASTDT
            2       | 2024-03-10 | 4    | NWTRSDT
            3       | 2024-03-20 | 3    | DTHDT
            4       | 2024-06-01 | 1    | LSTALVDT
            5       | 2024-03-09 | 1    | LSTALVDT
            6       | 2024-03-31 | 2    | TRTEDT
        """,
    )


# --- Deterioration ---------------------------------------------------------------------------------


def deteriorations(adqs, starts, adrs, parameters, switches=None, points=None):
    """The rows of some parameters; a score is drawn without what follows from it."""
    base = adqs.filter(adqs.ABLFL == "Y").select("USUBJID", "PARAMCD", BASE="AVAL")
    rows = adqs.left_join(base, ["USUBJID", "PARAMCD"]).drop("USUBJID_right", "PARAMCD_right")
    change = ibis.cases((rows.ABLFL.isnull(), rows.AVAL - rows.BASE))
    rows = rows.mutate(STUDYID=ibis.literal("S"), CHG=change, PARAM=ibis.literal("a scale"))
    starts = starts.mutate(ORIGIN=starts.TRTSDT)
    plan = PLAN.with_values(switches or {}).model_copy(update={"scale_points": points or {}})
    parts = build_deterioration_rows(rows, adrs, starts, plan, keep=keep_in_memory)
    found = ibis.union(*parts)
    return found.filter(found.PARAMCD.isin(parameters))


SCORES = """
    USUBJID | PARAMCD | ASEQ | ADT        | AVAL | ABLFL
    # worse by ten, and worse in all scores after it
    1       | QL      | 1    | 2024-01-01 | 80   | Y
    1       | QL      | 2    | 2024-02-01 | 70   |
    1       | QL      | 3    | 2024-03-01 | 60   |
    1       | QL      | 4    | 2024-04-01 | 70   |
    # worse once, then as before
    2       | QL      | 1    | 2024-01-01 | 80   | Y
    2       | QL      | 2    | 2024-02-01 | 60   |
    2       | QL      | 3    | 2024-03-01 | 80   |
    # the same on a scale of which more is worse
    2       | FA      | 4    | 2024-01-01 | 20   | Y
    2       | FA      | 5    | 2024-02-01 | 29   |
    2       | FA      | 6    | 2024-03-01 | 30   |
    # a baseline and no later score
    3       | QL      | 1    | 2024-01-01 | 80   | Y
    # no baseline
    4       | QL      | 1    | 2024-02-01 | 80   |
    # no later score, but death
    5       | QL      | 1    | 2024-01-01 | 80   | Y
"""
STARTS = """
    STUDYID | USUBJID | TRTSDT     | DTHDT
    S       | 1       | 2024-01-02 | 2024-09-01
    S       | 2       | 2024-01-02 | 2024-07-01
    S       | 3       | 2024-01-02 |
    S       | 4       | 2024-01-02 |
    S       | 5       | 2024-01-02 | 2024-03-20
"""
FOLLOWED = {
    "adqs": SCORES,
    "starts": STARTS,
    "adrs": """
        STUDYID | USUBJID | PARAMCD | AVALC | ADT
        S       | 1       | PD      | N     |
        S       | 2       | PD      | Y     | 2024-05-01
    """,
}


def test_deterioration_or_death_ends_the_time_and_the_last_score_censors_it(spec):
    spec(
        deteriorations,
        types=TYPES,
        given=FOLLOWED,
        parameters=["TTDQL", "TTDFA"],
        expect="""
            USUBJID | PARAMCD | ADT        | CNSR | EVNTDESC                 | SRCDOM | SRCVAR | SRCSEQ
            1       | TTDQL   | 2024-02-01 | 0    | Definitive deterioration | ADQS   | ADT    | 2
            2       | TTDQL   | 2024-07-01 | 0    | Death                    | ADSL   | DTHDT  |
            # a change of exactly ten points at the last score counts: nothing came to undo it
            2       | TTDFA   | 2024-03-01 | 0    | Definitive deterioration | ADQS   | ADT    | 6
            3       | TTDQL   | 2024-01-02 | 2    |                          | ADSL   | TRTSDT |
            5       | TTDQL   | 2024-03-20 | 0    | Death                    | ADSL   | DTHDT  |
        """,
    )


def test_other_events_stand_beside_the_plan_s(spec):
    spec(
        deteriorations,
        types=TYPES,
        given=FOLLOWED,
        parameters=["TDNQL", "TDPQL"],
        expect="""
            USUBJID | PARAMCD | ADT        | CNSR | EVNTDESC                 | SRCDOM | SRCSEQ
            1       | TDNQL   | 2024-02-01 | 0    | Definitive deterioration | ADQS   | 2
            2       | TDNQL   | 2024-03-01 | 1    |                          | ADQS   | 3
            3       | TDNQL   | 2024-01-02 | 2    |                          | ADSL   |
            5       | TDNQL   | 2024-01-02 | 2    |                          | ADSL   |
            1       | TDPQL   | 2024-02-01 | 0    | Definitive deterioration | ADQS   | 2
            2       | TDPQL   | 2024-05-01 | 0    | Disease progression      | ADRS   |
            3       | TDPQL   | 2024-01-02 | 2    |                          | ADSL   |
            5       | TDPQL   | 2024-03-20 | 0    | Death                    | ADSL   |
        """,
    )


def test_a_switch_of_the_plan_changes_the_main_definition(spec):
    spec(
        deteriorations,
        types=TYPES,
        given=FOLLOWED,
        parameters=["TTDQL", "TD2QL"],
        switches={"pro.deterioration": "first", "pro.deterioration_points": "20"},
        expect="""
            USUBJID | PARAMCD | ADT        | CNSR
            1       | TTDQL   | 2024-03-01 | 0
            2       | TTDQL   | 2024-02-01 | 0
            3       | TTDQL   | 2024-01-02 | 2
            5       | TTDQL   | 2024-03-20 | 0
            1       | TD2QL   | 2024-09-01 | 0
            2       | TD2QL   | 2024-07-01 | 0
            3       | TD2QL   | 2024-01-02 | 2
            5       | TD2QL   | 2024-03-20 | 0
        """,
    )


def test_a_threshold_of_one_scale_moves_that_scale_alone(spec):
    """Both scales fall by ten in February and by ten more in March, which is where 20 points are reached."""
    given = dict(FOLLOWED)
    given["adqs"] = """
        USUBJID | PARAMCD | ASEQ | ADT        | AVAL | ABLFL
        1       | QL      | 1    | 2024-01-01 | 80   | Y
        1       | QL      | 2    | 2024-02-01 | 70   |
        1       | QL      | 3    | 2024-03-01 | 60   |
        1       | PF      | 4    | 2024-01-01 | 80   | Y
        1       | PF      | 5    | 2024-02-01 | 70   |
        1       | PF      | 6    | 2024-03-01 | 60   |
    """
    spec(
        deteriorations,
        types=TYPES,
        given=given,
        parameters=["TTDQL", "TTDPF"],
        points={"QL": "20"},
        expect="""
            USUBJID | PARAMCD | ADT        | CNSR
            1       | TTDPF   | 2024-02-01 | 0
            1       | TTDQL   | 2024-03-01 | 0
        """,
    )


PREFIXES = {"def2": "TTD", "def1": "TD1", "def3": "TD3"}
QOLR = [
    # the examples run through QoLR: baseline 80, high is good; the form that counts under each definition
    ((80, 65, 60, 65), {"def1": 1, "def2": 1, "def3": 1}),
    ((65, 80, 80, 80), {"def1": 0, "def2": None, "def3": None}),
    ((65, 95, 80, 80), {"def1": None, "def2": None, "def3": None}),
    ((65, 60, 72, 72), {"def1": 0, "def2": None, "def3": 0}),
    ((80, 80, 80, 65), {"def1": 3, "def2": 3, "def3": 3}),
    ((60, 70, 65, 65), {"def1": 0, "def2": 0, "def3": 0}),
]


def place_deteriorations(courses: list[tuple[str, list[Fraction]]]) -> dict[tuple[int, str], int | None]:
    """Which form of each course counts, by definition; the first score is the baseline."""
    first = date(2024, 1, 1)
    rows = [
        {
            "USUBJID": str(number),
            "PARAMCD": scale,
            "ASEQ": at + 1,
            "ADT": first + timedelta(days=28 * at),
            "AVAL": float(score),
            "ABLFL": "Y" if at == 0 else None,
        }
        for number, (scale, scores) in enumerate(courses)
        for at, score in enumerate(scores)
    ]
    starts = [{"STUDYID": "S", "USUBJID": str(n), "TRTSDT": first} for n in range(len(courses))]
    adqs = ibis.memtable(pa.Table.from_pylist(rows))
    base = adqs.filter(adqs.ABLFL == "Y").select("USUBJID", BASE="AVAL")
    adqs = adqs.left_join(base, "USUBJID").drop("USUBJID_right")
    change = ibis.cases((adqs.ABLFL.isnull(), (adqs.AVAL - adqs.BASE).round(6)))
    adqs = adqs.mutate(STUDYID=ibis.literal("S"), CHG=change, PARAM=ibis.literal(""))
    starts = ibis.memtable(pa.Table.from_pylist(starts)).mutate(
        ORIGIN=ibis.literal(first), DTHDT=ibis.null("date")
    )
    texts = {name: pa.string() for name in ("STUDYID", "USUBJID", "PARAMCD", "AVALC")}
    none = pa.schema({**texts, "ADT": pa.date32()})
    parts = build_deterioration_rows(
        adqs, ibis.memtable(none.empty_table()), starts, PLAN, keep=keep_in_memory
    )
    found = {}
    for row in ibis.union(*parts).to_pyarrow().to_pylist():
        for name, prefix in PREFIXES.items():
            if row["PARAMCD"].startswith(prefix):
                is_event = row["CNSR"] == 0
                found[int(row["USUBJID"]), name] = (row["ADT"] - first).days // 28 - 1 if is_event else None
    return found


def test_the_examples_of_qolr():
    found = place_deteriorations([("QL", [Fraction(80), *map(Fraction, course)]) for course, _ in QOLR])
    expected = {(n, name): form for n, (_, forms) in enumerate(QOLR) for name, form in forms.items()}
    assert found == expected


def test_courses_of_scores_agree_with_the_rule_for_one_subject():
    """Scores are thirds and twelfths of a hundred, as scales have them; some lie exactly at the threshold."""
    source = random.Random(11)
    steps = [Fraction(100, 12) * n for n in range(13)] + [Fraction(10) * n for n in range(11)]
    courses = [
        (source.choice(["QL", "FA"]), [source.choice(steps) for _ in range(source.randint(2, 7))])
        for _ in range(400)
    ]
    expected = {
        (number, name): find_definitive_deterioration(
            scores[0], scores[1:], higher_is_better=HIGHER_IS_BETTER[scale], definition=name
        )
        for number, (scale, scores) in enumerate(courses)
        for name in DEFINITIONS
    }
    assert place_deteriorations(courses) == expected
    assert len(set(expected.values())) > 4


def test_every_scale_with_a_direction_can_be_primary_and_no_other():
    assert set(get_args(Scale)) == set(HIGHER_IS_BETTER)
