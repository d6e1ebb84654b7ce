"""The course of one virtual patient in days from the first dose: treatment, scans, events, follow-up, end.

Nothing is known here about forms or dates; `forms` writes down what of this the sites record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.patients import Patient, draw
from grevy.simulate.radiology import Radiologist, Scan
from grevy.simulate.response import Call, ResponseRecord, planned_day
from grevy.simulate.safety import (
    AdverseEvent,
    DoseInterval,
    DosePlan,
    cut_doses,
    draw_adverse_events,
    plan_doses,
)
from grevy.simulate.tumors import Biology, Lesion, draw_biology, draw_lesions

START_DOSE_MG = {"MONO": 300, "COMBO": 250}
NEVER = 10**6
MISSED_REASONS = (
    "Patient did not attend",
    "Scanner not available",
    "Scan done elsewhere, images not obtained",
    "Patient unwell",
    "Travel restrictions",
)
NEW_THERAPIES = {
    "CHEMO": ("Capecitabine and temozolomide", "Etoposide and cisplatin", "FOLFIRI"),
    "TARGETED": ("Everolimus", "Sunitinib", "Anlotinib"),
    "SSA": ("Octreotide LAR", "Lanreotide"),
    "PRRT": ("177Lu-DOTATATE",),
    "IO": ("Toripalimab", "Camrelizumab"),
    "LOCAL": ("Transarterial chemoembolisation", "Radiofrequency ablation"),
    "RADIOTHERAPY": ("Palliative radiotherapy",),
}


@dataclass(frozen=True)
class Visit:
    """One planned or unscheduled tumor assessment; a missed one has no scan."""

    event: str
    sequence: int
    day: int
    scan: Scan | None
    call: Call | None = None
    investigator: str | None = None
    reason: str | None = None
    recorded: bool = True


@dataclass(frozen=True)
class Therapy:
    name: str
    therapy_class: str
    start: int
    end: int | None
    reason: str


@dataclass(frozen=True)
class Stop:
    """End of treatment: day of the last dose, reason, and the adverse event behind it."""

    day: int
    reason: str
    cause: int | None = None
    progression_day: int | None = None


@dataclass
class Course:
    """Everything that happens to one treated patient."""

    patient: Patient
    biology: Biology
    lesions: tuple[Lesion, ...]
    baseline_mm: dict[str, int | None]
    has_baseline: bool
    horizon: int
    death_day: int = NEVER
    lost_day: int = NEVER
    withdrawn_day: int = NEVER
    visits: list[Visit] = field(default_factory=list)
    stop: Stop | None = None
    doses: tuple[DoseInterval, ...] = ()
    events: list[AdverseEvent] = field(default_factory=list)
    therapies: list[Therapy] = field(default_factory=list)
    contacts: list[tuple[int, str]] = field(default_factory=list)
    death_cause: str | None = None
    death_event: int | None = None

    @property
    def observed_until(self) -> int:
        """The last day on which the site can learn something about the patient alive."""
        return min(self.horizon, self.death_day - 1, self.lost_day, self.withdrawn_day)

    @property
    def death_is_known(self) -> bool:
        return self.death_day <= min(self.horizon, self.lost_day, self.withdrawn_day)

    @property
    def new_therapy_day(self) -> int:
        return min((therapy.start for therapy in self.therapies), default=NEVER)

    @property
    def calls(self) -> list[Call]:
        return [visit.call for visit in self.visits if visit.call is not None]


def simulate_course(
    rng: np.random.Generator, patient: Patient, horizon: int, assumed: Assumptions
) -> Course:
    """One patient from the first dose (day 0) to death, leaving, or the data cut at day `horizon`."""
    biology = draw_biology(rng, patient, assumed)
    lesions = draw_lesions(rng, patient, biology, assumed)
    radiologist = Radiologist(rng, lesions, biology, assumed)
    course = Course(
        patient=patient,
        biology=biology,
        lesions=lesions,
        baseline_mm={lesion.lesion_id: radiologist.baseline_diameter(lesion) for lesion in lesions},
        has_baseline=bool(rng.random() >= assumed.recruitment.baseline_scan_missing_share),
        horizon=horizon,
        death_day=max(3, round(biology.death_day)),
        lost_day=waiting_days(rng, assumed.leaving.lost_per_year),
        withdrawn_day=waiting_days(rng, assumed.leaving.consent_withdrawn_per_year),
    )
    planned = draw_adverse_events(rng, patient, course.observed_until, assumed)
    plan, met = plan_doses(rng, planned, START_DOSE_MG[patient.regimen], course.observed_until, assumed)
    FollowUp(rng, course, radiologist, assumed, first_stop(rng, course, plan, assumed)).run()
    end_treatment(rng, course, plan, met)
    end_of_life(rng, course, assumed)
    contact_survivors(rng, course)
    return course


def waiting_days(rng: np.random.Generator, per_year: float) -> int:
    return 1 + int(rng.exponential(365.25 / per_year))


def first_stop(rng: np.random.Generator, course: Course, plan: DosePlan, assumed: Assumptions) -> Stop | None:
    """The earliest end of treatment for a reason other than progression."""
    leaving = assumed.leaving
    by_patient = waiting_days(rng, leaving.treatment_stopped_by_patient_per_year)
    by_investigator = waiting_days(rng, leaving.treatment_stopped_by_investigator_per_year)
    stops = [Stop(by_patient, "WITHDRAWAL"), Stop(by_investigator, "INVESTIGATOR")]
    if plan.stop_day is not None:
        stops.append(Stop(plan.stop_day, "ADVERSE_EVENT", plan.stop_cause))
    if course.withdrawn_day < NEVER:
        stops.append(Stop(course.withdrawn_day, "WITHDRAWAL"))
    if course.lost_day < NEVER:
        stops.append(Stop(max(course.lost_day - int(rng.integers(0, 21)), 0), "LOST"))
    if course.death_day <= course.horizon:
        stops.append(Stop(max(course.death_day - int(rng.integers(0, 9)), 0), "DEATH"))
    earliest = min(stops, key=lambda stop: stop.day)
    return earliest if earliest.day <= course.horizon else None


class FollowUp:
    """Walks through the imaging schedule of one patient until nobody scans any more."""

    def __init__(
        self,
        rng: np.random.Generator,
        course: Course,
        radiologist: Radiologist,
        assumed: Assumptions,
        stop: Stop | None,
    ):
        self.rng, self.course, self.radiologist, self.assumed = rng, course, radiologist, assumed
        self.stop = stop
        self.record = response_record(course)
        self.last_scan, self.unscheduled, self.gap = 0, 0, 0
        self.progressed = False
        self.scans_after_stop = rng.random() < assumed.leaving.scans_continue_off_treatment
        self.scans_after_therapy = rng.random() < assumed.leaving.scans_continue_on_new_therapy
        self.smallest = radiologist.total_of_targets(0, NEVER)
        self._add_therapy_on_treatment()
        if stop is not None and stop.reason in ("ADVERSE_EVENT", "WITHDRAWAL", "INVESTIGATOR"):
            self._plan_therapy(stop.day, assumed.leaving.new_therapy_before_progression, "Treatment stopped")

    @property
    def stop_day(self) -> float:
        return NEVER if self.stop is None else self.stop.day

    def run(self) -> None:
        visit = 0
        while True:
            visit += 1
            day = max(planned_day(visit) + self._delay(), self.last_scan + 10)
            if day > self.course.observed_until or not self._still_scanned(day):
                break
            if self._is_dying(day):
                self._stop_for_clinical_progression(day - int(self.rng.integers(1, 15)))
                continue
            if self._is_missed():
                self._miss(visit, day)
                continue
            self._scan_between(day)
            if self._still_scanned(day):
                self._scan("IMAGING", visit, day)
        self.course.stop = self.stop if self.stop_day <= self.course.observed_until else self._stop_at_end()
        self.course.therapies = [x for x in self.course.therapies if x.start <= self.course.observed_until]

    def _stop_at_end(self) -> Stop | None:
        """A stop planned for a day after the last observed one happens only if it is the leaving itself."""
        stop = self.stop
        if stop is not None and stop.reason in ("DEATH", "LOST") and stop.day <= self.course.horizon:
            return replace(stop, day=min(stop.day, max(self.course.observed_until, 0)))
        return None

    # -- whether there is a scan -----------------------------------------------------------------------------

    def _delay(self) -> int:
        if self.rng.random() < self.assumed.imperfections.scan_late:
            return int(self.rng.integers(11, 25))
        return int(np.clip(round(self.rng.normal(0.5, 3.2)), -7, 9))

    def _still_scanned(self, day: int) -> bool:
        if self.progressed and day > self.stop_day:
            return False
        if day > self.stop_day and not self.scans_after_stop:
            return False
        return day <= self.course.new_therapy_day or self.scans_after_therapy

    def _is_missed(self) -> bool:
        odds = self.assumed.imperfections
        if self.gap == 0 and self.rng.random() < odds.scan_gap:
            self.gap = 2 + int(self.rng.random() < 0.35)
        if self.gap:
            self.gap -= 1
            return True
        return self.rng.random() < odds.scan_missed

    def _miss(self, visit: int, day: int) -> None:
        recorded = self.rng.random() < self.assumed.imperfections.missed_scan_recorded
        reason = str(self.rng.choice(MISSED_REASONS))
        self.course.visits.append(Visit("IMAGING", visit, day, None, reason=reason, recorded=bool(recorded)))
        if self._is_growing(day) and self.rng.random() < 0.25:
            self._stop_for_clinical_progression(day + int(self.rng.integers(0, 15)))

    def _is_growing(self, day: int) -> bool:
        total = self.radiologist.total_of_targets(day, self.stop_day)
        self.smallest = min(self.smallest, total)
        return total > 1.2 * self.smallest

    def _is_dying(self, day: int) -> bool:
        near = self.course.death_day - day < 50 and day <= self.stop_day and not self.progressed
        return near and self.rng.random() < self.assumed.leaving.clinical_progression_near_death

    def _stop_for_clinical_progression(self, day: int) -> None:
        day = max(day, self.last_scan + 1)
        if day < self.stop_day and not self.progressed:
            self.stop = Stop(day, "PROGRESSION_CLINICAL", progression_day=day)
            self.scans_after_stop = self.rng.random() < 0.35
            self._plan_therapy(day, self.assumed.leaving.new_therapy_before_progression, "Clinical progression")

    # -- what a scan leads to --------------------------------------------------------------------------------

    def _scan_between(self, day: int) -> None:
        odds = self.assumed.imperfections
        chance = odds.scan_unscheduled_if_growing if self._is_growing(day) else odds.scan_unscheduled
        middle = (self.last_scan + day) // 2
        if middle - self.last_scan >= 18 and self.rng.random() < chance and self._still_scanned(middle):
            self.unscheduled += 1
            self._scan("UNSCHEDULED", self.unscheduled, middle)

    def _scan(self, event: str, sequence: int, day: int) -> None:
        scan = self.radiologist.read(event, sequence, day, self.stop_day, self.course.observed_until)
        nadir = self.record.nadir
        call = self.record.judge(scan)
        opinion = self._opinion(call, nadir)
        self.course.visits.append(Visit(event, sequence, day, scan, call, opinion))
        self.last_scan = scan.last_day
        if opinion == "PD" and not self.progressed:
            self._progress(day)
        elif self._between_scans(call):
            self._stop_for_clinical_progression(day + int(self.rng.integers(10, 45)))

    def _between_scans(self, call: Call) -> bool:
        share = self.assumed.leaving.clinical_progression_between_scans
        return call.overall in ("SD", "NE") and self.rng.random() < share

    def _opinion(self, call: Call, nadir: int) -> str:
        """The investigator's own overall response: as by the rules, but near a threshold sometimes another."""
        if call.total is None or self.rng.random() >= self.assumed.imperfections.investigator_disagrees:
            return call.overall
        share = call.total / self.record.baseline
        if call.overall == "PD" and call.target == "PD" and call.non_target != "PD" and call.total < 1.28 * nadir:
            return "SD"
        if call.overall == "SD" and share < 0.76:
            return "PR"
        return "SD" if call.overall == "PR" and share > 0.62 else call.overall

    def _progress(self, day: int) -> None:
        """RECIST progression: treatment ends within days, or goes on for a while if the patient benefits."""
        self.progressed = True
        leaving = self.assumed.leaving
        if day > self.stop_day:
            return  # already off treatment
        last = day + int(self.rng.integers(0, 8))
        if self.rng.random() < leaving.treatment_beyond_progression:
            last += 21 + int(self.rng.exponential(70))
        if last < self.stop_day:
            self.stop = Stop(last, "PROGRESSION_RECIST", progression_day=day)
            self.course.therapies = [x for x in self.course.therapies if x.start <= last]
            self._plan_therapy(last, leaving.new_therapy_after_progression, "Progression")

    # -- new therapies ---------------------------------------------------------------------------------------

    def _plan_therapy(self, stop: int, share: float, reason: str) -> None:
        self.course.therapies = [x for x in self.course.therapies if x.start <= stop]
        if self.rng.random() < share:
            start = stop + 5 + int(self.rng.integers(0, 50))
            self.course.therapies.append(draw_therapy(self.rng, start, reason))

    def _add_therapy_on_treatment(self) -> None:
        day = waiting_days(self.rng, self.assumed.leaving.added_therapy_on_treatment_per_year)
        if day <= min(self.course.observed_until, self.stop_day):
            local = draw(self.rng, {"LOCAL": 0.7, "RADIOTHERAPY": 0.3})
            self.course.therapies.append(draw_therapy(self.rng, day, "Local treatment of one lesion", local))


def draw_therapy(
    rng: np.random.Generator, start: int, reason: str, therapy_class: str | None = None
) -> Therapy:
    shares = {"CHEMO": 0.36, "TARGETED": 0.27, "PRRT": 0.10, "IO": 0.10, "SSA": 0.07, "LOCAL": 0.07, "RADIOTHERAPY": 0.03}
    therapy_class = therapy_class or draw(rng, shares)
    name = str(rng.choice(NEW_THERAPIES[therapy_class]))
    short = therapy_class in ("LOCAL", "RADIOTHERAPY")
    return Therapy(name, therapy_class, start, start + (2 if short else 30 + int(rng.exponential(150))), reason)


def response_record(course: Course) -> ResponseRecord:
    targets = [lesion for lesion in course.lesions if lesion.role == "TARGET"]
    total = sum(course.baseline_mm[lesion.lesion_id] for lesion in targets)
    return ResponseRecord(
        nodal=frozenset(lesion.lesion_id for lesion in course.lesions if lesion.kind == "NODAL"),
        targets=tuple(lesion.lesion_id for lesion in targets),
        non_targets=tuple(lesion.lesion_id for lesion in course.lesions if lesion.role == "NON_TARGET"),
        baseline=total,
        nadir=total,
    )


# ---------------------------------------------------------------------------------------------------------------
# What is left once the scans are known
# ---------------------------------------------------------------------------------------------------------------


def end_treatment(rng: np.random.Generator, course: Course, plan: DosePlan, met: list[AdverseEvent]) -> None:
    """Cut doses and events at the end of treatment; actions planned for later days did not happen."""
    last = None if course.stop is None else max(course.stop.day, 0)
    course.doses = cut_doses(plan, last, course.observed_until)
    if course.stop is not None:
        course.stop = replace(course.stop, day=course.doses[-1].end)
    last_treated = course.observed_until if last is None else last
    for event in met:
        if event.onset > min(last_treated + 30, course.observed_until):
            event = None
        elif event.onset > last_treated:
            event = replace(event, action="NA", action_day=None)
        elif event.action_day is not None and event.action_day > last_treated + (event.action == "WITHDRAWN"):
            event = replace(event, action="NONE", action_day=None)
        course.events.append(event)
    keep_known_events(course)


def keep_known_events(course: Course) -> None:
    """Drop events that were not seen and renumber the references to the others."""
    new_index = {}
    for index, event in enumerate(course.events):
        if event is not None:
            new_index[index] = len(new_index)
    course.events = [
        replace(event, end=None if event.end is not None and event.end > course.observed_until else event.end)
        for event in course.events
        if event is not None
    ]
    course.doses = tuple(replace(dose, cause=new_index.get(dose.cause)) for dose in course.doses)
    if course.stop is not None:
        course.stop = replace(course.stop, cause=new_index.get(course.stop.cause))


def end_of_life(rng: np.random.Generator, course: Course, assumed: Assumptions) -> None:
    """Cause of death; a death under treatment without progression is sometimes an adverse event."""
    if not course.death_is_known:
        return
    recent = course.stop is None or course.death_day - course.stop.day <= 30
    progressed = any(call.overall == "PD" for call in course.calls)
    if recent and not progressed and rng.random() < assumed.dosing.fatal_share_of_deaths_on_treatment:
        course.death_cause, course.death_event = "AE", len(course.events)
        course.events.append(draw_fatal_event(rng, course, assumed))
    else:
        course.death_cause = draw(rng, {"PD": 0.86, "OTHER": 0.09, "UNK": 0.05})


def draw_fatal_event(rng: np.random.Generator, course: Course, assumed: Assumptions) -> AdverseEvent:
    options = {"Gastrointestinal haemorrhage": "GI", "Pneumonia": "INFEC", "Hepatic failure": "HEPAT", "Cardiac failure": "CARD"}
    decod = draw(rng, {"Gastrointestinal haemorrhage": 0.4, "Pneumonia": 0.3, "Hepatic failure": 0.15, "Cardiac failure": 0.15})
    related = {"Gastrointestinal haemorrhage": 0.7, "Hepatic failure": 0.5, "Cardiac failure": 0.5}.get(decod, 0.05)
    return AdverseEvent(
        line={"Gastrointestinal haemorrhage": "haemorrhage"}.get(decod, "fatal"),
        decod=decod,
        soc=assumed.soc[options[decod]],
        onset=max(course.death_day - int(rng.integers(0, 12)), 0),
        end=course.death_day,
        grade=5,
        serious=True,
        causality="POSSIBLE" if rng.random() < related else "UNLIKELY",
        causality_partner="UNLIKELY" if course.patient.partners else None,
        action="NA",
        fatal=True,
    )


def contact_survivors(rng: np.random.Generator, course: Course) -> None:
    """Survival contacts every 12 weeks after treatment, and one for everybody before the data cut."""
    if course.stop is not None:
        day = course.stop.day + 84
        while day + 20 <= course.observed_until:
            actual = day + int(np.clip(round(rng.normal(0, 5)), -14, 14))
            if rng.random() < 0.93:
                course.contacts.append((actual, "ALIVE"))
            day += 84
    if course.observed_until == course.horizon and rng.random() < 0.93:
        last = course.contacts[-1][0] if course.contacts else 0
        day = course.horizon - int(rng.integers(2, 28))
        if day > last:
            course.contacts.append((day, "ALIVE"))
    if course.lost_day == course.observed_until and course.lost_day + 30 <= course.horizon:
        course.contacts.append((course.lost_day + 30, "UNKNOWN"))
