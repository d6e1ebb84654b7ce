"""Which drawing belongs to which output, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from markupsafe import Markup

from grevy.report.flow import describe_flow, figure_flow
from grevy.report.kaplan_meier import describe_kaplan_meier, figure_kaplan_meier, last_tick, read_curves
from grevy.report.outputs import Output
from grevy.report.svg import Drawing
from grevy.report.tables import DISEASE_COLUMNS, REGIMEN_COLUMNS
from grevy.report.waterfall import describe_waterfall, figure_waterfall
from grevy.report.words import RESPONSES

LANGUAGES = ("en", "zh")
SUMMARY_OF = {"F14.2.1": ("T14.2.1", "PFS"), "F14.2.2": ("T14.2.3", "OS")}
SUMMARY_ROLES = ("n", "events", "median")
PANELS = ((*REGIMEN_COLUMNS, "TOTAL"), DISEASE_COLUMNS)


@dataclass(frozen=True)
class LinkedFigure:
    """One drawing in both languages."""

    en: Markup
    zh: Markup


def draw_figures(output: Output, all_rows: pd.DataFrame, *, is_simulated: bool) -> Sequence[LinkedFigure]:
    """All drawings of an output; none where the rows hold nothing to draw."""
    rows = all_rows[all_rows["output_id"] == output.id]
    if output.draw == "km":
        return _draw_kaplan_meier(output, rows, all_rows, is_simulated)
    if output.draw == "flow":
        return [_linked(output, rows, figure_flow, describe_flow, is_simulated)]
    if output.draw == "waterfall" and rows["value"].notna().any():
        return [
            _linked(
                output,
                rows,
                partial(figure_waterfall, best=_best_responses(all_rows)),
                describe_waterfall,
                is_simulated,
            )
        ]
    return []


def _best_responses(all_rows: pd.DataFrame) -> pd.DataFrame:
    """The counts of confirmed best response in the full analysis set, as the response table prints them."""
    return all_rows[
        (all_rows["output_id"] == "T14.2.4")
        & (all_rows["row_id"].isin([f"CBOR|FAS|{code}" for code in RESPONSES]))
        & (all_rows["column_id"] == "TOTAL")
    ]


def _linked(
    output: Output,
    rows: pd.DataFrame,
    draw: Callable[..., Drawing],
    describe: Callable[..., str],
    is_simulated: bool,
) -> LinkedFigure:
    texts = {
        language: draw(rows, language, is_simulated=is_simulated).markup(
            f"{output.id}-{language}",
            output.title.in_language(language),
            describe(rows, language),
            _tag(language),
        )
        for language in LANGUAGES
    }
    return LinkedFigure(texts["en"], texts["zh"])


def _draw_kaplan_meier(
    output: Output, rows: pd.DataFrame, all_rows: pd.DataFrame, is_simulated: bool
) -> list[LinkedFigure]:
    """One panel by regimen and one by disease class; all on the time axis of the longest figure."""
    table, parameter = SUMMARY_OF[output.id]
    summary = all_rows[all_rows["output_id"] == table].copy()
    roles = {f"{parameter}|{role}": role for role in SUMMARY_ROLES}
    summary["role"] = summary["row_id"].map(roles)
    summary = summary.dropna(subset=["role"])
    end = last_tick(all_rows[all_rows["output_id"].isin(SUMMARY_OF)])
    figures = []
    for number, columns in enumerate(PANELS):
        curves = [c for c in read_curves(rows, summary, columns) if len(c.survival)]
        if not curves:
            continue
        texts = {
            language: figure_kaplan_meier(curves, parameter, end, language, is_simulated=is_simulated).markup(
                f"{output.id}-{number}-{language}",
                output.title.in_language(language),
                describe_kaplan_meier(curves, end, language),
                _tag(language),
            )
            for language in LANGUAGES
        }
        figures.append(LinkedFigure(texts["en"], texts["zh"]))
    return figures


def _tag(language: str) -> str:
    return "zh-Hans" if language == "zh" else language
