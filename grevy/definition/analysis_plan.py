"""The analysis plan: switches with closed lists of options, sets, endpoints, subgroups, planned imaging."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from grevy.definition.schedule import Event
from grevy.definition.words import CodeValue, Line, Model, Number, Text, Whole

SwitchValue = str | int | bool | Decimal
SwitchType = Literal["int", "decimal", "bool", "text"]

SET_OF_EFFECTIVENESS = "sets.effectiveness"
"""The switch that chooses the analysis set of section 14.2; the page of reports offers its options."""

# What the derivations implement: the options of a switch, or the type of its value. A study may offer fewer.
IMPLEMENTED: Mapping[str, tuple[str, ...] | str] = {
    "time.origin": ("first_dose", "enrolment", "consent"),
    "time.duration": ("inclusive", "elapsed"),
    "time.days_per_month": "decimal",
    "recist.sd_min_days": "int",
    "recist.sd_from": ("first_dose", "baseline_scan"),
    "recist.confirm_min_days": "int",
    "recist.max_ne_between": "int",
    "recist.accept_sd_between": "bool",
    "recist.pr_policy": ("strict", "eortc_sticky"),
    "recist.reappearance_after_cr": ("PD", "REVIEW"),
    "recist.ttsm_default_mm": "decimal",
    "recist.missing_target": ("pd_if_proven", "ne"),
    "recist.pd_sum_date": ("earliest", "last"),
    "recist.response_date": ("latest", "earliest"),
    "recist.equivocal_date": ("first_seen", "proof"),
    "recist.new_therapy": ("until_start", "ignore"),
    "recist.same_date": ("worst", "last"),
    "recist.response_source": ("lesions", "assessor"),
    "recist.evaluator": "text",
    "recist.cb_min_days": "int",
    "pfs.rule_set": ("fda", "ema"),
    "pfs.missed_assessments": ("by_rule_set", "2", "1", "never"),
    "pfs.missed_tolerance_days": "int",
    "pfs.new_therapy": ("by_rule_set", "censor", "ignore", "event"),
    "pfs.no_baseline": ("by_rule_set", "censor", "event"),
    "pfs.clinical_progression": ("ignore", "event", "censor"),
    "os.censoring": ("last_alive", "cutoff"),
    "ttf.progression": ("ignore", "event"),
    "te.days_after_last_dose": "int",
    "te.end_at_new_therapy": "bool",
    "dates.ae_start": ("treatment_emergent", "first", "last"),
    "dates.ae_end": ("last", "middle", "first"),
    "dates.death": ("first", "middle", "last"),
    "dates.new_therapy": ("first", "middle", "last"),
    "ae.missing_causality": ("related", "not_related"),
    "baseline.same_day": ("unless_timed_after", "never"),
    "measurement.readings": ("average", "each"),
    "lab.below_quantification": ("limit", "half", "missing"),
    "ctcae.version": ("5.0", "6.0"),
    "ctcae.symptoms": ("recorded", "worst_case"),
    "liver.hys_law_bilirubin": ("above", "at_least"),
    "pro.deterioration_points": "decimal",
    "pro.deterioration": ("def2", "def1", "def3", "first"),
    "pro.deterioration_events": ("death", "none", "progression_or_death"),
    "pro.ginet21_variant": ("manual", "validation_2013"),
    SET_OF_EFFECTIVENESS: ("full", "evaluable", "per_protocol"),
    "sets.starting_dose": "bool",
    "sets.minimum_intensity": "decimal",
    "sets.intensity_weeks": "int",
    "exposure.planned": ("with_interruptions", "without_interruptions"),
    "confidence.level": "decimal",
    "confidence.km": ("log_log", "log", "plain", "logit", "arcsine"),
    "confidence.rate": ("clopper_pearson", "wilson"),
    "comparison.weights": ("stabilized", "overlap"),
    "comparison.truncation": "decimal",
    "imputation.copies": "int",
    "imputation.seed": "int",
    "prediction.penalty": ("ridge", "lasso"),
    "prediction.repeats": "int",
    "prediction.seed": "int",
}
_WORDS = {"int": "a whole number", "decimal": "a number", "bool": "true or false", "text": "text"}


class Switch(Model):
    """One convention on which the field differs, with its value in force, its source and its reason."""

    key: Line
    default: str
    options: tuple[Line, ...] = ()
    type: SwitchType | None = None
    label: Text
    source: Text
    reason: Text
    chosen: str | None = Field(default=None, exclude=True)

    @property
    def value(self) -> SwitchValue:
        """The value in force, in the type of the switch."""
        return self.read(self.default if self.chosen is None else self.chosen)

    @property
    def allowed(self) -> str:
        """What may be chosen, in words."""
        return ", ".join(self.options) if self.options else _WORDS[self.type or "text"]

    def read(self, text: str) -> SwitchValue:
        """Convert the text of a value; ValueError where it is not allowed."""
        if self.options:
            if text not in self.options:
                raise ValueError(text)
            return text
        if self.type == "bool":
            return _read_bool(text)
        if self.type == "int":
            return int(text)
        if self.type == "decimal":
            return _read_decimal(text)
        return text


def _read_bool(text: str) -> bool:
    if text.lower() not in ("true", "false", "yes", "no"):
        raise ValueError(text)
    return text.lower() in ("true", "yes")


def _read_decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


class Subgroup(Model):
    """A variable of ADSL by which results are split."""

    variable: Line
    label: Text


BaselineVariable = Literal[
    "AGE", "AGEGR1", "SEX", "ECOGBL", "NENGRP", "PANCFL", "DIFFER", "KI67", "KI67GR1", "FUNCTNL", "SSTR",
    "LINE", "LIVERMFL", "BONEMFL", "METORGN", "CGAXULN", "BMI", "COHORT",
]  # fmt: skip
"""Known at the first dose: response, toxicity or later therapy as a covariate would be immortal time."""


Scale = Literal[
    "QL", "PF", "RF", "EF", "CF", "SF", "FA", "NV", "PA", "DY", "SL", "AP", "CO", "DI", "FI", "C30SUM", "ED",
    "GI", "SF21", "DRW", "MBP", "BI", "INF", "SX", "TR", "WG", "EQVAS",
]  # fmt: skip
"""Scores of questionnaires of which it is known which end is good, by their code."""

Points = Annotated[
    str,
    StringConstraints(pattern=r"^\d+(\.\d+)?$"),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\d+(\.\d+)?$"}]}),
]
"""Points of a score of 0 to 100."""


LATER_FACTS = {
    "CBOR": "response", "BOR": "response", "RSP": "response", "CRSP": "response", "RESPONSE": "response",
    "ATOXGR": "toxicity", "AESEV": "toxicity", "AEDECOD": "toxicity", "TOXICITY": "toxicity",
    "RDI": "dose intensity", "NREDUC": "a dose reduction", "TRTDURD": "duration of treatment",
    "PARTNER": "a later combination", "NWTRSDT": "a later therapy", "DCTREAS": "the end of treatment",
    "DTHFL": "death",
}  # fmt: skip
"""What somebody may wish to take as a covariate although it is known only after the first dose."""


def refuse_later_fact(variable: object) -> object:
    """Refuse as a baseline fact what comes after the first dose, and say what to do instead."""
    fact = LATER_FACTS.get(variable.upper()) if isinstance(variable, str) else None
    if fact is None:
        return variable
    raise PydanticCustomError(
        "later_fact",
        "{fact} is known only after the first dose; as a baseline covariate it would give its bearers time "
        "without risk (immortal time). Remove it: table X4 takes such facts by landmark and as "
        "time-dependent terms.",
        {"fact": fact},
    )


class Covariate(Model):
    """A term of the exploratory models: levels against a reference, or a number per so many units."""

    variable: Annotated[BaselineVariable, BeforeValidator(refuse_later_fact)]
    label: Text
    reference: Line | None = None
    per: Number | None = None


class Models(Model):
    """The exploratory models, declared before the run (STROBE 12; Riley 2019 for events per parameter)."""

    covariates: tuple[Covariate, ...] = ()
    stratum: BaselineVariable | None = None
    minimum_events: Whole = 10


class InterestGroup(Model):
    """A group of adverse events: words of its terms, classes whose terms all belong, the first grade."""

    code: CodeValue
    label: Text
    words: tuple[Line, ...] = Field(min_length=1)
    classes: tuple[Line, ...] = ()
    from_grade: Whole = 1


class SpecialInterest(Model):
    """Adverse events of special interest; `other_terms` hold a word of a group and mean something else."""

    groups: tuple[InterestGroup, ...] = ()
    other_terms: tuple[Line, ...] = ()
    incidence_months: tuple[Whole, ...] = ()

    def find_groups(self, term: str, grade: int | None, organ_class: str = "") -> list[str]:
        """Codes of the groups an event belongs to by its term, class and grade; no grade is at least 1."""
        written = term.casefold()
        for other in self.other_terms:
            written = written.replace(other.casefold(), "")
        # a term that means something else is of no class either
        of_class = organ_class.casefold() if written == term.casefold() else None
        return [
            group.code
            for group in self.groups
            if (grade or 1) >= group.from_grade
            and (
                any(word.casefold() in written for word in group.words)
                or of_class in {name.casefold() for name in group.classes}
            )
        ]


class ByVisit(Model):
    """Which tables by visit are printed: the laboratory tests, and how many subjects a visit needs."""

    minimum_subjects: Whole = 30
    laboratory: tuple[Line, ...] = ()


class AnalysisSet(Model):
    """A set of subjects, flagged by a variable of ADSL."""

    id: Line
    flag: Line
    label: Text
    definition: Text


class Endpoint(Model):
    """An outcome of the study and the analysis parameter that carries it."""

    id: Line
    kind: Literal["primary", "secondary", "safety"]
    parameter: Line
    label: Text
    definition: Text


class Arm(Model):
    """An arm of data from another study: its code in upper case and its name."""

    code: Line
    label: Text


class AnalysisFile(Model):
    """The file `analysis.yaml`."""

    switches: tuple[Switch, ...]
    study_drugs: tuple[Line, ...] = Field(min_length=1)
    new_therapy_categories: tuple[Line, ...] = Field(min_length=1)
    imaging_event: Line
    landmarks_months: tuple[Number, ...] = ()
    subgroup_minimum: Whole = 10
    subgroups: tuple[Subgroup, ...] = ()
    models: Models = Models()
    special_interest: SpecialInterest = SpecialInterest()
    by_visit: ByVisit = ByVisit()
    enrollment_months: Whole | None = None
    primary_scales: tuple[Scale, ...] = ()
    scale_points: dict[Scale, Points] = Field(default_factory=dict)


class AnalysisPlan(Model):
    """Everything the analysis is told by the study."""

    switches: dict[str, Switch]
    analysis_sets: tuple[AnalysisSet, ...]
    endpoints: tuple[Endpoint, ...]
    subgroups: tuple[Subgroup, ...]
    subgroup_minimum: int
    landmarks_months: tuple[int, ...]
    study_drugs: tuple[str, ...]
    new_therapy_categories: tuple[str, ...]
    imaging: Event
    models: Models = Models()
    special_interest: SpecialInterest = SpecialInterest()
    by_visit: ByVisit = ByVisit()
    enrollment_months: int | None = None  # planned; even over time and sites
    primary_scales: tuple[Scale, ...] = ()
    scale_points: dict[Scale, Points] = Field(
        default_factory=dict
    )  # of scales to which `pro.deterioration_points` do not apply
    arms: tuple[Arm, ...] = ()  # of data from another study; they stand in for the regimens

    def value(self, key: str) -> Any:
        """The value of a switch in force, for example `plan.value("recist.sd_min_days")` is 49."""
        if key not in self.switches:
            raise ValueError(f"unknown switch '{key}'; allowed: {', '.join(self.switches)}")
        return self.switches[key].value

    def find_points(self, scale: str) -> Decimal:
        """The change of a score that counts: its own, or that of `pro.deterioration_points` (W47)."""
        own = next((points for code, points in self.scale_points.items() if code == scale), None)
        usual: Decimal = self.value("pro.deterioration_points")
        return usual if own is None else Decimal(own)

    def with_values(self, values: Mapping[str, str]) -> "AnalysisPlan":
        """The plan with other values; a ValueError lists every unknown switch and every value not allowed."""
        mistakes, switches = [], dict(self.switches)
        for key, text in values.items():
            if key not in switches:
                mistakes.append(f"unknown switch '{key}'; allowed: {', '.join(self.switches)}")
                continue
            try:
                switches[key].read(text)
            except ValueError:
                mistakes.append(f"switch '{key}' cannot be '{text}'; allowed: {switches[key].allowed}")
            switches[key] = switches[key].model_copy(update={"chosen": text})
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self.model_copy(update={"switches": switches})

    def changed_switches(self) -> tuple[str, ...]:
        """Keys whose value in force is not the study's default."""
        return tuple(
            key for key, switch in self.switches.items() if switch.value != switch.read(switch.default)
        )
