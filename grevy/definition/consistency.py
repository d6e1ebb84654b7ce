"""Checks of a study's files against each other: every reference must hold, every name stand once."""

import re
from collections.abc import Iterable, Sequence

from grevy.definition.analysis_plan import IMPLEMENTED, Switch
from grevy.definition.conditions import Condition, ConditionMistake, Term, Vocabulary, item_terms, rows_term
from grevy.definition.draft import Draft
from grevy.definition.forms import Check, Form, Item, Range
from grevy.definition.partial_values import read_date, read_datetime, read_decimal, read_partial_date
from grevy.definition.sdtm_targets import describe_allowed_targets
from grevy.definition.study_files import Step, StudyFile

_RANGED = ("integer", "decimal", "date", "partial_date", "datetime")


def check_draft(draft: Draft) -> None:
    """Report into the files every contradiction between them."""
    _check_code_lists(draft)
    vocabulary = Vocabulary(_terms(draft))
    checks_seen: dict[str, str] = {}
    forms_seen: dict[str, str] = {}
    for file, form in draft.form_files:
        if form is not None:
            _check_once(file, form.name, "form", forms_seen, ("form",))
            _check_form(draft, file, form, vocabulary, checks_seen)
    _check_regimens(draft)
    _check_schedule(draft)
    _check_eligibility(draft, vocabulary)
    _check_switches(draft)


def _check_once(file: StudyFile, name: str, noun: str, seen: dict[str, str], path: Sequence[Step]) -> None:
    line = file.line(*path)
    if name in seen:
        file.report(line, f"{noun} '{name}' stands twice; the first is in {seen[name]}. Rename one.", found=name,
                    allowed="each name once")
    else:
        seen[name] = f"{file.name}, line {line}"


# ---- Code lists ---------------------------------------------------------------------------------------------------


def _check_code_lists(draft: Draft) -> None:
    lists_seen: dict[str, str] = {}
    for file, model in draft.codelist_files:
        for position, codelist in enumerate(model.codelists if model else ()):
            path = ("codelists", position)
            _check_once(file, codelist.name, "code list", lists_seen, (*path, "name"))
            codes_seen: dict[str, str] = {}
            for place, code in enumerate(codelist.codes):
                _check_once(file, code.code, f"code list '{codelist.name}': code", codes_seen, (*path, "codes", place))


# ---- Forms --------------------------------------------------------------------------------------------------------


def _terms(draft: Draft) -> Iterable[Term]:
    codelists = draft.codelists()

    def of_item(form: Form, item: Item, group: str = "") -> tuple[Term, Term]:
        codelist = codelists.get(item.codelist or "")
        codes = frozenset(code.code for code in codelist.codes) if codelist else None
        return item_terms(form.name, item.name, item.type, codes, group)

    terms: dict[str, Term] = {}
    for form in draft.forms():
        found = [term for item in form.items for term in of_item(form, item)]
        for group in form.groups:
            columns = [of_item(form, item, group.name) for item in group.items]
            found += [term for pair in columns for term in pair]
            found.append(rows_term(form.name, group.name, [value for value, _ in columns]))
        terms |= {term.name: term for term in found}
    return tuple(terms.values())


def _check_form(draft: Draft, file: StudyFile, form: Form, vocabulary: Vocabulary, checks_seen: dict[str, str]) -> None:
    stem = file.name.rsplit("/", 1)[-1].removesuffix(".yaml")
    if stem != form.name:
        file.report(file.line("form"), f"the form is called '{form.name}' but the file '{stem}.yaml'. Rename one of them.",
                    found=form.name, allowed=stem)
    names_seen: dict[str, str] = {}
    for position, item in enumerate(form.items):
        _check_item(draft, file, item, ("items", position), vocabulary, names_seen, None)
    for position, group in enumerate(form.groups):
        path: tuple[Step, ...] = ("groups", position)
        _check_once(file, group.name, "group", names_seen, (*path, "name"))
        _check_condition(draft, file, group.when, (*path, "when"), vocabulary, f"group '{group.name}'")
        rows_seen: dict[str, str] = {}
        for place, item in enumerate(group.items):
            rows = (form.name, group.name)
            _check_item(draft, file, item, (*path, "items", place), vocabulary, rows_seen, rows)
    for position, check in enumerate(form.checks):
        _check_once(file, check.id, "check", checks_seen, ("checks", position, "id"))
        _check_edit_check(draft, file, form, check, ("checks", position), vocabulary)


def _check_item(
    draft: Draft,
    file: StudyFile,
    item: Item,
    path: tuple[Step, ...],
    vocabulary: Vocabulary,
    seen: dict[str, str],
    rows: tuple[str, str] | None,
) -> None:
    _check_once(file, item.name, "item", seen, (*path, "name"))
    if item.name in ("given", "today"):
        file.report(file.line(*path, "name"), f"item '{item.name}' has a word of the conditions as its name. Rename it.",
                    found=item.name, allowed="any other name")
    _check_item_type(draft, file, item, path)
    _check_ranges(file, item, path)
    _check_targets(file, item, path)
    _check_condition(draft, file, item.when, (*path, "when"), vocabulary, f"item '{item.name}'", rows)


def _check_item_type(draft: Draft, file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    owner = f"item '{item.name}'"
    if item.type == "code" and item.codelist is None:
        file.report(file.line(*path, "type"), f"{owner} is a code but names no code list. Add 'codelist'.", found="no code list",
                    allowed="a code list")
    if item.codelist and item.type not in ("code", "integer"):
        file.report(file.line(*path, "codelist"), f"{owner} has a code list but is of type {item.type}; allowed: code, integer.",
                    found=item.type, allowed="code, integer")
    known = draft.codelists()
    if item.codelist and item.codelist not in known.keys() | draft.broken_codelists and not draft.unread_codelists:
        allowed = ", ".join(sorted(known))
        file.report(file.line(*path, "codelist"), f"{owner} has the unknown code list '{item.codelist}'; allowed: {allowed}.",
                    found=item.codelist, allowed=allowed)
    if item.type == "integer" and item.codelist in known:
        for code in known[item.codelist].codes:
            if not code.code.isdigit():
                file.report(file.line(*path, "codelist"), f"{owner} is a whole number, but its code list has '{code.code}'.",
                            found=code.code, allowed="whole numbers")
    units = {unit.unit for unit in draft.identity.units} if draft.identity else None
    if item.unit and units is not None and item.unit not in units:
        allowed = ", ".join(sorted(units))
        file.report(file.line(*path, "unit"), f"{owner} has unit '{item.unit}'; allowed: {allowed}. Correct the spelling.",
                    found=item.unit, allowed=allowed)
    if item.unit and item.type not in ("integer", "decimal"):
        file.report(file.line(*path, "unit"), f"{owner} has a unit but is of type {item.type}; allowed: integer, decimal.",
                    found=item.type, allowed="integer, decimal")


def read_bound(type_: str, text: str | None, *, last: bool = False) -> object:
    """A bound of a range in the type of its item; the high bound of a partial date is its last possible day."""
    if type_ == "partial_date":
        days = read_partial_date(text)
        return None if days is None else days[1 if last else 0]
    if type_ == "date":
        return read_date(text)
    return read_datetime(text) if type_ == "datetime" else read_decimal(text)


def _check_ranges(file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    for word in ("soft", "hard"):
        limits: Range | None = getattr(item, word)
        if limits is None:
            continue
        line = file.line(*path, word)
        if item.type not in _RANGED:
            file.report(line, f"item '{item.name}' has a range but is of type {item.type}; allowed: {', '.join(_RANGED)}.",
                        found=item.type, allowed=", ".join(_RANGED))
            return
        bounds = (read_bound(item.type, limits.low), read_bound(item.type, limits.high, last=True))
        for text, bound in zip((limits.low, limits.high), bounds, strict=True):
            if text is not None and bound is None:
                file.report(line, f"item '{item.name}' has the {word} bound '{text}'; allowed: a value of type {item.type}.",
                            found=text, allowed=item.type)
        if limits.low is None and limits.high is None:
            file.report(line, f"item '{item.name}' has an empty {word} range. Give low, high or both.", found="no bound",
                        allowed="low, high")
        if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
            found = f"{limits.low} to {limits.high}"
            file.report(line, f"item '{item.name}' has the {word} range {found}, which is upside down. Exchange the bounds.",
                        found=found, allowed="low not above high")
    _check_soft_inside_hard(file, item, path)


def _check_soft_inside_hard(file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    if not item.soft or not item.hard:
        return
    for word, sign in (("low", 1), ("high", -1)):
        soft, hard = (read_bound(item.type, getattr(limits, word), last=sign < 0) for limits in (item.soft, item.hard))
        outside = soft is not None and hard is not None and (soft < hard if sign > 0 else soft > hard)  # type: ignore[operator]
        if outside:
            found = f"{getattr(item.soft, word)}, hard {getattr(item.hard, word)}"
            file.report(file.line(*path, "soft"), f"item '{item.name}' has soft {word} {found}; the soft range must lie inside "
                        "the hard one. Correct one of them.", found=found, allowed="soft inside hard")


def _check_targets(file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    if not item.sdtm:
        file.report(file.line(*path), f"item '{item.name}' has no SDTM target. Add 'sdtm', or [NOT SUBMITTED].",
                    found="no target", allowed="DOMAIN.VARIABLE, SUPPxx.QNAM, NOT SUBMITTED")
    for place, target in enumerate(item.sdtm):
        allowed = describe_allowed_targets(target)
        if allowed is not None:
            file.report(file.line(*path, "sdtm", place), f"item '{item.name}' has the SDTM target '{target}'; allowed: {allowed}.",
                        found=target, allowed=allowed)


def _check_edit_check(
    draft: Draft, file: StudyFile, form: Form, check: Check, path: tuple[Step, ...], vocabulary: Vocabulary
) -> None:
    owner, rows = f"check '{check.id}'", None
    if check.each is not None:
        rows = (form.name, check.each)
        if form.find_group(check.each) is None and not draft.is_broken(f"{form.name}.{check.each}"):
            allowed = ", ".join(group.name for group in form.groups) or "no group, this form has none"
            file.report(file.line(*path, "each"), f"{owner} goes through the unknown group '{check.each}'; allowed: {allowed}.",
                        found=check.each, allowed=allowed)
            return
    for place, name in enumerate(check.items):
        known = form.find(name) or form.find_group(name) or draft.is_broken(f"{form.name}.{name}")
        if not known:
            allowed = ", ".join([name for name, _ in form.all_items()] + [group.name for group in form.groups])
            file.report(file.line(*path, "items", place), f"{owner} names the unknown item '{name}'; allowed: {allowed}.",
                        found=name, allowed=allowed)
    _check_condition(draft, file, check.when, (*path, "when"), vocabulary, owner, rows)


def _check_condition(
    draft: Draft,
    file: StudyFile,
    condition: Condition | None,
    path: tuple[Step, ...],
    vocabulary: Vocabulary,
    owner: str,
    rows: tuple[str, str] | None = None,
) -> None:
    if condition is None or _mentions_broken(draft, condition):
        return
    try:
        condition.bind(vocabulary, group=rows)
    except ConditionMistake as mistake:
        file.report(file.line(*path), f"{owner}: {mistake}. Correct the condition.", found=mistake.found,
                    allowed=mistake.allowed)


def _mentions_broken(draft: Draft, condition: Condition) -> bool:
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", condition.text) for name in draft.broken_names) or any(
        group in condition.text for group in {name.rsplit(".", 1)[0] for name in draft.broken_names if name.count(".") == 2}
    )


# ---- Regimens, schedule, eligibility, analysis plan ---------------------------------------------------------------


def _check_regimens(draft: Draft) -> None:
    if draft.identity is None:
        return
    file, seen = draft.identity_file, dict[str, str]()
    for position, regimen in enumerate(draft.identity.regimens):
        path = ("regimens", position)
        _check_once(file, regimen.code, "regimen", seen, (*path, "code"))
        _check_code(draft, file, "regimen", regimen.code, (*path, "code"))
        if regimen.start_dose_mg not in regimen.dose_levels_mg:
            levels = ", ".join(map(str, regimen.dose_levels_mg))
            file.report(file.line(*path, "start_dose_mg"), f"regimen '{regimen.code}' starts with {regimen.start_dose_mg} mg, "
                        f"which is none of its dose levels; allowed: {levels}.", found=str(regimen.start_dose_mg), allowed=levels)
        for place, partner in enumerate(regimen.partners):
            where = (*path, "partners", place)
            _check_code(draft, file, "partner_drug", partner.drug, (*where, "drug"))
            _check_code(draft, file, "partner_class", partner.partner_class, (*where, "class"))
    for key in ("units", "analysis_sets", "endpoints"):
        names: dict[str, str] = {}
        for position, entry in enumerate(getattr(draft.identity, key)):
            name = getattr(entry, "unit", None) or entry.id
            _check_once(file, name, key.replace("_", " ").rstrip("s"), names, (key, position))


def _check_code(draft: Draft, file: StudyFile, codelist: str, code: str, path: tuple[Step, ...]) -> None:
    known = draft.codelists().get(codelist)
    if known and known.find(code) is None:
        allowed = ", ".join(entry.code for entry in known.codes)
        file.report(file.line(*path), f"'{code}' is not in the code list '{codelist}'; allowed: {allowed}.", found=code,
                    allowed=allowed)


def _check_schedule(draft: Draft) -> None:
    if draft.schedule is None:
        return
    file, seen, forms = draft.schedule_file, dict[str, str](), draft.form_names()
    for position, event in enumerate(draft.schedule.events):
        path = ("events", position)
        _check_once(file, event.id, "event", seen, (*path, "id"))
        if event.kind == "scheduled" and (event.day is None or event.window is None or event.anchor is None):
            file.report(file.line(*path), f"event '{event.id}' is scheduled but lacks anchor, day or window. Add them.",
                        found="scheduled", allowed="anchor, day and window")
        for place, name in enumerate(event.forms):
            if name not in forms:
                allowed = ", ".join(sorted(forms))
                file.report(file.line(*path, "forms", place), f"event '{event.id}' has the unknown form '{name}'; allowed: {allowed}.",
                            found=name, allowed=allowed)
    planned = {name for event in draft.schedule.events for name in event.forms}
    for form_file, form in draft.form_files:
        if form is not None and form.name not in planned and not draft.schedule_file.mistakes:
            form_file.report(form_file.line("form"), f"form '{form.name}' stands in no event. Add it to schedule.yaml.",
                             found=form.name, allowed="at least one event")
    activities: dict[str, str] = {}
    for position, activity in enumerate(draft.schedule.activities):
        _check_once(file, activity.id, "activity", activities, ("activities", position, "id"))
        for place, event_id in enumerate(activity.at):
            if event_id not in seen:
                allowed = ", ".join(seen)
                file.report(file.line("activities", position, "at", place), f"activity '{activity.id}' is at the unknown event "
                            f"'{event_id}'; allowed: {allowed}.", found=event_id, allowed=allowed)


def _check_eligibility(draft: Draft, vocabulary: Vocabulary) -> None:
    if draft.eligibility is None:
        return
    file, seen = draft.eligibility_file, dict[str, str]()
    for position, criterion in enumerate(draft.eligibility.criteria):
        path, owner = ("criteria", position), f"criterion '{criterion.id}'"
        _check_once(file, criterion.id, "criterion", seen, (*path, "id"))
        expected = "inclusion" if criterion.id.startswith("IN") else "exclusion"
        if criterion.kind != expected:
            file.report(file.line(*path, "kind"), f"{owner} is of kind '{criterion.kind}'; allowed: {expected}.",
                        found=criterion.kind, allowed=expected)
        for place, name in enumerate(criterion.evidence):
            if vocabulary.find(name) is None and not draft.is_broken(name):
                file.report(file.line(*path, "evidence", place), f"{owner} names the unknown item '{name}'. Write form.item.",
                            found=name, allowed="form.item")
        _check_condition(draft, file, criterion.met, (*path, "met"), vocabulary, owner)


def _check_switches(draft: Draft) -> None:
    if draft.analysis is None:
        return
    file, seen = draft.analysis_file, dict[str, str]()
    for position, switch in enumerate(draft.analysis.switches):
        path = ("switches", position)
        _check_once(file, switch.key, "switch", seen, (*path, "key"))
        _check_switch(file, switch, path)
    if not file.mistakes:
        for key in IMPLEMENTED.keys() - seen.keys():
            file.report(file.line("switches"), f"switch '{key}' is missing. Add it with its default, source and reason.",
                        found="nothing", allowed=key)
    _check_imaging_event(draft)


def _check_imaging_event(draft: Draft) -> None:
    if draft.schedule is None or draft.analysis is None:
        return
    days = {event.id: event.day for event in draft.schedule.events}
    name = draft.analysis.imaging_event
    if days.get(name) is None and not draft.schedule_file.mistakes:
        allowed = ", ".join(event for event, day in days.items() if day is not None)
        file = draft.analysis_file
        file.report(file.line("imaging_event"), f"imaging_event is '{name}'; allowed: {allowed}.", found=name, allowed=allowed)


def _check_switch(file: StudyFile, switch: Switch, path: tuple[Step, ...]) -> None:
    owner = f"switch '{switch.key}'"
    implemented = IMPLEMENTED.get(switch.key)
    if implemented is None:
        allowed = ", ".join(IMPLEMENTED)
        file.report(file.line(*path, "key"), f"unknown switch '{switch.key}'; allowed: {allowed}.", found=switch.key, allowed=allowed)
        return
    if isinstance(implemented, str):
        if switch.type != implemented or switch.options:
            file.report(file.line(*path), f"{owner} must have type {implemented} and no options.", found=str(switch.type),
                        allowed=implemented)
            return
    else:
        for place, option in enumerate(switch.options):
            if option not in implemented:
                allowed = ", ".join(implemented)
                file.report(file.line(*path, "options", place), f"{owner} has the unknown option '{option}'; allowed: {allowed}.",
                            found=option, allowed=allowed)
        if not switch.options or switch.type:
            file.report(file.line(*path), f"{owner} must list its options: {', '.join(implemented)}.", found="no options",
                        allowed=", ".join(implemented))
            return
    try:
        switch.read(switch.default)
    except ValueError:
        file.report(file.line(*path, "default"), f"{owner} has the default '{switch.default}'; allowed: {switch.allowed}.",
                    found=switch.default, allowed=switch.allowed)
