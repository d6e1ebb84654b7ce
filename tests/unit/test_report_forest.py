"""The forest of one arm: what is drawn for an estimate, a limit not reached, a small group; no comparison."""

import re
from collections import namedtuple

from grevy.report.forest import describe_forest, figure_forest, find_step_and_end, read_entries
from grevy.results.rows import SCHEMA

ResultRow = namedtuple("ResultRow", (*SCHEMA.names, "place"))
EMPTY = dict.fromkeys((*SCHEMA.names, "place"))


def make_rows(*subgroups):
    """Rows of F14.2.8 from (variable, level, n, events, median, lower, upper, text)."""
    rows = []
    for order, (variable, level, n, events, value, lower, upper, text) in enumerate(subgroups, start=1):
        line = EMPTY | {
            "output_id": "F14.2.8",
            "row_id": f"{variable}|{level}",
            "row_order": order,
            "row_label_en": level,
            "row_label_zh": level,
            "group_label_en": None if variable == "ALL" else variable,
            "group_label_zh": None if variable == "ALL" else variable,
            "group_1": variable,
        }
        cells = (
            ("N", n, None, None, str(n)),
            ("PFS_EVENTS", events, None, None, str(events)),
            ("PFS_MEDIAN", value, lower, upper, text),
        )
        for place, (column, number, low, high, words) in enumerate(cells):
            rows.append(
                ResultRow(
                    **line
                    | {
                        "result_id": f"F14.2.8|{variable}|{level}|{column}",
                        "column_id": column,
                        "column_order": place,
                        "column_label_en": column,
                        "column_label_zh": column,
                        "value": number,
                        "value_lower": low,
                        "value_upper": high,
                        "value_text": words,
                        "place": len(rows),
                    }
                )
            )
    return rows


ROWS = make_rows(
    ("ALL", "ALL", 60, 40, 9.0, 7.0, 11.0, "9.0 (7.0, 11.0)"),
    ("SEX", "M", 30, 22, 6.0, 5.0, 8.0, "6.0 (5.0, 8.0)"),
    ("SEX", "F", 25, 18, 12.0, 8.0, None, "12.0 (8.0, NR)"),
    ("SEX", "U", 5, 0, None, None, None, "–"),
)


def draw(rows, language="en"):
    return str(figure_forest(rows, language, is_simulated=True).markup("x", "t", "d", language))


def count_squares(svg):
    return len(re.findall(r'<rect [^>]*style="fill:var\(--ink\)"', svg))


def test_an_estimate_is_a_square_and_all_subjects_a_dashed_line():
    svg = draw(ROWS)
    assert count_squares(svg) == 2
    assert svg.count("stroke-dasharray") == 1


def test_a_small_subgroup_is_listed_without_a_mark():
    without = draw([row for row in ROWS if row.row_id != "SEX|U"])
    assert count_squares(without) == count_squares(draw(ROWS))
    assert ">–</text>" in draw(ROWS)


def test_a_limit_not_reached_is_an_arrow_at_the_edge():
    """The interval of the women has no upper cap: three points of an arrow head stand at 137 mm instead."""
    assert len(re.findall(r'd="M135\.8 [\d.]+L137 [\d.]+L135\.8 ', draw(ROWS))) == 1


def test_every_number_of_the_picture_is_a_link_to_its_row():
    shown = set(re.findall(r'data-p="(\d+)"', draw(ROWS)))
    assert {str(row.place) for row in ROWS} == shown


def test_the_axis_ends_at_an_even_break_beyond_the_estimates():
    step, end = find_step_and_end(read_entries(ROWS))
    assert (step, end) == (2, 12)


def test_the_description_says_the_same_in_both_languages():
    english, chinese = (describe_forest(ROWS, language) for language in ("en", "zh"))
    assert "3 subgroups" in english
    assert "3个亚组" in chinese
    for text in (english, chinese):
        assert "9.0 (7.0, 11.0)" in text
    assert not re.search(r"hazard|odds|\bp\b", english)
