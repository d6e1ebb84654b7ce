"""Which other record of a form is the previous one, the first one, and that of the repeat before."""

from pathlib import Path

import pytest

from grevy.definition import load_study, validate_values
from grevy.definition.occasions import Occasion, find_series, has_several_records

STUDY = load_study(Path("studies/surufatinib_nen"))
FORM = STUDY.forms["vital_signs"]


def visit(event, event_seq, day, weight="60"):
    values = {"weight": weight} | ({"assessed_date": day} if day else {})
    return Occasion(event, event_seq, 1, values)


def weights(here, *others):
    return {word: values["weight"] for word, values in find_series(FORM, here, others).items()}


def test_previous_and_first_go_by_date_and_not_by_the_order_of_events():
    here = visit("CYCLE", 2, "2024-03-10")
    unscheduled = visit("UNSCHEDULED", 1, "2024-03-01", "61")
    assert weights(here, unscheduled, visit("SCREENING", 1, "2024-01-10", "62")) == {
        "previous": "61",
        "first": "62",
    }


def test_the_repeat_before_goes_by_number_whatever_its_date():
    here = visit("CYCLE", 4, "2024-03-10")
    before = [visit("CYCLE", 1, "2024-01-10", "61"), visit("CYCLE", 2, "2024-04-10", "62")]
    assert weights(here, *before, visit("CYCLE", 5, "2024-03-01", "63"))["repeat_before"] == "62"


def test_a_later_visit_and_one_on_the_same_day_are_not_before():
    here = visit("CYCLE", 2, "2024-03-10")
    assert weights(here, visit("EOT", 1, "2024-03-10"), visit("CYCLE", 3, "2024-04-07")) == {}


def test_without_a_date_a_record_has_no_place():
    assert weights(visit("CYCLE", 2, None), visit("SCREENING", 1, "2024-01-10")) == {}
    assert weights(visit("CYCLE", 2, "2024-03-10"), visit("CYCLE", 1, None)) == {}


@pytest.mark.parametrize(("day", "is_before"), [("2024-02", True), ("2024-03", False), ("2024", False)])
def test_a_partial_date_is_before_only_if_every_day_it_may_be_is(day, is_before):
    form = STUDY.forms["adverse_event"]
    here, other = (Occasion("LOG", 1, seq, {"start_date": day}) for seq, day in ((1, "2024-03-10"), (2, day)))
    assert ("previous" in find_series(form, here, [other])) is is_before


def test_of_two_records_on_one_day_the_higher_number_is_the_previous_one():
    here = visit("CYCLE", 3, "2024-03-10")
    one, two = visit("UNSCHEDULED", 1, "2024-03-01", "61"), visit("UNSCHEDULED", 2, "2024-03-01", "62")
    assert weights(here, two, one) == weights(here, one, two) == {"previous": "62", "first": "61"}


@pytest.mark.parametrize(
    ("form", "several"),
    [("vital_signs", True), ("adverse_event", True), ("survival_followup", True), ("demographics", False),
     ("death", False)],
)  # fmt: skip
def test_a_form_has_several_records_where_it_or_its_visit_comes_again(form, several):
    assert has_several_records(STUDY.forms[form], STUDY.events) is several


def test_all_records_of_a_log_are_read_beside_the_values_of_the_form_itself():
    event = {"decod": "Nausea", "start_date": "2024-02-10"}
    rules = {
        count: {
            problem.rule
            for problem in validate_values(
                "adverse_event", event, STUDY, others={"adverse_event": {"records": [event] * count}}
            )
        }
        for count in (1, 2)
    }
    assert "AE_TWICE" not in rules[1]
    assert "AE_TWICE" in rules[2]
