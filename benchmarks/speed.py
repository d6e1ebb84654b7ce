"""The whole demo against its limits; the data sets alone, `verify`, a snapshot of a past moment; memory.

    python -m benchmarks.speed              the demo in a temporary folder, then the others on what it made
    python -m benchmarks.speed --demo DEMO  the others only, on the folder of a demo that was made before

Each is a process of its own, as for a user who begins; the data sets, which no command makes alone, are
judged by their building. Limits are for two cores with nothing else to do, so that processor time stands
beside the time on the clock: on a busy machine only the former can be compared.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

STUDY = Path(__file__).resolve().parents[1] / "studies" / "surufatinib_nen"
MOST_MEGABYTES = 3_000


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    processor_seconds: float
    megabytes: float


def measure(arguments: list[str]) -> Cost:
    """Run Python with arguments to its end; a process that fails ends the benchmark."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} ended with code {process.returncode}.")
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def report(what: str, cost: Cost, limit: float) -> bool:
    """Print one line; whether the process kept its limits."""
    kept = cost.seconds <= limit and cost.megabytes <= MOST_MEGABYTES
    print(
        f"{what:<28}{cost.seconds:7.1f} s of {limit:3.0f}   {cost.processor_seconds:7.1f} s on processors   "
        f"{cost.megabytes:6,.0f} MB{'' if kept else '   TOO MUCH'}",
        flush=True,
    )
    return kept


def build_data_sets(snapshot: Path) -> bool:
    """All of SDTM and ADaM from the forms of a snapshot, held against their limit without the imports.

    No command does this alone: whoever builds data sets has started Python and read the forms before.
    """
    import ibis

    from grevy.adam import build_adam
    from grevy.cli.pipeline import Source, collect_tables, tabulate_snapshot
    from grevy.definition import load_study
    from grevy.sdtm.domains import DOMAINS, build_empty
    from grevy.snapshot import read_snapshot

    study = load_study(STUDY)
    begun = time.perf_counter(), time.process_time()
    source: Source = tabulate_snapshot(read_snapshot(snapshot), study)
    sdtm = {
        name: ibis.memtable(source.sdtm[name]) if name in source.sdtm else build_empty(name)
        for name in DOMAINS
    }
    tabulated = time.perf_counter(), time.process_time()
    collect_tables(build_adam(sdtm, study.analysis))
    built = time.perf_counter(), time.process_time()
    for what, start, end in (("SDTM", begun, tabulated), ("ADaM", tabulated, built)):
        print(f"  {what:<26}{end[0] - start[0]:7.1f} s            {end[1] - start[1]:7.1f} s on processors")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return report("all data sets", Cost(built[0] - begun[0], built[1] - begun[1], megabytes), 10)


def find_past_moment(demo: Path) -> str:
    """The moment at which half of the revisions had been entered."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    moments = pq.read_table(demo / "run" / "snapshot" / "_revisions.parquet", columns=["AT"])[
        "AT"
    ].combine_chunks()
    return str(moments.take(pc.sort_indices(moments))[len(moments) // 2].as_py().isoformat())


def measure_parts(demo: Path) -> bool:
    """What can be asked of a demo that is there."""
    ledger = str(demo / "ledger.sqlite3")
    with TemporaryDirectory() as folder:
        past = ["--as-of", find_past_moment(demo), "--out", f"{folder}/past"]
        kept = [
            report("verify", measure(["-m", "grevy", "verify", "--db", ledger]), 15),
            report(
                "snapshot of a past moment", measure(["-m", "grevy", "snapshot", "--db", ledger, *past]), 5
            ),
        ]
    begun = time.perf_counter()
    data_sets = [sys.executable, "-m", "benchmarks.speed", "--data-sets", str(demo / "run" / "snapshot")]
    kept.append(subprocess.run(data_sets, check=False).returncode == 0)
    print(f"  their process, with the start of Python and the reading: {time.perf_counter() - begun:.1f} s")
    return all(kept)


def main() -> int:
    """Measure, print, and 1 if a limit was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--demo", type=Path)
    parser.add_argument("--data-sets", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data_sets:
        return int(not build_data_sets(options.data_sets))
    if options.demo:
        return int(not measure_parts(options.demo))
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        kept = report("demo", measure(["-m", "grevy", "demo", "--no-serve", "--out", str(demo)]), 150)
        return int(not (measure_parts(demo) and kept))


if __name__ == "__main__":
    sys.exit(main())
