"""What a site writes down after the first dose: scans, doses, events, the end of treatment and of life."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grevy.simulate.course import Course, Visit
from grevy.simulate.radiology import LesionReading, NewLesion
from grevy.simulate.records import (
    Record,
    State,
    Values,
    Writer,
    decimal,
    event_first,
    given,
    number_of,
    yes_no,
)
from grevy.simulate.safety import AdverseEvent
from grevy.simulate.screening_records import baseline_lesions, consent_and_person, decisions, screening

# ------------------------------------------------------------------------------------------------------
# Tumors
# ------------------------------------------------------------------------------------------------------


def tumor_assessment(writer: Writer, visit: Visit) -> Values:
    if visit.scan is None or visit.call is None:
        return given(done="N", not_done_reason=visit.reason)
    return given(
        done="Y",
        assessment_date=writer.date(visit.scan.day),
        lesions=[lesion_row(writer, reading) for reading in visit.scan.readings],
        new_lesions=[new_lesion_row(writer, lesion) for lesion in visit.scan.new_lesions] or None,
        target_response=visit.investigator if visit.call.target == visit.call.overall else visit.call.target,
        non_target_response=visit.call.non_target,
        overall_response=visit.investigator,
        computed_response=visit.call.overall,
        **reason_of_call(visit),
    )


REASONS_OF_CALL = ("MARGIN", "MEASUREMENT", "LOCAL_EFFECT", "OTHER")


def reason_of_call(visit: Visit) -> Values:
    """Why the investigator saw it otherwise; the last of the reasons needs words of one's own."""
    if visit.investigator == visit.call.overall:
        return {}
    reason = REASONS_OF_CALL[visit.scan.day % len(REASONS_OF_CALL)]
    comment = "Contrast phase differs from that of the scan before" if reason == "OTHER" else None
    return given(call_reason=reason, call_comment=comment)


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
    )


def new_lesion_row(writer: Writer, lesion: NewLesion) -> Values:
    return {
        "lesion_id": lesion.lesion_id,
        "organ": lesion.organ,
        "status": lesion.status,
        "first_seen_date": writer.date(lesion.first_seen_day),
        "method": lesion.method,
        "scan_date": writer.date(lesion.day),
    }


def tumor_records(writer: Writer, course: Course) -> Iterator[Record]:
    for visit in course.visits:
        if visit.recorded:
            state = State(visit.scan.last_day if visit.scan else visit.day, tumor_assessment(writer, visit))
            yield Record(visit.event, visit.sequence, "tumor_assessment", 1, (state,), "investigator")


# ------------------------------------------------------------------------------------------------------
# Treatment and events
# ------------------------------------------------------------------------------------------------------

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
        cause = number_of(dose.cause)
        running = given(
            start_date=writer.date(dose.start),
            dose_mg=dose.dose_mg,
            schedule=dose.schedule if dose.dose_mg else None,
            change_reason=dose.reason,
            ae_number=cause,
        )
        states = [State(dose.start, running)]
        if dose.end is not None:
            ended = {**running, "end_date": writer.date(dose.end)}
            states.append(State(dose.end, ended, "End of this dose"))
        yield Record("LOG", 1, "surufatinib_dosing", number, tuple(states), "coordinator", event_first(cause))


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
    number = number_of(stop.cause)
    values = given(
        last_dose_date=writer.date(stop.day),
        reason=stop.reason,
        progression_date=None if stop.progression_day is None else writer.date(stop.progression_day),
        ae_number=number,
    )
    day = min(max(stop.day + int(writer.rng.integers(1, 8)), stop.progression_day or 0), course.horizon)
    yield Record("EOT", 1, "end_of_treatment", 1, (State(day, values),), "investigator", event_first(number))


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


# ------------------------------------------------------------------------------------------------------
# Survival and the end
# ------------------------------------------------------------------------------------------------------


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
    number = number_of(course.death_event)
    values = given(
        death_date=writer.partial_date(course.death_day, writer.assumed.imperfections.partial_death_date),
        cause=course.death_cause,
        detail={"OTHER": "Cardiovascular disease", "PD": "Progression of the tumor"}.get(
            str(course.death_cause)
        ),
        ae_number=number,
    )
    learned = course.death_day + int(writer.rng.integers(0, 21))
    return Record("EOS", 1, "death", 1, (State(learned, values),), "investigator", event_first(number))


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
    """Every record of a treated patient; `days` says when consent, baseline scan and decision were."""
    records = list(consent_and_person(writer, course.patient, days["consent"]))
    if course.has_baseline:
        lesions = baseline_lesions(writer, course, days["scan"])
        records.append(screening("baseline_lesions", days["scan"], lesions, "investigator"))
    records += decisions(writer, course.patient, days["decision"], is_treated=True)
    for write in FOLLOW_UP:
        records += write(writer, course)
    return records
