"""A study folder as far as it could be read: what the checks of consistency look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from grevy.definition.analysis_plan import AnalysisFile
from grevy.definition.forms import CodeList, CodeListFile, Form
from grevy.definition.instruments import Instrument
from grevy.definition.schedule import ScheduleFile
from grevy.definition.study import EligibilityFile, StudyIdentity
from grevy.definition.study_files import StudyFile
from grevy.definition.terminology import TerminologyFile
from grevy.definition.terms import TermsFile
from grevy.definition.trial_design import TrialDesignFile


@dataclass
class Draft:
    """Files and models of a study folder.

    Broken names exist but could not be read: whoever refers to them is not to blame.
    """

    folder: str
    identity_file: StudyFile = field(default_factory=lambda: StudyFile("study.yaml"))
    identity: StudyIdentity | None = None
    schedule_file: StudyFile = field(default_factory=lambda: StudyFile("schedule.yaml"))
    schedule: ScheduleFile | None = None
    eligibility_file: StudyFile = field(default_factory=lambda: StudyFile("eligibility.yaml"))
    eligibility: EligibilityFile | None = None
    analysis_file: StudyFile = field(default_factory=lambda: StudyFile("analysis.yaml"))
    analysis: AnalysisFile | None = None
    trial_design_file: StudyFile | None = None
    trial_design: TrialDesignFile | None = None
    terms_file: StudyFile | None = None
    terms: TermsFile | None = None
    terminology_file: StudyFile | None = None
    terminology: TerminologyFile | None = None
    codelist_files: list[tuple[StudyFile, CodeListFile | None]] = field(default_factory=list)
    form_files: list[tuple[StudyFile, Form | None]] = field(default_factory=list)
    instrument_files: list[tuple[StudyFile, Instrument | None]] = field(default_factory=list)
    broken_names: set[str] = field(default_factory=set)
    broken_codelists: set[str] = field(default_factory=set)
    unread_codelists: bool = False

    def files(self) -> Iterator[StudyFile]:
        yield from (self.identity_file, self.schedule_file, self.eligibility_file, self.analysis_file)
        if self.trial_design_file is not None:
            yield self.trial_design_file
        if self.terms_file is not None:
            yield self.terms_file
        if self.terminology_file is not None:
            yield self.terminology_file
        yield from (file for file, _ in self.codelist_files)
        yield from (file for file, _ in self.form_files)
        yield from (file for file, _ in self.instrument_files)

    def forms(self) -> Iterator[Form]:
        yield from (form for _, form in self.form_files if form is not None)

    def codelists(self) -> dict[str, CodeList]:
        return {
            codelist.name: codelist
            for _, model in self.codelist_files
            if model
            for codelist in model.codelists
        }

    def form_names(self) -> set[str]:
        """Names of all forms, the unreadable ones included."""
        return {form.name for form in self.forms()} | {name for name in self.broken_names if "." not in name}

    def is_broken(self, name: str) -> bool:
        """Whether a name is, or lies inside, something that could not be read."""
        parts = name.split(".")
        return any(".".join(parts[:end]) in self.broken_names for end in range(1, len(parts) + 1))
