"""The history that the walk types: two patients of one hospital, day by day from the first dose."""

from __future__ import annotations

from dataclasses import dataclass

from whole_study import day

CONSENT = {"consent_date": day(-20), "consent_version": "1.0"}
JUDGED = {f"in0{n}": "MET" for n in range(1, 7)} | {f"ex0{n}": "NOT_MET" for n in range(1, 7)}


def vital_signs(elapsed: int, sbp: str = "128", dbp: str = "78") -> dict[str, str]:
    return {"assessed_date": day(elapsed), "position": "SITTING", "sbp": sbp, "dbp": dbp, "pulse": "72",
            "temperature": "36.6", "weight": "68.0"}  # fmt: skip


def hematology(elapsed: int, neut: str = "3.10") -> dict[str, str]:
    return {"collected_date": day(elapsed), "wbc": "5.20", "neut": neut, "lym": "1.50", "plt": "182",
            "hgb": "131", "rbc": "4.30"}  # fmt: skip


def chemistry(elapsed: int) -> dict[str, str]:
    return {
        "collected_date": day(elapsed),
        "alt": "24",
        "ast": "27",
        "bili": "11.2",
        "albumin": "42",
        "creat": "71",
    }


def urinalysis(elapsed: int) -> dict[str, str]:
    return {
        "collected_date": day(elapsed),
        "protein": "NEG",
        "blood": "NEG",
        "glucose": "NEG",
        "wbc": "NEG",
        "ph": "6.0",
    }


def screening() -> dict[str, dict[str, str]]:
    """The evidence, in the order of the visit."""
    return {
        "demographics": {
            "birth_date": "1961-04", "sex": "M", "ethnicity": "HAN", "height_cm": "172", "weight_kg": "68",
            "ecog": "1", "smoking": "NEVER",
        },
        "nen_diagnosis": {
            "diagnosis_date": day(-90), "confirmed": "HISTOLOGY", "primary_site": "PANCREAS",
            "differentiation": "WELL", "nen_class": "NET_G2", "ki67": "8", "stage": "IV", "liver_met": "Y",
            "node_met": "Y", "bone_met": "Y", "prior_systemic_lines": "1",
        },
        "vital_signs": vital_signs(-14),
        "hematology": hematology(-14),
        "chemistry": chemistry(-14),
        "urinalysis": urinalysis(-14),
        "coagulation": {"collected_date": day(-14), "inr": "1.02"},
        "ecg": {"ecg_date": day(-14), "heart_rate": "70", "qt_ms": "396", "interpretation": "NORMAL"},
        "echocardiogram": {"exam_date": day(-14), "method": "ECHO", "lvef": "64"},
    }  # fmt: skip


LESIONS = (
    {
        "lesion_id": "T1",
        "role": "TARGET",
        "organ": "LIVER",
        "kind": "NON_NODAL",
        "method": "CT",
        "diameter_mm": "50",
    },
    {
        "lesion_id": "T2",
        "role": "TARGET",
        "organ": "LYMPH_NODE",
        "kind": "NODAL",
        "method": "CT",
        "diameter_mm": "20",
    },
    {"lesion_id": "NT1", "role": "NON_TARGET", "organ": "BONE", "kind": "BONE_BLASTIC", "method": "CT"},
)


@dataclass(frozen=True)
class Scan:
    """The target lesions of one day, their sum, and what RECIST 1.1 makes of it; the bone lesion stays."""

    day: int
    sizes: tuple[str, str]
    total: str
    response: str


SCANS = (
    Scan(55, ("32", "14"), "46", "PR"),  # -34% of 70
    Scan(111, ("30", "13"), "43", "PR"),
    Scan(141, ("29", "13"), "42", "PR"),  # outside the schedule
    Scan(168, ("40", "15"), "55", "PD"),  # 31% and 13 mm above the nadir of 42
)

BLOOD_PRESSURE = ("172", "104")
EVENT = {
    "start_date": day(56), "ongoing": "Y", "grade": "3", "serious": "N", "related_surufatinib": "PROBABLE",
    "action": "INTERRUPTED", "outcome": "RECOVERING",
}  # fmt: skip
SERIOUS = {
    "report_type": "INITIAL", "onset_date": day(58), "aware_at": f"{day(58)} 09:30", "death": "N",
    "life_threatening": "N", "hospitalization": "Y", "disability": "N", "congenital": "N", "important": "N",
    "admission_date": day(58), "discharge_date": day(63), "outcome": "RECOVERING", "causality": "PROBABLE",
    "expected": "Y", "narrative": "Admitted with headache; pressure fell under two drugs.",
    "reported_at": f"{day(58)} 15:00",
}  # fmt: skip
DOSES = (
    {
        "start_date": day(58),
        "end_date": day(64),
        "dose_mg": "0",
        "change_reason": "ADVERSE_EVENT",
        "ae_number": "1",
    },
    {
        "start_date": day(65),
        "dose_mg": "250",
        "schedule": "QD",
        "change_reason": "ADVERSE_EVENT",
        "ae_number": "1",
    },
)
DRUGS = "\n".join(
    "\t".join(line)
    for line in (
        (
            "Amlodipine",
            "ANTIHYPERTENSIVE",
            "Hypertension",
            "HISTORY",
            "",
            "5",
            "MG",
            "QD",
            "ORAL",
            day(-300),
            "Y",
        ),
        ("Octreotide", "SSA", "Tumor", "HISTORY", "", "30", "MG", "Q4W", "IM", day(-200), "N", day(-30)),
    )
)
QUESTION, ANSWER = "Please check the hemoglobin against the source.", "Checked: it is right."
PROGRESSION = {"last_dose_date": day(168), "reason": "PROGRESSION_RECIST", "progression_date": day(168)}
FOLLOW_UP = {"contact_date": day(198), "contact": "VISIT", "new_ae": "N", "new_therapy": "N"}
END = {"end_date": day(350), "reason": "DEATH"}


def cycle(elapsed: int) -> dict[str, dict[str, str]]:
    """What is entered on day 1 of a cycle."""
    return {
        "vital_signs": vital_signs(elapsed),
        "ecog": {"assessed_date": day(elapsed), "score": "1"},
        "hematology": hematology(elapsed),
        "chemistry": chemistry(elapsed),
        "urinalysis": urinalysis(elapsed),
        "drug_accountability": {"dispensed_date": day(elapsed), "dispensed": "168"},
    }
