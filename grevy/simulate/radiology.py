"""What a scan shows of the tumors, with everything that goes wrong when lesions are measured for years.

Lesions are measured in whole millimetres with noise; they vanish, become too small, split, merge, cannot be
evaluated, or are forgotten. New lesions are sometimes doubtful at first and proven, or not, at the next scan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grevy.simulate.assumptions import Assumptions, Imperfections
from grevy.simulate.patients import draw
from grevy.simulate.tumors import Biology, Lesion, remaining_share, true_diameter, weibull

NOT_SEEN_MM, SMALLEST_MEASURED_MM, VANISHED_SHARE = 2.0, 5.0, 0.12
NOT_EVALUABLE_REASONS = (
    "No contrast medium given",
    "Motion artefact",
    "Region not covered by the scan",
    "Obscured by pleural effusion",
    "Different imaging method, not comparable",
)
NEW_LESION_ORGANS = {
    "LIVER": 0.52, "LYMPH_NODE": 0.18, "LUNG": 0.10, "BONE": 0.12, "PERITONEUM": 0.06, "BRAIN": 0.02,
}  # fmt: skip


@dataclass(frozen=True)
class LesionReading:
    """One row of the form: the state of one known lesion at one visit."""

    lesion_id: str
    state: str
    day: int
    method: str
    diameter_mm: int | None = None
    fragments: tuple[int, ...] = ()
    merged_into: str | None = None
    ne_reason: str | None = None


@dataclass(frozen=True)
class NewLesion:
    lesion_id: str
    organ: str
    status: str
    first_seen_day: int
    day: int
    method: str


@dataclass(frozen=True)
class Scan:
    """One tumor assessment; `event` and `sequence` name the visit it is entered under."""

    event: str
    sequence: int
    day: int
    readings: tuple[LesionReading, ...]
    new_lesions: tuple[NewLesion, ...]

    @property
    def last_day(self) -> int:
        return max([self.day, *[reading.day for reading in self.readings]])


class Radiologist:
    """Reads the scans of one patient in time order and remembers what split, merged and appeared."""

    def __init__(
        self, rng: np.random.Generator, lesions: tuple[Lesion, ...], biology: Biology, assumed: Assumptions
    ):
        self.rng, self.biology, self.assumed = rng, biology, assumed
        self.lesions = {lesion.lesion_id: lesion for lesion in lesions}
        self.split: set[str] = set()
        self.merged: dict[str, str] = {}
        self.new: list[NewLesion] = []
        self.numbered = 0
        self.new_lesion_day = biology.new_lesion_day
        self.worsening_non_target = self._choose_worsening()
        self.baseline = {
            name: None if lesion.diameter_mm is None else self._measure(lesion.diameter_mm)
            for name, lesion in self.lesions.items()
        }

    def _choose_worsening(self) -> str | None:
        names = [name for name, lesion in self.lesions.items() if lesion.role == "NON_TARGET"]
        return str(self.rng.choice(names)) if names else None

    def baseline_diameter(self, lesion: Lesion) -> int | None:
        """Measured at baseline, never below the size that made it a target or a pathological node."""
        measured = self.baseline[lesion.lesion_id]
        if measured is None:
            return None
        if lesion.role == "TARGET":
            return max(measured, 15 if lesion.kind == "NODAL" else 10)
        return min(max(measured, 10), 14) if lesion.kind == "NODAL" else max(measured, 5)

    def total_of_targets(self, day: float, stop: float) -> float:
        """The true sum of diameters; a physician sees it only as how the patient fares."""
        return sum(self._true(lesion, day, stop) for lesion in self._targets())

    def read(self, event: str, sequence: int, day: int, stop: float, until: int) -> Scan:
        """Read one scan; a liver MRI may follow some days later, but not after `until`."""
        late = int(self.rng.integers(1, 6)) if self.rng.random() < self._odds.second_scan_day else 0
        late = min(late, until - day)
        self._merge_neighbours(day, stop)
        readings = []
        for lesion in self.lesions.values():
            if self.rng.random() < self._odds.lesion_row_missing:
                continue  # forgotten on the form
            when = day + late if late and lesion.method == "MRI" else day
            read = self._read_target if lesion.role == "TARGET" else self._read_non_target
            readings.append(read(lesion, when, stop))
        return Scan(event, sequence, day, tuple(readings), self._find_new_lesions(day))

    # -- targets ---------------------------------------------------------------------------------------------

    def _read_target(self, lesion: Lesion, day: int, stop: float) -> LesionReading:
        blank = LesionReading(lesion.lesion_id, "MEASURED", day, lesion.method)
        if lesion.lesion_id in self.merged:
            return replace(blank, state="MERGED", merged_into=self.merged[lesion.lesion_id])
        if self.rng.random() < self._odds.lesion_not_evaluable:
            return replace(
                blank, state="NOT_EVALUABLE", ne_reason=str(self.rng.choice(NOT_EVALUABLE_REASONS))
            )
        size = self._true(lesion, day, stop) + sum(
            0.8 * self._true(self.lesions[part], day, stop) for part, into in self.merged.items()
            if into == lesion.lesion_id
        )  # fmt: skip
        if self._is_split(lesion, size):
            share = 0.5 + 0.12 * self.rng.random()
            parts = (self._measure(size * share), self._measure(size * (1 - share)))
            return replace(blank, state="SPLIT", fragments=parts)
        return self._state_of(blank, lesion, size)

    def _state_of(self, blank: LesionReading, lesion: Lesion, size: float) -> LesionReading:
        measured = self._measure(size)
        if lesion.kind != "NODAL" and size < NOT_SEEN_MM:
            return replace(blank, state="ABSENT")
        if lesion.kind != "NODAL" and (size < SMALLEST_MEASURED_MM or measured < SMALLEST_MEASURED_MM):
            return replace(blank, state="TOO_SMALL")
        return replace(blank, diameter_mm=measured)

    def _is_split(self, lesion: Lesion, size: float) -> bool:
        possible = lesion.kind != "NODAL" and size >= 24
        if possible and lesion.lesion_id not in self.merged.values():
            if self.rng.random() < self._odds.lesion_split:
                self.split.add(lesion.lesion_id)
        else:
            self.split.discard(lesion.lesion_id)
        return lesion.lesion_id in self.split

    def _merge_neighbours(self, day: int, stop: float) -> None:
        """Two liver targets that touch become one: the first goes on being measured."""
        liver = [x for x in self._targets() if x.organ == "LIVER" and x.lesion_id not in self.split]
        if len(liver) == 2 and liver[1].lesion_id not in self.merged:
            large = sum(self._true(lesion, day, stop) for lesion in liver) > 50
            if large and self.rng.random() < 4 * self._odds.lesion_merged:
                self.merged[liver[1].lesion_id] = liver[0].lesion_id

    # -- everything else -------------------------------------------------------------------------------------

    def _read_non_target(self, lesion: Lesion, day: int, stop: float) -> LesionReading:
        blank = LesionReading(lesion.lesion_id, "PRESENT", day, lesion.method)
        if self.rng.random() < self._odds.lesion_not_evaluable:
            return replace(
                blank, state="NOT_EVALUABLE", ne_reason=str(self.rng.choice(NOT_EVALUABLE_REASONS))
            )
        if lesion.lesion_id == self.worsening_non_target and day >= self.biology.non_target_day:
            return replace(blank, state="UNEQUIVOCAL_PD")
        if lesion.kind == "NODAL":
            return replace(blank, state="MEASURED", diameter_mm=self._measure(self._true(lesion, day, stop)))
        share = remaining_share(lesion, day, stop, self.assumed.kinetics.growth_off_treatment)
        vanished = (
            share < VANISHED_SHARE if lesion.diameter_mm is None else share * lesion.diameter_mm < NOT_SEEN_MM
        )
        return replace(blank, state="ABSENT") if vanished else blank

    def _find_new_lesions(self, day: int) -> tuple[NewLesion, ...]:
        """New lesions at this scan; a doubtful one that is proven keeps the day of its first sight."""
        kept: list[NewLesion] = []
        for lesion in self.new:
            if lesion.status == "UNEQUIVOCAL":
                kept.append(replace(lesion, day=day))
            elif self.rng.random() < self._odds.equivocal_proven:
                kept.append(replace(lesion, status="UNEQUIVOCAL", day=day))
            else:  # it was nothing; true new disease comes later
                self.new_lesion_day = day + weibull(self.rng, 150, 1.0)
        if day >= self.new_lesion_day and not kept:
            doubtful = self.rng.random() < self._odds.new_lesion_equivocal
            kept.append(self._appear(day, "EQUIVOCAL" if doubtful else "UNEQUIVOCAL"))
        elif kept and self.rng.random() < 0.12:
            kept.append(self._appear(day, "UNEQUIVOCAL"))
        self.new = kept
        return tuple(kept)

    def _appear(self, day: int, status: str) -> NewLesion:
        self.numbered += 1
        organ = draw(self.rng, NEW_LESION_ORGANS)
        return NewLesion(f"N{self.numbered}", organ, status, day, day, "MRI" if organ == "BRAIN" else "CT")

    # -- measuring -------------------------------------------------------------------------------------------

    @property
    def _odds(self) -> Imperfections:
        return self.assumed.imperfections

    def _targets(self) -> list[Lesion]:
        return [lesion for lesion in self.lesions.values() if lesion.role == "TARGET"]

    def _true(self, lesion: Lesion, day: float, stop: float) -> float:
        return true_diameter(lesion, day, stop, self.assumed.kinetics.growth_off_treatment)

    def _measure(self, size: float) -> int:
        kinetics = self.assumed.kinetics
        noise = kinetics.measurement_sd_mm + kinetics.measurement_sd_share * size
        return max(1, round(size + noise * float(self.rng.standard_normal())))
