"""The difference of two study versions in words, for those who review an amendment."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grevy.definition.analysis_plan import Switch
from grevy.definition.conditions import Condition
from grevy.definition.forms import Check, Code, CodeList, Form, Group, Item, Range
from grevy.definition.schedule import Activity, Event, Repeat, Window
from grevy.definition.study import Criterion, Partner, Regimen, Study, Unit
from grevy.definition.words import Model, Text

# What is a part of its own and told part by part: field -> (noun, naming key).
_PARTS = {
    "items": ("item", "name"),
    "groups": ("group", "name"),
    "checks": ("check", "id"),
    "codes": ("code", "code"),
    "planned_forms": ("planned form", "form"),
}
# Found by name wherever they stand; the order of all other parts is what people see.
_UNORDERED = ("unit", "form", "code list", "switch")
_WORDS = {
    "codelist": "code list",
    "when": "condition",
    "soft": "soft range",
    "hard": "hard range",
    "sdtm": "SDTM target",
    "each": "group it goes through",
    "start_dose_mg": "starting dose (mg)",
    "dose_levels_mg": "dose levels (mg)",
    "short_label": "short label",
    "met": "condition",
    "default": "default value",
    "at": "events",
    "en": "English text",
    "zh": "Chinese text",
}


def describe_difference(old: Study, new: Study) -> list[str]:
    """What changed from one version to the next, one sentence per change; empty if nothing did.

    Order: identity, design, regimens, schedule, eligibility, forms, code lists, analysis plan.
    """
    return [
        *_describe_fields("study", old, new, ("version", "title", "short_title")),
        *_describe_fields("design", old.design, new.design, tuple(type(old.design).model_fields)),
        *_describe_parts("unit", old.units, new.units),
        *_describe_parts("regimen", _by(old.regimens, "code"), _by(new.regimens, "code")),
        *_describe_parts("event", _by(old.events, "id"), _by(new.events, "id")),
        *_describe_parts("activity", _by(old.activities, "id"), _by(new.activities, "id")),
        *_describe_parts("criterion", _by(old.eligibility, "id"), _by(new.eligibility, "id")),
        *_describe_parts("form", old.forms, new.forms),
        *_describe_parts("code list", old.codelists, new.codelists),
        *_describe_analysis(old, new),
    ]


def _describe_analysis(old: Study, new: Study) -> Iterator[str]:
    before, after = old.analysis, new.analysis
    yield from _describe_parts(
        "analysis set", _by(before.analysis_sets, "id"), _by(after.analysis_sets, "id")
    )
    yield from _describe_parts("endpoint", _by(before.endpoints, "id"), _by(after.endpoints, "id"))
    yield from _describe_parts("switch", before.switches, after.switches)
    yield from _describe_parts(
        "subgroup", _by(before.subgroups, "variable"), _by(after.subgroups, "variable")
    )
    yield from _describe_parts(
        "covariate", _by(before.models.covariates, "variable"), _by(after.models.covariates, "variable")
    )
    yield from _describe_fields("models", before.models, after.models, ("stratum", "minimum_events"))
    old_groups, new_groups = before.special_interest, after.special_interest
    yield from _describe_parts(
        "group of special interest", _by(old_groups.groups, "code"), _by(new_groups.groups, "code")
    )
    listed = ("other_terms", "incidence_months")
    yield from _describe_fields("special interest", old_groups, new_groups, listed)
    printed = ("minimum_subjects", "laboratory")
    yield from _describe_fields("by visit", before.by_visit, after.by_visit, printed)
    if before.imaging.id != after.imaging.id:
        yield f"analysis plan: imaging event from '{before.imaging.id}' to '{after.imaging.id}'."
    fields = (
        "study_drugs",
        "new_therapy_categories",
        "landmarks_months",
        "enrollment_months",
        "subgroup_minimum",
        "primary_scales",
        "scale_points",
    )
    yield from _describe_fields("analysis plan", before, after, fields)


def _by(parts: Sequence[Any], key: str) -> dict[str, Any]:
    return {getattr(part, key): part for part in parts}


def _describe_parts(noun: str, old: Mapping[str, Any], new: Mapping[str, Any], of: str = "") -> Iterator[str]:
    for name, part in new.items():
        owner = f"{of}{noun} '{name}'"
        if name not in old:
            yield f"{owner} added{_detail(part)}."
        elif part != old[name]:
            yield from _describe_change(owner, old[name], part)
    for name in old:
        if name not in new:
            yield f"{of}{noun} '{name}' removed."
    kept = [name for name in new if name in old]
    if noun not in _UNORDERED and kept != [name for name in old if name in new]:
        yield f"{of}order of {noun}s changed to {', '.join(kept)}."


def _describe_change(owner: str, old: Model, new: Model) -> Iterator[str]:
    fields = [
        name for name in type(new).model_fields if name not in _PARTS or not _is_parts(getattr(new, name))
    ]
    yield from _describe_fields(owner, old, new, tuple(fields))
    for field, (noun, key) in _PARTS.items():
        parts = getattr(new, field, ())
        if field in type(new).model_fields and field not in fields:
            yield from _describe_parts(noun, _by(getattr(old, field), key), _by(parts, key), f"{owner}: ")


def _is_parts(value: Any) -> bool:
    """Items of a form are parts; the items a check names are plain names."""
    return not value or isinstance(value[0], Model)


def _describe_fields(owner: str, old: Model, new: Model, fields: Sequence[str]) -> Iterator[str]:
    for field in fields:
        before, after = getattr(old, field), getattr(new, field)
        if before == after:
            continue
        word = _WORDS.get(field, field.replace("_", " "))
        if isinstance(before, Text) and isinstance(after, Text):
            for language, name in (("en", "English"), ("zh", "Chinese")):
                if getattr(before, language) != getattr(after, language):
                    change = f"from '{getattr(before, language)}' to '{getattr(after, language)}'"
                    yield f"{owner}: {word} in {name} {change}."
        elif isinstance(before, tuple) and isinstance(after, tuple) and set(before) != set(after):
            yield from _describe_entries(f"{owner}: {word}", before, after)
        else:
            yield f"{owner}: {word} from {_shown(before)} to {_shown(after)}."


def _describe_entries(owner: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    """What left a list and what came in, each on its own."""
    for entry in old:
        if entry not in new:
            yield f"{owner}: {_shown(entry)} removed."
    for entry in new:
        if entry not in old:
            yield f"{owner}: {_shown(entry)} added."


def _detail(part: Any) -> str:
    if isinstance(part, Item):
        return f" ({part.label.en}; {part.type}{', required' if part.required else ''})"
    if isinstance(part, Check):
        return f" ({part.level}: {part.message.en.rstrip('.')})"
    if isinstance(part, (Form, Group)):
        return f" ({part.label.en})"
    if isinstance(part, (Code, Unit)):
        return f" ({part.en})"
    if isinstance(part, (CodeList, Event, Activity, Criterion, Regimen, Switch)):
        return f" ({part.label.en})"
    return ""


def _shown(value: Any) -> str:
    if value is None or value == ():
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Condition):
        return f"`{value.text}`"
    if isinstance(value, Range):
        return f"{'any' if value.low is None else value.low} to {'any' if value.high is None else value.high}"
    if isinstance(value, Window):
        return f"-{value.before}/+{value.after} days"
    if isinstance(value, Repeat):
        return f"every {value.every} days" + (f" until day {value.until}" if value.until else "")
    if isinstance(value, Partner):
        return f"{value.drug} ({value.partner_class})"
    if isinstance(value, Text):
        return f"'{value.en}' / '{value.zh}'"
    if isinstance(value, tuple):
        return ", ".join(_shown(entry) for entry in value)
    return f"'{value}'" if isinstance(value, str) else str(value)
