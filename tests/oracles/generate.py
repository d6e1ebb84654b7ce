"""Random subjects, rich in the corners where response programs go wrong.

The same seed gives the same subjects. Each subject carries the names of the corners it holds, so that a
test can prove that every corner occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np

from tests.oracles.endpoints import last_day_of_two_missed, planned_day
from tests.oracles.recist import (
    CR,
    NE,
    NON,
    PD,
    PR,
    SD,
    Baseline,
    Finding,
    Given,
    Lesion,
    NewLesion,
    Reading,
    Visit,
)
from tests.oracles.subjects import Subject, Tabulation

CORNERS = (
    "missing target", "target without row", "not evaluated visit", "split", "merged", "merged gone",
    "too small", "two visits on one date", "component dates", "target dates differ", "equivocal proven",
    "equivocal open", "new lesion", "non-target PD", "non-target node", "non-target missing",
    "target absent", "nodal target", "all targets gone", "disease after gone", "exactly -30 %",
    "exactly +20 %", "exactly +5 mm", "just under +20 %", "just above -30 %", "decimal mm",
    "new therapy", "new therapy on a visit", "new therapy day before a visit", "new therapy first",
    "two missed", "death on the limit", "death after the limit", "death on a visit", "death", "early visit",
    "visit on day 48", "visit on day 49", "no baseline", "no baseline, new lesion", "no assessment",
    "non-target only", "no disease", "partial death date", "clinical progression",
    "too small as 5", "absent as 0",
)  # fmt: skip
GIVEN_CORNERS = (
    "two responses on one date", "PR after CR", "NE between", "new therapy", "death", "two missed",
    "27 days apart", "28 days apart", "no assessment",
)  # fmt: skip

TENTH = Decimal("0.1")
ORGANS = ("liver", "lung", "pancreas", "lymph_node", "adrenal", "soft_tissue")
NON_TARGET_ORGANS = ("bone", "peritoneum", "pleura", "liver", "lymph_node")


class Dice:
    """Buffered random numbers: one call of the generator serves thousands of throws."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)
        self._buffer: list[float] = []

    def random(self) -> float:
        if not self._buffer:
            self._buffer = self._generator.random(65536).tolist()
        return self._buffer.pop()

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def one_of(self, options):
        return options[int(self.random() * len(options))]

    def between(self, low: float, high: float) -> float:
        return low + self.random() * (high - low)


def generate_subjects(count: int, seed: int) -> list[Subject]:
    """Subjects with lesions."""
    dice = Dice(seed)
    return [SubjectDraw(dice, f"{number:06d}").draw() for number in range(1, count + 1)]


def generate_given_subjects(count: int, seed: int) -> list[Subject]:
    """Subjects with an assessor's responses and no lesions."""
    dice = Dice(seed)
    return [draw_given_subject(dice, f"{number:06d}") for number in range(1, count + 1)]


def count_corners(subjects: Iterable[Subject]) -> Counter[str]:
    return Counter(corner for subject in subjects for corner in subject.corners)


def draw_tabulation(dice: Dice) -> Tabulation:
    return Tabulation(
        diameter=dice.one_of(("LDIAM", "LDIAM", "DIAMETER")),
        absent=dice.one_of(("TUMSTATE", "ZERO", "BOTH")),
        too_small=dice.one_of(("TEXT", "FIVE", "TEXT_AND_FIVE")),
        not_evaluated=dice.one_of(("NOT_DONE", "NO_ROW")),
        new_lesion=dice.one_of(("TUMSTATE", "TU_ONLY")),
        progressed_word=dice.one_of(("UNEQUIVOCAL", "INCREASED")),
        extra_sum=dice.chance(0.2),
        long_ids=dice.chance(0.2),
        merged_id=dice.one_of(("MEMBER", "SLASH")),
    )


class SubjectDraw:
    """Draws one subject; collects the corners on the way."""

    def __init__(self, dice: Dice, name: str) -> None:
        self.dice = dice
        self.name = name
        self.corners: set[str] = set()
        self.has_decimals = dice.chance(0.3)
        self.tabulation = draw_tabulation(dice)
        self.split: str | None = None
        self.merged: tuple[str, str] | None = None
        self.open_lesion: tuple[str, int] | None = None
        self.nadir = Decimal(0)
        self.was_gone = False
        self.number_of_new = 0

    def draw(self) -> Subject:
        baseline = self.draw_baseline()
        visits = self.draw_visits(baseline)
        return self.draw_course(baseline, visits)

    # Baseline ------------------------------------------------------------------------------------

    def draw_baseline(self) -> Baseline | None:
        dice = self.dice
        kind = dice.random()
        if kind < 0.03:
            self.corners.add("no baseline")
            return None
        day = -dice.whole(0, 27)
        if kind < 0.05:
            self.corners.add("no disease")
            return Baseline(day, {}, {})
        non_targets = {f"NT{i}": self.draw_non_target() for i in range(1, dice.whole(0, 3) + 1)}
        if kind < 0.10:
            self.corners.add("non-target only")
            non_targets = non_targets or {"NT1": self.draw_non_target()}
            return Baseline(day, {}, non_targets)
        targets = {f"T{i}": self.draw_target() for i in range(1, dice.whole(1, 5) + 1)}
        self.nadir = sum((lesion.mm for lesion in targets.values()), Decimal(0))
        return Baseline(day, targets, non_targets)

    def draw_target(self) -> Lesion:
        organ = self.dice.one_of(ORGANS)
        nodal = organ == "lymph_node"
        if nodal:
            self.corners.add("nodal target")
        return Lesion(organ, nodal, self.round(Decimal(str(self.dice.between(15 if nodal else 10, 60)))))

    def draw_non_target(self) -> Lesion:
        organ = self.dice.one_of(NON_TARGET_ORGANS)
        if organ == "lymph_node":
            self.corners.add("non-target node")
            return Lesion(organ, True, Decimal(self.dice.whole(10, 14)))
        return Lesion(organ)

    def round(self, mm: Decimal) -> Decimal:
        if self.has_decimals:
            self.corners.add("decimal mm")
            return mm.quantize(TENTH)
        return mm.quantize(Decimal(1))

    # Visits --------------------------------------------------------------------------------------

    def draw_days(self) -> list[tuple[str, float, int]]:
        """(name, number, day), at least six days apart except for two visits on one date."""
        dice = self.dice
        if dice.chance(0.06):
            self.corners.add("no assessment")
            return []
        days: list[tuple[str, float, int]] = []
        unscheduled = 0
        if dice.chance(0.15):
            day = dice.one_of((14, 20, 28, 29, 34, 40))
            unscheduled += 1
            days.append(("UNSCHEDULED 1", 901.0, day))
            self.corners.add("early visit")
        missed = 0
        for k in range(1, dice.whole(1, 7) + 1):
            if dice.chance(0.15):
                missed += 1
                continue
            if missed >= 2:
                self.corners.add("two missed")
            missed = 0
            jitter = -7 if dice.chance(0.1) else -8 if dice.chance(0.05) else dice.whole(-7, 7)
            day = planned_day(k) + jitter
            if k == 1 and day in (48, 49):
                self.corners.add(f"visit on day {day}")
            days.append((f"WEEK {8 * k}", 100.0 + k, day))
            if dice.chance(0.04):
                unscheduled += 1
                days.append((f"UNSCHEDULED {unscheduled}", 900.0 + unscheduled, day))
                self.corners.add("two visits on one date")
            elif dice.chance(0.10):
                unscheduled += 1
                days.append((f"UNSCHEDULED {unscheduled}", 900.0 + unscheduled, day + dice.whole(14, 30)))
        return days

    def draw_visits(self, baseline: Baseline | None) -> tuple[Visit, ...]:
        days = self.draw_days()
        if baseline is None:
            return self.draw_visits_without_baseline(days)
        counts = Counter(day for _, _, day in days)
        return tuple(
            self.draw_visit(baseline, name, number, day, is_alone=counts[day] == 1)
            for name, number, day in days
        )

    def draw_visits_without_baseline(self, days: list[tuple[str, float, int]]) -> tuple[Visit, ...]:
        if not days or self.dice.chance(0.6):
            return ()
        self.corners.add("no baseline, new lesion")
        name, number, day = days[-1]
        return (Visit(name, number, day, new_lesions=(NewLesion("N1", True, day, day),)),)

    def draw_visit(self, baseline: Baseline, name: str, number: float, day: int, is_alone: bool) -> Visit:
        dice = self.dice
        has_disease = bool(baseline.targets or baseline.non_targets)
        if has_disease and dice.chance(0.05):
            self.corners.add("not evaluated visit")
            targets = {i: Reading("NE", day, reason="SCAN NOT DONE") for i in baseline.targets}
            non_targets = {i: Finding(NE, day) for i in baseline.non_targets}
            return Visit(name, number, day, targets, non_targets, done=False)
        spread = is_alone and dice.chance(0.15)
        part_days = [day + dice.whole(0, 3) if spread else day for _ in range(3)]
        if len(set(part_days)) > 1:
            self.corners.add("component dates")
        targets = self.draw_targets(baseline, part_days[0], spread) if baseline.targets else {}
        non_targets = self.draw_findings(baseline, part_days[1])
        new_lesions = self.draw_new_lesions(part_days[2])
        visit = Visit(name, number, day, targets, non_targets, new_lesions)
        return date_the_missing(visit)

    def draw_targets(self, baseline: Baseline, day: int, spread: bool) -> dict[str, Reading]:
        dice = self.dice
        sizes = self.draw_sizes(baseline)
        readings = {i: Reading("MEASURED", day, mm=mm) for i, mm in sizes.items()}
        if spread and dice.chance(0.5) and len(readings) > 1 and not self.was_gone:
            self.corners.add("target dates differ")
            last = list(readings)[-1]
            readings[last] = replace(readings[last], day=day + dice.whole(1, 2))
        self.merge_two(baseline, readings)
        self.split_one(baseline, readings)
        for lesion_id in list(readings):
            self.mar_reading(baseline, lesion_id, readings)
        total = sum_of(readings)
        if total is not None:
            self.nadir = min(self.nadir, total)
            gone = all(is_small(baseline, i, r) for i, r in readings.items())
            if gone:
                self.corners.add("all targets gone")
            elif self.was_gone:
                self.corners.add("disease after gone")
            self.was_gone = gone
        return readings

    def draw_sizes(self, baseline: Baseline) -> dict[str, Decimal]:
        """Sizes that add up to a chosen total: on, just before, or far from a threshold."""
        dice = self.dice
        b, n = baseline.sum_mm, self.nadir
        choice = dice.random()
        if choice < 0.08 or (self.was_gone and choice < 0.5):
            return {
                i: Decimal(dice.whole(0, 9)) if lesion.nodal else Decimal(0)
                for i, lesion in baseline.targets.items()
            }
        if choice < 0.15:
            total = b * 7 / 10
            self.note(total, "exactly -30 %")
        elif choice < 0.19:
            total = b * 7 / 10 + TENTH
            self.note(total, "just above -30 %")
        elif choice < 0.24 and n > 0:
            total = n * 6 / 5
            self.note(total, "exactly +20 %")
        elif choice < 0.27 and n > 1:
            total = n * 6 / 5 - TENTH
            self.note(total, "just under +20 %")
        elif choice < 0.31:
            total = n + 5
            self.note(total, "exactly +5 mm")
        elif choice < 0.34:
            total = n + Decimal("4.9")
        else:
            total = self.round(b * Decimal(str(round(dice.between(0.3, 1.3), 3))))
        return self.share(total, baseline)

    def note(self, total: Decimal, corner: str) -> None:
        if total == total.quantize(TENTH):
            self.corners.add(corner)

    def share(self, total: Decimal, baseline: Baseline) -> dict[str, Decimal]:
        total = total.quantize(TENTH)
        left = total
        weights = {i: self.dice.between(0.5, 1.5) for i in baseline.targets}
        scale = sum(weights.values())
        sizes: dict[str, Decimal] = {}
        for lesion_id, weight in weights.items():
            part = self.round(total * Decimal(str(round(weight / scale, 4))))
            sizes[lesion_id] = min(part, left)
            left -= sizes[lesion_id]
        last = list(sizes)[-1]
        sizes[last] += left
        return sizes

    def merge_two(self, baseline: Baseline, readings: dict[str, Reading]) -> None:
        solid = [i for i in readings if not baseline.targets[i].nodal and i != self.split]
        if self.merged is None and len(solid) > 1 and self.dice.chance(0.02):
            self.merged = (solid[0], solid[1])
            self.corners.add("merged")
        if self.merged:
            kept, gone = self.merged
            readings[gone] = Reading("MERGED", readings[kept].day, into=kept)
            if readings[kept].mm == 0:
                self.corners.add("merged gone")

    def split_one(self, baseline: Baseline, readings: dict[str, Reading]) -> None:
        busy = self.merged or ()
        solid = [i for i in readings if not baseline.targets[i].nodal and i not in busy]
        if self.split is None and solid and self.dice.chance(0.03):
            self.split = self.dice.one_of(solid)
            self.corners.add("split")
        if self.split:
            whole = readings[self.split]
            first = self.round(whole.mm / 3)
            readings[self.split] = Reading("SPLIT", whole.day, parts=(first, whole.mm - first))

    def mar_reading(self, baseline: Baseline, lesion_id: str, readings: dict[str, Reading]) -> None:
        dice, reading = self.dice, readings[lesion_id]
        if reading.kind == "MERGED":
            return
        if dice.chance(0.04):
            readings[lesion_id] = Reading(NE, reading.day, reason="NOT EVALUABLE")
            self.corners.add("missing target")
            if self.tabulation.not_evaluated == "NO_ROW":
                self.corners.add("target without row")
        elif reading.kind == "MEASURED" and reading.mm == 0:
            self.corners.add("target absent")
            if self.tabulation.absent == "ZERO":
                self.corners.add("absent as 0")
        elif reading.kind == "MEASURED" and reading.mm < 12 and dice.chance(0.25):
            readings[lesion_id] = Reading("TTSM", reading.day)
            self.corners.add("too small")
            if self.tabulation.too_small == "FIVE":
                self.corners.add("too small as 5")

    def draw_findings(self, baseline: Baseline, day: int) -> dict[str, Finding]:
        return {i: self.draw_finding(lesion, day) for i, lesion in baseline.non_targets.items()}

    def draw_finding(self, lesion: Lesion, day: int) -> Finding:
        dice = self.dice
        choice = dice.random()
        if choice < 0.03:
            self.corners.add("non-target PD")
            return Finding(PD, day)
        if choice < 0.07:
            self.corners.add("non-target missing")
            return Finding(NE, day)
        absent = dice.chance(0.85 if self.was_gone else 0.3)
        if lesion.nodal:
            low, high = (0, 9) if absent else (10, 16)
            return Finding("PRESENT", day, node_mm=Decimal(dice.whole(low, high)))
        return Finding("ABSENT" if absent else "PRESENT", day)

    def draw_new_lesions(self, day: int) -> tuple[NewLesion, ...]:
        dice = self.dice
        found: list[NewLesion] = []
        if self.open_lesion:
            name, first_seen = self.open_lesion
            choice = dice.random()
            if choice < 0.35:
                found.append(NewLesion(name, True, first_seen, day))
                self.corners.add("equivocal proven")
                self.open_lesion = None
            elif choice < 0.6:
                found.append(NewLesion(name, False, first_seen, day))
            elif choice < 0.8:
                self.open_lesion = None
        elif dice.chance(0.06):
            self.number_of_new += 1
            self.open_lesion = (f"N{self.number_of_new}", day)
            found.append(NewLesion(self.open_lesion[0], False, day, day))
            self.corners.add("equivocal open")
        if dice.chance(0.05):
            self.number_of_new += 1
            found.append(NewLesion(f"N{self.number_of_new}", True, day, day))
            self.corners.add("new lesion")
        return tuple(found)

    # Course --------------------------------------------------------------------------------------

    def draw_course(self, baseline: Baseline | None, visits: tuple[Visit, ...]) -> Subject:
        days = [visit.day for visit in visits]
        after_visits = max((d for v in visits for d in all_days(v)), default=0)
        course = draw_course(self.dice, days, after_visits, self.corners)
        return Subject(
            id=f"SURU-NEN-01-{self.name}",
            baseline=baseline,
            visits=visits,
            corners=frozenset(self.corners),
            tabulation=self.tabulation,
            **course,
        )


def all_days(visit: Visit) -> list[int]:
    days = [reading.day for reading in visit.targets.values()]
    days += [finding.day for finding in visit.non_targets.values()]
    days += [lesion.day for lesion in visit.new_lesions]
    return days or [visit.day]


def date_the_missing(visit: Visit) -> Visit:
    """A lesion that was not evaluated never decides the date of its visit."""
    seen = [r.day for r in visit.targets.values() if r.kind != NE]
    found = [f.day for f in visit.non_targets.values() if f.state != NE]
    anything = seen + found + [lesion.day for lesion in visit.new_lesions]
    if not visit.targets and not visit.non_targets:
        return visit
    if not anything:
        return replace(
            visit,
            targets={i: replace(r, day=visit.day) for i, r in visit.targets.items()},
            non_targets={i: replace(f, day=visit.day) for i, f in visit.non_targets.items()},
            done=False,
        )
    day = min(seen or anything)
    return replace(
        visit,
        targets={i: replace(r, day=day) if r.kind == NE else r for i, r in visit.targets.items()},
        non_targets={
            i: replace(f, day=min(anything)) if f.state == NE else f for i, f in visit.non_targets.items()
        },
    )


def sum_of(readings: dict[str, Reading]) -> Decimal | None:
    total = Decimal(0)
    for reading in readings.values():
        if reading.kind == NE:
            return None
        if reading.kind == "TTSM":
            total += 5
        total += sum(reading.parts, Decimal(0)) + (reading.mm or Decimal(0))
    return total


def is_small(baseline: Baseline, lesion_id: str, reading: Reading) -> bool:
    if reading.kind == "MERGED":
        return True
    mm = sum(reading.parts, Decimal(0)) + (reading.mm or Decimal(0)) + (5 if reading.kind == "TTSM" else 0)
    return mm < 10 if baseline.targets[lesion_id].nodal else mm == 0


def draw_course(dice: Dice, days: list[int], after_visits: int, corners: set[str]) -> dict:
    """Death, new therapy, clinical progression, last contact; all in an order that can happen."""
    course: dict = {"first_dose": date(2023, 1, 9) + timedelta(days=dice.whole(0, 700))}
    therapy = draw_new_therapy(dice, days, corners)
    clinical = None
    if dice.chance(0.08):
        clinical = dice.whole(10, 300)
        corners.add("clinical progression")
    earliest = max(after_visits, therapy or 0, clinical or 0)
    death = draw_death(dice, days, earliest, corners)
    limit = death if death is not None else earliest + dice.whole(0, 60)
    # The last day known alive rests on a contact or a dose, which nobody doubts.
    last_alive = max(earliest, limit - dice.whole(0, 5)) if death is not None else limit
    by_contact = dice.chance(0.6)
    if by_contact:
        course["contacts"] = (last_alive,)
        course["last_dose"] = dice.whole(0, last_alive)
    else:
        course["contacts"] = ()
        course["last_dose"] = last_alive
    if death is not None and dice.chance(0.08):
        corners.add("partial death date")
        course["death_text"] = (course["first_dose"] + timedelta(days=death)).isoformat()[
            : dice.one_of((4, 7))
        ]
        course["death"] = impute_death(course["death_text"], course["first_dose"], last_alive)
    else:
        course["death"] = death
    return course | {"new_therapy": therapy, "clinical_progression": clinical}


def impute_death(text: str, first_dose: date, last_alive: int) -> int:
    """A partial date of death is the first day possible, but not before the last day known alive."""
    first_day = date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}[len(text)])
    return max((first_day - first_dose).days, last_alive)


def draw_new_therapy(dice: Dice, days: list[int], corners: set[str]) -> int | None:
    if not dice.chance(0.25):
        return None
    corners.add("new therapy")
    choice = dice.random()
    if days and choice < 0.35:
        corners.add("new therapy on a visit")
        return dice.one_of(days)
    if days and choice < 0.6:
        corners.add("new therapy day before a visit")
        return dice.one_of(days) - 1
    if choice < 0.65:
        corners.add("new therapy first")
        return dice.whole(1, 10)
    return dice.whole(10, 400)


def draw_death(dice: Dice, days: list[int], earliest: int, corners: set[str]) -> int | None:
    if not dice.chance(0.45):
        return None
    corners.add("death")
    limit = last_day_of_two_missed(days[-1] if days else 0)
    choice = dice.random()
    if choice < 0.12 and limit >= earliest:
        corners.add("death on the limit")
        return limit
    if choice < 0.24 and limit + 1 >= earliest:
        corners.add("death after the limit")
        return limit + 1
    if choice < 0.30:
        if days and earliest == days[-1]:
            corners.add("death on a visit")
        return max(earliest, 1)
    return max(earliest, 1) + dice.whole(1, 250)


# ---------------------------------------------------------------------------------------------------
# Responses without lesions
# ---------------------------------------------------------------------------------------------------


def draw_given_subject(dice: Dice, name: str) -> Subject:
    corners: set[str] = set()
    given: list[Given] = []
    day = 0
    if dice.chance(0.05):
        corners.add("no assessment")
    else:
        moods = dice.one_of(
            ((CR, CR, PR, NE), (PR, PR, CR, NE, SD), (SD, SD, PR, PD, NE), (NON, NON, CR, NE, PD))
        )
        for number in range(1, dice.whole(1, 7) + 1):
            step = dice.one_of((27, 28, 48, 49, 56, 56, 56, 14, 112, 168))
            if given and dice.chance(0.05):
                step = 0
                corners.add("two responses on one date")
            if step in (27, 28):
                corners.add(f"{step} days apart")
            if step == 168:
                corners.add("two missed")
            day = max(day + step, 14)
            given.append(Given(f"VISIT {number}", 100.0 + number, day, dice.one_of(moods)))
    responses = [g.overall for g in given]
    pairs = list(pairwise(responses))
    if (CR, PR) in pairs:
        corners.add("PR after CR")
    if NE in responses[1:-1]:
        corners.add("NE between")
    days = [g.day for g in given]
    course = draw_course(dice, days, max(days, default=0), corners)
    return Subject(
        id=f"SURU-NEN-02-{name}", given=tuple(given), corners=frozenset(corners),
        tabulation=Tabulation(evaluator=dice.one_of(("INVESTIGATOR", None))), **course,
    )  # fmt: skip
