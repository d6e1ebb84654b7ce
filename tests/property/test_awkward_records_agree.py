"""Doses, events, results and answers drawn for their corners: every record against the plain twins.

Once as of the end and once as of a cut-off that falls among the records.
"""

from datetime import date

import pytest

from grevy.adam import build_adam
from tests.oracles.analysis import study_plan
from tests.oracles.cohort import DATA_SETS, compare_cohort
from tests.oracles.expectation import summarize
from tests.oracles.generate_records import CORNERS, as_arrow, generate_records
from tests.oracles.subjects import conform_all

SUBJECTS, AT_LEAST = 150, 5
COMPARED = ("ADSL", "ADEX", "ADAE", "ADLB", "ADQS")


@pytest.fixture(scope="module")
def drawn():
    return generate_records(SUBJECTS, seed=1)


def test_every_corner_occurs(drawn):
    assert {c: drawn.corners[c] for c in CORNERS if drawn.corners[c] < AT_LEAST} == {}


@pytest.mark.slow
@pytest.mark.parametrize("cutoff", [None, date(2024, 5, 10)], ids=["at the end", "at a cut-off"])
def test_awkward_records_agree_with_the_twins(drawn, cutoff):
    tables = as_arrow(drawn.tables)
    built = build_adam(conform_all(tables), study_plan(), cutoff=cutoff)
    adam = {name: built[name].to_pyarrow().to_pylist() for name in DATA_SETS}
    sdtm = {name: table.to_pylist() for name, table in tables.items()}
    found, compared = compare_cohort(sdtm, adam, cutoff)
    # the subjects have no scans: endpoints are compared elsewhere
    differences = [one for one in found if one.what.split(" ")[0] in COMPARED]
    assert not differences, summarize(differences)
    assert all(compared[name] > 500 for name in COMPARED)
