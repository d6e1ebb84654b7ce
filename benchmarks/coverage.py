"""How often 95% intervals contain the truth, over 2,000 drawn studies: `python -m benchmarks.coverage`.

The estimates go through the same functions as those of the report. Each study has 350 or 60 subjects who
enter over 18 months and are followed for 12 months more; the truth is known from the distribution they are
drawn from. PFS is drawn twice: seen on the day it happens, and seen at the next scan, every 8 weeks, up to a
week early or late. With `--write` the table of docs/explanation/estimates.md is written again; a test
compares them.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grevy.stats.curve_readings import Estimate, estimate_quantile, estimate_survival_at
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.proportions import estimate_clopper_pearson

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "estimates.md"
START, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"

STUDIES = 2_000
SEED = 20_260_101
RESPONSE_RATE = 0.17
MEDIAN_PFS = 335.0  # days, about 11 months
SHAPE = 1.1  # of the Weibull distribution: the hazard rises slowly
YEAR = 365.25
SCAN_EVERY, SCAN_SHIFT = 56, 7


@dataclass(frozen=True)
class Coverage:
    """An estimate, the setting, and the share of studies whose interval contains the truth."""

    estimate: str
    setting: str
    subjects: int
    truth: float
    studies: int
    covered: int
    no_limit: int

    @property
    def share(self) -> float:
        """Share of the studies in percent."""
        return 100 * self.covered / self.studies


def draw_progression(random: np.random.Generator, n: int) -> np.ndarray:
    """Days to progression or death."""
    scale = MEDIAN_PFS / np.log(2) ** (1 / SHAPE)
    return scale * random.weibull(SHAPE, n)


def see_at_scan(random: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """The day of the first scan at or after it; each subject's visits are early or late as a person is."""
    shift = random.integers(-SCAN_SHIFT, SCAN_SHIFT + 1, len(days))
    scan = np.maximum(np.ceil((days - shift) / SCAN_EVERY), 1)
    return scan * SCAN_EVERY + shift


def find_truth(is_at_scan: bool) -> tuple[float, float]:
    """Median and share without event at 12 months, of the distribution itself."""
    scale = MEDIAN_PFS / np.log(2) ** (1 / SHAPE)

    def survive(day: np.ndarray) -> np.ndarray:
        return np.exp(-((np.maximum(day, 0) / scale) ** SHAPE))

    if not is_at_scan:
        return MEDIAN_PFS, float(survive(np.array([YEAR]))[0])
    shifts = np.arange(-SCAN_SHIFT, SCAN_SHIFT + 1)

    def survive_seen(day: float) -> float:
        # seen after the day: the event comes after the last scan that is not after it
        last = np.floor((day - shifts) / SCAN_EVERY)
        return float(np.where(last >= 1, survive(last * SCAN_EVERY + shifts), 1.0).mean())

    median = next(day for day in range(1, 5_000) if survive_seen(day) <= 0.5)
    return float(median), survive_seen(YEAR)


def contains(found: Estimate, truth: float) -> bool:
    """Whether the interval has the truth; a limit that is not reached leaves that side open."""
    below = found.lower is None or found.lower <= truth
    return below and (found.upper is None or truth <= found.upper)


def measure(n: int, is_at_scan: bool, studies: int) -> Iterator[Coverage]:
    """Draw the studies and count whose intervals contain the truth."""
    random = np.random.default_rng([SEED, n, is_at_scan])
    median, rate = find_truth(is_at_scan)
    counts = {"response": 0, "median": 0, "rate": 0}
    open_ended = 0
    for _ in range(studies):
        responders = int((random.random(n) < RESPONSE_RATE).sum())
        proportion = estimate_clopper_pearson(responders, n)
        counts["response"] += proportion is not None and proportion.lower <= RESPONSE_RATE <= proportion.upper
        days = draw_progression(random, n)
        days = see_at_scan(random, days) if is_at_scan else days
        follow_up = random.uniform(YEAR, 2.5 * YEAR, n)
        curve = estimate_kaplan_meier(np.minimum(days, follow_up), days <= follow_up)
        found = estimate_quantile(curve, 0.5)
        counts["median"] += contains(found, median)
        open_ended += found.upper is None
        counts["rate"] += contains(estimate_survival_at(curve, YEAR), rate)
    setting = f"seen every {SCAN_EVERY // 7} weeks" if is_at_scan else "seen that day"
    if not is_at_scan:
        yield Coverage("Response rate, Clopper-Pearson", "", n, RESPONSE_RATE, studies, counts["response"], 0)
    yield Coverage("Median PFS, log-log", setting, n, median, studies, counts["median"], open_ended)
    yield Coverage("PFS at 12 months, log-log", setting, n, rate, studies, counts["rate"], 0)


def measure_all(studies: int = STUDIES) -> list[Coverage]:
    """Both sizes of study, both ways of seeing."""
    return [found for n in (350, 60) for at_scan in (False, True) for found in measure(n, at_scan, studies)]


def write_table(rows: list[Coverage]) -> str:
    """The table of the page."""
    lines = [
        "| Estimate | Progression | Subjects | Truth | Intervals that contain it | No upper limit |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        truth = f"{row.truth:.0f} days" if "Median" in row.estimate else f"{100 * row.truth:.1f}%"
        cells = (row.estimate, row.setting or "–", row.subjects, truth, f"{row.share:.1f}%", row.no_limit)
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    text = write_table(measure_all())
    print(text)
    if "--write" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        head, rest = page.split(START)
        PAGE.write_text(f"{head}{START}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")
