"""How the virtual investigator reads RECIST 1.1 from what is on the form.

A person's judgment inside the simulation, written plainly and per patient. It decides when the virtual
investigator stops treatment and it lets the cohort be calibrated; the study's analysis never uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from grevy.simulate.radiology import LesionReading, Scan

TOO_SMALL_MM = 5
CONFIRM_DAYS, SD_DAYS, SCAN_WINDOW = 28, 49, 7
ADEQUATE = ("CR", "PR", "SD", "PD", "NON_CR_NON_PD")


@dataclass(frozen=True)
class Call:
    """Response at one visit, with the day on which it counts."""

    day: int
    target: str
    non_target: str
    overall: str
    total: int | None


@dataclass
class ResponseRecord:
    """What the investigator remembers from visit to visit: baseline, nadir, earlier calls."""

    nodal: frozenset[str]
    targets: tuple[str, ...]
    non_targets: tuple[str, ...]
    baseline: int
    nadir: int
    calls: list[Call] = field(default_factory=list)

    def judge(self, scan: Scan) -> Call:
        """RECIST 1.1, tables 1 and 2, for one scan; remembers the call."""
        readings = {reading.lesion_id: reading for reading in scan.readings}
        target, total = self.judge_targets(readings)
        non_target = self.judge_non_targets(readings)
        new = [lesion for lesion in scan.new_lesions if lesion.status == "UNEQUIVOCAL"]
        overall = overall_response(target, non_target, bool(new))
        day = (
            min([scan.day, *[lesion.first_seen_day for lesion in new]]) if overall == "PD" else scan.last_day
        )
        call = Call(day, target, non_target, overall, total)
        self.calls.append(call)
        if total is not None:
            self.nadir = min(self.nadir, total)
        return call

    def judge_targets(self, readings: dict[str, LesionReading]) -> tuple[str, int | None]:
        values = [millimetres(readings.get(lesion_id)) for lesion_id in self.targets]
        known = [value for value in values if value is not None]
        complete, total = len(known) == len(values), sum(known)
        seen = [readings[name] for name in self.targets if name in readings]
        if complete and all(self.is_healed(reading) for reading in seen):
            return "CR", total
        has_grown = 5 * total >= 6 * self.nadir and total - self.nadir >= 5
        if has_grown or (self.had_complete_response and any(map(self.is_present, seen))):
            return "PD", total if complete else None
        if not complete:
            return "NE", None
        return ("PR" if 10 * total <= 7 * self.baseline else "SD"), total

    def judge_non_targets(self, readings: dict[str, LesionReading]) -> str:
        if not self.non_targets:
            return "NA"
        states = [self.state(readings.get(name)) for name in self.non_targets]
        if "UNEQUIVOCAL_PD" in states:
            return "PD"
        if self.had_complete_response and "PRESENT" in states:
            return "PD"
        if "NOT_EVALUABLE" in states:
            return "NE"
        return "CR" if all(state == "ABSENT" for state in states) else "NON_CR_NON_PD"

    def is_healed(self, reading: LesionReading) -> bool:
        """Absent, or for a node a short axis below 10 mm (RECIST 1.1, 4.3.2)."""
        if reading.lesion_id in self.nodal:
            value = millimetres(reading)
            return value is not None and value < 10
        return reading.state in ("ABSENT", "MERGED") and not reading.diameter_mm

    def is_present(self, reading: LesionReading) -> bool:
        return bool(millimetres(reading)) and not self.is_healed(reading)

    @property
    def had_complete_response(self) -> bool:
        """Whether the last evaluable response was complete: any disease seen after it is progression."""
        return bool(self.evaluable) and self.evaluable[-1].overall == "CR"

    def state(self, reading: LesionReading | None) -> str:
        if reading is None:
            return "NOT_EVALUABLE"
        if reading.state == "MEASURED":
            return "ABSENT" if self.is_healed(reading) else "PRESENT"
        return reading.state

    @property
    def evaluable(self) -> list[Call]:
        return [call for call in self.calls if call.overall in ADEQUATE]


def millimetres(reading: LesionReading | None) -> int | None:
    """The diameter a reading adds to the sum; None when the lesion was not assessed."""
    if reading is None or reading.state == "NOT_EVALUABLE":
        return None
    if reading.state == "TOO_SMALL":
        return reading.diameter_mm if reading.diameter_mm is not None else TOO_SMALL_MM
    if reading.state == "SPLIT":
        return sum(reading.fragments)
    if reading.state in ("ABSENT", "MERGED"):
        return 0
    return reading.diameter_mm


def overall_response(target: str, non_target: str, has_new_lesion: bool) -> str:
    if "PD" in (target, non_target) or has_new_lesion:
        return "PD"
    if target == "CR":
        return "CR" if non_target in ("CR", "NA") else "PR"
    return target


# ------------------------------------------------------------------------------------------------------
# Crude summary of a whole course, for the calibration
# ------------------------------------------------------------------------------------------------------


def confirmed_best_response(calls: list[Call], new_therapy_day: float) -> str:
    """Best response, confirmed after 28 days or more; stable disease from day 49 (RECIST 1.1, 4.4)."""
    progression = next((i for i, call in enumerate(calls) if call.overall == "PD"), len(calls) - 1)
    valid = [call for call in calls[: progression + 1] if call.day <= new_therapy_day]
    for wanted in ("CR", "PR"):
        if any(is_confirmed(valid, i, wanted) for i in range(len(valid))):
            return wanted
    if any(call.overall in ("CR", "PR", "SD") and call.day >= SD_DAYS for call in valid):
        return "SD"
    return "PD" if any(call.overall == "PD" for call in valid) else "NE"


def is_confirmed(calls: list[Call], first: int, wanted: str) -> bool:
    accepted = ("CR",) if wanted == "CR" else ("CR", "PR")
    if calls[first].overall != wanted:
        return False
    between: list[str] = []
    for later in calls[first + 1 :]:
        if later.overall in accepted and later.day - calls[first].day >= CONFIRM_DAYS:
            return between.count("NE") <= 1
        if later.overall not in (*accepted, "NE"):
            return False
        between.append(later.overall)
    return False


def planned_day(visit: int) -> int:
    """Elapsed days from the first dose: every 8 weeks to week 48, then every 12 weeks."""
    return 56 * visit if visit <= 6 else 336 + 84 * (visit - 6)


def two_missed_limit(last_adequate: int) -> int:
    """The last day on which an event still counts, two planned scans after the last adequate one."""
    nearest = min(range(40), key=lambda visit: (abs(planned_day(visit) - last_adequate), visit))
    return planned_day(nearest + 2) + SCAN_WINDOW


def progression_free_survival(
    calls: list[Call], death_day: float | None, new_therapy_day: float, has_baseline: bool
) -> tuple[int, bool]:
    """Days and event, in the FDA manner: new therapy or two missed scans censor at the scan before."""
    valid = sorted((call for call in calls if call.day <= new_therapy_day), key=lambda call: call.day)
    progressions = [call.day for call in valid if call.overall == "PD"] if has_baseline else []
    progression = min(progressions) if progressions else None
    died = death_day if death_day is not None and death_day <= new_therapy_day else None
    events = [day for day in (progression, died) if day is not None]
    adequate = [c.day for c in valid if c.overall in ADEQUATE and c.overall != "PD" and has_baseline]
    if events:
        event = int(min(events))
        before = max([day for day in adequate if day < event], default=0)
        return (event + 1, True) if event <= two_missed_limit(before) else (before + 1, False)
    return max(adequate, default=0) + 1, False
