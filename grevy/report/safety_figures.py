"""The figures of safety and enrollment: which drawing belongs to which output; none without data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grevy.report.butterfly import describe_butterfly, figure_butterfly
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
    """F14.3.4: one drawing per test."""
    return [
        link_drawings(
            output,
            number,
            {
                language: figure_laboratory_course(own, language, is_simulated=is_simulated)
                for language in LANGUAGES
            },
            Words(describe_laboratory_course(own, "en"), describe_laboratory_course(own, "zh")),
        )
        for number, own in enumerate(split_tests(rows))
    ]


DRAWN_BY: dict[str, Callable[..., Sequence[LinkedFigure]]] = {
    "F14.1.2": _draw_once(figure_enrollment, describe_enrollment),
    "F14.3.1": _draw_once(figure_butterfly, describe_butterfly),
    "F14.3.2": _draw_once(figure_dots, describe_dots),
    "F14.3.3": _draw_once(figure_edish, describe_edish),
    "F14.3.4": _draw_laboratory,
    "F14.3.5": _draw_once(figure_dose_course, describe_dose_course),
}
