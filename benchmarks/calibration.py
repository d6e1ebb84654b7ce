"""The virtual cohort against published results: means over many seeds, written into the explanation page.

python -m benchmarks.calibration               50 cohorts of 350 patients, about two minutes on one core
python -m benchmarks.calibration --seeds 10    fewer
python -m benchmarks.calibration --write       also replace the table in docs/explanation/virtual-cohort.md
python -m benchmarks.calibration --run demo/run --write     the one cohort of a run, as the analysis sees it
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pandas as pd

from grevy.simulate import (
    calibration_table,
    mean_calibration,
    simulate_truth,
    summarize_adam,
    summarize_courses,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "virtual-cohort.md"
MEANS, DEMO = "calibration", "demo"
"""Names of the two tables in the page: comments `<!-- NAME: begin -->` and `<!-- NAME: end -->` hold them."""


def measure(seeds: int) -> pd.DataFrame:
    """Mean, spread and verdict of every target over the seeds 1 to `seeds`."""
    tables = []
    for seed in range(1, seeds + 1):
        courses = simulate_truth(seed=seed).courses.values()
        tables.append(calibration_table(summarize_courses(courses)))
    return mean_calibration(tables)


def measure_run(run: Path) -> pd.DataFrame:
    """The cohort of a run, measured on its analysis data sets."""
    names = ("ADSL", "ADTTE", "ADRS", "ADEX", "ADAE")
    adam = {name: pd.read_parquet(run / "adam" / f"{name.lower()}.parquet") for name in names}
    return calibration_table(summarize_adam(adam))


def as_markdown(table: pd.DataFrame, columns: dict[str, str]) -> str:
    """Target, interval and the measured `columns` (name in the table: heading), one line per target."""
    lines = [
        f"| Measure | Group or term | Target | Interval | {' | '.join(columns.values())} | Inside | Source |",
        f"|---|---|---:|---:|{'---:|' * len(columns)}:-:|---|",
    ]
    for row in table.to_dict("records"):
        what = row["term"] or row["group"]
        interval = f"{row['lower']:.1f} to {row['upper']:.1f}"
        measured = " | ".join(f"{row[name]:.1f}" for name in columns)
        verdict = "yes" if row["inside"] else "**no**"
        lines.append(
            f"| {row['measure']} | {what} | {row['target']:.1f} {row['unit']} | {interval} | {measured} | "
            f"{verdict} | {row['confidence']}: {row['source']} |"
        )
    return "\n".join(lines)


def write_table(name: str, caption: str, markdown: str) -> None:
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = PAGE.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    PAGE.write_text(f"{before}{begin}\n\n{caption}\n\n{markdown}\n\n{end}{after}", encoding="utf-8")


def main() -> int:
    """Measure, print, and write where asked; 1 if a mean over seeds lies outside its interval."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.run:
        table = measure_run(options.run)
        name, markdown = DEMO, as_markdown(table, {"n": "Subjects", "simulated": "Simulated"})
        caption = f"Made by `python -m benchmarks.calibration --run {options.run} --write`."
    else:
        started = time.perf_counter()
        table = measure(options.seeds)
        name, markdown = (
            MEANS,
            as_markdown(table, {"mean": "Mean", "sd": "SD", "cohorts_inside": "Cohorts inside, %"}),
        )
        command = f"`python -m benchmarks.calibration --seeds {options.seeds} --write`"
        cohorts = f"{options.seeds} cohorts of 350 enrolled patients, seeds 1 to {options.seeds}."
        caption = f"{cohorts} Made by {command}."
        print(f"{options.seeds} cohorts in {time.perf_counter() - started:.0f} s\n")
    print(markdown)
    outside = table[~table["inside"]]
    print(f"\n{len(outside)} of {len(table)} outside.")
    if options.write:
        write_table(name, caption, markdown)
    return int(not options.run and len(outside) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
