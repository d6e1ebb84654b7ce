"""Lesions to progression-free survival and confirmed best response: Grevy's expressions beside plain SQL.

    python benchmarks/lesions_to_endpoints.py make 3500000 lesions.parquet
    python benchmarks/lesions_to_endpoints.py grevy lesions.parquet out.parquet
    python benchmarks/lesions_to_endpoints.py sql lesions.parquet out.parquet
    python benchmarks/lesions_to_endpoints.py compare out1.parquet out2.parquet
    python benchmarks/lesions_to_endpoints.py table          # all sizes, the table of `make bench`

Every run is a process of its own on two threads, so that time and peak memory are its own. The subjects
are made by arithmetic on their number: three lesions (one a node), a baseline and six assessments, some
missing, some late, some with a new lesion, some dead, some on another therapy.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import ibis

HERE = Path(__file__).parent
STUDY = HERE.parent / "studies" / "surufatinib_nen"
SIZES = (350, 100_000, 3_500_000)

MAKE_LESIONS = """
with visit as (select range as ASMT from range(7)),
     lesion as (select range as L from range(3)),
     subject as (select range as SUBJECT, h(range * 7919 + 13, 1000) as H from range({n}))
select SUBJECT, ASMT,
       (case when ASMT = 0 then -(H % 20) - 1
             else 56 * ASMT + (h(SUBJECT * 31 + ASMT, 15)) - 7
                  + case when h(SUBJECT * 17 + ASMT * 3 + L, 50) = 0 then 2 else 0 end end)::bigint as DAY,
       case when L = 2 and h(SUBJECT * 11 + 5, 4) = 0 then 'N' else 'T' end as ROLE,
       -- growth or shrinkage per subject, noise per lesion and visit; some not evaluated, some vanished
       case when ASMT > 0 and h(SUBJECT * 101 + ASMT * 7 + L, 60) = 0 then null
            when ASMT > 1 and H % 100 < 3 then 0
            else greatest(0, (1500 + 400 * L + 10 * (h(SUBJECT * 13 + L, 300))::bigint
                 + ASMT * (H % 40 - 18) * 12 + 10 * (h(SUBJECT + ASMT * 977 + L, 30) - 15)))
            end::bigint as SIZE,
       L = 1 as NODAL,
       L as L
from subject cross join visit cross join lesion
where ASMT = 0 or h(SUBJECT * 3 + ASMT * 19, 20) > 0
"""

MAKE_ROWS = """
select SUBJECT, ASMT, DAY, ROLE, case when ROLE = 'T' then SIZE end as SIZE,
       SIZE is not null as EVALUATED,
       case when NODAL then SIZE < 1000 else SIZE = 0 end and SIZE is not null as GONE,
       false as MERGED,
       ROLE = 'N' and SIZE is not null and ASMT > 0 and h(SUBJECT * 5 + ASMT, 40) = 0 as PROGRESSED,
       false as REDATED
from ({lesions})
union all
select SUBJECT, ASMT, 56 * ASMT - 2, 'X', null, true, false, false, true, false
from (select range as SUBJECT from range({n})) cross join (select range + 1 as ASMT from range(6))
where h(SUBJECT * 71 + ASMT, 25) = 0
"""

MAKE_SUBJECTS = """
select range as SUBJECT,
       case when h(range * 3 + 1, 3) = 0 then 60 + (h(range * 3 + 2, 700))::bigint end as DEATH_DAY,
       case when h(range * 7 + 1, 6) = 0 then 40 + (h(range * 7 + 2, 400))::bigint end as NEW_THERAPY_DAY,
       null::bigint as CLINICAL_DAY, true as HAS_BASELINE, -5::bigint as BASELINE_DAY
from range({n})
"""


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB session on two threads, as the machine that the limits are stated for."""
    return duckdb.connect(config={"threads": 2, "memory_limit": "4500MB", "preserve_insertion_order": False})


def make(n: int, path: str) -> None:
    """Write the lesions and, beside them, the subjects."""
    connection = connect()
    connection.execute("create macro h(x, m) as (hash(x) % m)::bigint")
    rows = MAKE_ROWS.format(n=n, lesions=MAKE_LESIONS.format(n=n))
    connection.execute(f"copy ({rows}) to '{path}' (format parquet)")
    connection.execute(f"copy ({MAKE_SUBJECTS.format(n=n)}) to '{path}.subjects.parquet' (format parquet)")


def run_grevy(path: str, out: str) -> None:
    """The derivations of `grevy.adam`, as the study's own analysis runs them."""
    from grevy.adam.tumor import derive_endpoints
    from grevy.definition import load_study
    from grevy.engine import keep_beside

    plan = load_study(STUDY).analysis
    backend = ibis.duckdb.from_connection(connect())
    lesions, subjects = backend.read_parquet(path), backend.read_parquet(f"{path}.subjects.parquet")
    endpoints = derive_endpoints(lesions, subjects, plan, keep=keep_beside(lesions))
    backend.raw_sql(f"copy ({ibis.to_sql(endpoints, dialect='duckdb')}) to '{out}' (format parquet)")


def run_sql(path: str, out: str) -> None:
    """The same logic as one hand-written statement: the yardstick."""
    text = (HERE / "lesions_to_endpoints.sql").read_text()
    connection = connect()
    connection.execute(f"create view lesions as from '{path}'")
    connection.execute(f"create view subjects as from '{path}.subjects.parquet'")
    *steps, last = [step for step in text.split(";") if step.strip()]
    for step in steps:
        connection.execute(step)
    connection.execute(f"copy ({last}) to '{out}' (format parquet)")


def compare(one: str, other: str) -> int:
    """Number of subjects whose endpoints differ."""
    rows = duckdb.execute(
        f"select count(*) from '{one}' a full join '{other}' b using (SUBJECT) where "
        "(a.BOR, a.CBOR, a.PFSDAY, a.CNSR) is distinct from (b.BOR, b.CBOR, b.PFSDAY, b.CNSR)"
    ).fetchone()
    return int(rows[0])


def measure(way: str, path: str, out: str) -> dict[str, float]:
    """Wall seconds and peak gigabytes of one run in a process of its own."""
    line = subprocess.run(
        [sys.executable, __file__, way, path, out], check=True, capture_output=True, text=True
    ).stdout.splitlines()[-1]
    return dict(json.loads(line))


def warm(path: str, repeats: int = 15) -> tuple[float, float]:
    """Median seconds in a process that has done it before: expressions built anew, and compiled once.

    A process that serves many requests compiles the expressions to SQL once and runs that.
    """
    from grevy.adam.tumor import derive_endpoints
    from grevy.definition import load_study
    from grevy.engine import keep_beside

    plan = load_study(STUDY).analysis
    backend = ibis.duckdb.from_connection(connect())
    lesions, subjects = backend.read_parquet(path), backend.read_parquet(f"{path}.subjects.parquet")
    compiled = ibis.to_sql(derive_endpoints(lesions, subjects, plan, keep=lambda t: t), dialect="duckdb")
    ways = (
        lambda: derive_endpoints(lesions, subjects, plan, keep=keep_beside(lesions)).to_pyarrow(),
        lambda: backend.raw_sql(compiled).fetchall(),
    )
    medians = []
    for way in ways:
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            way()
            times.append(time.perf_counter() - start)
        medians.append(sorted(times)[repeats // 2])
    return medians[0], medians[1]


def table() -> None:
    """Print the table for all sizes."""
    print("| subjects | lesion rows | Grevy s (GB) | SQL s (GB) | ratio | subjects that differ |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for n in SIZES:
            path, one, other = (f"{folder}/{name}{n}.parquet" for name in ("lesions", "grevy", "sql"))
            make(n, path)
            rows = duckdb.execute(f"select count(*) from '{path}'").fetchone()[0]
            ours, theirs = measure("grevy", path, one), measure("sql", path, other)
            print(
                f"| {n:,} | {rows:,} | {ours['seconds']:.2f} ({ours['gigabytes']:.2f}) | "
                f"{theirs['seconds']:.2f} ({theirs['gigabytes']:.2f}) | "
                f"{ours['seconds'] / theirs['seconds']:.2f} | {compare(one, other)} |",
                flush=True,
            )
            if n == SIZES[0]:
                anew, compiled = warm(path)
                print(f"| {n}, warm, built anew | | {anew:.3f} | | | |", flush=True)
                print(f"| {n}, warm, compiled once | | {compiled:.3f} | | | |", flush=True)
            for used in (path, f"{path}.subjects.parquet", one, other):
                Path(used).unlink()


def main(way: str, *arguments: str) -> None:
    """Run one way and print its seconds and peak memory."""
    if way == "make":
        make(int(arguments[0]), arguments[1])
    elif way == "compare":
        print(compare(*arguments))
    elif way == "table":
        table()
    else:
        start = time.perf_counter()
        {"grevy": run_grevy, "sql": run_sql}[way](*arguments)
        seconds = time.perf_counter() - start
        gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(json.dumps({"seconds": seconds, "gigabytes": gigabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
