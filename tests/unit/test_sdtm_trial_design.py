"""Trial design from the study files: what each table holds, and that what is not said is missing."""

import pytest

from grevy.definition import load_study
from grevy.sdtm import build_trial_design
from grevy.sdtm.domains import get_domain

STUDY = load_study("studies/surufatinib_nen")
TABLES = {name: table.to_pyarrow().to_pylist() for name, table in build_trial_design(STUDY).items()}


def test_arms_are_the_regimens_and_go_through_the_same_epochs():
    arms = {row["ARMCD"] for row in TABLES["TA"]}
    assert arms == {regimen.code for regimen in STUDY.regimens}
    epochs = [[row["EPOCH"] for row in TABLES["TA"] if row["ARMCD"] == arm] for arm in sorted(arms)]
    assert epochs == [["SCREENING", "TREATMENT", "FOLLOW-UP"]] * len(arms)


def test_every_element_of_an_arm_is_described():
    assert {row["ETCD"] for row in TABLES["TA"]} == {row["ETCD"] for row in TABLES["TE"]}


def test_every_criterion_is_there_and_fits_a_transport_file():
    assert [row["IETESTCD"] for row in TABLES["TI"]] == [criterion.id for criterion in STUDY.eligibility]
    assert max(len(row["IETEST"].encode()) for row in TABLES["TI"]) <= 200


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_are_unique_and_nothing_is_said_with_an_empty_text(name):
    rows = TABLES[name]
    keys = [tuple(row[key] for key in get_domain(name).keys) for row in rows]
    assert len(set(keys)) == len(keys) > 0
    assert [row for row in rows if "" in row.values()] == []
