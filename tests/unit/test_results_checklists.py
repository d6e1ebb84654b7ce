"""Checklists: every place exists, nothing is claimed twice or left blank, both languages, own words."""

import pytest

from grevy.report.narrative import PARTS
from grevy.results import OUTPUTS
from grevy.results.checklist_items import AUTHOR, GROW, METHODS, RECORD, STROBE, TRIPOD_AI
from grevy.results.checklists import (
    estimate_grow,
    estimate_record,
    estimate_strobe,
    estimate_tripod_ai,
    name_place,
)

LISTS = {"STROBE": (STROBE, 22), "RECORD": (RECORD, 13), "GROW": (GROW, 21), "TRIPOD+AI": (TRIPOD_AI, 27)}


@pytest.mark.parametrize("name", LISTS)
def test_every_item_stands_once_and_is_answered_where_something_stands(name):
    items, size = LISTS[name]
    assert len({item.number for item in items}) == len(items) == size
    outputs = {output.id for output in OUTPUTS}
    chapters = {f"DRAFT:{part.number}" for part in PARTS}
    for item in items:
        assert item.places
        assert set(item.places) <= outputs | chapters | {AUTHOR, METHODS}, item
        assert item.en
        assert item.zh
        assert len(item.en.split()) <= 12  # own short words


def test_a_place_is_named_as_it_is_printed():
    assert name_place("T14.2.1") == ("Table 14.2.1", "表14.2.1")
    assert name_place("FX1") == ("Figure X1", "图X1")
    assert name_place("DRAFT:9.3") == ("Report draft, 9.3", "报告草案9.3")


@pytest.mark.parametrize("estimate", [estimate_strobe, estimate_record, estimate_grow, estimate_tripod_ai])
def test_all_lists_have_their_columns_in_one_order(estimate):
    assert list(dict.fromkeys(row.column.id for row in estimate(None))) == ["AUTHOR", "WHERE"]


def test_what_the_program_cannot_know_is_left_to_the_author():
    rows = {(row.line.id, row.column.id): row for row in estimate_strobe(None)}
    assert rows["22", "AUTHOR"].text == "[to be written]"
    assert rows["22", "AUTHOR"].text_zh == "[待填写]"
    assert ("22", "WHERE") not in rows
    assert rows["13", "WHERE"].text == "Figure 14.1.1, Table 14.1.1"
    assert ("13", "AUTHOR") not in rows
