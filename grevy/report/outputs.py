"""What is printed around an output: its section and its footnotes. Titles come with the results.

Numbering after ICH E3, section 14; what a study of ordinary practice adds has numbers X of its own, so that
those of ICH E3 stay as a reader expects them. An output that has no rows in a run is printed all the same,
with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from grevy.definition.analysis_plan import AnalysisPlan
from grevy.report.footnotes import FOOTNOTES
from grevy.report.footnotes.common import DESCRIPTIVE, OF_ARMS
from grevy.report.settings_said import say_settings
from grevy.report.words import Words, same
from grevy.results import select_outputs


class Output(NamedTuple):
    """One table, figure or listing: what is printed around the numbers."""

    id: str
    title: Words
    set: str
    notes: tuple[Words, ...] = ()

    @property
    def kind(self) -> str:
        return self.id[0]

    @property
    def number(self) -> str:
        return self.id[1:].lstrip("-")

    @property
    def is_numbered(self) -> bool:
        """An output outside the report has a name instead of a number."""
        return any(character.isdigit() for character in self.number)


SECTIONS = (
    ("14.1", Words("Participants", "受试者")),
    ("14.2", Words("Effectiveness", "有效性")),
    ("14.3", Words("Safety", "安全性")),
    ("X", Words("Real-world use and exploration", "真实世界使用与探索性分析")),
    ("16.2", Words("Patient data listings", "受试者数据列表")),
    ("issues", Words("Data issues", "数据问题")),
)


def list_outputs(
    present: Iterable[str], plan: AnalysisPlan | None = None, *, only: Iterable[str] = ()
) -> list[Output]:
    """The declared outputs that `only` chooses, in their order, then those that the rows have beside them.

    Data of another study stand in columns by arm: nobody chose a regimen there.
    """
    of_arms = plan is not None and bool(plan.arms)
    declared = [
        Output(
            o.id,
            Words(o.title.en, o.title.zh),
            o.set_in_force(plan) if plan else o.analysis_set,
            tuple(say_settings(note, plan) if plan else note for note in _notes(o.id, of_arms)),
        )
        for o in select_outputs(only)
    ]
    known = {output.id for output in declared}
    return [*declared, *(Output(name, same(name), "SCREENED") for name in present if name not in known)]


def _notes(output_id: str, of_arms: bool) -> tuple[Words, ...]:
    notes = FOOTNOTES.get(output_id, ())
    return tuple(OF_ARMS if of_arms and note is DESCRIPTIVE else note for note in notes)


def section_of(output_id: str) -> str:
    """The section an output stands in: the first two parts of its number, or X."""
    number = output_id[1:].lstrip("-")
    if number.startswith("X"):
        return "X"
    parts = number.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else number
