"""The whole cohort through Parquet, Dataset-JSON and XPT: the same analysis data sets and results each time.

    python -m benchmarks.round_trip [SUBJECTS]

Fails where a value differs. Rows are compared as written: order, types and every digit.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from grevy.cli import OWN_STUDY
from grevy.cli.pipeline import Source, analyse_tables, simulate_tabulation
from grevy.definition import Study, load_study
from grevy.exchange import FORMATS, read_tabulation, write_tabulation

SUBJECTS = 350
SEED = 1


def read_run(folder: Path) -> dict[str, pa.Table]:
    """What an analysis made: data sets, results and the records behind them."""
    paths = [
        *sorted((folder / "adam").glob("*.parquet")),
        folder / "results.parquet",
        folder / "trace.parquet",
    ]
    return {path.stem: pq.read_table(path) for path in paths}


def analyze(source: Source, study: Study, folder: Path) -> dict[str, pa.Table]:
    """Analyze tabulation data into a folder and read it back."""
    folder.mkdir()
    analyse_tables(source, study, study.analysis, cutoff=None, folder=folder)
    return read_run(folder)


def list_differences(own: dict[str, pa.Table], other: dict[str, pa.Table]) -> list[str]:
    """Names of the tables that are not the same, with their first variable that differs."""
    different = []
    for name in sorted(own.keys() | other.keys()):
        if name not in own or name not in other:
            different.append(f"{name}: only on one side")
        elif not own[name].equals(other[name]):
            columns = [c for c in own[name].column_names if not _equal(own[name], other[name], c)]
            different.append(f"{name}: {', '.join(columns[:5]) or 'variables'}")
    return different


def _equal(own: pa.Table, other: pa.Table, column: str) -> bool:
    return column in other.column_names and own[column].equals(other[column])


def main(subjects: int) -> int:
    """Analyze the cohort as it was tabulated and after each format; say times, sizes and differences."""
    study = load_study(OWN_STUDY)
    begun = time.perf_counter()
    _, source = simulate_tabulation(study, seed=SEED, subjects=subjects)
    rows = sum(table.num_rows for table in source.sdtm.values())
    print(f"{subjects} subjects enrolled: {len(source.sdtm)} domains, {rows:,} records, "
          f"{time.perf_counter() - begun:.1f} s")  # fmt: skip
    failures = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        # what a reader of files knows: no trace to the forms
        own = analyze(replace(source, trace=None), study, folder / "own")
        print(f"as tabulated: {len(own) - 2} data sets, {own['results'].num_rows:,} results, "
              f"{time.perf_counter() - begun:.1f} s")  # fmt: skip
        for format in FORMATS:
            begun = time.perf_counter()
            place = folder / f"sdtm-{format}"
            write_tabulation(source.sdtm, place, format, snapshot_id=source.snapshot_id)
            read = read_tabulation(place)
            written = time.perf_counter() - begun
            other = analyze(Source(read.tables, read.snapshot_id), study, folder / f"run-{format}")
            differences = list_differences(own, other)
            size = sum(path.stat().st_size for path in place.iterdir()) / 1e6
            outcome = "; ".join(differences) or f"all {len(own)} tables equal"
            print(f"{format}: {size:.1f} MB, written and read in {written:.1f} s: {outcome}")
            failures += len(differences)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SUBJECTS))
