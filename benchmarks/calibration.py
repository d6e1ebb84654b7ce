"""The virtual cohort against published results: means over many seeds, written into the explanation page.

python -m benchmarks.calibration               50 cohorts of 350 patients, about two minutes on one core
python -m benchmarks.calibration --seeds 10    fewer
python -m benchmarks.calibration --write       also replace the table in docs/explanation/virtual-cohort.md
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pandas as pd

from grevy.simulate import calibration_table, mean_calibration, simulate_truth, summarize_courses

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "virtual-cohort.md"
BEGIN, END = "<!-- calibration: begin -->", "<!-- calibration: end -->"


def measure(seeds: int) -> pd.DataFrame:
    """Mean, spread and verdict of every target over the seeds 1 to `seeds`."""
    tables = []
    for seed in range(1, seeds + 1):
        courses = simulate_truth(seed=seed).courses.values()
        tables.append(calibration_table(summarize_courses(courses)))
    return mean_calibration(tables)


def as_markdown(means: pd.DataFrame) -> str:
    lines = [
        "| Measure | Group or term | Target | Interval | Mean | SD | Inside | Source |",
        "|---|---|---:|---:|---:|---:|:-:|---|",
    ]
    for row in means.itertuples():
        what = row.term or row.group
        interval = f"{row.lower:.1f} to {row.upper:.1f}"
        numbers = f"{row.target:.1f} {row.unit} | {interval} | {row.mean:.1f} | {row.sd:.1f}"
        verdict = "yes" if row.inside else "**no**"
        lines.append(f"| {row.measure} | {what} | {numbers} | {verdict} | {row.confidence}: {row.source} |")
    return "\n".join(lines)


def write_table(markdown: str, seeds: int) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    caption = f"{seeds} cohorts of 350 enrolled patients, seeds 1 to {seeds}."
    command = f"`python -m benchmarks.calibration --seeds {seeds} --write`"
    table = f"{BEGIN}\n\n{caption} Made by {command}.\n\n{markdown}\n\n{END}"
    PAGE.write_text(before + table + after, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    started = time.perf_counter()
    means = measure(options.seeds)
    markdown = as_markdown(means)
    print(markdown)
    outside = means[~means["inside"]]
    print(
        f"\n{options.seeds} cohorts in {time.perf_counter() - started:.0f} s; {len(outside)} means outside."
    )
    if options.write:
        write_table(markdown, options.seeds)
    return int(len(outside) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
