"""Which drawing belongs to which output, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from grevy.report.course_figures import draw_spider, draw_subgroup_curves, draw_swimmer
from grevy.report.flow import describe_flow, figure_flow
from grevy.report.forest import describe_forest, figure_forest, read_entries
from grevy.report.kaplan_meier import describe_kaplan_meier, figure_kaplan_meier, last_tick, read_curves
from grevy.report.linked import LANGUAGES, LinkedFigure, draw_linked, link_drawings
from grevy.report.outputs import Output
from grevy.report.real_world_figures import REAL_WORLD_FIGURES
from grevy.report.reported_figures import draw_deterioration_curves, draw_incidence, draw_mean_changes
from grevy.report.result_rows import ResultRow, find_row, rows_of_output
from grevy.report.safety_figures import DRAWN_BY as SAFETY
from grevy.report.tables import DISEASE_COLUMNS, REGIMEN_COLUMNS
from grevy.report.waterfall import describe_waterfall, figure_waterfall, select_bars
from grevy.report.words import RESPONSES, Words

SUMMARY_OF = {
    "F14.2.1": ("T14.2.1", "PFS"),
    "F14.2.2": ("T14.2.3", "OS"),
    "F14.2.7": ("T14.2.5", "CRSD"),
}
SUMMARY_ROLES = ("n", "events", "median")
PANELS = ((*REGIMEN_COLUMNS, "TOTAL"), DISEASE_COLUMNS)


def draw_figures(
    output: Output, all_rows: Sequence[ResultRow], *, is_simulated: bool
) -> Sequence[LinkedFigure]:
    """All drawings of an output; none where it is no figure, or the rows hold nothing to draw."""
    draw = DRAWN_BY.get(output.id)
    return draw(output, rows_of_output(all_rows, output.id), all_rows, is_simulated) if draw else []


def _draw_flow(
    output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    return [draw_linked(output, rows, figure_flow, describe_flow, is_simulated)]


def _draw_forest(
    output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    if not read_entries(rows):
        return []
    return [draw_linked(output, rows, figure_forest, describe_forest, is_simulated)]


def _draw_waterfall(
    output: Output, rows: Sequence[ResultRow], all_rows: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    if not select_bars(rows):
        return []
    figure = partial(figure_waterfall, best=_best_responses(all_rows, output.set))
    return [draw_linked(output, rows, figure, describe_waterfall, is_simulated)]


def _best_responses(all_rows: Sequence[ResultRow], analysis_set: str) -> list[ResultRow]:
    """The counts of confirmed best response in the figure's set, as the response table prints them."""
    found = [find_row(all_rows, "T14.2.4", f"CBOR|{analysis_set}|{code}", "TOTAL") for code in RESPONSES]
    return [row for row in found if row is not None]


def _draw_kaplan_meier(
    output: Output, rows: Sequence[ResultRow], all_rows: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """One panel by regimen and one by disease class; all on the time axis of the longest figure."""
    table, parameter = SUMMARY_OF[output.id]
    roles = {f"{parameter}|{role}": role for role in SUMMARY_ROLES}
    summary = [(roles[r.row_id], r) for r in rows_of_output(all_rows, table) if r.row_id in roles]
    end = last_tick([row for row in all_rows if row.output_id in SUMMARY_OF])
    figures = []
    for number, columns in enumerate(PANELS):
        curves = read_curves(rows, summary, columns)
        if not curves:
            continue
        drawings = {
            language: figure_kaplan_meier(curves, parameter, end, language, is_simulated=is_simulated)
            for language in LANGUAGES
        }
        alt = Words(describe_kaplan_meier(curves, end, "en"), describe_kaplan_meier(curves, end, "zh"))
        figures.append(link_drawings(output, number, drawings, alt))
    return figures


def _draw_subgroup_curves(
    output: Output, rows: Sequence[ResultRow], all_rows: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    end = last_tick([row for row in all_rows if row.output_id in SUMMARY_OF])
    return draw_subgroup_curves(output, rows, all_rows, end, is_simulated)


DRAWN_BY: dict[str, Callable[..., Sequence[LinkedFigure]]] = SAFETY | {
    "F14.1.1": _draw_flow,
    "F14.2.1": _draw_kaplan_meier,
    "F14.2.2": _draw_kaplan_meier,
    "F14.2.3": _draw_subgroup_curves,
    "F14.2.4": _draw_waterfall,
    "F14.2.5": draw_spider,
    "F14.2.6": draw_swimmer,
    "F14.2.7": _draw_kaplan_meier,
    "F14.2.8": _draw_forest,
    "F14.2.9": _draw_forest,
    "F14.2.10": draw_mean_changes,
    "F14.2.11": draw_deterioration_curves,
    "F14.2.12": draw_incidence,
    "F14.3.6": draw_incidence,
    **REAL_WORLD_FIGURES,
}
CURVES = [output_id for output_id, draw in DRAWN_BY.items() if draw is _draw_kaplan_meier]
