"""Ten million laboratory records in one domain: how long the check takes, and how much memory.

    python -m benchmarks.large_domain [ROWS]

Writes the domain to a temporary folder, plants three impossible dates and two duplicate keys, and reads the
folder in a process of its own. Fails where a planted mistake is not told, or memory exceeds 3 GB.
"""

import resource
import sys
import time
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS = 10_000_000
ROWS_PER_GROUP = 1_000_000
ROWS_PER_SUBJECT = 28_000
MOST_MEGABYTES = 3_000
TESTS = ("ALT", "AST", "BILI", "ALP", "CREAT", "ALB", "HGB", "PLAT", "NEUT", "WBC")


def write_domain(folder: Path, rows: int) -> None:
    """Write DM and an LB of so many rows, a group at a time."""
    subjects = [f"LARGE-{number:05d}" for number in range(rows // ROWS_PER_SUBJECT + 1)]
    studies = ["LARGE"] * len(subjects)
    dm = {"STUDYID": studies, "DOMAIN": ["DM"] * len(subjects), "USUBJID": subjects, "SUBJID": subjects}
    pq.write_table(pa.table(dm), folder / "dm.parquet")
    first = _make_group(subjects, 0, 1)
    with pq.ParquetWriter(folder / "lb.parquet", first.schema, compression="zstd") as file:
        for start in range(0, rows, ROWS_PER_GROUP):
            file.write_table(_make_group(subjects, start, min(ROWS_PER_GROUP, rows - start)))


def _make_group(subjects: list[str], start: int, rows: int) -> pa.Table:
    number = np.arange(start, start + rows)
    sequence = (number % ROWS_PER_SUBJECT + 1).astype(float)
    values = (number * 7919 % 1000) / 10
    days = pa.array((19_000 + number % 700).astype("int32")).cast(pa.date32())
    dates = pc.binary_join_element_wise(pc.strftime(days, "%Y-%m-%d"), pa.scalar("08:30"), "T")
    if start == 0 and rows > 1:  # the mistakes
        sequence[[10, 20]] = sequence[[11, 21]]
        dates = pa.array([*["2024-02-30"] * 3, *dates.slice(3).to_pylist()])
    text = pc.cast(pa.array(values), pa.string())
    codes = pa.array(TESTS).take(pa.array(number % len(TESTS)))
    constant = {
        "STUDYID": "LARGE",
        "DOMAIN": "LB",
        "LBCAT": "CHEMISTRY",
        "LBORRESU": "U/L",
        "LBSTRESU": "U/L",
    }
    columns = {name: pa.repeat(pa.scalar(value), rows) for name, value in constant.items()}
    columns |= {
        "USUBJID": pa.array(subjects).take(pa.array(number // ROWS_PER_SUBJECT)),
        "LBSEQ": pa.array(sequence),
        "LBTESTCD": codes,
        "LBTEST": codes,
        "LBORRES": text,
        "LBSTRESC": text,
        "LBSTRESN": pa.array(values),
        "VISITNUM": pa.array((number % 30).astype(float)),
        "LBDTC": dates,
    }
    return pa.table(columns)


def check_domain(folder: Path) -> None:
    """Read the folder and say what was told, in how many seconds and megabytes."""
    from grevy.exchange import TabulationErrors, read_tabulation

    begun = time.perf_counter()
    try:
        read_tabulation(folder)
    except TabulationErrors as errors:
        print("\n".join(f"  {finding}" for finding in errors.findings))
    seconds = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.1f} s, peak {megabytes:,.0f} MB")
    sys.exit(megabytes > MOST_MEGABYTES)


def main(rows: int) -> int:
    """Write, read in a process of its own, and judge."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_domain(folder, rows)
        size = (folder / "lb.parquet").stat().st_size / 1e6
        print(f"LB of {rows:,} rows, {size:,.0f} MB as Parquet")
        command = [sys.executable, "-m", "benchmarks.large_domain", "--read", name]
        done = run(command, capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr, end="")
    told = ("2 duplicate keys", "3 rows: impossible or unreadable date", f"{rows} rows: more rows than")
    missing = [text for text in told if text not in done.stdout]
    if missing:
        print(f"not told: {', '.join(missing)}")
    return done.returncode or int(bool(missing))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        check_domain(Path(sys.argv[2]))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
