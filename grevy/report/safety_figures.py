"""The figures of safety: which drawing belongs to which output, and when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grevy.report.butterfly import describe_butterfly, figure_butterfly
from grevy.report.dot_plot import describe_dots, figure_dots
from grevy.report.edish import describe_edish, figure_edish
from grevy.report.linked import LinkedFigure, draw_linked
from grevy.report.outputs import Output
from grevy.report.result_rows import ResultRow
from grevy.report.svg import Drawing

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


DRAWN_BY: dict[str, Callable[..., Sequence[LinkedFigure]]] = {
    "F14.3.1": _draw_once(figure_butterfly, describe_butterfly),
    "F14.3.2": _draw_once(figure_dots, describe_dots),
    "F14.3.3": _draw_once(figure_edish, describe_edish),
}
