"""How long an estimate takes, for a study of 350 and for a million rows: `python -m benchmarks.statistics`.

The best of several runs, in milliseconds by the clock and of processor time, beside the limit. Data are drawn
with a fixed seed: whole days, so that many times are tied, and a third of the subjects censored.
"""

from collections.abc import Callable
from time import perf_counter, process_time

import numpy as np

from grevy.stats.concordance import compute_concordance
from grevy.stats.cox import fit_cox
from grevy.stats.curve_readings import estimate_quantile
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.mixed_model import fit_mixed_model

SMALL, LARGE = 350, 1_000_000


def draw(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, events and four covariates of n subjects."""
    random = np.random.default_rng(20260101)
    covariates = random.normal(size=(n, 4))
    time = np.ceil(400 * random.exponential(size=n) * np.exp(-covariates @ [0.4, -0.3, 0.1, 0.0]))
    end = np.ceil(random.uniform(100, 900, n))
    return np.minimum(time, end), (time <= end).astype(float), covariates


def measure(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """The best of several runs in milliseconds, by the clock and of processor time (of all threads)."""
    clock, processor = [], []
    for _ in range(runs):
        start, start_processor = perf_counter(), process_time()
        work()
        clock.append(perf_counter() - start)
        processor.append(process_time() - start_processor)
    return 1000 * min(clock), 1000 * min(processor)


def table() -> None:
    """Print each method with its time and its limit."""
    print(f"{'method':<42} {'n':>9} {'ms':>9} {'processor':>9} {'limit':>9}")
    for n, runs in ((SMALL, 20), (LARGE, 2)):
        for name, limits, work in list_works(n):
            limit = limits[0] if n == SMALL else limits[1]
            clock, processor = measure(work, runs)
            print(f"{name:<42} {n:>9,} {clock:>9.1f} {processor:>9.1f} {limit:>9,.0f}")


def list_works(n: int) -> list[tuple[str, tuple[float, float], Callable[[], object]]]:
    """Name, limits for the small and the large number, and what is measured."""
    time, event, covariates = draw(n)
    works = [
        (
            "Kaplan-Meier, median with limits",
            (5, 2_000),
            lambda: estimate_quantile(estimate_kaplan_meier(time, event), 0.5),
        ),
        ("Cox, 4 covariates, Efron", (20, 10_000), lambda: fit_cox(time, event, covariates)),
        ("concordance with error", (20, 60_000), lambda: compute_concordance(covariates[:, 0], time, event)),
    ]
    return works + ([draw_repeated_measures(n)] if n == SMALL else [])


def draw_repeated_measures(n: int, visits: int = 8) -> tuple[str, tuple[float, float], Callable[[], object]]:
    """Subjects measured at 8 visits, from which they drop out; means by visit and group, and baseline."""
    random = np.random.default_rng(20260102)
    apart = np.abs(np.subtract.outer(range(visits), range(visits)))
    outcome = random.multivariate_normal(np.zeros(visits), 0.6**apart, n)
    dropped = np.cumsum(random.random((n, visits)) < 0.08, axis=1) > 0
    subject, visit = np.nonzero(~dropped)
    group, baseline = random.integers(0, 2, n), random.normal(size=n)
    means = np.eye(visits)[visit]
    design = np.column_stack([means, means * group[subject][:, None], baseline[subject]])
    values = outcome[subject, visit]
    return (
        "mixed model, 8 visits, 17 coefficients",
        (500, 0),
        lambda: fit_mixed_model(values, design, subject, visit),
    )


if __name__ == "__main__":
    table()
