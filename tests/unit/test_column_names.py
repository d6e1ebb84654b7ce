"""Names of columns in print: where their lines end, and the room that they leave to the labels."""

from __future__ import annotations

import pytest

from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.paging import break_head, measure_columns


@pytest.mark.parametrize(
    ("label", "width", "lines"),
    [
        ("Surufatinib 300 mg monotherapy", 60, ["Surufatinib 300 mg monotherapy"]),
        ("Surufatinib 300 mg monotherapy", 41, ["Surufatinib 300 mg", "monotherapy"]),
        ("索凡替尼300 mg单药治疗", 36, ["索凡替尼300 mg", "单药治疗"]),
        ("中位PFS，个月（95%CI）", 30, ["中位PFS，个月", "（95%CI）"]),
        ("单因素p（双侧，Wald，探索性）", 31, ["单因素p（双侧，", "Wald，探索性）"]),
        (
            "Univariable p (two-sided, Wald, exploratory)",
            30,
            ["Univariable p", "(two-sided, Wald,", "exploratory)"],
        ),
        ("Median OS, months (95% CI)", 28, ["Median OS,", "months (95% CI)"]),
    ],
)
def test_name_breaks_where_a_reader_would_break_it(label, width, lines):
    assert break_head(label, width, 9) == lines


def test_labels_take_the_room_that_numbers_do_not_need():
    cell = ((Printed("74.3", "(68.0, 79.6)"),),)
    label = "Duration of the first event, days: median (95% confidence interval), from its onset"
    heads = tuple(Head(name, "") for name in ("Surufatinib 300 mg monotherapy", "Total"))
    grid = Grid("", heads, (), (Line(label, cells=cell * 2),), is_listing=False, percent_width=0)
    widths = measure_columns(grid, 170, 9)
    assert widths.stub > 0.6 * 170
    assert sum(widths.all) == pytest.approx(170)
