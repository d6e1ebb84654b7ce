"""What a site writes down at screening: consent, person, disease, lesions, eligibility, choice of regimen."""

from __future__ import annotations

from collections.abc import Iterator

from grevy.simulate.consent_versions import version_signed
from grevy.simulate.course import Course
from grevy.simulate.patients import Patient
from grevy.simulate.records import Record, State, Values, Writer, decimal, given, yes_no

MONTH = 30.4375
REGIMEN_REASONS = (  # code, share in monotherapy, share in combination
    ("GUIDELINE", 0.55, 0.35),
    ("BIOLOGY", 0.10, 0.40),
    ("PRIOR_RESPONSE", 0.10, 0.12),
    ("TOLERANCE", 0.15, 0.05),
    ("PATIENT", 0.08, 0.06),
    ("OTHER", 0.02, 0.02),
)


def screening(form: str, day: int, values: Values, role: str = "coordinator") -> Record:
    return Record("SCREENING", 1, form, 1, (State(day, values),), role)


def consent_and_person(writer: Writer, patient: Patient, consent_day: int) -> Iterator[Record]:
    """Consent, demographics, diagnosis: what every screened patient has."""
    by_patient = "Legal representative" if writer.rng.random() < 0.02 else "Patient"
    consent = {
        "consent_date": writer.date(consent_day),
        "consent_version": version_signed(writer, consent_day),
        "consented_by": by_patient,
    }
    yield screening("informed_consent", consent_day, consent)
    yield screening("demographics", consent_day, demographics(writer, patient, consent_day))
    yield screening("nen_diagnosis", consent_day, nen_diagnosis(writer, patient, consent_day))


def is_of_childbearing_age(patient: Patient) -> bool:
    return patient.sex == "F" and patient.age < 50


def demographics(writer: Writer, patient: Patient, consent_day: int) -> Values:
    odds = writer.assumed.imperfections
    return given(
        birth_date=writer.partial_date(consent_day - patient.age * 365.25, odds.partial_birth_date),
        sex=patient.sex,
        ethnicity=patient.ethnic,
        height_cm=decimal(patient.height_cm) if writer.rng.random() < 0.97 else None,
        weight_kg=decimal(patient.weight_kg) if writer.rng.random() < 0.98 else None,
        ecog=str(patient.ecog) if writer.rng.random() < 0.985 else None,
        smoking=patient.smoking,
        childbearing=yes_no(is_of_childbearing_age(patient)) if patient.sex == "F" else None,
    )


def nen_diagnosis(writer: Writer, patient: Patient, consent_day: int) -> Values:
    odds, metastases = writer.assumed.imperfections, patient.metastases
    diagnosed = consent_day - 10 - patient.months_since_diagnosis * MONTH
    advanced = consent_day - 7 - min(patient.months_since_diagnosis, 14) * MONTH
    return given(
        diagnosis_date=writer.partial_date(diagnosed, odds.partial_diagnosis_date),
        confirmed="CYTOLOGY" if writer.rng.random() < 0.04 else "HISTOLOGY",
        primary_site=patient.primary_site,
        differentiation=differentiation(writer, patient),
        nen_class=patient.nen_class,
        ki67=decimal(patient.ki67) if writer.rng.random() < 0.96 else None,
        mitoses=decimal(patient.mitoses),
        functional=yes_no(patient.functional),
        stage="IV" if metastases & {"LIVER", "BONE", "PERITONEUM", "LUNG"} else "III",
        advanced_date=writer.partial_date(advanced, odds.partial_diagnosis_date),
        **{f"{organ.lower()}_met": yes_no(organ in metastases) for organ in
           ("LIVER", "NODE", "BONE", "LUNG", "PERITONEUM", "OTHER")},
        prior_systemic_lines=patient.prior_lines,
        prior_surgery=yes_no(patient.prior_surgery),
        prior_surufatinib=yes_no(patient.prior_surufatinib),
        sstr=patient.sstr,
        cga_xuln=decimal(patient.cga_xuln),
    )  # fmt: skip


def differentiation(writer: Writer, patient: Patient) -> str:
    if patient.nen_class == "MINEN":
        return "MIXED" if writer.rng.random() < 0.6 else "POOR"
    return "WELL" if patient.nen_class.startswith("NET") else "POOR"


def eligibility(writer: Writer, patient: Patient, day: int, failed: str | None) -> Values:
    """Twelve criteria; `failed` is the one that keeps the patient out."""
    fertile = is_of_childbearing_age(patient)
    criteria = {f"in0{number}": "MET" for number in range(1, 7)} | {f"ex0{n}": "NOT_MET" for n in range(1, 7)}
    if not fertile:
        criteria["in06"] = "NOT_APPLICABLE"
    if patient.sex == "M":
        criteria["ex04"] = "NOT_APPLICABLE"
    if failed:
        criteria[failed] = "NOT_MET" if failed.startswith("in") else "MET"
    weeks = (
        8
        if failed == "in05"
        else int(writer.rng.choice([13, 16, 20, 24, 26, 52], p=[0.04, 0.06, 0.1, 0.4, 0.2, 0.2]))
    )
    return given(
        **criteria,
        life_expectancy_weeks=weeks if failed == "in05" or writer.rng.random() < 0.8 else None,
        pregnancy_test="NEG" if fertile else "ND" if patient.sex == "F" else None,
        decision="NOT_ELIGIBLE" if failed else "ELIGIBLE",
        decision_date=writer.date(day),
        other_reason="Severe uncontrolled diabetes" if failed == "ex06" else None,
    )


def decisions(writer: Writer, patient: Patient, day: int, *, is_treated: bool) -> Iterator[Record]:
    """The investigator calls the patient eligible and chooses the regimen."""
    judged = eligibility(writer, patient, day, None)
    yield screening("eligibility", day, judged, "investigator")
    partner_day = int(writer.rng.integers(0, 5)) if patient.partners and is_treated else None
    chosen = regimen_decision(writer, patient, day, partner_day)
    yield screening("regimen_decision", day if partner_day is None else partner_day, chosen, "investigator")


def regimen_decision(writer: Writer, patient: Patient, day: int, partner_day: int | None) -> Values:
    codes, single, combined = zip(*REGIMEN_REASONS, strict=True)
    values: Values = {
        "decision_date": writer.date(day),
        "regimen": patient.regimen,
        "reason": str(writer.rng.choice(codes, p=combined if patient.partners else single)),
    }
    if patient.partners:
        share = writer.assumed.imperfections.partial_event_date
        values["partners"] = [
            given(
                drug=partner.drug,
                partner_class=partner.partner_class,
                start_date=None if partner_day is None else writer.partial_date(partner_day, share),
            )
            for partner in patient.partners
        ]
    return values


def baseline_lesions(writer: Writer, course: Course, day: int) -> Values:
    rows = [
        given(
            lesion_id=lesion.lesion_id,
            role=lesion.role,
            organ=lesion.organ,
            side=lesion.side,
            kind=lesion.kind,
            method=lesion.method,
            slice_mm=decimal(lesion.slice_mm),
            diameter_mm=decimal(course.baseline_mm[lesion.lesion_id]),
            scan_date=writer.date(day),
            prior_local_therapy=yes_no(lesion.prior_local_therapy),
            progressed_since="Y" if lesion.prior_local_therapy else None,
        )
        for lesion in course.lesions
    ]
    return {"scan_date": writer.date(day), "lesions": rows}
