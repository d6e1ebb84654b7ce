"""What a request sends, read at the door: numbers, texts and JSON that cannot be are refused before a view.

Browsers send none of this; broken networks, other programs and half of a character cut off in a paste do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, RawPostDataException

from grevy.definition.partial_values import read_date

MOST_BYTES = 2_000_000
"""A form is some kilobytes; more is no form."""
LONGEST_WAY = timedelta(days=30)
"""A save waits in a browser without a network for so long at most."""
DEEPEST = 12
"""A form is a list of rows within an envelope; what is nested deeper is no form."""


class Unreadable(BadRequest):
    """What was sent cannot be read; `word` names the words for the reader, `status` the answer."""

    word, status = "bad_request", 400


class UnusableText(Unreadable):
    """A text with a character that no database and no file can hold."""

    word = "unusable_text"


class TooLarge(Unreadable):
    """More than any page sends."""

    word, status = "too_large", 413


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which then shows the answer in its place."""
    return "application/json" in request.headers.get("Accept", "")


def check_texts(request: HttpRequest, parts: Mapping[str, Any]) -> None:
    """Every text of the address, its query and a plain post can be stored and shown."""
    texts: list[Any] = [*parts.values()]
    for said in (request.GET, request.POST):
        for name, given in said.lists():
            texts += [name, *given]
    texts += [file.name for file in request.FILES.values()]
    _check(texts)


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The object that a script sent."""
    try:
        if len(request.body) > MOST_BYTES:
            raise TooLarge("More was sent than any form has.")
        sent = json.loads(request.body, parse_constant=_refuse_constant)
    except RawPostDataException as error:  # it came as a form with files, which is read already
        raise Unreadable("No JSON was sent.") from error
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or a number of thousands of digits
        raise Unreadable("No JSON was sent.") from error
    if not isinstance(sent, dict):
        raise Unreadable("No object was sent.")
    _check(_texts_of(sent))
    return sent


def read_form(request: HttpRequest) -> dict[str, Any]:
    """A form as the page's script sends it: `values` has the text of each field, and of each row of a
    group."""
    sent = read_json(request)
    values = sent.get("values")
    if not isinstance(values, dict) or not all(_is_text(one) or _is_rows(one) for one in values.values()):
        raise Unreadable("No form was sent.")
    return sent


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(_is_text(cell) for cell in row.values()) for row in value
    )


def whole_number(sent: Mapping[str, Any], name: str) -> int:
    """A count of a script: an integer from 0 that a database holds."""
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Unreadable("No form was sent.")
    return value


def day_of_typing(sent: Mapping[str, Any], today: date) -> date:
    """The day on which a save was first tried: `t` in a date means that day, also when the save gets through
    after midnight. A day to come, or long ago, is a wrong clock: then today."""
    said = read_date(sent.get("typed_on"))
    return said if said is not None and timedelta() <= today - said <= LONGEST_WAY else today


def texts_by_name(sent: Mapping[str, Any], name: str) -> dict[str, str]:
    """An object of texts, such as reasons by field; empty where there is none."""
    given = sent.get(name) or {}
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise Unreadable("No form was sent.")
    return given


def posted_number(request: HttpRequest, name: str) -> int:
    """A number of a plain post; 0 where there is none."""
    number = read_whole_number(request.POST.get(name) or "0")
    if number is None:
        raise Unreadable("No such number.")
    return number


def read_whole_number(text: str) -> int | None:
    """A number from 0 on that stands in an address or a post; None for what is none, or too long to be
    one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _texts_of(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        raise Unreadable("No form was sent.")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts_of(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_of(inner, depth + 1)


def _check(texts: Any) -> None:
    """No NUL, which PostgreSQL cannot hold, and no half of a character, which no encoding can write."""
    for text in texts:
        if isinstance(text, str) and ("\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)):
            raise UnusableText("A character that cannot be stored.")
