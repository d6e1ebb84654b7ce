"""Medications, procedures, deviations and history: before, during and after treatment; partial dates."""

from datetime import date

import ibis
import pyarrow as pa

from grevy.adam.adcm import SUBJECT_VARIABLES, build_adcm, build_addv, build_admh, build_adpr
from grevy.definition import load_study
from grevy.sdtm.domains import conform

PLAN = load_study("studies/surufatinib_nen").analysis
DATES = [name for name in SUBJECT_VARIABLES if name.endswith("DT")]
# 1 treated from 10 March to 20 May 2024; 2 died on 20 April; 3 was never treated; of 4 data end on 15 April
TREATED = {"STUDYID": "S", "SAFFL": "Y", "TRTSDT": date(2024, 3, 10), "TRTEDT": date(2024, 5, 20)}
SUBJECTS = [
    TREATED | {"USUBJID": "1"},
    TREATED | {"USUBJID": "2", "TRTEDT": date(2024, 4, 18), "DTHDT": date(2024, 4, 20)},
    {"STUDYID": "S", "USUBJID": "3"},
    TREATED | {"USUBJID": "4", "TRTEDT": date(2024, 4, 15), "CUTDT": date(2024, 4, 15)},
]
SCHEMA = [("STUDYID", pa.string()), ("USUBJID", pa.string())] + [
    (name, pa.date32() if name in DATES else pa.string()) for name in SUBJECT_VARIABLES
]


def read_subjects():
    return ibis.memtable(pa.Table.from_pylist(SUBJECTS, schema=pa.schema(SCHEMA)))


def derive_adcm(cm):
    return build_adcm(conform(cm, "CM"), read_subjects(), PLAN)


def derive_admh(mh):
    return build_admh(conform(mh, "MH"), read_subjects())


def derive_adpr(pr):
    return build_adpr(conform(pr, "PR"), read_subjects(), PLAN)


def derive_addv(dv):
    return build_addv(conform(dv, "DV"), read_subjects())


def test_a_procedure_takes_a_day_where_no_end_was_entered(spec):
    spec(
        derive_adpr,
        given="""
            STUDYID | USUBJID | PRSEQ | PRTRT       | PRSTDTC    | PRENDTC
            S       | 1       | 1     | Biopsy      | 2024-03-09 |
            S       | 1       | 2     | Colonoscopy | 2024-03-10 |
            S       | 1       | 3     | Drainage    | 2024-03-09 | 2024-03-11T09:00
            S       | 1       | 4     | Surgery     | 2024-06-20 |
        """,
        expect="""
            PRSEQ | PRENDTC    | ASTDT      | AENDT      | ASTDY | PREFL | ONTRTFL | FUPFL | SRCDOM | SRCSEQ
            1     |            | 2024-03-09 | 2024-03-09 | -1    | Y     |         |       | PR     | 1
            2     |            | 2024-03-10 | 2024-03-10 | 1     |       | Y       |       | PR     | 2
            3     | 2024-03-11T09:00 | 2024-03-09 | 2024-03-11 | -1    | Y     | Y       |       | PR     | 3
            4     |            | 2024-06-20 | 2024-06-20 | 103   |       |         | Y     | PR     | 4
        """,
    )


def test_a_deviation_has_its_day_and_keeps_its_class(spec):
    spec(
        derive_addv,
        given="""
            STUDYID | USUBJID | DVSEQ | DVTERM     | DVCAT  | DVSCAT | DVSTDTC
            S       | 1       | 1     | Late visit | VISIT  | MINOR  | 2024-04-10
            S       | 1       | 2     | Late again | VISIT  | MAJOR  | 2024-05
        """,
        expect="""
            DVSEQ | DVCAT | DVSCAT | ASTDT      | ASTDTF | ASTDY | SRCDOM
            1     | VISIT | MINOR  | 2024-04-10 |        | 32    | DV
            2     | VISIT | MAJOR  | 2024-05-01 | D      | 53    | DV
        """,
    )


def test_medication_is_prior_concomitant_or_of_follow_up(spec):
    spec(
        derive_adcm,
        given="""
            STUDYID | USUBJID | CMSEQ | CMTRT      | CMSTDTC    | CMENDTC
            # over the day before treatment, on the day of the first dose, and never
            S       | 1       | 1     | Amlodipine | 2024-02-01 | 2024-03-09
            S       | 1       | 2     | Amlodipine | 2024-02-01 | 2024-03-10
            S       | 1       | 3     | Amlodipine | 2024-02-01 |
            # begun with treatment, 30 days after the last dose, and the day after
            S       | 1       | 4     | Loperamide | 2024-03-10 | 2024-03-12
            S       | 1       | 5     | Loperamide | 2024-06-19 | 2024-06-21
            S       | 1       | 6     | Loperamide | 2024-06-20 | 2024-06-21
            # never treated
            S       | 3       | 1     | Amlodipine | 2024-02-01 |
        """,
        expect="""
            CMSEQ | ASTDT      | AENDT      | ASTDY | AENDY | PREFL | ONTRTFL | FUPFL | SRCDOM | SRCSEQ
            1     | 2024-02-01 | 2024-03-09 | -38   | -1    | Y     |         |       | CM     | 1
            2     | 2024-02-01 | 2024-03-10 | -38   | 1     | Y     | Y       |       | CM     | 2
            3     | 2024-02-01 |            | -38   |       | Y     | Y       |       | CM     | 3
            4     | 2024-03-10 | 2024-03-12 | 1     | 3     |       | Y       |       | CM     | 4
            5     | 2024-06-19 | 2024-06-21 | 102   | 104   |       | Y       |       | CM     | 5
            6     | 2024-06-20 | 2024-06-21 | 103   | 104   |       |         | Y     | CM     | 6
            1     | 2024-02-01 |            |       |       |       |         |       | CM     | 1
        """,
    )


def test_partial_medication_dates_span_all_possible_days_but_none_after_death_or_cut_off(spec):
    spec(
        derive_adcm,
        given="""
            STUDYID | USUBJID | CMSEQ | CMSTDTC | CMENDTC
            S       | 1       | 1     | 2024-04 | 2024-04
            S       | 1       | 2     | 2023    | 2024
            S       | 2       | 3     | 2024-04 | 2024-04
            S       | 4       | 4     | 2024-04 | 2024-04
            # nobody knows when it began
            S       | 1       | 5     |         | 2024-03-09
            S       | 1       | 6     |         |
        """,
        expect="""
            CMSEQ | ASTDT      | ASTDTF | AENDT      | AENDTF | PREFL | ONTRTFL
            1     | 2024-04-01 | D      | 2024-04-30 | D      |       | Y
            2     | 2023-01-01 | M      | 2024-12-31 | M      | Y     | Y
            3     | 2024-04-01 | D      | 2024-04-20 | D      |       | Y
            4     | 2024-04-01 | D      | 2024-04-15 | D      |       | Y
            5     |            |        | 2024-03-09 |        | Y     |
            6     |            |        |            |        | Y     | Y
        """,
    )


def test_another_anticancer_therapy_that_may_be_after_the_first_dose_does_not_begin_before_it(spec):
    """The same day as in ADSL (NWTRSDT); other medications, and what was over before, keep the first day."""
    spec(
        derive_adcm,
        given="""
            STUDYID | USUBJID | CMSEQ | CMCAT                          | CMSTDTC
            S       | 1       | 1     | SUBSEQUENT ANTI-CANCER THERAPY | 2024-03
            S       | 1       | 2     | SUBSEQUENT ANTI-CANCER THERAPY | 2024-05
            S       | 1       | 3     | SUBSEQUENT ANTI-CANCER THERAPY | 2024-02
            S       | 1       | 4     | GENERAL CONMED                 | 2024-03
            # never treated
            S       | 3       | 5     | SUBSEQUENT ANTI-CANCER THERAPY | 2024-03
        """,
        expect="""
            CMSEQ | ASTDT      | ASTDTF
            1     | 2024-03-10 | D
            2     | 2024-05-01 | D
            3     | 2024-02-01 | D
            4     | 2024-03-01 | D
            5     | 2024-03-01 | D
        """,
    )


def test_condition_is_ongoing_when_it_was_not_over_at_the_first_dose(spec):
    spec(
        derive_admh,
        given="""
            STUDYID | USUBJID | MHSEQ | MHTERM       | MHSTDTC    | MHENDTC    | MHENRTPT
            S       | 1       | 1     | Appendicitis | 2010       | 2010-06    |
            S       | 1       | 2     | Hypertension | 2015-03    |            | ONGOING
            S       | 1       | 3     | Fracture     | 2024-01-20 | 2024-03-09 |
            S       | 1       | 4     | Shingles     | 2024-01-20 | 2024-03-10 |
            # begun after the first dose, and when nobody knows
            S       | 1       | 5     | Gout         | 2024-03-10 |            | ongoing
            S       | 1       | 6     | Asthma       |            |            |
            # never treated
            S       | 3       | 7     | Hypertension | 2015-03    |            | ONGOING
        """,
        expect="""
            MHSEQ | MHTERM       | ASTDT      | AENDT      | ASTDY | PREFL | ONGOFL | SRCDOM
            1     | Appendicitis | 2010-01-01 | 2010-06-30 | -5182 | Y     |        | MH
            2     | Hypertension | 2015-03-01 |            | -3297 | Y     | Y      | MH
            3     | Fracture     | 2024-01-20 | 2024-03-09 | -50   | Y     |        | MH
            4     | Shingles     | 2024-01-20 | 2024-03-10 | -50   | Y     | Y      | MH
            5     | Gout         | 2024-03-10 |            | 1     |       | Y      | MH
            6     | Asthma       |            |            |       | Y     |        | MH
            7     | Hypertension | 2015-03-01 |            |       |       | Y      | MH
        """,
    )
