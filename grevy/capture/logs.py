"""What reaches a log: never the text of an error, which may carry what a person entered about a patient."""

from __future__ import annotations

import logging
import re
import secrets

from grevy.failure_text import tell_failure

# What PostgreSQL adds to the sentence of an error: rows, keys and statements with their values.
_DETAILS = re.compile(r"\s*(DETAIL|CONTEXT|QUERY|STATEMENT|HINT|LINE \d+): .*", re.DOTALL)


class WithoutValues(logging.Filter):
    """Replaces an error by its type and place, puts the reference of the request first, and cuts details."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line, rewritten."""
        told = _without_details(record)
        reference = getattr(getattr(record, "request", None), "reference", "")
        if record.exc_info and record.exc_info[1] is not None:
            told += "\n" + tell_failure(record.exc_info[1])
        record.msg, record.args = (f"{reference} {told}" if reference else told), None
        record.exc_info = record.exc_text = None
        return True


def draw_reference() -> str:
    """What a person quotes so that the entry in the log is found: short enough for the telephone."""
    return f"G-{secrets.token_hex(2).upper()}"


def _without_details(record: logging.LogRecord) -> str:
    """The sentence of the record; an error that is its message or part of it is told by its type."""
    args = record.args
    if isinstance(args, tuple):
        record.args = tuple(tell_failure(arg) if isinstance(arg, BaseException) else arg for arg in args)
    if isinstance(record.msg, BaseException):
        return tell_failure(record.msg)
    return _DETAILS.sub("", record.getMessage())
