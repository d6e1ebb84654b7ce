"""A table of many narrow columns stands upright, each column as wide as it needs."""

import pytest

from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.paging import UPRIGHT_ROOM, measure_columns, needs_own_widths, stands_across
from grevy.report.svg import text_width

CELLS = (("345", ""), ("89.5", "(11.4)"), ("−2.7", "(−4.3, −1.1)"), ("29", "(10.0%)"), ("208", "(72.0%)"))


def draw(lines, cells=CELLS, heading="A heading that is longer than all of the labels below it"):
    values = tuple((Printed(*cell),) for cell in (*cells, cells[-1]))
    rows = [Line(heading, is_heading=True), *(Line("Cycle 21 day 1", 1, cells=values) for _ in range(lines))]
    heads = tuple(Head(f"Change {place}") for place in range(len(values)))
    return Grid("", heads, (), tuple(rows), is_listing=False, percent_width=7)


def test_only_a_table_of_narrow_columns_stands_upright():
    assert not stands_across(draw(40))
    assert not stands_across(draw(4)), "no page is turned for a few rows"
    assert stands_across(draw(40, cells=[("−1234.56", "(−1234.5, −1234.1)")] * 5)), "too wide"
    assert needs_own_widths(draw(40))
    assert not needs_own_widths(draw(40, cells=[("−1234.56", "(−1234.5, −1234.1)")] * 5))


def test_columns_have_room_for_their_values_beside_the_labels():
    grid = draw(40)
    widths = measure_columns(grid, UPRIGHT_ROOM, 9)
    assert sum(widths.all) == pytest.approx(UPRIGHT_ROOM)
    assert widths.stub > text_width("Cycle 21 day 1", 9) + 4
    for width, (left, right) in zip(widths.columns, CELLS, strict=False):
        assert width > text_width(left, 9) + text_width(right, 9) + 2
    assert len(set(widths.columns)) > 2


def test_where_there_is_room_columns_of_numbers_are_of_equal_width():
    assert len(set(measure_columns(draw(40), 257, 9).columns)) == 1
