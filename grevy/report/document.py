"""What a report prints, before any format: its outputs with everything that stands around and inside them.

The HTML page, the PDF, the RTF and the DOCX draft are written from this description. It is read from result
rows, in both languages; it computes nothing and knows no format.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from grevy.report.abbreviations import find_abbreviations, say_in_one_line
from grevy.report.figures import CURVES, draw_figures
from grevy.report.linked import LinkedFigure
from grevy.report.listing_views import ListingView
from grevy.report.outputs import SECTIONS, Output, list_outputs, section_of
from grevy.report.result_rows import ResultRow, find_row, read_result_rows, rows_of_output
from grevy.report.settings_said import LEVEL
from grevy.report.tables import Table, Value, table_of, value_of
from grevy.report.words import KIND, PAGE, Words, same
from grevy.results import SELECTION_LABELS
from grevy.results.labels import SETS, Label
from grevy.results.rows import NO_DATA, NOTHING

NO_DATE = dt.date(
    1980, 1, 1
)  # a file must have a date, a report must have no clock: the first day that ZIP knows
LONGEST_DATA = 200  # rows of plotted values on paper
LATE_DATA = 60  # and in the page as it is opened
SETS_OUTPUT = "T14.1.2"
NO_ROWS = Words(
    *(
        PAGE["no_rows"].filled(why=PAGE["no_rows_default"].in_language(lang)).in_language(lang)
        for lang in ("en", "zh")
    )
)


@dataclass(frozen=True)
class SwitchView:
    key: str
    label: Words
    value: str
    default: str
    source: Words

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

    @property
    def is_listing_of_patients(self) -> bool:
        """Whether it is of section 16.2, whose listings are documents of their own."""
        return self.id.startswith("L16")

    @property
    def is_listed(self) -> bool:
        """Whether its entries stand in the document of listings."""
        return self.is_listing_of_patients and self.table is not None

    @property
    def is_data_written_late(self) -> bool:
        """Whether the page writes the values behind a figure from the packed rows when asked for them."""
        return bool(self.drawings and self.table and len(self.table.rows) > LATE_DATA)

    @property
    def has_long_data(self) -> bool:
        """Whether a figure has too many values to be printed: the page and the results hold them."""
        return bool(self.drawings and self.table and len(self.table.rows) > LONGEST_DATA)


@dataclass(frozen=True)
class Section:
    """The outputs under one number of ICH E3."""

    number: str
    title: Words
    outputs: Sequence[OutputView]

    @property
    def heading(self) -> Words:
        """Number and title; a section outside ICH E3 has no number."""
        if not self.number[0].isdigit():
            return self.title
        return Words(f"{self.number} {self.title.en}", f"{self.number} {self.title.zh}")


@dataclass(frozen=True)
class Design:
    """What the study planned: its objective, regimens and criteria."""

    objective: Words
    regimens: Sequence[Words]
    inclusion: Sequence[Words]
    exclusion: Sequence[Words]


@dataclass(frozen=True)
class Document:
    """A report as every format prints it."""

    title: Words
    study_id: str
    study_version: Words
    design: Design
    cutoff: Words
    date: dt.date
    snapshot_id: str
    program: str
    is_simulated: bool
    has_arms: bool
    has_entries: bool
    rows: Sequence[ResultRow]
    sections: Sequence[Section]
    switches: Sequence[SwitchView]
    remarks: Sequence[Words]
    preface: Words = PAGE["how_to_read_print"]  # of the printed formats
    kind: Words = PAGE["report"]  # the whole report, or a selection of its outputs
    prediction: Mapping[str, Any] | None = None  # of the page: models for chosen baseline values
    listings: Mapping[str, ListingView] = field(default_factory=dict)

    @property
    def outputs(self) -> list[OutputView]:
        return [output for section in self.sections for output in section.outputs]

    @property
    def snapshot_short(self) -> str:
        """As much of the snapshot's hash as tells it from any other, for heads and feet of pages."""
        return self.snapshot_id[:12]


def describe_document(
    results: pa.Table,
    *,
    adam: Mapping[str, pa.Table],
    revisions: pa.Table | None,
    study: Any,
    plan: Any,
    remarks: Iterable[Label] = (),
    is_simulated: bool | None = None,
    only: Iterable[str] = (),
    listings: Mapping[str, ListingView] | None = None,
    prediction: Mapping[str, Any] | None = None,
    snapshot_id: str = "",
) -> Document:
    """Lay out result rows as a report; `only` names the outputs that it is to have (none: all).

    `snapshot_id` is of use where no row names the snapshot. Whether data are simulated is read from the
    history of the forms (`revisions`) unless it is said.
    """
    if is_simulated is None:
        is_simulated = _were_simulated(revisions)
    rows = read_result_rows(results)
    cutoff = _read_cutoff(adam)
    switches = read_switches(plan)
    only = tuple(only)
    present = dict.fromkeys(row.output_id for row in rows)
    outputs = [
        view_output(output, rows, switches, is_simulated) for output in list_outputs(present, plan, only=only)
    ]
    return Document(
        title=Words(study.title.en, study.title.zh),
        study_id=study.id,
        study_version=PAGE["version"].filled(version=study.version),
        design=_read_design(study),
        cutoff=same(cutoff.isoformat()) if cutoff else PAGE["no_cutoff"],
        date=cutoff or NO_DATE,
        snapshot_id=rows[0].snapshot_id if rows else snapshot_id,
        program=f"grevy {version('grevy')}",
        is_simulated=is_simulated,
        has_arms=bool(plan.arms),
        has_entries=revisions is not None,
        rows=rows,
        sections=[s for s in _group_by_section(outputs) if s.outputs or not only],
        kind=name_kind(only),
        switches=switches,
        remarks=[Words(remark.en, remark.zh) for remark in remarks],
        listings=listings or {},
        prediction=prediction,
    )


def name_kind(only: Sequence[str]) -> Words:
    """What a report is that holds these outputs: the whole one, or a selection by its name."""
    if not only:
        return PAGE["report"]
    if len(only) == 1 and only[0] in SELECTION_LABELS:
        return Words(*SELECTION_LABELS[only[0]])
    return PAGE["selection"].filled(names=", ".join(only))


# ---- Rows ------------------------------------------------------------------------------------------------


PLACE_IN_PLAN = re.compile(
    r"\s?[(（]W\d+[)）]"
)  # where a plan lists its choices: no reader of a report has it


def read_switches(plan: Any) -> list[SwitchView]:
    """The settings of the analysis plan with the values in force."""
    return [
        SwitchView(
            key,
            Words(s.label.en, s.label.zh),
            str(s.default if s.chosen is None else s.chosen),
            str(s.default),
            Words(*(PLACE_IN_PLAN.sub("", text) for text in (s.source.en, s.source.zh))),
        )
        for key, s in plan.switches.items()
    ]


def find_level(switches: Sequence[SwitchView]) -> float:
    """The level of confidence in force."""
    return next((float(switch.value) for switch in switches if switch.key == LEVEL), 0.95)


def _group_by_section(outputs: list[OutputView]) -> list[Section]:
    titles = dict(SECTIONS)
    numbers = [*titles, *(n for n in dict.fromkeys(section_of(o.id) for o in outputs) if n not in titles)]
    return [
        Section(number, titles.get(number, same(number)), [o for o in outputs if section_of(o.id) == number])
        for number in numbers
    ]


# ---- One output ------------------------------------------------------------------------------------------


def view_output(
    output: Output, all_rows: Sequence[ResultRow], switches: Sequence[SwitchView], is_simulated: bool
) -> OutputView:
    """Everything that is printed around and inside one output."""
    rows = [row for row in rows_of_output(all_rows, output.id) if row.row_id != NOTHING]
    ordered = _in_time(rows) if output.id in CURVES else rows
    table = table_of(ordered, is_listing=output.kind == "L") if rows else None
    drawn = draw_figures(output, all_rows, is_simulated=is_simulated) if rows else []
    drawings = [figure.at_level(find_level(switches)) for figure in drawn]
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
        abbreviations=say_in_one_line(find_abbreviations(rows)),
        switches=_switches_of(rows, switches),
        empty=None if rows else _say_why_empty(rows_of_output(all_rows, output.id)),
    )


def _in_time(rows: Sequence[ResultRow]) -> Sequence[ResultRow]:
    """The points of curves in the order of their time: each group has times of its own."""
    kinds = {row.operation: place for place, row in reversed(list(enumerate(rows)))}
    ranks = {row.row_id: (kinds[row.operation], row.time or 0.0) for row in rows}
    order = {name: place for place, name in enumerate(sorted(ranks, key=lambda name: ranks[name]), start=1)}
    return [row._replace(row_order=order[row.row_id]) for row in rows]


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


def _switches_of(rows: Sequence[ResultRow], switches: Sequence[SwitchView]) -> list[SwitchView]:
    named = {key.strip() for row in rows for key in (row.switches or "").split(",")}
    return [switch for switch in switches if switch.key in named]


# ---- Facts of the run ------------------------------------------------------------------------------------


def _read_design(study: Any) -> Design:
    def words(text: Any) -> Words:
        return Words(text.en, text.zh)

    return Design(
        words(study.design.objective),
        [words(regimen.label) for regimen in study.regimens],
        [words(c.text) for c in study.eligibility if c.kind == "inclusion"],
        [words(c.text) for c in study.eligibility if c.kind == "exclusion"],
    )


def _were_simulated(revisions: pa.Table | None) -> bool:
    if revisions is None or "ORIGIN" not in revisions.column_names:
        return False
    return "simulated" in set(revisions["ORIGIN"].to_pylist())


def _read_cutoff(adam: Mapping[str, pa.Table]) -> dt.date | None:
    """The data cut-off that the subject rows carry."""
    adsl = adam.get("ADSL")
    if adsl is None or "CUTDT" not in adsl.column_names:
        return None
    return max(set(adsl["CUTDT"].to_pylist()) - {None}, default=None)
