"""The figures of single subjects and of subgroups: which rows they take, and how many drawings they make."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from grevy.report import style
from grevy.report.kaplan_meier import Curve, describe_kaplan_meier, figure_kaplan_meier, read_curves
from grevy.report.linked import LANGUAGES, LinkedFigure, draw_linked, link_drawings
from grevy.report.outputs import Output
from grevy.report.result_rows import ResultRow, rows_of_output
from grevy.report.spider import describe_spider, figure_spider, select_courses
from grevy.report.svg import Drawing
from grevy.report.swimmer import LanesOfPage, describe_swimmer, figure_swimmer, last_month, read_pages
from grevy.report.words import Words

SUBGROUPS = "T14.2.7"
ROLES = {"N": "n", "PFS_EVENTS": "events", "PFS_MEDIAN": "median"}
PANELS_OF_PAGE = 2


def draw_spider(
    output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """F14.2.5: one drawing, of panels by class where one would be too dense."""
    if not select_courses(rows):
        return []
    return [draw_linked(output, rows, figure_spider, describe_spider, is_simulated)]


def draw_swimmer(
    output: Output, rows: Sequence[ResultRow], all_rows: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """F14.2.6: one drawing per page of subjects; never more than a page can show."""
    end = last_month(rows)
    responses = {
        row.group_label_en: row.group_1_value
        for row in rows_of_output(all_rows, "F14.2.5")
        if row.group_1 == "CBOR"
    }

    def link(number: int, page: LanesOfPage) -> LinkedFigure:
        return link_drawings(
            output,
            number,
            {
                language: figure_swimmer(page, responses, end, language, is_simulated=is_simulated)
                for language in LANGUAGES
            },
            Words(describe_swimmer(page, end, "en"), describe_swimmer(page, end, "zh")),
        )

    return [link(number, page) for number, page in enumerate(read_pages(rows))]


# ---- Curves of subgroups ---------------------------------------------------------------------------------


def draw_subgroup_curves(
    output: Output, rows: Sequence[ResultRow], all_rows: Sequence[ResultRow], end: int, is_simulated: bool
) -> list[LinkedFigure]:
    """F14.2.3: one panel per variable, two on a page, on the time axis of all survival figures."""
    panels = [
        (title, curves) for title, curves in _read_panels(rows, rows_of_output(all_rows, SUBGROUPS)) if curves
    ]
    pages = [panels[place : place + PANELS_OF_PAGE] for place in range(0, len(panels), PANELS_OF_PAGE)]
    return [_draw_page(output, number, page, end, is_simulated) for number, page in enumerate(pages)]


def _read_panels(rows: Sequence[ResultRow], table: Sequence[ResultRow]) -> list[tuple[Words, list[Curve]]]:
    """Variable by variable, the curves of its levels with the numbers of the subgroup table."""
    panels = []
    for _, of_variable in groupby(rows, key=lambda row: row.group_1):
        curves: list[Curve] = []
        title = Words("", "")
        for level, own in groupby(of_variable, key=lambda row: (row.group_1, row.group_1_value)):
            key = "|".join(level)
            numbers = [row._replace(column_id=key) for row in table if row.row_id == key]
            summary = [(ROLES[n.column_id], n._replace(column_id=key)) for n in table
                       if n.row_id == key and n.column_id in ROLES]  # fmt: skip
            if not numbers:
                continue
            title = Words(numbers[0].group_label_en, numbers[0].group_label_zh)
            found = read_curves([row._replace(column_id=key) for row in own], summary, [key])
            label = Words(numbers[0].row_label_en, numbers[0].row_label_zh)
            curves += [_as_level(curve, label, len(curves)) for curve in found]
        panels.append((title, curves))
    return panels


def _as_level(curve: Curve, label: Words, level: int) -> Curve:
    return Curve(
        curve.id, label, curve.steps, curve.censored, curve.at_risk, curve.events, curve.summary, level
    )


def _draw_page(
    output: Output, number: int, page: Sequence[tuple[Words, list[Curve]]], end: int, is_simulated: bool
) -> LinkedFigure:
    drawings = {}
    for language in LANGUAGES:
        parts = [
            figure_kaplan_meier(
                curves, "PFS", end, language,
                is_simulated=is_simulated and place == len(page) - 1,
                title=title.in_language(language),
                axes_height=style.KM_SMALL_AXES_HEIGHT,
            )
            for place, (title, curves) in enumerate(page)
        ]  # fmt: skip
        drawings[language] = stack(parts)
    said = [
        " ".join(
            f"{title.in_language(language)}: {describe_kaplan_meier(curves, end, language)}"
            for title, curves in page
        )
        for language in LANGUAGES
    ]
    return link_drawings(output, number, drawings, Words(*said))


def stack(parts: Sequence[Drawing]) -> Drawing:
    """Drawings of one width under each other."""
    height = sum(part.height for part in parts) + style.KM_PANEL_GAP * (len(parts) - 1)
    whole, top = Drawing(style.FIGURE_WIDTH, height), 0.0
    for part in parts:
        whole.place(part, (0, top))
        top += part.height + style.KM_PANEL_GAP
    return whole
