"""Per-protocol set: who leaves it, and for which reason."""

import pyarrow as pa
import pytest

from grevy.adam.build import flag_per_protocol
from grevy.definition import load_study

ADSL = """
    STUDYID | USUBJID | COHORT | FASFL | SCRFREAS | EARLYNT
    S       | 1       | MONO   | Y     |          | N
    S       | 2       | COMBO  | Y     |          | N
    S       | 3       | MONO   | Y     | INCL03   | N
    S       | 4       | MONO   | Y     |          | Y
    S       | 5       | MONO   | N     |          | N
    S       | 6       | OTHER  | Y     |          | N
"""
NO_DEVIATION = """
    STUDYID | USUBJID | DVCAT | DVSCAT
    S       | 1       |       | MINOR
"""
TYPES = {"DVCAT": pa.string(), "DVSCAT": pa.string(), "SCRFREAS": pa.string(), "USUBJID": pa.string()}
PROTOCOL_KEPT = """
    STUDYID | USUBJID | PARAMCD  | AVAL
    S       | 1       | STRTDOSE | 300
    S       | 1       | RDIEARLY | 50.0   # exactly half is enough
    S       | 2       | STRTDOSE | 250
    S       | 2       | RDIEARLY | 100.0
"""


@pytest.fixture(scope="module")
def plan():
    return load_study("studies/surufatinib_nen").analysis


def test_eligibility_other_therapy_and_the_full_analysis_set(spec, plan):
    spec(
        flag_per_protocol,
        given={"adsl": ADSL, "adex": PROTOCOL_KEPT, "dv": NO_DEVIATION},
        expect="""
            USUBJID | PPROTFL | PPROTRES
            1       | Y       |
            2       | Y       |
            3       | N       | Eligibility criterion violated
            4       | N       | Other therapy before the first assessment
            5       | N       |                                     # not in the full analysis set
            6       | Y       |                                     # a regimen without a planned dose
        """,
        types=TYPES,
        plan=plan,
    )


@pytest.mark.parametrize(
    ("dose", "intensity", "switches", "reason"),
    [
        ("250", "100", {}, "Starting dose not that of the regimen"),
        ("250", "100", {"sets.starting_dose": "false"}, None),
        ("300", "49.9", {}, "Dose intensity of the first weeks too low"),
        ("300", "49.9", {"sets.minimum_intensity": "40"}, None),
        ("300", "50.0", {}, None),
    ],
)
def test_starting_dose_and_early_dose_intensity(spec, plan, dose, intensity, switches, reason):
    spec(
        flag_per_protocol,
        given={
            "adsl": "\n".join(ADSL.splitlines()[:3]),
            "adex": f"""
                STUDYID | USUBJID | PARAMCD  | AVAL
                S       | 1       | STRTDOSE | {dose}
                S       | 1       | RDIEARLY | {intensity}
            """,
            "dv": NO_DEVIATION,
        },
        expect=f"""
            USUBJID | PPROTFL                  | PPROTRES
            1       | {"N" if reason else "Y"} | {reason or ""}
        """,
        types=TYPES,
        plan=plan.with_values(switches),
    )


def test_major_deviation_recorded(spec, plan):
    spec(
        flag_per_protocol,
        given={
            "adsl": "\n".join(ADSL.splitlines()[:4]),
            "adex": PROTOCOL_KEPT,
            "dv": """
                STUDYID | USUBJID | DVCAT          | DVSCAT
                S       | 1       | INFORMED CONSENT | MAJOR
                S       | 1       | VISIT          | MINOR
                S       | 2       | VISIT          | MINOR
            """,
        },
        expect="""
            USUBJID | PPROTFL | PPROTRES
            1       | N       | Major protocol deviation
            2       | Y       |
        """,
        types=TYPES,
        plan=plan,
    )
