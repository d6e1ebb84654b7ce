"""Heights and breaks of the pages of the RTF: what is counted is what a word processor sets."""

from dataclasses import replace

import pytest

from grevy.report.arial import count_lines_in_arial, measure_arial
from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.paging import Widths, break_into_pages
from grevy.report.rtf_pages import POINTS, Note, count_row, lines_for_rows, measure_for_rtf

WIDTHS = Widths(100.0, (40.0,), (20.0,), (0.0,))


def row(label, indent=1):
    return Line(label, indent=indent, cells=((Printed("1"),),))


def pages_of(lines, lines_of_page):
    grid = Grid("", (Head("n"),), (), tuple(lines), is_listing=False, percent_width=0)
    pages = break_into_pages(grid, WIDTHS, 9, lines_of_page, "en", lambda *_: 1)
    return [[line.label for line in page.lines] for page in pages]


def test_widths_are_those_of_the_face():
    """Helvetica: H 722, e 556, l 222, l 222, o 556; a capital identifier is wider than its like in words."""
    assert measure_arial("Hello", 10) == pytest.approx(2.278 * 10 * 25.4 / 72, rel=1e-4)
    assert measure_arial("SURU-NEN", 9) > measure_arial("surveyed", 9) * 1.2
    assert measure_arial("第13周", 10) == pytest.approx((2 + 2 * 0.556 + 0.5) * 10 * 25.4 / 72, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Hypertension", 30, 1),
        ("SURU-NEN-01-009", 24, 2),  # behind a hyphen
        ("Hypertriglyceridaemia", 25, 2),  # nowhere else than within
        ("Blood thyroid stimulating hormone increased", 30, 3),
        ("观察到的评分", 10, 2),
        ("第3周期第1天", 20, 2),  # digits stand off Han
        ("one\ntwo", 30, 2),
    ],
)
def test_lines_are_counted_as_a_word_processor_breaks_them(text, width, lines):
    assert count_lines_in_arial(text, 9, width) == lines


def test_rows_under_a_row_stay_with_it():
    visits = [
        line for place in range(1, 7) for line in (row(f"Cycle {place}, n"), row("Mean", 2), row("Change", 2))
    ]
    pages = pages_of([Line("Hemoglobin", is_heading=True), *visits], 12)
    assert len(pages) > 1
    for page in pages[:-1]:
        assert page[-1] == "Change"
    assert all(page[0] == "Hemoglobin (continued)" and page[1].startswith("Cycle") for page in pages[1:])


def test_group_of_few_rows_stays_whole_and_a_heading_is_never_last():
    groups = [
        line for name in "abcdef" for line in (Line(name, is_heading=True), row("x"), row("y"), row("z"))
    ]
    for room in range(5, 20):
        pages = pages_of([Line("outer", is_heading=True), *groups], room)
        assert all(page[-1] == "z" for page in pages)
        assert pages[0][:2] == ["outer", "a"]


def test_what_no_page_holds_breaks_where_it_must():
    lines = [Line("a", is_heading=True), row("x"), row("y"), row("z")]
    assert pages_of(lines, 3) == [["a", "x", "y"], ["a (continued)", "z"]]


def test_notes_and_names_take_their_room():
    grid = Grid("", (Head("n"),), (), (row("x"),), is_listing=False, percent_width=0)
    alone = lines_for_rows(grid, WIDTHS, "Table 1", "Set", [])
    noted = lines_for_rows(grid, WIDTHS, "Table 1", "Set", [Note("short"), Note("reason", "a")])
    assert alone - noted == pytest.approx(2 * 260 / 240)
    long = Grid("", (Head("n", "12"),), (("over", 1),), (row("x"),), is_listing=False, percent_width=0)
    assert alone - lines_for_rows(long, WIDTHS, "Table 1", "Set", []) == 2


def test_listing_breaks_no_date_and_no_name_of_a_column():
    names = ("Start (used)", "Seriousness", "分级（低）", "Action", "Coded term", "Reported term", "Outcome")
    words = ("2024-10-06", "No", "2", *4 * ["White blood cell count decreased, dose not changed"])
    cells = tuple((Printed(word, is_text=True),) for word in words)
    lines = (Line("SURU-NEN-01-001", is_heading=True), Line("2024-10-06", indent=1, cells=cells))
    grid = Grid("Date", tuple(Head(name) for name in names), (), lines, is_listing=True, percent_width=0)
    widths = measure_for_rtf(grid)
    assert count_row(lines[1], replace(widths, columns=widths.columns[:3]), 9) == 1
    for name, width in zip(("(used)", "Seriousness", "（低）"), widths.columns, strict=False):
        assert measure_arial(name, 9, is_bold=True) <= width - 1.5


def test_a_line_may_end_behind_a_hyphen():
    text, width = "one long-er two", measure_arial("one long-", POINTS) + 0.1
    assert count_lines_in_arial(text, POINTS, width) == 2, "one long-|er two, not one|long-er|two"
    assert count_lines_in_arial(text.replace("-", ""), POINTS, width) == 3
