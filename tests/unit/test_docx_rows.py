"""Rows of the draft's tables: what stays on one page, and the head of a group that needs several."""

from __future__ import annotations

from docx.oxml.ns import qn

from grevy.report.docx_xml import MOST_KEPT, keep_rows, tables
from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.paging import Widths

CELL = ((Printed("1"),),)
ROOM = Widths(60, (20,), (10,), (0,))


def group(name: str, rows: int) -> list[Line]:
    return [Line(name, is_heading=True), *(Line(f"{name} {n}", 1, cells=CELL) for n in range(rows))]


def draw(lines: list[Line]) -> list:
    grid = Grid("", (Head("Total", ""),), (), tuple(lines), is_listing=False, percent_width=0)
    return [element for element in tables(grid, ROOM, lambda _, text: text) if element.tag == qn("w:tbl")]


def test_short_group_stays_whole_and_the_next_may_begin_a_page():
    kept = keep_rows([*group("a", 3), *group("b", 3), *group("c", 3)])
    assert kept == [True, True, True, False] * 2 + [True] * 4, "the last row goes with the notes"


def test_no_row_of_a_long_group_stands_alone():
    lines = group("a", MOST_KEPT + 4)
    kept = keep_rows([*lines, *group("b", 1)])[: len(lines)]
    assert kept == [True, True, *[False] * (len(lines) - 4), True, False]


def test_visit_of_a_long_group_stays_with_its_numbers():
    lines = [*group("a", MOST_KEPT), Line("visit", 1, cells=CELL), Line("mean", 2, cells=CELL)]
    lines += [Line("change", 2, cells=CELL), *(Line(str(n), 1, cells=CELL) for n in range(3))]
    assert keep_rows(lines)[MOST_KEPT + 1 : MOST_KEPT + 4] == [True, True, False]


def test_table_does_not_begin_with_one_row_at_the_foot_of_a_page():
    assert keep_rows([Line("any", cells=CELL), *group("a", 2)])[0]


def test_long_group_has_a_table_whose_repeated_head_names_it():
    found = draw([*group("a", 2), *group("long", MOST_KEPT + 1), *group("b", 2), *group("c", 2)])
    heads = [
        ["".join(text.text or "" for text in row.iter(qn("w:t")))
         for row in table.iter(qn("w:tr")) if next(row.iter(qn("w:tblHeader")), None) is not None]
        for table in found
    ]  # fmt: skip
    assert heads == [["Total"], ["Total", "long"], ["Total"]]
    assert sum(len(list(table.iter(qn("w:tr")))) for table in found) == 3 + (3 + MOST_KEPT + 2 + 3 + 3)
