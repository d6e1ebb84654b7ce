"""The figures of what patients report and of competing risks: which rows they take, how many drawings."""

from __future__ import annotations

from collections.abc import Sequence

from grevy.report.course_figures import stack
from grevy.report.cumulative_incidence import describe_incidence, figure_incidence, read_panel
from grevy.report.kaplan_meier import describe_kaplan_meier, figure_kaplan_meier, last_tick, read_curves
from grevy.report.linked import LANGUAGES, LinkedFigure, link_drawings
from grevy.report.mean_change import describe_mean_change, figure_mean_change, read_scales
from grevy.report.outputs import Output
from grevy.report.result_rows import ResultRow, rows_of_output
from grevy.report.tables import REGIMEN_COLUMNS
from grevy.report.words import Words

DETERIORATION = "T14.2.13"
ROLES = ("n", "events", "median")
PANELS_OF_PAGE = 2


def draw_deterioration_curves(
    output: Output, rows: Sequence[ResultRow], all_rows: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """F14.2.11: one panel per primary scale; with both counts below, two would be taller than a page."""
    table = rows_of_output(all_rows, DETERIORATION)
    end, panels = last_tick(rows), []
    for parameter in dict.fromkeys(row.parameter for row in rows if row.operation == "survival"):
        own = [row for row in rows if row.parameter == parameter]
        summary = [(role, row) for row in table for role in ROLES if row.row_id == f"{parameter}|{role}"]
        curves = read_curves(own, summary, (*REGIMEN_COLUMNS, "TOTAL"))
        if curves:
            panels.append((Words(own[0].group_label_en, own[0].group_label_zh), curves))
    figures = []
    for number, (title, curves) in enumerate(panels):
        drawings = {
            language: figure_kaplan_meier(
                curves, "TTD", end, language, is_simulated=is_simulated, title=title.in_language(language)
            )
            for language in LANGUAGES
        }  # fmt: skip
        said = [
            f"{title.in_language(language)}: {describe_kaplan_meier(curves, end, language)}"
            for language in LANGUAGES
        ]
        figures.append(link_drawings(output, number, drawings, Words(*said)))
    return figures


def draw_mean_changes(
    output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """F14.2.10: one panel per primary scale, two on a page."""
    scales, figures = read_scales(rows), []
    for number, place in enumerate(range(0, len(scales), PANELS_OF_PAGE)):
        page = scales[place : place + PANELS_OF_PAGE]
        drawings = {
            language: stack(
                [
                    figure_mean_change(
                        scale, language, is_simulated=is_simulated and position == len(page) - 1
                    )
                    for position, scale in enumerate(page)
                ]
            )
            for language in LANGUAGES
        }
        said = [" ".join(describe_mean_change(scale, language) for scale in page) for language in LANGUAGES]
        figures.append(link_drawings(output, number, drawings, Words(*said)))
    return figures


def draw_incidence(
    output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """F14.2.12, F14.3.6: one drawing per regimen and one of all."""
    end, figures = last_tick(rows), []
    for number, column in enumerate((*REGIMEN_COLUMNS, "TOTAL")):
        panel = read_panel(rows, column)
        if panel is None:
            continue
        drawings = {
            language: figure_incidence(panel, end, language, is_simulated=is_simulated)
            for language in LANGUAGES
        }
        alt = Words(*(describe_incidence(panel, end, language) for language in LANGUAGES))
        figures.append(link_drawings(output, number, drawings, alt))
    return figures
