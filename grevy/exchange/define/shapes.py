"""Data type, length and decimals of a column, measured: a Define-XML promises no less than the data hold."""

import math
import re

import pyarrow as pa
import pyarrow.compute as pc

from grevy.exchange.define.parts import Shape

DATE, DATETIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
WHOLE, NUMBER = re.compile(r"-?\d+"), re.compile(r"-?\d+(\.\d+)?")
PARTIAL = re.compile(r"\d{4}(-\d\d)?")
SAS_DATE = Shape("integer", 8, format="DATE9.")


def is_count(name: str) -> bool:
    """Whether a numeric variable counts: --SEQ and --DY do; other numbers measure."""
    return name.endswith(("SEQ", "DY"))


def measure(name: str, values: pa.ChunkedArray) -> Shape:
    """The shape of a column; an empty text has length 1, as in a transport file."""
    kind = values.type
    if pa.types.is_date(kind):
        return SAS_DATE
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _measure_text(name, values)
    whole = pa.types.is_integer(kind) or is_count(name)
    return _measure_whole(values) if whole else _measure_number(values)


def _measure_text(name: str, values: pa.ChunkedArray) -> Shape:
    if name.endswith("DTC"):
        return Shape(_find_date_type(values))
    if name.endswith(("DUR", "ELTM", "EVLINT")):
        return Shape("durationDatetime")
    return Shape("text", pc.max(pc.binary_length(values)).as_py() or 1)


def _find_date_type(values: pa.ChunkedArray) -> str:
    found = pc.unique(values.drop_null()).to_pylist()
    if all(DATE.fullmatch(one) for one in found):
        return "date"
    if all(DATE.fullmatch(one) or PARTIAL.fullmatch(one) for one in found):
        return "partialDate"
    return "datetime" if all(DATETIME.fullmatch(one) for one in found) else "incompleteDatetime"


def _measure_whole(values: pa.ChunkedArray) -> Shape:
    extremes = [one for one in pc.min_max(values).as_py().values() if one is not None]
    return Shape("integer", max((len(str(int(one))) for one in extremes), default=1))


def _measure_number(values: pa.ChunkedArray) -> Shape:
    return measure_numbers(pc.unique(values.drop_null()).to_pylist(), "float")


def measure_numbers(used: list[float], type_: str) -> Shape:
    """The shape of numbers, which have as many digits as a double can tell."""
    texts = [repr(number).removesuffix(".0") for number in used if math.isfinite(number)]
    length = max(map(len, texts), default=1)
    if type_ == "integer":
        return Shape("integer", length)
    decimals = (len(text.partition(".")[2]) for text in texts if "e" not in text)
    return Shape("float", length, max(decimals, default=0))


def measure_texts(used: list[str]) -> Shape:
    """The shape of results that stand as text: whole numbers, numbers, or text."""
    length = max((len(text.encode()) for text in used), default=1)
    if used and all(WHOLE.fullmatch(text) for text in used):
        return Shape("integer", length)
    if used and all(NUMBER.fullmatch(text) for text in used):
        return Shape("float", length, max(len(text.partition(".")[2]) for text in used))
    return Shape("text", length)
