"""The figures of safety and enrollment: which drawing belongs to which output; none without data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grevy.report import style
from grevy.report.butterfly import describe_butterfly, figure_butterfly
from grevy.report.course_figures import stack
from grevy.report.dose_course import describe_dose_course, figure_dose_course
from grevy.report.dot_plot import describe_dots, figure_dots
from grevy.report.edish import describe_edish, figure_edish
from grevy.report.enrollment import describe_enrollment, figure_enrollment
from grevy.report.laboratory_course import (
    describe_laboratory_course,
    figure_laboratory_course,
    split_tests,
)
from grevy.report.linked import LANGUAGES, LinkedFigure, draw_linked, link_drawings
from grevy.report.outputs import Output
from grevy.report.result_rows import ResultRow
from grevy.report.svg import Drawing
from grevy.report.words import Words

Figure = Callable[..., Drawing]


def _draw_once(figure: Figure, describe: Callable[..., str]) -> Callable[..., Sequence[LinkedFigure]]:
    """One drawing of all rows of the output; none where there are no rows."""

    def draw(
        output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
    ) -> list[LinkedFigure]:
        if not any(row.value for row in rows):
            return []
        return [draw_linked(output, rows, figure, describe, is_simulated)]

    return draw


def _draw_laboratory(
    output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
) -> list[LinkedFigure]:
    """F14.3.4: one panel per test, as many on a page as fit under its title."""
    tests, figures = split_tests(rows), []
    for number, place in enumerate(range(0, len(tests), style.COURSE_PANELS)):
        page = tests[place : place + style.COURSE_PANELS]
        drawings = {
            language: stack(
                [
                    figure_laboratory_course(
                        own, language, is_simulated=is_simulated and position == len(page) - 1
                    )
                    for position, own in enumerate(page)
                ]
            )
            for language in LANGUAGES
        }
        said = (" ".join(describe_laboratory_course(own, to) for own in page) for to in LANGUAGES)
        figures.append(link_drawings(output, number, drawings, Words(*said)))
    return figures


DRAWN_BY: dict[str, Callable[..., Sequence[LinkedFigure]]] = {
    "F14.1.2": _draw_once(figure_enrollment, describe_enrollment),
    "F14.3.1": _draw_once(figure_butterfly, describe_butterfly),
    "F14.3.2": _draw_once(figure_dots, describe_dots),
    "F14.3.3": _draw_once(figure_edish, describe_edish),
    "F14.3.4": _draw_laboratory,
    "F14.3.5": _draw_once(figure_dose_course, describe_dose_course),
}
