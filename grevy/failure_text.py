"""A failure told by type and place, without its text, which may carry a patient's value.

PostgreSQL says "Failing row contains (…)" and a `KeyError` repeats the key; type, place, SQLSTATE and the
name of the constraint find the mistake as well.
"""

from __future__ import annotations

import traceback
from pathlib import Path

OWN = Path(__file__).resolve().parents[1]


def tell_failure(error: BaseException) -> str:
    """The chain of errors, the first cause first, each with its type and the calls that led to it."""
    told: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        told.append("\n".join([_name(one), *_calls(one)]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nwhich led to\n".join(reversed(told))


def _name(error: BaseException) -> str:
    diagnosis = getattr(error, "diag", None)  # of psycopg: names of the schema, never content
    about = [getattr(error, "sqlstate", None), getattr(diagnosis, "constraint_name", None)]
    known = " ".join(str(part) for part in about if part)
    return f"{type(error).__module__}.{type(error).__qualname__}" + (f" ({known})" if known else "")


def _calls(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(OWN):
        return str(path.relative_to(OWN))
    parts = path.parts
    return "/".join(parts[parts.index("site-packages") + 1 :]) if "site-packages" in parts else filename
