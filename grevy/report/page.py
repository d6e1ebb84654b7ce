"""The report as one self-contained page: outputs, texts, figures and the data behind every number.

Nothing is computed here and nothing is fetched: style, script and data stand inside the file, in both
languages. The same results give the same bytes: no clock, no locale, no order but that of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import jinja2
import pyarrow as pa
from markupsafe import Markup

from grevy.report.embed import as_script_text, build_page_data
from grevy.report.entries import read_labels
from grevy.report.figures import LinkedFigure, draw_figures
from grevy.report.lineage import build_lineage
from grevy.report.outputs import SECTIONS, Output, list_outputs, section_of
from grevy.report.result_rows import ResultRow, find_row, read_result_rows, rows_of_output
from grevy.report.style import style_tokens
from grevy.report.tables import Table, Value, table_of, value_of
from grevy.report.words import ABBREVIATIONS, KIND, PAGE, Words, same
from grevy.results.labels import SETS, Label
from grevy.results.rows import NO_DATA

NOTHING = "EMPTY"  # the row of an output that could not be estimated
SETS_OUTPUT = "T14.1.2"
RESOURCES = files("grevy.report") / "resources"
NO_ROWS = Words(
    *(
        PAGE["no_rows"].filled(why=PAGE["no_rows_default"].in_language(lang)).in_language(lang)
        for lang in ("en", "zh")
    )
)


class ReportedResults(Protocol):
    """Result rows and the record sets behind them."""

    @property
    def rows(self) -> pa.Table: ...

    @property
    def trace(self) -> pa.Table: ...


@dataclass(frozen=True)
class SwitchView:
    key: str
    label: Words
    value: str
    default: str
    source: str

    @property
    def is_changed(self) -> bool:
        return self.value != self.default


@dataclass(frozen=True)
class OutputView:
    """One output as the page prints it."""

    id: str
    label: Words
    title: Words
    set: Words
    n: Value | None
    table: Table | None
    drawings: Sequence[LinkedFigure]
    notes: Sequence[Words]
    reasons: Sequence[tuple[str, Words]]
    abbreviations: Words | None
    switches: Sequence[SwitchView]
    empty: Words | None


def write_report(
    results: ReportedResults,
    *,
    adam: Mapping[str, pa.Table],
    sdtm: Mapping[str, pa.Table],
    trace: pa.Table | None,
    revisions: pa.Table | None,
    study: Any,
    plan: Any,
    path: Path,
    remarks: Iterable[Label] = (),
    is_simulated: bool | None = None,
) -> Path:
    """Write the report of a run into one HTML file.

    `trace` is the tabulation's record of form revisions (None for data of another system) and `revisions` the
    history of the forms. Whether data are simulated is read from the revisions unless it is said.
    """
    if is_simulated is None:
        is_simulated = _were_simulated(revisions)
    rows = read_result_rows(results.rows)
    tabulated = {name: table for name, table in sdtm.items() if name != "TRACE"}
    if trace is not None:
        tabulated["TRACE"] = trace
    lineage = build_lineage(adam, tabulated, revisions, results.trace)
    switches = read_switches(plan)
    data = build_page_data(rows, results.trace, lineage, read_labels(study))
    data["study"] = study.id
    data["switches"] = {switch.key: switch.value for switch in switches}
    outputs = [
        view_output(output, rows, switches, is_simulated)
        for output in list_outputs(dict.fromkeys(row.output_id for row in rows), of_arms=bool(plan.arms))
    ]
    snapshot_id = rows[0].snapshot_id if rows else ""
    cutoff = _read_cutoff(adam)
    page = _template().render(
        title=Words(study.title.en, study.title.zh),
        study_id=study.id,
        study_version=PAGE["version"].filled(version=study.version),
        cutoff=cutoff,
        snapshot_id=snapshot_id,
        snapshot_short=snapshot_id[:12],
        program=f"grevy {version('grevy')}",
        simulated=is_simulated,
        sections=_group_by_section(outputs),
        switches=switches,
        remarks=[Words(remark.en, remark.zh) for remark in remarks],
        page=PAGE | {"how_to_read": PAGE["how_to_read_arms"]} if plan.arms else PAGE,
        colon=Words(": ", "："),
        style_tokens=Markup(style_tokens()),
        css=Markup(_resource("report.css")),
        js=Markup(_resource("report.js")),
        data=as_script_text(data),
    )
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


# ---- Rows ------------------------------------------------------------------------------------------------


def read_switches(plan: Any) -> list[SwitchView]:
    """The settings of the analysis plan with the values in force."""
    return [
        SwitchView(
            key,
            Words(s.label.en, s.label.zh),
            str(s.default if s.chosen is None else s.chosen),
            str(s.default),
            str(s.source),
        )
        for key, s in plan.switches.items()
    ]


def _group_by_section(outputs: list[OutputView]) -> list[dict[str, Any]]:
    titles = dict(SECTIONS)
    numbers = [*titles, *(n for n in dict.fromkeys(section_of(o.id) for o in outputs) if n not in titles)]
    return [
        {
            "number": number,
            "title": titles.get(number, same(number)),
            "outputs": [output for output in outputs if section_of(output.id) == number],
        }
        for number in numbers
    ]


# ---- One output ------------------------------------------------------------------------------------------


def view_output(
    output: Output, all_rows: Sequence[ResultRow], switches: Sequence[SwitchView], is_simulated: bool
) -> OutputView:
    """Everything that is printed around and inside one output."""
    rows = [row for row in rows_of_output(all_rows, output.id) if row.row_id != NOTHING]
    table = table_of(rows, is_listing=output.kind == "L") if rows else None
    drawings = draw_figures(output, all_rows, is_simulated=is_simulated) if output.draw and rows else []
    kind = KIND.get(output.kind, same(""))
    return OutputView(
        id=output.id,
        label=Words(f"{kind.en} {output.number}", f"{kind.zh} {output.number}")
        if output.is_numbered
        else kind,
        title=output.title,
        set=_set_label(output.set),
        n=_size_of_set(output.set, all_rows),
        table=table,
        drawings=drawings,
        notes=output.notes if rows else (),
        reasons=list(table.reasons.items()) if table else [],
        abbreviations=abbreviations_on(rows),
        switches=_switches_of(rows, switches),
        empty=None if rows else _say_why_empty(rows_of_output(all_rows, output.id)),
    )


def _say_why_empty(rows: Sequence[ResultRow]) -> Words:
    """The reason that the row of an empty output gives, where the data could not bear it."""
    told = next((row for row in rows if row.reason and row.reason != NO_DATA.en), None)
    if told is None:
        return NO_ROWS
    return Words(
        PAGE["no_rows"].filled(why=told.reason).en,
        PAGE["no_rows"].filled(why=told.reason_zh or told.reason).zh,
    )


def _set_label(name: str) -> Words:
    return Words(SETS[name].en, SETS[name].zh) if name in SETS else same(name)


def _size_of_set(name: str, all_rows: Sequence[ResultRow]) -> Value | None:
    """The N of an analysis set, as the table of the sets prints it."""
    found = find_row(all_rows, SETS_OUTPUT, name, "TOTAL")
    return value_of(found) if found else None


def abbreviations_on(rows: Sequence[ResultRow]) -> Words | None:
    """Abbreviations that stand in the labels or values of an output, and only those."""
    text = " ".join(f"{r.row_label_en} {r.column_label_en} {r.group_label_en} {r.value_text}" for r in rows)
    present = set(re.findall(r"[A-Za-z0-9]+", text))
    found = [words for name, words in ABBREVIATIONS if name in present]
    return (
        Words("; ".join(w.en for w in found) + ".", "；".join(w.zh for w in found) + "。") if found else None
    )


def _switches_of(rows: Sequence[ResultRow], switches: Sequence[SwitchView]) -> list[SwitchView]:
    named = {key.strip() for row in rows for key in (row.switches or "").split(",")}
    return [switch for switch in switches if switch.key in named]


# ---- Facts of the run ------------------------------------------------------------------------------------


def _were_simulated(revisions: pa.Table | None) -> bool:
    if revisions is None or "ORIGIN" not in revisions.column_names:
        return False
    return "simulated" in set(revisions["ORIGIN"].to_pylist())


def _read_cutoff(adam: Mapping[str, pa.Table]) -> Words:
    """The data cut-off that the subject rows carry."""
    adsl = adam.get("ADSL")
    dates = (
        set(adsl["CUTDT"].to_pylist()) - {None}
        if adsl is not None and "CUTDT" in adsl.column_names
        else set()
    )
    return same(max(dates).isoformat()) if dates else PAGE["no_cutoff"]


def _resource(name: str) -> str:
    return (RESOURCES / name).read_text(encoding="utf-8")


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_resource("report.html"))
