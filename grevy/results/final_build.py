"""What a draft lists and a final report must not have: dates of life and death that contradict each other.

Survival rests on them (W38): a last contact before another record of the living subject, a record of life
after death, or a death without a date, which the table of deaths counts and overall survival cannot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grevy.results.contradictions import CONTRADICTIONS
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.labels import Label

if TYPE_CHECKING:
    from grevy.definition import Study
    from grevy.definition.analysis_plan import AnalysisPlan


@dataclass(frozen=True)
class Block:
    """A kind of contradiction, and the subjects who have it."""

    label: Label
    subjects: tuple[str, ...]


def find_blocks(adam: Mapping[str, Any], study: "Study", plan: "AnalysisPlan") -> list[Block]:
    """What has to be settled before a report can be final, each kind with its subjects in order."""
    data = AnalysisData(collect_frames(adam), study, read_conventions(plan), plan)
    blocks = []
    for kind in CONTRADICTIONS:
        found = kind.find(data) if kind.blocks_final else None
        if found is not None and len(found):
            names = data.subjects["USUBJID"].to_numpy()[found["SUBJECT"].unique()]
            blocks.append(Block(kind.label, tuple(sorted(map(str, names)))))
    return blocks
