"""Every record of a simulated cohort's data sets against the plain twin of each derivation.

The twins read the tabulation of one subject at a time and know nothing of the program (`tests/oracles`).
"""

from datetime import date

import ibis
import pyarrow.parquet as pq
import pytest

from grevy.adam import build_adam
from grevy.sdtm.domains import DOMAINS as ALL_DOMAINS
from grevy.sdtm.domains import build_empty
from tests.oracles.cohort import COMPARISONS, DATA_SETS, DOMAINS, compare_cohort
from tests.oracles.expectation import summarize

CUTOFF = date(2024, 12, 31)
AT_LEAST = {"ADSL": 200, "ADTTE": 1_000, "ADEX": 300, "ADAE": 4_000, "ADLB": 200_000, "ADQS": 20_000}
"""Values compared of a cohort of 40."""


@pytest.fixture(scope="module")
def run(demo):
    folder = demo / "run"
    return {
        part: {name: pq.read_table(folder / part / f"{name.lower()}.parquet").to_pylist() for name in names}
        for part, names in (("sdtm", DOMAINS), ("adam", DATA_SETS))
    }


def test_every_record_agrees_with_the_twin(run):
    differences, compared = compare_cohort(run["sdtm"], run["adam"])
    assert not differences, summarize(differences)
    assert {name: compared[name] for name in COMPARISONS if compared[name] < AT_LEAST[name]} == {}


def test_every_record_agrees_at_a_cutoff(demo, study, run):
    """As on a day in the middle: later records are invisible, what ended later goes on, nobody died later."""
    tables = {path.stem.upper(): pq.read_table(path) for path in (demo / "run" / "sdtm").glob("*.parquet")}
    sdtm = {
        name: ibis.memtable(tables[name]) if name in tables else build_empty(name) for name in ALL_DOMAINS
    }
    built = build_adam(sdtm, study.analysis, cutoff=CUTOFF)
    adam = {name: built[name].to_pyarrow().to_pylist() for name in DATA_SETS}
    differences, compared = compare_cohort(run["sdtm"], adam, CUTOFF)
    assert not differences, summarize(differences)
    assert all(compared[name] > 100 for name in COMPARISONS)


PLANTED = {
    "ADSL": ("LSTALVDT", lambda row: row["LSTALVDT"] is not None),
    "ADTTE": ("CNSDTDSC", lambda row: row["PARAMCD"] == "PFS" and row["CNSDTDSC"] is not None),
    "ADEX": ("AVAL", lambda row: row["PARAMCD"] == "RDI"),
    "ADAE": ("TRTEMFL", lambda row: row["TRTEMFL"] == "Y"),
    "ADLB": ("ATOXGRH", lambda row: row["PARAMCD"] == "ALT" and row["ATOXGRH"] == 1),
    "ADQS": ("CHG", lambda row: row["CHG"] is not None),
}


@pytest.mark.parametrize("name", PLANTED)
def test_one_missing_value_is_seen(run, name):
    column, is_chosen = PLANTED[name]
    usubjid = next(row["USUBJID"] for row in run["adam"][name] if is_chosen(row))

    def of_subject(rows):
        return [dict(row) for row in rows if row["USUBJID"] == usubjid]

    sdtm = {domain: of_subject(rows) for domain, rows in run["sdtm"].items()}
    adam = {data_set: of_subject(rows) for data_set, rows in run["adam"].items()}
    next(row for row in adam[name] if is_chosen(row))[column] = None
    differences, _ = compare_cohort(sdtm, adam)
    assert {difference.what.split(" ")[0] for difference in differences} == {name}
