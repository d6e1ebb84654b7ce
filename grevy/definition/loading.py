"""Load a study folder: read every file, check each and all together, report all mistakes at once."""

from pathlib import Path

from grevy.definition.analysis_plan import AnalysisFile, AnalysisPlan
from grevy.definition.consistency import check_draft
from grevy.definition.draft import Draft
from grevy.definition.forms import CodeListFile, Form
from grevy.definition.instruments import Instrument
from grevy.definition.mistakes import Mistake, StudyMistakes
from grevy.definition.reading import read_model
from grevy.definition.schedule import ScheduleFile
from grevy.definition.study import EligibilityFile, Study, StudyIdentity
from grevy.definition.study_files import StudyFile, read_study_file
from grevy.definition.terminology import TerminologyFile
from grevy.definition.terms import TermsFile
from grevy.definition.trial_design import TrialDesignFile


def load_study(folder: str | Path) -> Study:
    """A study from its folder, conditions compiled; StudyMistakes lists what is wrong in any file."""
    folder = Path(folder)
    if not folder.is_dir():
        raise StudyMistakes(
            [Mistake(folder.as_posix(), 1, "the folder does not exist. Give the folder of a study.")]
        )
    draft = _read_draft(folder)
    check_draft(draft)
    mistakes = [mistake for file in draft.files() for mistake in file.mistakes]
    if mistakes:
        raise StudyMistakes(mistakes)
    return _build_study(draft)


def _read_draft(folder: Path) -> Draft:
    draft = Draft(folder.as_posix())
    draft.identity_file = read_study_file(folder / "study.yaml")
    draft.identity = read_model(draft.identity_file, StudyIdentity)
    draft.schedule_file = read_study_file(folder / "schedule.yaml")
    draft.schedule = read_model(draft.schedule_file, ScheduleFile)
    draft.eligibility_file = read_study_file(folder / "eligibility.yaml")
    draft.eligibility = read_model(draft.eligibility_file, EligibilityFile)
    draft.analysis_file = read_study_file(folder / "analysis.yaml")
    draft.analysis = read_model(draft.analysis_file, AnalysisFile)
    # a study that is not submitted needs no trial design
    if (folder / "trial_design.yaml").exists():
        draft.trial_design_file = read_study_file(folder / "trial_design.yaml")
        draft.trial_design = read_model(draft.trial_design_file, TrialDesignFile)
    if (folder / "terms.yaml").exists():
        draft.terms_file = read_study_file(folder / "terms.yaml")
        draft.terms = read_model(draft.terms_file, TermsFile)
        _check_classes(draft)
    if (folder / "terminology_extensions.yaml").exists():
        draft.terminology_file = read_study_file(folder / "terminology_extensions.yaml")
        draft.terminology = read_model(draft.terminology_file, TerminologyFile)
    for path in sorted((folder / "codelists").glob("*.y*ml")):
        _read_code_lists(draft, path)
    for path in sorted((folder / "forms").glob("*.y*ml")):
        _read_form(draft, path)
    for path in sorted((folder / "instruments").glob("*.y*ml")):
        file = _read_yaml(path)
        draft.instrument_files.append((file, read_model(file, Instrument)))
    return draft


def _check_classes(draft: Draft) -> None:
    """Every term names a class of the file."""
    if draft.terms is None or draft.terms_file is None:
        return
    known = [one.key for one in draft.terms.classes]
    for term in draft.terms.terms:
        if term.term_class not in known:
            draft.terms_file.report(
                1,
                f"term '{term.en}' has class '{term.term_class}'; allowed: {', '.join(known)}. Correct it.",
                found=term.term_class,
                allowed=", ".join(known),
            )


def _read_code_lists(draft: Draft, path: Path) -> None:
    file = _read_yaml(path)
    declared = _declared(file, "codelists")
    model = read_model(file, CodeListFile)
    draft.codelist_files.append((file, model))
    read = {codelist.name for codelist in model.codelists} if model else set()
    draft.broken_codelists |= declared - read
    draft.unread_codelists |= model is None or not model.codelists


def _read_form(draft: Draft, path: Path) -> None:
    file = _read_yaml(path)
    declared = {f"{path.stem}.{name}" for name in _declared_items(file)}
    model = read_model(file, Form)
    if model is None or model.name is None:
        draft.form_files.append((file, None))
        draft.broken_names.add(path.stem)
        return
    draft.form_files.append((file, model))
    read = {f"{model.name}.{name}" for name, _ in model.all_items()}
    draft.broken_names |= declared - read - {f"{model.name}.{group.name}" for group in model.groups}


def _read_yaml(path: Path) -> StudyFile:
    file = read_study_file(path)
    if path.suffix != ".yaml":
        file.report(
            1,
            f"the file ends in '{path.suffix}'; allowed: .yaml. Rename it.",
            found=path.suffix,
            allowed=".yaml",
        )
    return file


def _declared(file: StudyFile, key: str) -> set[str]:
    """Names of the entries of a list before anything was set aside."""
    entries = file.root.plain().get(key, []) if file.root else []
    return {
        entry["name"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    }


def _declared_items(file: StudyFile) -> set[str]:
    names = _declared(file, "items") | _declared(file, "groups")
    groups = file.root.plain().get("groups", []) if file.root else []
    for group in groups if isinstance(groups, list) else []:
        items = group.get("items", []) if isinstance(group, dict) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                names.add(f"{group.get('name')}.{item.get('name')}")
    return names


def _build_study(draft: Draft) -> Study:
    identity, schedule, eligibility, analysis = (
        draft.identity,
        draft.schedule,
        draft.eligibility,
        draft.analysis,
    )
    assert identity is not None
    assert schedule is not None
    assert eligibility is not None
    assert analysis is not None
    events = {event.id: event for event in schedule.events}
    plan = AnalysisPlan(
        switches={switch.key: switch for switch in analysis.switches},
        analysis_sets=identity.analysis_sets,
        endpoints=identity.endpoints,
        subgroups=analysis.subgroups,
        subgroup_minimum=analysis.subgroup_minimum,
        models=analysis.models,
        special_interest=analysis.special_interest,
        by_visit=analysis.by_visit,
        enrollment_months=analysis.enrollment_months,
        primary_scales=analysis.primary_scales,
        scale_points=analysis.scale_points,
        landmarks_months=tuple(int(month) for month in analysis.landmarks_months),
        study_drugs=analysis.study_drugs,
        new_therapy_categories=analysis.new_therapy_categories,
        imaging=events[analysis.imaging_event],
    )
    return Study(
        id=identity.id,
        version=identity.version,
        title=identity.title,
        short_title=identity.short_title,
        design=identity.design,
        regimens=identity.regimens,
        units={unit.unit: unit for unit in identity.units},
        events=schedule.events,
        activities=schedule.activities,
        eligibility=eligibility.criteria,
        limits=eligibility.limits,
        derived=eligibility.derived,
        forms={form.name: form for form in draft.forms()},
        codelists=draft.codelists(),
        instruments={one.name: one for _, one in draft.instrument_files if one},
        analysis=plan,
        trial_design=draft.trial_design,
        terms=draft.terms or TermsFile(),
        term_extensions=draft.terminology.extensions if draft.terminology else (),
    )
