"""What must hold for tabulation data before it is analysed: types, keys, dates, subjects. Changes nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from grevy.exchange.findings import Finding, UnreadableFile
from grevy.sdtm.domains import Domain

# SDTMIG 4.4: ISO 8601 text, cut from the right where parts are unknown ("2024-02"), or with "-" for an
# unknown part in the middle ("2024---15"). Time and zone may follow a complete date.
_DATE = re.compile(
    r"(?P<year>\d{4}|-)(-(?P<month>\d{2}|-)(-(?P<day>\d{2})"
    r"(T(?P<hour>\d{2}|-)(:(?P<minute>\d{2}|-)(:(?P<second>\d{2})(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?"
)
_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_LIMITS = {"month": 12, "hour": 24, "minute": 59, "second": 60}


def is_possible_date(text: str) -> bool:
    """Whether ISO 8601 text, complete or partial, can be a real date: 2024-02-30 cannot, 2024-02 can."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return False
    parts = {name: int(value) for name, value in match.groupdict().items() if value and value != "-"}
    if any(parts.get(name, 0) > limit for name, limit in _LIMITS.items()) or parts.get("month") == 0:
        return False
    # An unknown year or month is taken as one in which the day can be: only a certain mistake is told.
    try:
        date(parts.get("year", 2000), parts.get("month", 1), parts.get("day", 1))
    except ValueError:
        return False
    return True


def tidy_table(table: pa.Table, domain: Domain) -> pa.Table:
    """Give the columns the plain types that the checks and `conform` know: text or float, dates as text.

    Raises UnreadableFile where text is not what it says it is.
    """
    types = {variable.name: variable.type for variable in domain.variables}
    foreign = [name for name in table.column_names if not _is_utf8(table[name])]
    if foreign:
        raise UnreadableFile(f"text that is not UTF-8 in {', '.join(foreign)}")
    plain = {name: _plain(table[name], text=types.get(name) == "Char") for name in table.column_names}
    columns = [_read_numbers(v) if types.get(name) == "Num" else v for name, v in plain.items()]
    return pa.Table.from_arrays(columns, names=table.column_names)


def check_domain(table: pa.Table, domain: Domain, *, file: str, start: int = 0) -> Iterator[Finding]:
    """All mistakes of one piece of a file, duplicates aside; ``start`` rows came before it.

    An empty one has none but missing keys: there is nothing it could say wrongly.
    """
    yield from _check_keys(table, domain, file, start)
    yield from _check_domain_name(table, domain, file)
    types = {variable.name: variable.type for variable in domain.variables}
    for name in table.column_names:
        values = table[name]
        if not pa.types.is_string(values.type) and not pa.types.is_floating(values.type):
            yield _refuse_type(values, name, domain, file)
        elif types.get(name) == "Num":
            yield from _check_number(values, name, domain, file, start)
        elif name in types and name.endswith("DTC"):
            yield from _check_dates(values, name, domain, file, start)


def list_present_keys(table: pa.Table, domain: Domain) -> list[str]:
    """The keys by which records can be told apart; none where a key that each row must have is missing."""
    if not set(_never_blank(domain)) <= set(table.column_names):
        return []  # told by `check_domain`
    return [key for key in domain.keys if key in table.column_names]


def name_duplicates(
    first: Mapping[str, object], domain: Domain, *, file: str, number: int, rows: int
) -> Finding:
    """Say how many keys stand in several rows, and which is the first of them in their order."""
    named = ", ".join(f"{key} {_shown(first[key])}" for key in first if key != "STUDYID")
    found = f"{number} duplicate key{'s' if number > 1 else ''}, first {named}"
    allowed, advice = f"one row per {', '.join(first)}", "Remove the copies or number the records."
    return Finding(file, domain.name, "", found, allowed, advice, rows=rows)


def _refuse_type(values: pa.ChunkedArray, name: str, domain: Domain, file: str) -> Finding:
    found, advice = f"values of type {values.type}", "Export the variable as plain text or number."
    return Finding(file, domain.name, name, found, "text or a number", advice, rows=len(values))


def check_subjects(tables: Mapping[str, pa.Table], files: Mapping[str, str]) -> list[Finding]:
    """Notes on data sets without rows and on records of subjects that DM does not have."""
    subjects = pc.unique(tables["DM"]["USUBJID"])
    notes = []
    for domain, table in tables.items():
        if not table.num_rows:
            notes.append(
                Finding(files[domain], domain, "", "no rows", "", "Treated as a domain without records.")
            )
        rows = _rows_of_others(table, subjects)
        if rows:
            found = "records of subjects that DM does not have"
            notes.append(
                Finding(files[domain], domain, "USUBJID", found, "", "They are not analysed.", rows=rows)
            )
    return notes


def _rows_of_others(table: pa.Table, subjects: pa.Array) -> int:
    if "USUBJID" not in table.column_names or pa.types.is_null(subjects.type):
        return 0
    named = table["USUBJID"].drop_null()  # a relation between whole data sets names no subject
    return pc.sum(pc.invert(pc.is_in(named, value_set=subjects))).as_py() or 0


# --- The single checks ----------------------------------------------------------------------------


def _check_keys(table: pa.Table, domain: Domain, file: str, start: int) -> Iterator[Finding]:
    needed = _never_blank(domain)
    for key in needed:
        if key not in table.column_names:
            allowed = f"the keys {', '.join(domain.keys)}"
            advice = "Add it: it says which record is which."
            yield Finding(file, domain.name, key, "no such variable", allowed, advice)
            continue
        blank = pc.indices_nonzero(_is_blank(table[key]))
        if len(blank):
            found = f"no value (first in row {start + blank[0].as_py() + 1})"
            advice = "Fill it in."
            yield Finding(file, domain.name, key, found, "a value in each row", advice, rows=len(blank))


def _never_blank(domain: Domain) -> list[str]:
    """Keys each row must have: a qualifier of DM has no IDVAR, a relation between data sets no subject."""
    required = {variable.name for variable in domain.variables if variable.core == "Req"}
    return [key for key in domain.keys if key in required]


def _check_domain_name(table: pa.Table, domain: Domain, file: str) -> Iterator[Finding]:
    if "DOMAIN" not in table.column_names or "DOMAIN" not in {v.name for v in domain.variables}:
        return
    others = [v for v in pc.unique(table["DOMAIN"]).to_pylist() if v and v.upper() != domain.name]
    if others:
        rows = pc.sum(pc.is_in(table["DOMAIN"], value_set=pa.array(others))).as_py()
        advice = "Name the file for the domain it holds."
        yield Finding(
            file, domain.name, "DOMAIN", f"{', '.join(map(repr, others))}", domain.name, advice, rows=rows
        )


def _check_number(
    values: pa.ChunkedArray, name: str, domain: Domain, file: str, start: int
) -> Iterator[Finding]:
    if not pa.types.is_string(values.type):
        yield from _check_finite(values, name, domain, file, start)
        return
    wrong = pc.indices_nonzero(pc.and_(pc.invert(_is_blank(values)), pc.invert(_matches(values, _NUMBER))))
    if len(wrong):
        row = wrong[0].as_py()
        found = f"text in a numeric variable, first {values[row].as_py()!r} (row {start + row + 1})"
        advice = "Put the number here and the text into the variable for results as collected."
        yield Finding(file, domain.name, name, found, "a number or nothing", advice, rows=len(wrong))


def _check_finite(
    values: pa.ChunkedArray, name: str, domain: Domain, file: str, start: int
) -> Iterator[Finding]:
    wrong = pc.indices_nonzero(pc.fill_null(pc.is_inf(values), False))
    if len(wrong):
        found = f"infinite number (first in row {start + wrong[0].as_py() + 1})"
        advice = "Correct it where it was computed."
        yield Finding(file, domain.name, name, found, "a finite number or nothing", advice, rows=len(wrong))


def _check_dates(
    values: pa.ChunkedArray, name: str, domain: Domain, file: str, start: int
) -> Iterator[Finding]:
    if not pa.types.is_string(values.type):
        return
    wrong = [v for v in pc.unique(values).to_pylist() if v and v.strip() and not is_possible_date(v)]
    if wrong:
        rows = pc.indices_nonzero(
            pc.fill_null(pc.is_in(values, value_set=pa.array(wrong, values.type)), False)
        )
        row = rows[0].as_py()
        found = f"impossible or unreadable date, first {values[row].as_py()!r} (row {start + row + 1})"
        allowed = "ISO 8601 text of a real date, complete or partial: 2024-02-29, 2024-02, 2024"
        yield Finding(
            file, domain.name, name, found, allowed, "Correct it where it was captured.", rows=len(rows)
        )


# --- Plain types ----------------------------------------------------------------------------------


def _plain(values: pa.ChunkedArray, *, text: bool) -> pa.ChunkedArray:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = pc.cast(values, kind.value_type)
        kind = values.type
    if pa.types.is_null(kind) or _is_text(kind):
        # Transport files pad text with blanks, so blanks at the end carry no meaning in any format.
        words = pc.utf8_rtrim_whitespace(pc.cast(values, pa.string()))
        return pc.if_else(_is_blank(words), pa.scalar(None, pa.string()), words)
    if pa.types.is_timestamp(kind):
        return pc.strftime(values, format="%Y-%m-%dT%H:%M:%S")
    if pa.types.is_date(kind) or pa.types.is_boolean(kind):
        return pc.cast(values, pa.string())
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        numbers = pc.cast(values, pa.float64())
        return _number_as_text(numbers) if text else numbers
    return values


def _is_utf8(values: pa.ChunkedArray) -> bool:
    """Parquet says that its text is UTF-8 and does not see to it."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if not _is_text(kind):
        return True
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _read_numbers(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers exported as text; text that is none stays as it is, for `check_domain` to tell."""
    if not pa.types.is_string(values.type):
        return values
    is_number = pc.or_(_is_blank(values), _matches(values, _NUMBER))
    if not pc.all(is_number, min_count=0).as_py():
        return values
    return pc.cast(pc.utf8_trim_whitespace(values), pa.float64())


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _number_as_text(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers without a point: a grade stored as 3.0 is grade '3'."""
    known = pc.drop_null(numbers)
    if pc.all(pc.equal(known, pc.floor(known)), min_count=0).as_py():
        return pc.cast(pc.cast(numbers, pa.int64()), pa.string())
    return pc.cast(numbers, pa.string())


def _matches(values: pa.ChunkedArray, pattern: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.match_substring_regex(values, pattern), False)


def _is_blank(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(values.type):
        return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(values), ""), True)
    if pa.types.is_floating(values.type):
        return pc.is_null(values, nan_is_null=True)
    return pc.is_null(values)


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
