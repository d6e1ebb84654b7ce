"""Widths of the columns of a listing among the tables: dates stay whole, long texts give way."""

import pytest

from grevy.report.arial import measure_arial
from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.paging import measure_columns, measure_text
from grevy.report.svg import text_width

POINTS, ROOM = 7.5, 257.0
ENTRY = (
    "Palmar-plantar erythrodysaesthesia syndrome",
    "3",
    "2024-10-06 (11)",
    "Life-threatening, Hospitalization",
)
HEADS = ("Event", "Grade", "Onset (study day)", "Serious because of")


HEADING = "Surufatinib 300 mg monotherapy, a heading of a whole line"


def measure(entry, heads=HEADS, points=POINTS, heading=HEADING):
    cells = tuple((Printed(text, is_text=True),) for text in entry)
    lines = (
        Line(heading, is_heading=True),
        Line("SURU-NEN-01-001", indent=1, cells=cells),
    )
    grid = Grid("Subject", tuple(Head(name) for name in heads), (), lines, is_listing=True, percent_width=0)
    return measure_columns(grid, ROOM, points)


@pytest.mark.parametrize("entry", [ENTRY, tuple(text if len(text) < 20 else 4 * text for text in ENTRY)])
def test_what_is_short_stands_on_one_line_and_the_room_is_used_up(entry):
    widths = measure(entry)
    assert sum(widths.all) == pytest.approx(ROOM)
    assert widths.columns[2] >= measure_arial(entry[2], POINTS) + 3
    assert widths.stub >= measure_arial("SURU-NEN-01-001", POINTS) + 4 + 3, "indent, and padding"
    assert widths.columns[1] < widths.columns[2]  # a grade needs less than a date


def test_a_heading_widens_no_column():
    short = ("Rash", "3", "2024-10-06 (11)", "Death")
    assert measure(short) == measure(short, heading=10 * HEADING)
    names = ("Event", "Grade", "Onset", "Serious because of more than one criterion of the form")
    assert measure(short, names).columns[3] >= text_width("Serious because of more than", POINTS)


CROWDED = (
    *ENTRY,
    "Probably related",
    "Permanently discontinued",
    "Recovered with sequelae",
    "No end recorded",
)


def test_in_a_crowded_listing_no_word_is_narrower_than_its_column():
    """An identifier is one word: broken at its hyphens, it would take lines that nobody counted."""
    widths = measure(CROWDED, [f"Head {place}" for place in range(8)], 9)
    assert sum(widths.all) == pytest.approx(ROOM)
    assert widths.stub >= text_width("SURU-NEN-01-001", 9) + 4 + 3, "indent, and capitals that are wide"
    for text, width in zip(CROWDED, widths.columns, strict=True):
        assert all(width >= text_width(word, 9) for word in text.split()), text


def test_han_beside_latin_is_measured_with_the_room_that_word_processors_leave():
    assert measure_text("第13周期第1天", 9) == pytest.approx(text_width("第13周期第1天", 9) + 9 * 25.4 / 72)
    assert measure_text("Cycle 13", 9) == text_width("Cycle 13", 9)


def test_what_must_break_is_wider_where_there_is_more_of_it():
    """A list of seventy outputs beside a sentence: the page is not half empty for the sentence's sake."""
    sentence, many = "How an assessment is dated that is spread over many days", "T14.2.1, F14.2.1, " * 30
    widths = measure((*3 * [3 * sentence], many))
    assert widths.columns[3] > 1.4 * widths.columns[2] > 1.4 * measure_arial("assessment", POINTS)
