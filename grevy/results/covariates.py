"""The covariates of the exploratory models: which columns of numbers the plan's terms become."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import Label
from grevy.results.subgroups import list_levels
from grevy.stats.arrays import FloatArray

PER = "PER"  # the line of a number


@dataclass(frozen=True)
class Level:
    """A line of a term: the reference, or one column of the model with whom it counts."""

    id: str
    label: Label
    flag: Mask
    values: FloatArray | None = None  # of each subject; None for the reference


@dataclass(frozen=True)
class Term:
    """A covariate of the plan: its lines and the subjects of whom it is known."""

    variable: str
    label: Label
    levels: tuple[Level, ...]
    known: Mask

    @property
    def is_number(self) -> bool:
        """Whether the ratio is per so many units, and not of a level."""
        return [level.id for level in self.levels] == [PER]

    @property
    def columns(self) -> tuple[Level, ...]:
        """The lines that have an estimate."""
        return tuple(level for level in self.levels if level.values is not None)


def list_terms(data: AnalysisData, subjects: Mask) -> Iterator[Term]:
    """The terms of the plan; levels that none of the subjects has are left out."""
    for covariate in data.plan.models.covariates:
        label = Label(covariate.label.en, covariate.label.zh)
        if covariate.per is not None:
            yield _read_number(data, covariate.variable, label, float(covariate.per))
        else:
            yield _read_levels(data, covariate.variable, label, covariate.reference, subjects)


def _read_number(data: AnalysisData, variable: str, label: Label, per: float) -> Term:
    values = data.subjects[variable].to_numpy(float)
    known = ~np.isnan(values)
    return Term(variable, label, (Level(PER, label, known, np.where(known, values, 0.0) / per),), known)


def _read_levels(
    data: AnalysisData, variable: str, label: Label, reference: str | None, subjects: Mask
) -> Term:
    """The declared reference, or the first level where nobody has it."""
    found = [level for level in list_levels(data, variable, label) if (level.flag & subjects).any()]
    names = [level.level for level in found]
    base = reference if reference in names else next(iter(names), None)
    levels = [
        Level(level.level, level.label, level.flag)
        if level.level == base
        else Level(level.level, level.label, level.flag, level.flag.astype(float))
        for level in sorted(found, key=lambda level: level.level != base)
    ]
    known = np.zeros(len(data.subjects), dtype=bool)
    for level in levels:
        known |= level.flag
    return Term(variable, label, tuple(levels), known)


def build_matrix(columns: tuple[Level, ...], used: Mask) -> FloatArray:
    """One row per subject used, one column per line."""
    if not columns:
        return np.zeros((int(used.sum()), 0))
    return np.column_stack([np.asarray(level.values)[used] for level in columns])
