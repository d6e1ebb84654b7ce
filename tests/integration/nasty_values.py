"""What people, programs and broken networks send where something else was meant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

NUL = "a\x00b"
LONE_SURROGATE = "a\ud800b"
"""Half of a character: a script can send it in JSON, and no encoding can write it."""

TEXTS = (
    "",
    " ",
    "x" * 5_000,
    "患者 中文，全角。",
    "🦓" * 50,
    NUL,
    "\x00",
    "\x1b[31m\x07\x7f",
    "\u202e\u200b\ufeff\u2028",
    "../../etc/passwd",
    "..\\..\\x",
    "%00%2e%2e%2f",
    "<script>alert(1)</script>{{ 7 }}{% x %}",
    "'; DROP TABLE ledger_revision; --",
    "={1+1}|cmd",
    "{0.__class__}%s%(a)s{typed}",
    "null",
    "true",
    "[object Object]",
    "//evil.example/",
    "a.b.c.d",
    "a|b:c?d#e/f",
)
NUMBERS = (
    "0",
    "-1",
    "00012",
    "1.5",
    "1e999",
    "-1e-999",
    "NaN",
    "sNaN",
    "Infinity",
    "1_000",
    "0x10",
    "١٢",
    "１２",
    "²",
    "9" * 25,
    "9223372036854775808",
    "1" * 5_000,
    "1,5",
    "< 3",
    "≤ 1e5 g",
    "--5",
    "5 mg/dL",
)
DATES = (
    "2024-02-31",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31 23:59",
    "10000-01-01",
    "31/02/2024",
    "02/03/2024",
    "2024-13",
    "2024-02-30T25:61",
    "20240230",
    "t+999",
    "t-999",
    "t - 0",
    "un un 2024",
    "31feb2024",
    "２０２４-０１-０１",
    "٢٠٢٤-٠١-٠١",
    "2024年13月32日",
    "2024-W01-1",
    "0000",
    "UNK",
)
TYPED = TEXTS + NUMBERS + DATES

PLACES = (
    "SCREENING/1",
    "SCREENING/9",
    "SCREENING/1/demographics/x",
    "SCREENING/x/demographics/1",
    "SCREENING/1/nothing/1",
    "SCREENING/1/demographics/1",
    "SCREENING/1/demographics/1#1",
    "SCREENING/1/demographics/1#²",
    "SCREENING/1/demographics/1#" + "9" * 5_000,
    "SCREENING/x/demographics/1#1",
    "SCREENING/1/demographics/x#1",
    "/" * 4,
)
"""What a subject's number goes on with: keys of visits and records, and what looks like one."""

PATHS = {
    "str": (
        "x" * 3_000,
        "中文",
        "🦓",
        "%00",
        "a%00b",
        "..",
        "%2e%2e%2fx",
        "%2F",
        "%ff%fe",
        "%ED%A0%80",
        "-1",
        "99-999",
        "02-001",
        "None",
        "%7B%7D%25s",
        "a?b",
        "%C2%A0",
    ),
    "int": (
        "-1",
        "0",
        "999",
        "9" * 12,
        "9" * 19,
        "9" * 30,
        "9" * 4_400,
        "1.5",
        "1e3",
        "%D9%A1",
        "%EF%BC%91",
        "%00",
        "x",
        "00001",
    ),
}
"""What may stand in a part of an address, by the kind of that part."""

ODD_JSON: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**400,
    2**63,
    float("inf"),
    float("nan"),
    "",
    NUL,
    LONE_SURROGATE,
    "x" * 5_000,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"a": {"b": ["c"]}},
    [1, "a", None, {}],
)
NO_JSON = (
    b"",
    b"\x00",
    b"{",
    b"null",
    b"[]",
    b"1e999",
    b'"text"',
    b"\xff\xfe{\x00}\x00",
    '{"values": {}}'.encode("utf-16"),
    b'{"values": {"a": 1}, "values": 5}',
    b'{"values": {"x": "\xff"}}',
    b'{"values": {}, "started_from": ' + b"9" * 5_000 + b"}",
    b"[" * 100_000,
    b'{"values":' * 20_000,
    b'{"values": {}} trailing',
)


def changed_everywhere(value: Any, draw: random.Random, each: int) -> Iterator[Any]:
    """Copies of a JSON value with one place changed: `each` odd values at every place, and each key once
    left out."""
    yield from draw.sample(ODD_JSON, each)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: one for name, one in value.items() if name != key}
            for changed in changed_everywhere(inner, draw, each):
                yield value | {key: changed}
        yield value | {"unknown\x00": 1}
    if isinstance(value, list):
        for place, inner in enumerate(value):
            for changed in changed_everywhere(inner, draw, each):
                yield [*value[:place], changed, *value[place + 1 :]]


# ---- Bodies that are no forms ---------------------------------------------------------------------------

FILES = (
    (b"x.csv", b""),
    (b"x.xlsx", b"\x00" * 100),
    (b"x.xlsx", b"PK\x03\x04" + b"\x00" * 60),
    (b"", b"\xff\xfe\x00"),
    (b"a\x00.csv", b"a,\x00\n"),
    ("患者.csv".encode(), b"a,b\n1"),
    (b"../x.csv", b"," * 9_000),
)
KINDS = (
    "multipart/form-data",
    "multipart/form-data; boundary=\x01",
    "multipart/form-data; boundary=B",
    "application/x-www-form-urlencoded; charset=nonsense",
    "application/x-www-form-urlencoded; charset=utf-16",
    "text/plain",
    "application/json; charset=gb18030",
    "",
    "image/png",
)


def upload(name: bytes, content: bytes) -> bytes:
    part = b'--B\r\nContent-Disposition: form-data; name="'
    file = part + b'file"; filename="' + name + b'"\r\n\r\n' + content
    return part + b'site"\r\n\r\n01\r\n' + file + b"\r\n--B--\r\n"
