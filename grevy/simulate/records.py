"""What a site knows and writes down of one patient: the course as values of the study's forms.

A record lists its states in the order in which they become known: a dose that runs, then the same dose with its
end; an adverse event that goes on, then the same with its outcome. Days count from the first dose (day 0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.course import Course, Visit
from grevy.simulate.patients import Patient
from grevy.simulate.radiology import LesionReading, NewLesion
from grevy.simulate.safety import AdverseEvent

Values = dict[str, Any]
MONTH = 30.4375


@dataclass(frozen=True)
class State:
    """The values of a record from the day on which they are known; a later state names the reason."""

    day: int
    values: Values
    reason: str | None = None


@dataclass(frozen=True)
class Record:
    """One record of one form; `after` names records that must have been entered before it."""

    event: str
    event_seq: int
    form: str
    form_seq: int
    states: tuple[State, ...]
    role: str = "coordinator"
    after: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Writer:
    """How days become dates on a form: exactly, or in part when only that much is known."""

    rng: np.random.Generator
    first_dose: date
    assumed: Assumptions

    def date(self, day: float) -> str:
        return (self.first_dose + timedelta(days=int(day))).isoformat()

    def partial_date(self, day: float, share: float) -> str:
        """ISO 8601 with the unknown end left off; about one in eight of the partial dates has only its year."""
        text = self.date(day)
        if self.rng.random() >= share:
            return text
        return text[:4] if self.rng.random() < 0.12 else text[:7]


def given(**values: Any) -> Values:
    """The items that were filled in; an empty item is not part of an entry."""
    return {name: value for name, value in values.items() if value is not None}


def yes_no(flag: bool) -> str:
    return "Y" if flag else "N"


def decimal(number: float | None) -> str | None:
    return None if number is None else f"{number:g}"


# ---------------------------------------------------------------------------------------------------------------
# Screening
# ---------------------------------------------------------------------------------------------------------------

SCREENING_ORDER = (
    "informed_consent", "demographics", "nen_diagnosis", "baseline_lesions", "eligibility", "regimen_decision",
)  # fmt: skip


def screening(form: str, day: int, values: Values, role: str = "coordinator") -> Record:
    return Record("SCREENING", 1, form, 1, (State(day, values),), role)


def consent_and_person(writer: Writer, patient: Patient, consent_day: int) -> Iterator[Record]:
    """Consent, demographics, diagnosis: what every screened patient has."""
    by_patient = "Legal representative" if writer.rng.random() < 0.02 else "Patient"
    version = "1.0" if writer.first_dose < date(2024, 3, 1) else "1.1"
    consent = {"consent_date": writer.date(consent_day), "consent_version": version, "consented_by": by_patient}
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
    weeks = 8 if failed == "in05" else int(writer.rng.choice([13, 16, 20, 24, 26, 52], p=[0.04, 0.06, 0.1, 0.4, 0.2, 0.2]))
    return given(
        **criteria,
        life_expectancy_weeks=weeks if failed == "in05" or writer.rng.random() < 0.8 else None,
        pregnancy_test="NEG" if fertile else "ND" if patient.sex == "F" else None,
        decision="NOT_ELIGIBLE" if failed else "ELIGIBLE",
        decision_date=writer.date(day),
        other_reason="Severe uncontrolled diabetes" if failed == "ex06" else None,
    )


def regimen_decision(writer: Writer, patient: Patient, day: int) -> Values:
    odds = writer.assumed.imperfections
    reasons = ["GUIDELINE", "BIOLOGY", "PRIOR_RESPONSE", "TOLERANCE", "PATIENT", "OTHER"]
    shares = [0.35, 0.40, 0.12, 0.05, 0.06, 0.02] if patient.partners else [0.55, 0.10, 0.10, 0.15, 0.08, 0.02]
    values = {
        "decision_date": writer.date(day),
        "regimen": patient.regimen,
        "reason": str(writer.rng.choice(reasons, p=shares)),
    }
    if patient.partners:
        start = int(writer.rng.integers(0, 5))
        values["partners"] = [
            {
                "drug": partner.drug,
                "partner_class": partner.partner_class,
                "start_date": writer.partial_date(start, odds.partial_event_date),
            }
            for partner in patient.partners
        ]
    return values


# ---------------------------------------------------------------------------------------------------------------
# Tumors
# ---------------------------------------------------------------------------------------------------------------


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
            _key=lesion.lesion_id,
        )
        for lesion in course.lesions
    ]
    return {"scan_date": writer.date(day), "lesions": rows}


def tumor_assessment(writer: Writer, visit: Visit) -> Values:
    if visit.scan is None or visit.call is None:
        return given(done="N", not_done_reason=visit.reason)
    return given(
        done="Y",
        assessment_date=writer.date(visit.scan.day),
        lesions=[lesion_row(writer, reading) for reading in visit.scan.readings],
        new_lesions=[new_lesion_row(writer, lesion) for lesion in visit.scan.new_lesions] or None,
        target_response=visit.call.target,
        non_target_response=visit.call.non_target,
        overall_response=visit.investigator,
    )


def lesion_row(writer: Writer, reading: LesionReading) -> Values:
    return given(
        lesion_id=reading.lesion_id,
        state=reading.state,
        diameter_mm=decimal(reading.diameter_mm),
        fragments="+".join(map(str, reading.fragments)) or None,
        merged_into=reading.merged_into,
        scan_date=writer.date(reading.day),
        method=reading.method,
        ne_reason=reading.ne_reason,
        _key=reading.lesion_id,
    )


def new_lesion_row(writer: Writer, lesion: NewLesion) -> Values:
    return {
        "lesion_id": lesion.lesion_id,
        "organ": lesion.organ,
        "status": lesion.status,
        "first_seen_date": writer.date(lesion.first_seen_day),
        "method": lesion.method,
        "scan_date": writer.date(lesion.day),
        "_key": lesion.lesion_id,
    }


def tumor_records(writer: Writer, course: Course) -> Iterator[Record]:
    for visit in course.visits:
        if visit.recorded:
            state = State(visit.scan.last_day if visit.scan else visit.day, tumor_assessment(writer, visit))
            yield Record(visit.event, visit.sequence, "tumor_assessment", 1, (state,), "investigator")


# ---------------------------------------------------------------------------------------------------------------
# Treatment and events
# ---------------------------------------------------------------------------------------------------------------

VERBATIM = {
    "Hypertension": ("High blood pressure", "Hypertension", "Elevated blood pressure"),
    "Proteinuria": ("Protein in urine", "Proteinuria", "Urine protein positive"),
    "Diarrhoea": ("Diarrhea", "Loose stools", "Diarrhoea"),
    "Oedema peripheral": ("Swollen legs", "Ankle edema", "Peripheral oedema"),
    "Epistaxis": ("Nosebleed", "Epistaxis"),
    "Fatigue": ("Tiredness", "Fatigue"),
    "Anaemia": ("Anemia", "Low haemoglobin"),
    "Palmar-plantar erythrodysaesthesia syndrome": ("Hand-foot syndrome",),
    "Blood bilirubin increased": ("Bilirubin elevated", "Blood bilirubin increased"),
    "Aspartate aminotransferase increased": ("AST elevated", "AST increased"),
    "Alanine aminotransferase increased": ("ALT elevated", "ALT increased"),
    "Blood thyroid stimulating hormone increased": ("TSH increased",),
}


def dosing_records(writer: Writer, course: Course) -> Iterator[Record]:
    for number, dose in enumerate(course.doses, 1):
        linked = dose.cause is not None and dose.reason in ("ADVERSE_EVENT", "RECOVERED")
        running = given(
            start_date=writer.date(dose.start),
            dose_mg=dose.dose_mg,
            schedule=dose.schedule if dose.dose_mg else None,
            change_reason=dose.reason,
            ae_number=dose.cause + 1 if linked else None,
        )
        states = [State(dose.start, running)]
        if dose.end is not None:
            ended = {**running, "end_date": writer.date(dose.end)}
            states.append(State(dose.end, ended, "End of this dose"))
        after = (("adverse_event", dose.cause + 1),) if linked else ()
        yield Record("LOG", 1, "surufatinib_dosing", number, tuple(states), "coordinator", after)


def adverse_event_records(writer: Writer, course: Course) -> Iterator[Record]:
    for number, event in enumerate(course.events, 1):
        states = tuple(adverse_event_states(writer, event))
        yield Record("LOG", 1, "adverse_event", number, states)


def adverse_event_states(writer: Writer, event: AdverseEvent) -> Iterator[State]:
    partial = writer.assumed.imperfections.partial_event_date
    known = max(event.onset, event.action_day or event.onset)
    names = VERBATIM.get(event.decod, (event.decod,))
    ongoing = given(
        term=str(names[int(writer.rng.integers(len(names)))]),
        decod=event.decod,
        soc=event.soc,
        start_date=writer.partial_date(event.onset, partial if event.onset > 31 else 0),
        ongoing="Y",
        grade=event.grade,
        serious=yes_no(event.serious),
        related_surufatinib=event.causality,
        related_partner=event.causality_partner,
        action=event.action,
        outcome="NOT_RECOVERED" if writer.rng.random() < 0.6 else "RECOVERING",
    )
    if not event.fatal:
        yield State(known, ongoing)
    if event.end is not None:
        outcome = "FATAL" if event.fatal else "SEQUELAE" if writer.rng.random() < 0.02 else "RECOVERED"
        end = writer.date(event.end) if event.fatal else writer.partial_date(event.end, partial)
        ended = {**ongoing, "ongoing": "N", "end_date": end, "outcome": outcome}
        reason = None if event.fatal else "Outcome now known"
        yield State(max(known, event.end), ended, reason)


def end_of_treatment(writer: Writer, course: Course) -> Iterator[Record]:
    stop = course.stop
    if stop is None:
        return
    linked = stop.cause is not None and stop.reason == "ADVERSE_EVENT"
    values = given(
        last_dose_date=writer.date(stop.day),
        reason=stop.reason,
        progression_date=None if stop.progression_day is None else writer.date(stop.progression_day),
        ae_number=stop.cause + 1 if linked else None,
    )
    day = min(max(stop.day + int(writer.rng.integers(1, 8)), stop.progression_day or 0), course.horizon)
    after = (("adverse_event", stop.cause + 1),) if linked else ()
    yield Record("EOT", 1, "end_of_treatment", 1, (State(day, values),), "investigator", after)


def therapy_records(writer: Writer, course: Course) -> Iterator[Record]:
    partial = writer.assumed.imperfections.partial_therapy_date
    for number, therapy in enumerate(sorted(course.therapies, key=lambda x: x.start), 1):
        start = writer.partial_date(therapy.start, partial)
        values = {"name": therapy.name, "therapy_class": therapy.therapy_class, "start_date": start}
        states = [State(therapy.start, {**values, "reason": therapy.reason})]
        if therapy.end is not None and therapy.end <= course.observed_until:
            ended = {**states[0].values, "end_date": writer.date(therapy.end)}
            states.append(State(therapy.end, ended, "Therapy ended"))
        yield Record("LOG", 1, "subsequent_therapy", number, tuple(states))


# ---------------------------------------------------------------------------------------------------------------
# Survival and the end
# ---------------------------------------------------------------------------------------------------------------


def survival_records(writer: Writer, course: Course) -> Iterator[Record]:
    contacts = list(course.contacts)
    after_treatment = course.stop is not None and course.death_day - course.stop.day > 40
    if course.death_is_known and after_treatment and writer.rng.random() < 0.6:
        learned = course.death_day + int(writer.rng.integers(1, 40))
        if learned <= course.horizon:
            contacts.append((learned, "DEAD"))
    for number, (day, status) in enumerate(contacts, 1):
        values = {"contact_date": writer.date(day), "status": status}
        yield Record("SURVIVAL_FU", number, "survival_followup", 1, (State(day, values),))


def end_records(writer: Writer, course: Course) -> Iterator[Record]:
    if course.death_is_known:
        yield death_record(writer, course)
        yield end_of_study(writer, course.death_day, "DEATH", course.death_day)
    elif course.withdrawn_day == course.observed_until:
        yield end_of_study(writer, course.withdrawn_day, "WITHDRAWAL", course.withdrawn_day)
    elif course.lost_day == course.observed_until and course.lost_day + 90 <= course.horizon:
        yield end_of_study(writer, course.lost_day + 90, "LOST", course.lost_day)


def death_record(writer: Writer, course: Course) -> Record:
    by_event = course.death_cause == "AE" and course.death_event is not None
    values = given(
        death_date=writer.partial_date(course.death_day, writer.assumed.imperfections.partial_death_date),
        cause=course.death_cause,
        detail={"OTHER": "Cardiovascular disease", "PD": "Progression of the tumor"}.get(str(course.death_cause)),
        ae_number=course.death_event + 1 if by_event else None,
    )
    after = (("adverse_event", course.death_event + 1),) if by_event else ()
    learned = course.death_day + int(writer.rng.integers(0, 21))
    return Record("EOS", 1, "death", 1, (State(learned, values),), "investigator", after)


def end_of_study(writer: Writer, day: int, reason: str, contact: int) -> Record:
    values = {"end_date": writer.date(day), "reason": reason, "last_contact_date": writer.date(contact)}
    after = (("death", 1),) if reason == "DEATH" else ()
    return Record("EOS", 1, "end_of_study", 1, (State(day, values),), "investigator", after)


FOLLOW_UP: tuple[Callable[[Writer, Course], Iterator[Record]], ...] = (
    adverse_event_records,
    dosing_records,
    tumor_records,
    end_of_treatment,
    therapy_records,
    survival_records,
    end_records,
)


def treated_records(writer: Writer, course: Course, days: dict[str, int]) -> list[Record]:
    """Every record of a treated patient; `days` says when consent, scan and decision were."""
    records = list(consent_and_person(writer, course.patient, days["consent"]))
    if course.has_baseline:
        records.append(screening("baseline_lesions", days["scan"], baseline_lesions(writer, course, days["scan"]), "investigator"))
    records.append(
        screening("eligibility", days["decision"], eligibility(writer, course.patient, days["decision"], None), "investigator")
    )
    records.append(
        screening("regimen_decision", days["decision"], regimen_decision(writer, course.patient, days["decision"]), "investigator")
    )
    for write in FOLLOW_UP:
        records += write(writer, course)
    return records
