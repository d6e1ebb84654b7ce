"""The drawings of the outputs X, each where the rows hold something to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grevy.report.linked import LinkedFigure, draw_linked
from grevy.report.love_plot import describe_love_plot, figure_love_plot, read_pairs
from grevy.report.outputs import Output
from grevy.report.overlap import describe_overlap, figure_overlap, read_bins
from grevy.report.prognosis_figures import (
    describe_calibration,
    describe_decisions,
    figure_calibration,
    figure_decisions,
    read_calibration,
    read_decisions,
)
from grevy.report.result_rows import ResultRow
from grevy.report.sankey import describe_sankey, figure_sankey, read_flow

Draw = Callable[[Output, Sequence[ResultRow], Sequence[ResultRow], bool], list[LinkedFigure]]


def _draw(read: Callable[..., Any], figure: Callable[..., Any], describe: Callable[..., str]) -> Draw:
    """A drawing of an output's own rows; none where `read` finds nothing in them."""

    def draw(
        output: Output, rows: Sequence[ResultRow], _: Sequence[ResultRow], is_simulated: bool
    ) -> list[LinkedFigure]:
        return [draw_linked(output, rows, figure, describe, is_simulated)] if read(rows) else []

    return draw


REAL_WORLD_FIGURES: dict[str, Draw] = {
    "FX1": _draw(read_flow, figure_sankey, describe_sankey),
    "FX6.1": _draw(read_pairs, figure_love_plot, describe_love_plot),
    "FX6.2": _draw(read_bins, figure_overlap, describe_overlap),
    "FX8.1": _draw(read_calibration, figure_calibration, describe_calibration),
    "FX8.2": _draw(read_decisions, figure_decisions, describe_decisions),
}
