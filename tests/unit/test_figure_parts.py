"""Parts of figures: words stand clear of marks, heads say what stands under them."""

import re

import pytest

from grevy.report.grid import lay_out
from grevy.report.kaplan_meier import Curve, Step, figure_kaplan_meier
from grevy.report.mean_change import figure_mean_change, read_scales
from grevy.report.result_rows import ResultRow
from grevy.report.svg import Drawing
from grevy.report.tables import table_of
from grevy.report.words import Words

EMPTY = ResultRow(**dict.fromkeys(ResultRow._fields, ""))._replace(time=None, value=None, place=0)
GROUP = {"parameter": "FA", "group_label_en": "Fatigue", "group_label_zh": "疲乏"}


def point(number: int, operation: str, time: float | None, value: float, **others) -> ResultRow:
    row = EMPTY._replace(
        result_id=f"F|{number}", row_id=f"FA|{number}", row_order=number, operation=operation, time=time,
        value=value, value_text=f"{value:g}", column_id="TOTAL", column_order=1, column_label_en="Total",
        column_label_zh="合计", indent=0, **GROUP,
    )  # fmt: skip
    return row._replace(**others)


def scores(upper: float) -> list[ResultRow]:
    limits = [
        point(1, "threshold", None, 10, row_id="FA|worse"),
        point(2, "threshold", None, -10, row_id="FA|better"),
    ]
    cycles = [(float(cycle), f"CYCLE {cycle} DAY 1") for cycle in range(2, 12)]
    visits = [*cycles, (12.0, "END OF TREATMENT")]
    means = [
        point(number, "mean_change", time, 9, value_lower=4, value_upper=upper, group_1_value=visit)
        for number, (time, visit) in enumerate(visits, start=3)
    ]
    counts = [
        point(number, "n", time, 30, group_1_value=visit)
        for number, (time, visit) in enumerate(visits, start=30)
    ]
    return [*limits, *means, *counts]


def markup_of(drawing: Drawing) -> str:
    return str(drawing.markup("f", "Figure", "A figure", "en"))


def height_of(words: str, drawing: str) -> float:
    return float(re.search(rf'y="([\d.]+)"[^>]*>{words}', drawing)[1])


@pytest.mark.parametrize("upper", [9.5, 13.0])
def test_words_at_a_dashed_line_stand_clear_of_the_intervals(upper):
    [scale] = read_scales(scores(upper))
    svg = markup_of(figure_mean_change(scale, "en", is_simulated=False))
    raised = height_of("↑ worse", svg)
    [low] = read_scales(scores(9.5))
    usual = height_of("↑ worse", markup_of(figure_mean_change(low, "en", is_simulated=False)))
    assert (raised < usual - 2) == (upper > 10)


def test_number_at_a_visit_is_not_the_size_of_a_column():
    second = [
        row._replace(column_id="MONO", column_label_en="300 mg arm", column_order=2) for row in scores(9)
    ]
    grid = lay_out(table_of([*scores(9), *second]), "en")
    assert [(head.label, head.n) for head in grid.heads] == [("Total", ""), ("300\u00a0mg arm", "")]


@pytest.mark.parametrize(("counted", "head"), [("82", "Events"), ("82 (60.0%)", r"Events \(%\)")])
def test_head_over_events_says_percent_only_where_one_stands(counted, head):
    summary = {"events": EMPTY._replace(value_text=counted)}
    curve = Curve(
        "A", Words("A", "A"), [Step(0, 1, None, None), Step(3, 0.5, None, None)], [], [], [], summary
    )
    panel = figure_kaplan_meier([curve], "PFS", 3, "en", is_simulated=False, title="A long name of a part")
    svg = markup_of(panel)
    assert re.search(rf">{head}<", svg)
    assert re.search(r"<(line|path)[^>]*(x1=\"2\"|M2 5)", svg)  # the rule begins under the title
