"""The design of the trial as it is submitted: epochs, elements, arms and the summary of the trial.

What other study files say already (title, phase, number of subjects, doses, criteria, visits) is not said
again: `SAID_ELSEWHERE` names the parameters of the summary that are taken from there.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from grevy.definition.words import CodeValue, Line, Model, Text, Whole

LONGEST_TEXT = 200
"""Bytes of a text in SAS transport files, version 5."""

SAID_ELSEWHERE = {
    "TITLE": "study.yaml, title",
    "TPHASE": "study.yaml, design.phase",
    "PLANSUB": "study.yaml, design.planned_subjects",
    "AGEMIN": "study.yaml, design.minimum_age_years",
    "FCNTRY": "study.yaml, design.country",
    "OBJPRIM": "study.yaml, design.objective",
    "NARMS": "study.yaml, design.arms",
    "NCOHORT": "study.yaml, regimens",
    "DOSE": "study.yaml, regimens",
    "OUTMSPRI": "study.yaml, endpoints",
    "OUTMSSEC": "study.yaml, endpoints",
    "SDTMVER": "the product",
    "SDTIGVER": "the product",
}
"""Parameters that are computed, each with the place where their value stands."""

ElementCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Rule = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True)]
PhaseOfStudy = Literal["SCREENING", "TREATMENT", "FOLLOW-UP"]


class Epoch(Model):
    """A period of the trial through which every arm goes; the order is that of the file."""

    code: PhaseOfStudy
    label: Text


class Element(Model):
    """A building block of the arms, with the rules by which a subject enters and leaves it."""

    code: ElementCode
    label: Text
    epoch: PhaseOfStudy
    start: Rule
    end: Rule | None = None
    duration: Line | None = Field(default=None, pattern=r"^P\d+[DWMY]$")


class Arm(Model):
    """The elements that a regimen goes through, one per epoch; `code` is that of the regimen."""

    code: CodeValue
    elements: tuple[ElementCode, ...] = Field(min_length=1)
    transitions: dict[ElementCode, Rule] = Field(default_factory=dict)


class SummaryValue(Model):
    """A parameter of the trial summary (TS) with its values, or why there is none (ISO 21090)."""

    parameter: ElementCode
    values: tuple[Rule, ...] = ()
    null: Literal["NI", "NA", "UNK", "NASK", "PINF", "NINF"] | None = None


class TrialDesignFile(Model):
    """The file `trial_design.yaml`; `followed_days` is the day up to which repeated visits are listed."""

    epochs: tuple[Epoch, ...] = Field(min_length=1)
    elements: tuple[Element, ...] = Field(min_length=1)
    arms: tuple[Arm, ...] = Field(min_length=1)
    followed_days: Whole = Field(gt=0)
    summary: tuple[SummaryValue, ...] = ()

    def element(self, code: str) -> Element:
        """An element that an arm is known to have."""
        return next(element for element in self.elements if element.code == code)
