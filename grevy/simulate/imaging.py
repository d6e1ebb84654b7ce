"""The imaging schedule of one patient and what a scan leads to: progression, stop, new therapy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.course import NEVER, Course, Stop, Therapy, Visit
from grevy.simulate.patients import draw
from grevy.simulate.radiology import Radiologist
from grevy.simulate.response import Call, ResponseRecord, planned_day

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


def waiting_days(rng: np.random.Generator, per_year: float) -> int:
    return 1 + int(rng.exponential(365.25 / per_year))


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
            self._plan_therapy(
                day, self.assumed.leaving.new_therapy_before_progression, "Clinical progression"
            )

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
        """The investigator's own overall response: by the rules, but near a threshold sometimes another."""
        if call.total is None or self.rng.random() >= self.assumed.imperfections.investigator_disagrees:
            return call.overall
        share = call.total / self.record.baseline
        if (
            call.overall == "PD"
            and call.target == "PD"
            and call.non_target != "PD"
            and call.total < 1.28 * nadir
        ):
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
    shares = {
        "CHEMO": 0.36,
        "TARGETED": 0.27,
        "PRRT": 0.10,
        "IO": 0.10,
        "SSA": 0.07,
        "LOCAL": 0.07,
        "RADIOTHERAPY": 0.03,
    }
    therapy_class = therapy_class or draw(rng, shares)
    name = str(rng.choice(NEW_THERAPIES[therapy_class]))
    short = therapy_class in ("LOCAL", "RADIOTHERAPY")
    return Therapy(
        name, therapy_class, start, start + (2 if short else 30 + int(rng.exponential(150))), reason
    )


def response_record(course: Course) -> ResponseRecord:
    targets = [lesion for lesion in course.lesions if lesion.role == "TARGET"]
    total = sum(course.baseline_mm[lesion.lesion_id] or 0 for lesion in targets)
    return ResponseRecord(
        nodal=frozenset(lesion.lesion_id for lesion in course.lesions if lesion.kind == "NODAL"),
        targets=tuple(lesion.lesion_id for lesion in targets),
        non_targets=tuple(lesion.lesion_id for lesion in course.lesions if lesion.role == "NON_TARGET"),
        baseline=total,
        nadir=total,
    )
