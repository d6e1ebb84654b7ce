"""Adherence by counting capsules: what was taken of what the dose in force asked for."""

import pyarrow as pa

from grevy.adam.adex import compute_doses_per_day
from grevy.adam.pill_count import count_pills

TYPES = {name: pa.string() for name in ("STUDYID", "USUBJID", "DADTC", "EXDOSFRQ")} | {
    name: pa.date32() for name in ("ASTDT", "AENDT")
}


def count(da, doses):
    return count_pills(da, doses, compute_doses_per_day(doses))


def test_taken_of_prescribed_without_the_days_that_were_ordered_off(spec):
    """300 mg are six capsules of 50 mg a day, 250 mg five; a rest that was never counted says nothing."""
    spec(
        count,
        types=TYPES,
        given={
            "da": """
                STUDYID | USUBJID | VISITNUM | DATESTCD | DASTRESN | DADTC
                S       | 1       | 11       | DISPAMT  | 168      | 2024-01-01
                S       | 1       | 11       | RETAMT   | 10       | 2024-01-29
                S       | 1       | 12       | DISPAMT  | 168      | 2024-01-29
                S       | 1       | 12       | RETAMT   | 90       | 2024-02-26
                S       | 1       | 12       | LOSTAMT  | 3        | 2024-02-26
                # not yet counted
                S       | 1       | 13       | DISPAMT  | 140      | 2024-02-26
                # returned late: the next dispensing serves from its own day
                S       | 2       | 11       | DISPAMT  | 168      | 2024-01-01
                S       | 2       | 11       | RETAMT   | 0        | 2024-02-10
                S       | 2       | 12       | DISPAMT  | 168      | 2024-01-29
                S       | 2       | 12       | RETAMT   | 96       | 2024-02-10
                # the day of the return is not known
                S       | 3       | 11       | DISPAMT  | 168      | 2024-01-01
                S       | 3       | 11       | RETAMT   | 0        | 2024-02
            """,
            "doses": """
                STUDYID | USUBJID | EXDOSE | EXDOSFRQ | ASTDT      | AENDT
                # 28 days at six; 7 days off and 21 at five
                S       | 1       | 300    | QD       | 2024-01-01 | 2024-01-28
                S       | 1       | 0      | QD       | 2024-01-29 | 2024-02-04
                S       | 1       | 250    | QD       | 2024-02-05 | 2024-03-30
                S       | 2       | 300    | QD       | 2024-01-01 | 2024-03-30
                S       | 3       | 300    | QD       | 2024-01-01 | 2024-01-28
            """,
        },
        expect="""
            USUBJID | CAPDISP | CAPRET | CAPLOST | CAPTAKEN | CAPPRES | ADHERPC
            # 168 + 105 prescribed; 158 + 75 taken
            1       | 336     | 100    | 3       | 233      | 273     | 85.3479853479854
            # 28 days and 12 days at six
            2       | 336     | 96     | 0       | 240      | 240     | 100
        """,
    )
