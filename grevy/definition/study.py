"""A study: identity, design, regimens, schedule, forms, criteria and analysis plan, as one frozen object."""

import hashlib
import json
from functools import cached_property
from typing import Literal

from pydantic import Field

from grevy.definition.analysis_plan import AnalysisPlan, AnalysisSet, Endpoint
from grevy.definition.conditions import Condition
from grevy.definition.forms import CodeList, Form
from grevy.definition.instruments import Instrument
from grevy.definition.schedule import Activity, Event
from grevy.definition.terminology import TermExtension
from grevy.definition.terms import TermsFile
from grevy.definition.trial_design import TrialDesignFile
from grevy.definition.words import CodeValue, Line, Model, Name, Number, Text, Whole


class Design(Model):
    """The design in numbers."""

    phase: Line
    arms: Whole
    planned_subjects: Whole
    minimum_age_years: Whole
    cycle_days: Whole
    country: Line
    dictionary: Line
    objective: Text


class Partner(Model):
    """A drug that belongs to a combination regimen and its class."""

    drug: CodeValue
    partner_class: CodeValue = Field(alias="class")


class Regimen(Model):
    """A way surufatinib is given: starting dose, the levels it may be lowered to, declared partners."""

    code: CodeValue
    label: Text
    short_label: Text
    start_dose_mg: Whole
    dose_levels_mg: tuple[Whole, ...] = Field(min_length=1)
    partners: tuple[Partner, ...] = ()


class Unit(Model):
    """A unit that items may have, with its print in both languages."""

    unit: Line
    en: Line
    zh: Line

    @property
    def label(self) -> Text:
        return Text(en=self.en, zh=self.zh)


class StudyIdentity(Model):
    """The file `study.yaml`."""

    id: Line = Field(alias="study")
    version: Line
    title: Text
    short_title: Text
    languages: tuple[Literal["en", "zh"], ...]
    design: Design
    regimens: tuple[Regimen, ...] = Field(min_length=1)
    units: tuple[Unit, ...]
    analysis_sets: tuple[AnalysisSet, ...]
    endpoints: tuple[Endpoint, ...]


class Limit(Model):
    """A number of the protocol that conditions may name as `limit.name`, with where it comes from."""

    name: Name
    label: Text
    value: Number
    unit: Line | None = None
    source: Line


class Derived(Model):
    """A value computed from items by a named algorithm; conditions name it as `derived.name`."""

    name: Name
    label: Text
    function: Name
    of: tuple[Line, ...] = Field(min_length=1)


class Criterion(Model):
    """An eligibility criterion. `met` is what judgment and data say; true for an exclusion: it is present.

    `against` is what proves that the subject may not take part, whatever was judged: an inclusion that is not
    met, an exclusion that is present. Only its truth counts; a value that is missing proves nothing.
    """

    id: Line = Field(pattern=r"^(IN|EX)\d\d$")
    kind: Literal["inclusion", "exclusion"]
    label: Text
    text: Text
    met: Condition | None = None
    against: Condition | None = None
    evidence: tuple[Line, ...] = ()


class EligibilityFile(Model):
    """The file `eligibility.yaml`."""

    limits: tuple[Limit, ...] = ()
    derived: tuple[Derived, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Study(Model):
    """A study version as it was loaded: conditions are compiled and every reference is known to hold."""

    id: str
    version: str
    title: Text
    short_title: Text
    design: Design
    regimens: tuple[Regimen, ...]
    units: dict[str, Unit]
    events: tuple[Event, ...]
    activities: tuple[Activity, ...]
    eligibility: tuple[Criterion, ...]
    limits: tuple[Limit, ...] = ()
    derived: tuple[Derived, ...] = ()
    forms: dict[str, Form]
    codelists: dict[str, CodeList]
    instruments: dict[str, Instrument] = Field(default_factory=dict)
    analysis: AnalysisPlan
    trial_design: TrialDesignFile | None = None
    terms: TermsFile = TermsFile()
    term_extensions: tuple[TermExtension, ...] = ()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content: order of keys, comments, quoting and division into files do not matter."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def event(self, event_id: str) -> Event:
        """The event with an id; ValueError lists the ids there are."""
        for event in self.events:
            if event.id == event_id:
                return event
        raise ValueError(
            f"unknown event '{event_id}'; allowed: {', '.join(event.id for event in self.events)}"
        )
