"""Checks of forms and code lists against each other: types, code lists, units, targets, conditions."""

from grevy.definition.draft import Draft
from grevy.definition.forms import Check, Form, Item
from grevy.definition.occasions import has_several_records
from grevy.definition.quantities import describe_unknown_units
from grevy.definition.ranges import check_ranges
from grevy.definition.references import check_condition, check_once
from grevy.definition.sdtm_targets import describe_allowed_targets, describe_allowed_variables
from grevy.definition.study_files import Step, StudyFile
from grevy.definition.vocabulary import RECORDS, SERIES, Term, Vocabulary, item_terms, rows_term, series_terms

# ---- Code lists ----------------------------------------------------------------------------------------


def check_code_lists(draft: Draft) -> None:
    lists_seen: dict[str, str] = {}
    for file, model in draft.codelist_files:
        for position, codelist in enumerate(model.codelists if model else ()):
            path = ("codelists", position)
            check_once(file, codelist.name, "code list", lists_seen, (*path, "name"))
            codes_seen: dict[str, str] = {}
            for place, code in enumerate(codelist.codes):
                check_once(
                    file, code.code, f"code list '{codelist.name}': code", codes_seen, (*path, "codes", place)
                )


# ---- Forms ---------------------------------------------------------------------------------------------


def build_terms(draft: Draft) -> tuple[Term, ...]:
    """All names of a study that conditions may use.

    The records of a repeating form are rows as well: `previous_malignancy.records.exists(m, m.cured == "N")`.
    A form that a subject has several times is named once more for each word of `SERIES`.
    """
    codelists = draft.codelists()

    def of_item(form: Form, item: Item, group: str = "") -> tuple[Term, Term]:
        codelist = codelists.get(item.codelist or "")
        codes = frozenset(code.code for code in codelist.codes) if codelist else None
        return item_terms(form.name, item.name, item.type, codes, group, unit=item.unit, test=item.test)

    terms: dict[str, Term] = {}
    for form in draft.forms():
        found = [term for item in form.items for term in of_item(form, item)]
        rows = [(group.name, group.items) for group in form.groups]
        for name, items in [*rows, *([(RECORDS, form.items)] if form.repeating else [])]:
            columns = [of_item(form, item, name) for item in items]
            found += [term for pair in columns for term in pair]
            found.append(rows_term(form.name, name, [value for value, _ in columns]))
        if draft.schedule is None or has_several_records(form, draft.schedule.events):
            found += list(series_terms(found))
        terms |= {term.name: term for term in found}
    return (*terms.values(), *_number_terms(draft))


def _number_terms(draft: Draft) -> list[Term]:
    """The limits of the protocol and the derived values, which are numbers."""
    if draft.eligibility is None:
        return []
    named = [("limit", one.name) for one in draft.eligibility.limits or ()]
    named += [("derived", one.name) for one in draft.eligibility.derived or ()]
    return [term for form, name in named for term in item_terms(form, name, "decimal", None)]


def check_form(
    draft: Draft, file: StudyFile, form: Form, vocabulary: Vocabulary, checks_seen: dict[str, str]
) -> None:
    stem = file.name.rsplit("/", 1)[-1].removesuffix(".yaml")
    if stem != form.name:
        file.report(
            file.line("form"),
            f"the form is called '{form.name}' but the file '{stem}.yaml'. Rename one of them.",
            found=form.name,
            allowed=stem,
        )
    if form.name in SERIES:
        file.report(
            file.line("form"),
            f"form '{form.name}' has a word of the conditions as its name. Rename it.",
            found=form.name,
            allowed="any other name",
        )
    _check_assigned(file, form.assigned, (), f"form '{form.name}'")
    names_seen: dict[str, str] = {}
    for position, item in enumerate(form.items):
        _check_item(draft, file, item, ("items", position), vocabulary, names_seen, None)
    for position, group in enumerate(form.groups):
        path: tuple[Step, ...] = ("groups", position)
        check_once(file, group.name, "group", names_seen, (*path, "name"))
        check_condition(draft, file, group.when, (*path, "when"), vocabulary, f"group '{group.name}'")
        _check_assigned(file, group.assigned, path, f"group '{group.name}'")
        rows_seen: dict[str, str] = {}
        for place, item in enumerate(group.items):
            rows = (form.name, group.name)
            _check_item(draft, file, item, (*path, "items", place), vocabulary, rows_seen, rows)
    for position, check in enumerate(form.checks):
        check_once(file, check.id, "check", checks_seen, ("checks", position, "id"))
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
    check_once(file, item.name, "item", seen, (*path, "name"))
    if item.name in ("given", "today"):
        file.report(
            file.line(*path, "name"),
            f"item '{item.name}' has a word of the conditions as its name. Rename it.",
            found=item.name,
            allowed="any other name",
        )
    _check_item_type(draft, file, item, path)
    check_ranges(file, item, path)
    _check_targets(file, item, path)
    check_condition(draft, file, item.when, (*path, "when"), vocabulary, f"item '{item.name}'", rows)


def _check_item_type(draft: Draft, file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    owner = f"item '{item.name}'"
    if item.type == "code" and item.codelist is None:
        file.report(
            file.line(*path, "type"),
            f"{owner} is a code but names no code list. Add 'codelist'.",
            found="no code list",
            allowed="a code list",
        )
    if item.codelist and item.type not in ("code", "integer"):
        file.report(
            file.line(*path, "codelist"),
            f"{owner} has a code list but is of type {item.type}; allowed: code, integer.",
            found=item.type,
            allowed="code, integer",
        )
    known = draft.codelists()
    if (
        item.codelist
        and item.codelist not in known.keys() | draft.broken_codelists
        and not draft.unread_codelists
    ):
        allowed = ", ".join(sorted(known))
        file.report(
            file.line(*path, "codelist"),
            f"{owner} has the unknown code list '{item.codelist}'; allowed: {allowed}.",
            found=item.codelist,
            allowed=allowed,
        )
    if item.type == "integer" and item.codelist in known:
        for code in known[item.codelist].codes:
            if not code.code.isdigit():
                file.report(
                    file.line(*path, "codelist"),
                    f"{owner} is a whole number, but its code list has '{code.code}'.",
                    found=code.code,
                    allowed="whole numbers",
                )
    _check_units(draft, file, item, path)


def _check_units(draft: Draft, file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    owner = f"item '{item.name}'"
    known = {unit.unit for unit in draft.identity.units} if draft.identity else set()
    for unit in filter(None, (item.unit, *(item.units or ()))):
        if known and unit not in known:
            allowed = ", ".join(sorted(known))
            file.report(
                file.line(*path, "unit" if unit == item.unit else "units"),
                f"{owner} has unit '{unit}'; allowed: {allowed}. Correct the spelling.",
                found=unit,
                allowed=allowed,
            )
    if item.unit and item.type not in ("integer", "decimal", "quantity"):
        file.report(
            file.line(*path, "unit"),
            f"{owner} has a unit but is of type {item.type}; allowed: integer, decimal, quantity.",
            found=item.type,
            allowed="integer, decimal, quantity",
        )
    if item.type == "quantity" and item.unit is None:
        file.report(
            file.line(*path, "type"),
            f"{owner} is a quantity without a unit. Add 'unit', the one that ranges and conditions use.",
            found="no unit",
            allowed="a unit",
        )
    if item.units and item.type != "quantity":
        file.report(
            file.line(*path, "units"),
            f"{owner} may have other units only as a quantity, it is of type {item.type}.",
            found=item.type,
            allowed="quantity",
        )
    elif item.unit and (found := describe_unknown_units(item)):
        file.report(
            file.line(*path, "units"),
            f"{owner} has a unit that cannot be converted: {found}.",
            found=found,
            allowed=f"units that can be converted to {item.unit}",
        )


def _check_targets(file: StudyFile, item: Item, path: tuple[Step, ...]) -> None:
    if not item.sdtm:
        file.report(
            file.line(*path),
            f"item '{item.name}' has no SDTM target. Add 'sdtm', or [NOT SUBMITTED].",
            found="no target",
            allowed="DOMAIN.VARIABLE, SUPPxx.QNAM, NOT SUBMITTED",
        )
    _check_assigned(file, item.assigned, path, f"item '{item.name}'")
    for place, target in enumerate(item.sdtm):
        allowed = describe_allowed_targets(target)
        if allowed is not None:
            file.report(
                file.line(*path, "sdtm", place),
                f"item '{item.name}' has the SDTM target '{target}'; allowed: {allowed}.",
                found=target,
                allowed=allowed,
            )


def _check_assigned(file: StudyFile, assigned: dict[str, str], path: tuple[Step, ...], owner: str) -> None:
    for name in assigned or {}:  # a form that could not be read whole has none
        allowed = describe_allowed_variables(name)
        if allowed is not None:
            file.report(
                file.line(*path, "assigned", name),
                f"{owner} assigns a value to '{name}'; allowed: {allowed}.",
                found=name,
                allowed=allowed,
            )


def _check_edit_check(
    draft: Draft, file: StudyFile, form: Form, check: Check, path: tuple[Step, ...], vocabulary: Vocabulary
) -> None:
    owner, rows = f"check '{check.id}'", None
    if check.each is not None:
        rows = (form.name, check.each)
        if form.find_group(check.each) is None and not draft.is_broken(f"{form.name}.{check.each}"):
            allowed = ", ".join(group.name for group in form.groups) or "no group, this form has none"
            file.report(
                file.line(*path, "each"),
                f"{owner} goes through the unknown group '{check.each}'; allowed: {allowed}.",
                found=check.each,
                allowed=allowed,
            )
            return
    for place, name in enumerate(check.items):
        known = form.find(name) or form.find_group(name) or draft.is_broken(f"{form.name}.{name}")
        if not known:
            allowed = ", ".join(
                [name for name, _ in form.all_items()] + [group.name for group in form.groups]
            )
            file.report(
                file.line(*path, "items", place),
                f"{owner} names the unknown item '{name}'; allowed: {allowed}.",
                found=name,
                allowed=allowed,
            )
    check_condition(draft, file, check.when, (*path, "when"), vocabulary, owner, rows)
