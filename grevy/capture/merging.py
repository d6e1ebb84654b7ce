"""Two people save the same record: what merges by itself and what clashes. Values in, values out; no
database.

A field is an item, or an item of one row (named by its key). Both may change different fields; the same field
changed to different values is a clash, and so is a row that one removed while the other worked in it.
"""

from __future__ import annotations

from typing import Any

from grevy.snapshot import ROW_KEY

Values = dict[str, Any]
FieldPath = tuple[str, ...]
ROW = ""
"""The last part of the path that stands for the row itself being there."""


def flatten(values: Values) -> dict[FieldPath, Any]:
    """Values by field path; an empty item is an absent one."""
    fields: dict[FieldPath, Any] = {}
    for name, value in values.items():
        if isinstance(value, list):
            for row in value:
                fields[name, row[ROW_KEY], ROW] = True
                fields |= {
                    (name, row[ROW_KEY], item): v
                    for item, v in row.items()
                    if item != ROW_KEY and v is not None
                }
        elif value is not None:
            fields[(name,)] = value
    return fields


def unflatten(fields: dict[FieldPath, Any]) -> Values:
    """The values again; rows in the order in which their fields come."""
    values: Values = {}
    for path, value in fields.items():
        if len(path) == 1:
            values[path[0]] = value
            continue
        group, key, item = path
        rows: dict[str, Values] = values.setdefault(group, {})
        row = rows.setdefault(key, {ROW_KEY: key})
        if item != ROW:
            row[item] = value
    return {
        name: list(value.values()) if isinstance(value, dict) else value for name, value in values.items()
    }


def changed_fields(before: Values, after: Values) -> dict[FieldPath, Any]:
    """Fields that differ, with their new value; None where the field was emptied or its row removed."""
    old, new = flatten(before), flatten(after)
    return {path: new.get(path) for path in {**new, **old} if old.get(path) != new.get(path)}


def clashing_fields(mine: dict[FieldPath, Any], theirs: dict[FieldPath, Any]) -> list[FieldPath]:
    """Fields that both changed, and not to the same value."""
    clashes = [path for path in mine if path in theirs and mine[path] != theirs[path]]
    for one, other in ((mine, theirs), (theirs, mine)):
        removed = {path[:2] for path, value in one.items() if path[-1] == ROW and value is None}
        # A row that only the other side removed, in which this side changed or added a field.
        worked_in = [path for path in other if path[:2] in removed and other[path] is not None]
        clashes += [path for path in worked_in if path not in clashes]
    return clashes


def merge(head: Values, mine: dict[FieldPath, Any]) -> Values:
    """My changes on top of what stands there now."""
    fields = flatten(head)
    for path, value in mine.items():
        if value is None:
            fields.pop(path, None)
        else:
            fields[path] = value
    return unflatten(fields)
