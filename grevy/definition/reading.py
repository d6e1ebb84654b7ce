"""Study files → models. A broken part is reported and set aside, so that the rest is still checked."""

import types
from collections.abc import Sequence
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from grevy.definition.study_files import Node, Step, StudyFile

M = TypeVar("M", bound=BaseModel)

_NOUNS = {
    "items": "item",
    "groups": "group",
    "checks": "check",
    "codes": "code",
    "codelists": "code list",
    "events": "event",
    "activities": "activity",
    "switches": "switch",
    "criteria": "criterion",
    "regimens": "regimen",
    "partners": "partner",
    "units": "unit",
    "analysis_sets": "analysis set",
    "endpoints": "endpoint",
    "subgroups": "subgroup",
    "covariates": "covariate",
    "epochs": "epoch",
    "elements": "element",
    "arms": "arm",
    "summary": "parameter",
}
_NAMING_KEYS = ("name", "id", "code", "key", "unit", "variable", "drug", "parameter")
_ALLOWED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "bool_parsing": "yes, no",
    "bool_type": "yes, no",
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "tuple_type": "a list",
    "model_type": "a mapping of keys",
    "too_short": "at least one entry",
}
_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "small letters, digits and _, beginning with a letter",
    r"^[A-Z][A-Z0-9_]*$": "capitals, digits and _, beginning with a letter",
    r"^[A-Z0-9][A-Z0-9_]*[+]?$": "capitals, digits and _, and a plus sign at the end",
    r"^-?\d+(\.\d+)?$": "a number such as 12 or 12.5",
    r"^\d+(\.\d+)?$": "a number of 0 or more, such as 12 or 12.5",
    r"^(IN|EX)\d\d$": "IN01, EX01 and so on",
    r"^P\d+[DWMY]$": "a duration such as P28D",
}


def read_model(file: StudyFile, model: type[M]) -> M | None:
    """The model of a file without its broken parts, which are reported; None if it cannot be read at all."""
    if file.root is None:
        return None
    try:
        return model.model_validate(file.root.plain())
    except ValidationError as error:
        errors = error.errors()
    unreadable = {mistake.line for mistake in file.mistakes}  # an alias has no value: said once is enough
    for detail in errors:
        if file.line(*detail["loc"]) not in unreadable:
            _report(file, model, detail)
    for detail in _deepest_last(errors):
        _set_aside(file.root, detail["loc"], whole=detail["type"] != "extra_forbidden")
    return _read_what_holds(file.root, model)


def _read_what_holds(root: Node, model: type[M]) -> M:
    """A model of the keys that can be read by themselves; the others, reported before, are None or empty."""
    content, values = root.plain(), dict[str, Any]()
    for name, field in model.model_fields.items():
        empty = () if get_origin(field.annotation) is tuple else None
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(cast(Any, field.annotation))
            values[name] = adapter.validate_python(content.get(field.alias or name, empty))
        except ValidationError:
            values[name] = empty
    return model.model_construct(**values)


def _deepest_last(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Later list entries first, so that setting one aside does not move the next."""
    return sorted(errors, key=lambda detail: [str(step).zfill(6) for step in detail["loc"]], reverse=True)


def _set_aside(root: Node, path: Sequence[Step], *, whole: bool) -> None:
    """Remove the list entry around a broken value; without one, or for an unknown key, the key alone."""
    for end in range(len(path) - 1, -1, -1) if whole else ():
        parent, step = root.at(path[:end]).value, path[end]
        if isinstance(step, int) and isinstance(parent, list):
            if step < len(parent):
                del parent[step]
            return
    parent = root.at(path[:-1]).value
    if isinstance(parent, dict):
        parent.pop(str(path[-1]), None)


# ---- Words for what the models refuse ------------------------------------------------------------------


def _report(file: StudyFile, model: type[BaseModel], detail: ErrorDetails) -> None:
    path = detail["loc"]
    field = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if field == "[key]":  # a key of a mapping, refused for itself
        path, field = path[:-1], f"in '{path[-3]}' the key"
    owner, line = _owner(file, path), file.line(*path)
    if detail["type"] == "missing":
        _report_missing(file, line, owner, path, field)
    elif detail["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_at(model, path[:-1]))
        file.report(
            line,
            f"{owner} has an unknown key '{field}'; allowed: {allowed}. Correct the spelling or remove it.",
            found=field,
            allowed=allowed,
        )
    elif detail["type"] == "later_fact":
        file.report(
            line, f"{owner}: {detail['msg']}", found=_shown(detail["input"]), allowed="a baseline fact"
        )
    else:
        found = _shown(detail["input"])
        allowed = _allowed(detail)
        file.report(
            line,
            f"{owner} has {field} {found}; allowed: {allowed}. Correct it.",
            found=found,
            allowed=allowed,
        )


def _report_missing(file: StudyFile, line: int, owner: str, path: Sequence[Step], field: str) -> None:
    languages = {"en": "English", "zh": "Chinese"}
    if field in languages:
        of = next((str(step) for step in reversed(path[:-1]) if isinstance(step, str)), "")
        part = f" ({of})" if of and of not in _NOUNS else ""
        file.report(
            line,
            f"{owner}{part} has no {languages[field]} text. Add '{field}'.",
            found="no translation",
            allowed="en and zh",
        )
    else:
        file.report(line, f"{owner} has no '{field}'. Add it.", found="nothing", allowed=field)


def _owner(file: StudyFile, path: Sequence[Step]) -> str:
    """The named thing around a path in the study's words, for example item 'sysbp'."""
    for end in range(len(path), 0, -1):
        if not isinstance(path[end - 1], int) or end < 2:
            continue
        noun = _NOUNS.get(str(path[end - 2]))
        if noun and file.root:
            value = file.root.at(path[:end]).value
            names = value if isinstance(value, dict) else {}
            name = next((names[key].value for key in _NAMING_KEYS if key in names), path[end - 1])
            return f"{noun} '{name}'"
    return "the file"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    return "a list" if isinstance(value, (list, tuple)) else "a mapping"


def _allowed(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return str(context["expected"]).replace("'", "").replace(" or ", ", ")
    if detail["type"] == "string_pattern_mismatch":
        return _PATTERNS[str(context["pattern"])]
    if detail["type"] in ("greater_than", "greater_than_equal"):
        return f"more than {context['gt']}" if "gt" in context else f"{context['ge']} or more"
    return _ALLOWED.get(detail["type"], detail["msg"])


def _keys_at(model: type[BaseModel], path: Sequence[Step]) -> list[str]:
    """The keys a mapping may have, found by walking the models along the path."""
    current: Any = model
    for step in path:
        if isinstance(step, int):
            continue
        field = next(field for name, field in current.model_fields.items() if step in (name, field.alias))
        current = _model_in(field.annotation)
    return [field.alias or name for name, field in current.model_fields.items() if not field.exclude]


def _model_in(annotation: Any) -> Any:
    """The model inside `Model | None`, `tuple[Model, ...]` and the like."""
    if get_origin(annotation) in (Union, types.UnionType, tuple):
        for argument in get_args(annotation):
            if (found := _model_in(argument)) is not None:
                return found
        return None
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
