"""Two people, one record: what merges and what clashes, field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grevy.capture.merging import changed_fields, clashing_fields, flatten, merge, unflatten

BASE = {"a": "1", "b": "2", "rows": [{"_key": "T1", "mm": "20"}, {"_key": "T2", "mm": "30"}]}


def row(key, **items):
    return {"_key": key, **items}


def clash(mine, theirs):
    return clashing_fields(changed_fields(BASE, mine), changed_fields(BASE, theirs))


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        # different items
        ({**BASE, "a": "9"}, {**BASE, "b": "9"}, []),
        # the same item, the same value
        ({**BASE, "a": "9"}, {**BASE, "a": "9"}, []),
        # the same item, other values
        ({**BASE, "a": "9"}, {**BASE, "a": "8"}, [("a",)]),
        # one emptied it, the other changed it
        ({"b": "2", "rows": BASE["rows"]}, {**BASE, "a": "8"}, [("a",)]),
        # different rows of a group, in another order
        (
            {**BASE, "rows": [row("T2", mm="31"), row("T1", mm="20")]},
            {**BASE, "rows": [row("T1", mm="21"), row("T2", mm="30")]},
            [],
        ),
        # the same field of the same row
        (
            {**BASE, "rows": [row("T1", mm="22"), row("T2", mm="30")]},
            {**BASE, "rows": [row("T1", mm="21"), row("T2", mm="30")]},
            [("rows", "T1", "mm")],
        ),
        # a row removed while the other one works in it
        (
            {**BASE, "rows": [row("T2", mm="30")]},
            {**BASE, "rows": [row("T1", mm="20", side="L"), row("T2", mm="30")]},
            [("rows", "T1", "side")],
        ),
        # both add a row of their own
        (
            {**BASE, "rows": [*BASE["rows"], row("N1", mm="5")]},
            {**BASE, "rows": [*BASE["rows"], row("N2", mm="6")]},
            [],
        ),
    ],
)
def test_clashes_are_fields_that_both_changed_differently(mine, theirs, expected):
    assert clash(mine, theirs) == expected
    assert sorted(clash(theirs, mine)) == sorted(expected)


def test_a_merge_holds_the_changes_of_both():
    mine = {**BASE, "a": "9", "rows": [row("T1", mm="20"), row("T2", mm="31"), row("N1", mm="5")]}
    theirs = {"a": "1", "c": "new", "rows": [row("T1", mm="21"), row("T2", mm="30")]}
    merged = merge(theirs, changed_fields(BASE, mine))
    assert merged == {
        "a": "9",
        "c": "new",
        "rows": [row("T1", mm="21"), row("T2", mm="31"), row("N1", mm="5")],
    }


VALUES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "2"])) | st.fixed_dictionaries(
    {
        "rows": st.lists(st.sampled_from("xyz"), unique=True, min_size=1).map(
            lambda keys: [row(k, mm="1") for k in keys]
        )
    }
)


@given(VALUES, VALUES)
def test_values_survive_flattening_and_a_lone_change_merges_to_itself(before, after):
    assert unflatten(flatten(after)) == after
    assert flatten(merge(before, changed_fields(before, after))) == flatten(after)
