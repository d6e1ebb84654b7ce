"""Parts of the report by name: which outputs a selection has."""

from __future__ import annotations

import pytest

from grevy.report.outputs import list_outputs
from grevy.results import OUTPUTS, select_outputs


def ids(*only: str) -> list[str]:
    return [output.id for output in select_outputs(only)]


def test_no_name_is_the_whole_report():
    assert select_outputs() == OUTPUTS


def test_the_safety_selection_has_deaths_exposure_and_disposition_and_no_effectiveness():
    chosen = ids("safety")
    assert {"T14.1.1", "T14.1.2", "T14.3.1.8", "T14.3.3", "T14.3.4.2", "T14.3.5.3"} <= set(chosen)
    assert [name for name in chosen if name[1:].startswith("14.2")] == []
    assert [output.id for output in list_outputs(chosen, only=("safety",))] == chosen


def test_a_section_is_told_from_one_whose_number_begins_alike():
    assert "T14.1.10" not in ids("T14.1.1")
    assert "T14.3.1.10" not in ids("14.3.1.1")
    assert set(ids("14.3.1")) >= {"T14.3.1.1", "T14.3.1.10"}


def test_the_analysis_sets_belong_to_every_selection_and_the_order_stays():
    assert ids("T14.2.1", "F14.1.1") == ["F14.1.1", "T14.1.2", "T14.2.1"]


def test_a_name_that_chooses_nothing_is_told_with_what_is_allowed():
    with pytest.raises(ValueError, match=r"14\.9, saftey: no such output; give .*selection \(safety\)"):
        select_outputs(("14.9", "safety", "saftey"))
