"""Checks of regimens, schedule, eligibility and analysis plan against the forms and against each other."""

from grevy.definition.analysis_plan import IMPLEMENTED, Switch
from grevy.definition.derived import INPUT_TYPES
from grevy.definition.draft import Draft
from grevy.definition.references import check_condition, check_once
from grevy.definition.schedule import Event
from grevy.definition.study import EligibilityFile
from grevy.definition.study_files import Step, StudyFile
from grevy.definition.vocabulary import Vocabulary


def check_regimens(draft: Draft) -> None:
    if draft.identity is None:
        return
    file, seen = draft.identity_file, dict[str, str]()
    for position, regimen in enumerate(draft.identity.regimens):
        path = ("regimens", position)
        check_once(file, regimen.code, "regimen", seen, (*path, "code"))
        _check_code(draft, file, "regimen", regimen.code, (*path, "code"))
        if regimen.start_dose_mg not in regimen.dose_levels_mg:
            levels = ", ".join(map(str, regimen.dose_levels_mg))
            file.report(
                file.line(*path, "start_dose_mg"),
                f"regimen '{regimen.code}' starts with {regimen.start_dose_mg} mg, "
                f"which is none of its dose levels; allowed: {levels}.",
                found=str(regimen.start_dose_mg),
                allowed=levels,
            )
        for place, partner in enumerate(regimen.partners):
            where = (*path, "partners", place)
            _check_code(draft, file, "partner_drug", partner.drug, (*where, "drug"))
            _check_code(draft, file, "partner_class", partner.partner_class, (*where, "class"))
    for key in ("units", "analysis_sets", "endpoints"):
        names: dict[str, str] = {}
        for position, entry in enumerate(getattr(draft.identity, key)):
            name = getattr(entry, "unit", None) or entry.id
            check_once(file, name, key.replace("_", " ").rstrip("s"), names, (key, position))


def _check_code(draft: Draft, file: StudyFile, codelist: str, code: str, path: tuple[Step, ...]) -> None:
    known = draft.codelists().get(codelist)
    if known and known.find(code) is None:
        allowed = ", ".join(entry.code for entry in known.codes)
        file.report(
            file.line(*path),
            f"'{code}' is not in the code list '{codelist}'; allowed: {allowed}.",
            found=code,
            allowed=allowed,
        )


def _check_planned_forms(file: StudyFile, event: Event, path: tuple[Step, ...], forms: set[str]) -> None:
    names: dict[str, str] = {}
    for place, planned in enumerate(event.planned_forms):
        where = (*path, "forms", place)
        check_once(file, planned.form, f"event '{event.id}': form", names, where)
        if planned.form not in forms:
            allowed = ", ".join(sorted(forms))
            file.report(
                file.line(*where),
                f"event '{event.id}' has the unknown form '{planned.form}'; allowed: {allowed}.",
                found=planned.form,
                allowed=allowed,
            )
        if not event.repeats and (planned.first, planned.every, planned.also) != (1, 1, ()):
            file.report(
                file.line(*where),
                f"event '{event.id}' has no repeats to choose for the form '{planned.form}'. "
                "Take first, every and also away.",
                found="first, every or also",
                allowed="only at an event with repeats",
            )


def check_schedule(draft: Draft) -> None:
    if draft.schedule is None:
        return
    file, seen, forms = draft.schedule_file, dict[str, str](), draft.form_names()
    for position, event in enumerate(draft.schedule.events):
        path = ("events", position)
        check_once(file, event.id, "event", seen, (*path, "id"))
        if event.kind == "scheduled" and (event.day is None or event.window is None or event.anchor is None):
            file.report(
                file.line(*path),
                f"event '{event.id}' is scheduled but lacks anchor, day or window. Add them.",
                found="scheduled",
                allowed="anchor, day and window",
            )
        _check_planned_forms(file, event, path, forms)
    planned = {name for event in draft.schedule.events for name in event.forms}
    for form_file, form in draft.form_files:
        if form is not None and form.name not in planned and not draft.schedule_file.mistakes:
            form_file.report(
                form_file.line("form"),
                f"form '{form.name}' stands in no event. Add it to schedule.yaml.",
                found=form.name,
                allowed="at least one event",
            )
    activities: dict[str, str] = {}
    for position, activity in enumerate(draft.schedule.activities):
        check_once(file, activity.id, "activity", activities, ("activities", position, "id"))
        for place, event_id in enumerate(activity.at):
            if event_id not in seen:
                allowed = ", ".join(seen)
                file.report(
                    file.line("activities", position, "at", place),
                    f"activity '{activity.id}' is at the unknown event '{event_id}'; allowed: {allowed}.",
                    found=event_id,
                    allowed=allowed,
                )


def check_eligibility(draft: Draft, vocabulary: Vocabulary) -> None:
    if draft.eligibility is None:
        return
    file, seen = draft.eligibility_file, dict[str, str]()
    _check_derived(draft, draft.eligibility)
    for position, criterion in enumerate(draft.eligibility.criteria):
        path, owner = ("criteria", position), f"criterion '{criterion.id}'"
        check_once(file, criterion.id, "criterion", seen, (*path, "id"))
        expected = "inclusion" if criterion.id.startswith("IN") else "exclusion"
        if criterion.kind != expected:
            file.report(
                file.line(*path, "kind"),
                f"{owner} is of kind '{criterion.kind}'; allowed: {expected}.",
                found=criterion.kind,
                allowed=expected,
            )
        for place, name in enumerate(criterion.evidence):
            if vocabulary.find(name) is None and not draft.is_broken(name):
                file.report(
                    file.line(*path, "evidence", place),
                    f"{owner} names the unknown item '{name}'. Write form.item.",
                    found=name,
                    allowed="form.item",
                )
        check_condition(draft, file, criterion.met, (*path, "met"), vocabulary, owner)
        check_condition(draft, file, criterion.against, (*path, "against"), vocabulary, owner)


def _check_derived(draft: Draft, eligibility: EligibilityFile) -> None:
    """Each derived value names an algorithm there is, with as many items of the types that it takes."""
    file, seen = draft.eligibility_file, dict[str, str]()
    for position, limit in enumerate(eligibility.limits or ()):
        check_once(file, limit.name, "limit", seen, ("limits", position, "name"))
    items = {f"{form.name}.{item.name}": item.type for form in draft.forms() for item in form.items}
    for position, derived in enumerate(eligibility.derived or ()):
        path, owner = ("derived", position), f"derived value '{derived.name}'"
        check_once(file, derived.name, "derived value", seen, (*path, "name"))
        if derived.function not in INPUT_TYPES:
            allowed = ", ".join(sorted(INPUT_TYPES))
            file.report(
                file.line(*path, "function"),
                f"{owner} has the unknown function '{derived.function}'; allowed: {allowed}.",
                found=derived.function,
                allowed=allowed,
            )
            continue
        wanted = INPUT_TYPES[derived.function]
        found = [items.get(name, "no item") for name in derived.of]
        fits = len(found) == len(wanted) and all(t in w for t, w in zip(found, wanted, strict=True))
        if not fits and not any(draft.is_broken(name) for name in derived.of):
            allowed = ", ".join(" or ".join(types) for types in wanted)
            file.report(
                file.line(*path, "of"),
                f"{owner} is computed from ({', '.join(found)}); allowed: ({allowed}).",
                found=", ".join(found),
                allowed=allowed,
            )


def check_special_interest(draft: Draft) -> None:
    """A group of special interest stands once."""
    if draft.analysis is None:
        return
    seen: dict[str, str] = {}
    for position, group in enumerate(draft.analysis.special_interest.groups):
        path = ("special_interest", "groups", position, "code")
        check_once(draft.analysis_file, group.code, "group of special interest", seen, path)


def check_switches(draft: Draft) -> None:
    if draft.analysis is None:
        return
    file, seen = draft.analysis_file, dict[str, str]()
    for position, switch in enumerate(draft.analysis.switches):
        path = ("switches", position)
        check_once(file, switch.key, "switch", seen, (*path, "key"))
        _check_switch(file, switch, path)
    if not file.mistakes:
        for key in IMPLEMENTED.keys() - seen.keys():
            file.report(
                file.line("switches"),
                f"switch '{key}' is missing. Add it with its default, source and reason.",
                found="nothing",
                allowed=key,
            )
    _check_imaging_event(draft)


def _check_imaging_event(draft: Draft) -> None:
    if draft.schedule is None or draft.analysis is None:
        return
    days = {event.id: event.day for event in draft.schedule.events}
    name = draft.analysis.imaging_event
    if days.get(name) is None and not draft.schedule_file.mistakes:
        allowed = ", ".join(event for event, day in days.items() if day is not None)
        file = draft.analysis_file
        file.report(
            file.line("imaging_event"),
            f"imaging_event is '{name}'; allowed: {allowed}.",
            found=name,
            allowed=allowed,
        )


def _check_switch(file: StudyFile, switch: Switch, path: tuple[Step, ...]) -> None:
    owner = f"switch '{switch.key}'"
    implemented = IMPLEMENTED.get(switch.key)
    if implemented is None:
        allowed = ", ".join(IMPLEMENTED)
        file.report(
            file.line(*path, "key"),
            f"unknown switch '{switch.key}'; allowed: {allowed}.",
            found=switch.key,
            allowed=allowed,
        )
        return
    if isinstance(implemented, str):
        if switch.type != implemented or switch.options:
            file.report(
                file.line(*path),
                f"{owner} must have type {implemented} and no options.",
                found=str(switch.type),
                allowed=implemented,
            )
            return
    else:
        for place, option in enumerate(switch.options):
            if option not in implemented:
                allowed = ", ".join(implemented)
                file.report(
                    file.line(*path, "options", place),
                    f"{owner} has the unknown option '{option}'; allowed: {allowed}.",
                    found=option,
                    allowed=allowed,
                )
        if not switch.options or switch.type:
            file.report(
                file.line(*path),
                f"{owner} must list its options: {', '.join(implemented)}.",
                found="no options",
                allowed=", ".join(implemented),
            )
            return
    try:
        switch.read(switch.default)
    except ValueError:
        file.report(
            file.line(*path, "default"),
            f"{owner} has the default '{switch.default}'; allowed: {switch.allowed}.",
            found=switch.default,
            allowed=switch.allowed,
        )
