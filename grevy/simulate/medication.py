"""What is taken besides surufatinib, what was given before, and what is counted: drugs, history, capsules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from grevy.simulate.course import START_DOSE_MG, Course
from grevy.simulate.health import Health
from grevy.simulate.records import Record, State, Values, event_first, given, yes_no
from grevy.simulate.screening_records import MONTH

TREATMENTS = {  # line of the label: lowest grade, name, class, dose, unit, frequency
    "hypertension": (2, "Amlodipine", "ANTIHYPERTENSIVE", "5", "MG", "QD"),
    "diarrhoea": (2, "Loperamide", "ANTIDIARRHEAL", "2", "MG", "PRN"),
    "hypothyroidism": (1, "Levothyroxine", "THYROID", "50", "UG", "QD"),
    "hypertriglyceridaemia": (2, "Fenofibrate", "LIPID_LOWERING", "200", "MG", "QD"),
    "nausea_vomiting": (2, "Metoclopramide", "ANTIEMETIC", "10", "MG", "TID"),
    "alt_increased": (2, "Glutathione", "HEPATOPROTECTIVE", "400", "MG", "TID"),
    "neutrophil_count_decreased": (3, "Filgrastim", "HEMATOPOIETIC", "300", "UG", "QD"),
    "musculoskeletal_pain": (2, "Celecoxib", "ANALGESIC", "200", "MG", "QD"),
}
HISTORY = {"Hypertension": 0.25, "Type 2 diabetes mellitus": 0.14, "Chronic hepatitis B": 0.08, "Gout": 0.05}
LINES = {  # therapies of former lines by group: code and agents
    "NET": (("SSA", "Octreotide"), ("CHEMO_TEM", "Capecitabine, temozolomide"), ("EVEROLIMUS", "Everolimus")),
    "NEC": (("CHEMO_EP", "Etoposide, cisplatin"), ("CHEMO_FLUORO", "Fluorouracil, irinotecan")),
}
PARTNER_DOSES = {  # usual doses of the label: dose, unit, frequency
    "OCTREOTIDE_LAR": ("30", "MG", "Q4W"),
    "LANREOTIDE": ("120", "MG", "Q4W"),
    "TORIPALIMAB": ("240", "MG", "Q3W"),
    "SINTILIMAB": ("200", "MG", "Q3W"),
    "CAPECITABINE": ("750", "MG_M2", "BID"),
    "TEMOZOLOMIDE": ("200", "MG_M2", "QD"),
    "ETOPOSIDE": ("100", "MG_M2", "Q3W"),
    "CISPLATIN": ("75", "MG_M2", "Q3W"),
    "CARBOPLATIN": ("400", "MG", "Q3W"),
}


PROHIBITED = (("Clarithromycin", "Helicobacter pylori infection"), ("Itraconazole", "Fungal infection"))
BLISTER, RESERVE_DAYS = 14, 4
WRITTEN_ONCE = 0.7  # of the dispensings are entered together with the return


def logged(form: str, number: int, *states: State, ae: int | None = None) -> Record:
    return Record("LOG", 1, form, number, states, "coordinator", event_first(ae))


def medications(health: Health, course: Course) -> Iterator[Record]:
    """One record per treated event: running at first, then ended with the event."""
    number = 0
    for ae, event in enumerate(course.events, 1):
        grade, name, drug_class, dose, unit, frequency = TREATMENTS.get(event.line, (9, *[""] * 5))
        if event.grade < grade or event.onset < 0:
            continue
        number += 1
        running: Values = {
            "name": name, "drug_class": drug_class, "indication": event.decod, "reason": "AE",
            "ae_number": ae, "dose": dose, "unit": unit, "frequency": frequency, "cyp3a4": "NONE",
            "route": "SC" if name == "Filgrastim" else "ORAL",
            "start_date": health.text(event.onset), "ongoing": "Y",
        }  # fmt: skip
        states = [State(event.onset, running)]
        if event.end is not None:
            ended = {**running, "ongoing": "N", "end_date": health.text(event.end)}
            states.append(State(event.end, ended, "Medication ended"))
        yield logged("concomitant_medication", number, *states, ae=ae)
    yield from prohibited(health, course, number)


def prohibited(health: Health, course: Course, number: int) -> Iterator[Record]:
    """A strong inhibitor of CYP3A4, prescribed elsewhere for some days."""
    years = max(course.last_treated, 0) / 365.25
    count = int(health.rng.poisson(health.assumed.deviations.prohibited_drug_per_year * years))
    starts = sorted(int(day) for day in health.rng.integers(1, max(course.last_treated, 2), count))
    for one, start in enumerate(starts, number + 1):
        name, indication = PROHIBITED[int(health.rng.integers(len(PROHIBITED)))]
        end = min(start + int(health.rng.integers(3, 11)), course.observed_until)
        values: Values = {
            "name": name, "drug_class": "ANTIBACTERIAL", "indication": indication, "reason": "OTHER",
            "dose": "500" if name == "Clarithromycin" else "200", "unit": "MG", "frequency": "BID",
            "cyp3a4": "INHIBITOR", "route": "ORAL", "start_date": health.text(start), "ongoing": "N",
            "end_date": health.text(end),
        }  # fmt: skip
        yield logged("concomitant_medication", one, State(end, values))


def serious_events(health: Health, course: Course) -> Iterator[Record]:
    """The first report of each serious event; one in twelve goes out later than 24 hours."""
    serious = [(ae, event) for ae, event in enumerate(course.events, 1) if event.serious]
    for number, (ae, event) in enumerate(serious, 1):
        day = min(event.onset + int(health.rng.integers(0, 3)), course.horizon)
        aware = datetime.combine(health.date(day), time(1, int(health.rng.integers(0, 60))))
        late = 50 if health.rng.random() < 1 / 12 else int(health.rng.integers(1, 20))
        related = event.causality in ("RELATED", "PROBABLE", "POSSIBLE")
        in_hospital = not event.fatal and (event.grade < 4 or health.rng.random() < 0.6)
        values = given(
            ae_number=ae, report_type="INITIAL", onset_date=health.text(event.onset),
            aware_at=aware.isoformat(timespec="minutes"), death=yes_no(event.fatal),
            life_threatening=yes_no(event.grade == 4), hospitalization=yes_no(in_hospital),
            disability="N", congenital="N", important=yes_no(not in_hospital and event.grade < 4),
            admission_date=health.text(event.onset) if in_hospital else None,
            outcome="FATAL" if event.fatal else "NOT_RECOVERED", causality=event.causality,
            expected="Y" if related else None,
            narrative=f"{event.decod}, grade {event.grade}, on day {event.onset + 1} of treatment.",
            reported_at=(aware + timedelta(hours=late)).isoformat(timespec="minutes"),
        )  # fmt: skip
        yield logged("serious_adverse_event", number, State(day + 3, values), ae=ae)


def histories(health: Health, consent_day: int) -> Iterator[Record]:
    """Chronic diseases, and one former systemic therapy per line that the diagnosis form counts."""
    found = [term for term, share in HISTORY.items() if health.rng.random() < share]
    for number, term in enumerate(found, 1):
        since = health.text(consent_day - int(health.rng.integers(400, 4000)))[:7]
        values = {"term": term, "start_date": since, "ongoing": "Y", "treated": "Y"}
        yield logged("medical_history", number, State(consent_day, values))
    yield from prior_therapies(health, consent_day)


def prior_therapies(health: Health, consent_day: int) -> Iterator[Record]:
    patient, lines = health.patient, health.patient.prior_lines
    known = LINES["NEC" if patient.group == "NEC" else "NET"]
    first = consent_day - 5 - int(min(patient.months_since_diagnosis, 14) * MONTH)
    length = max((consent_day - 3 - first) // max(lines, 1), 2)
    for line in range(1, lines + 1):
        code, agents = known[(line - 1) % len(known)]
        start = first + (line - 1) * length
        values = {
            "therapy_type": code, "agents": agents, "setting": "ADVANCED", "line": line,
            "start_date": health.text(start), "end_date": health.text(start + length - 2),
            "best_response": "SD" if health.rng.random() < 0.6 else "PD", "stop_reason": "PROGRESSION",
        }  # fmt: skip
        yield logged("prior_therapy", line, State(consent_day, values))


def partner_doses(health: Health, course: Course) -> Iterator[Record]:
    known = [partner.drug for partner in course.patient.partners if partner.drug in PARTNER_DOSES]
    for number, drug in enumerate(known, 1):
        dose, unit, frequency = PARTNER_DOSES[drug]
        values = {
            "drug": drug, "start_date": health.text(5), "dose": dose, "unit": unit,
            "frequency": frequency, "change_reason": "START",
        }  # fmt: skip
        states = [State(5, values)]
        if course.stop is not None and course.stop.day > 5:
            ended = {**values, "end_date": health.text(course.stop.day)}
            states.append(State(course.stop.day, ended, "End of this dose"))
        if course.observed_until >= 5:
            yield logged("partner_dosing", number, *states)


def capsules_taken(health: Health, course: Course, first: int, last: int) -> int:
    """Capsules from one day up to the day before another, as the dose diary says (3 weeks on, 1 week off)."""
    taken = 0
    for day in range(first, last):
        dose = next((d for d in course.doses if d.start <= day and (d.end is None or day <= d.end)), None)
        if dose and not (dose.schedule == "3W1" and (day - dose.start) % 28 >= 21):
            taken += dose.dose_mg // health.assumed.examinations.capsule_mg
    return taken


def capsules_needed(health: Health, course: Course, first: int, days: int) -> int:
    """Whole blisters for the days to the next visit and a reserve, at the dose that holds or comes next."""
    doses = [dose for dose in course.doses if dose.end is None or first <= dose.end]
    level = next((dose.dose_mg for dose in doses if dose.dose_mg), START_DOSE_MG[course.patient.regimen])
    needed = (days + RESERVE_DAYS) * level // health.assumed.examinations.capsule_mg
    return -(-needed // BLISTER) * BLISTER


def capsules(health: Health, course: Course, days: dict[int, int]) -> Iterator[Record]:
    """Blisters for one cycle and a reserve; what is left comes back at the next visit."""
    odds = health.assumed
    for number, day in days.items():
        following = min((d for d in days.values() if d > day), default=None)
        back = following if following is not None else course.stop.day + 1 if course.stop else None
        dispensed = capsules_needed(health, course, day, max((back or 0) - day, 28))
        values: Values = {"dispensed_date": health.text(day), "dispensed": dispensed}
        states = [State(day, values)]
        returns = health.rng.random() >= odds.deviations.capsules_not_returned
        if back is not None and back <= course.observed_until and returns:
            taken = capsules_taken(health, course, day, back)
            missed = min(int(health.rng.poisson(2)), taken)
            left = {"returned_date": health.text(back), "returned": dispensed - taken + missed, "lost": 0}
            states.append(State(back, values | left, "Capsules returned"))
            if health.rng.random() < WRITTEN_ONCE:  # the pharmacy hands in its list after the return
                states = [State(back, values | left)]
        yield Record("CYCLE", number, "drug_accountability", 1, tuple(states))
