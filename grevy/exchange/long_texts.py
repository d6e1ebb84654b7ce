"""Text over 200 bytes: parted between a variable and supplemental qualifiers, and one text again when read.

A comment goes on in COVAL1, COVAL2 of its own record (SDTMIG 3.4, 5.1); any other text as SDTMIG 3.4, 4.5.3.2
says: the first 200 characters stay in the variable, and each further part is a supplemental
qualifier of the record named for the variable with a digit, such as AETERM1. Bytes are counted and not
characters, as SAS transport files do: a Chinese character takes three.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from grevy.definition.trial_design import LONGEST_TEXT
from grevy.sdtm.domains import Domain, get_domain

_MOST_PARTS = 10  # the variable and nine digits
_SHORT = ("TESTCD", "TEST", "DTC", "DUR")
"""What names a test or a time is never that long: there a long text is a mistake to be told."""

Row = dict[str, object]
_Key = tuple[object, ...]


def part_long_texts(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Tables whose long texts go on in SUPP--; one that cannot be parted without loss stays whole."""
    parted = dict(tables)
    for name in sorted(tables):
        if name == "CO":
            parted[name] = _part_comments(tables[name])
        if name == "CO" or not _has_records_of_its_own(name, tables[name]):
            continue
        parted[name], further = _part_table(tables[name], get_domain(name))
        if further:
            parted[f"SUPP{name}"] = _append(parted.get(f"SUPP{name}"), further, f"SUPP{name}")
    return parted


def join_long_texts(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Tables whose texts are whole again; a supplement that held nothing but further parts is gone.

    Parts are joined only where parting their text gives them back: RACE1 beside RACE = MULTIPLE is a value
    of its own, and so is what another system cut in another way.
    """
    joined = dict(tables)
    for name in sorted(tables):
        if name == "CO":
            joined[name] = _join_comments(tables[name])
        supplement = tables.get(f"SUPP{name}")
        if supplement is None or not _has_records_of_its_own(name, tables[name]):
            continue
        joined[name], used = _join_table(tables[name], supplement, get_domain(name))
        if used and len(used) == supplement.num_rows:
            del joined[f"SUPP{name}"]
        elif used:
            kept = [row for row in range(supplement.num_rows) if row not in used]
            joined[f"SUPP{name}"] = supplement.take(kept)
    return joined


# --- Text -----------------------------------------------------------------------------------------


def part_text(text: str) -> list[str]:
    """Parts of at most 200 bytes that `join_parts` makes one text again; else the text itself."""
    parts, rest = [], text
    while len(rest.encode()) > LONGEST_TEXT:
        cut = _find_cut(rest)
        if cut is None:
            return [text]
        parts.append(rest[:cut])
        rest = rest[cut:].removeprefix(" ")
    parts.append(rest)
    return parts if len(parts) <= _MOST_PARTS else [text]


def join_parts(parts: Iterable[str]) -> str:
    """One text; a space between words, none beside a character of a script that is written without."""
    text = ""
    for part in parts:
        apart = text and not _is_wide(text[-1]) and not _is_wide(part[0])
        text += f" {part}" if apart else part
    return text


def _find_cut(text: str) -> int | None:
    """The last place within 200 bytes where a cut can be undone: a single space, or beside a wide one."""
    fitting = len(text.encode()[:LONGEST_TEXT].decode(errors="ignore"))
    return next((cut for cut in range(fitting, 0, -1) if _can_cut(text, cut)), None)


def _can_cut(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if before.isspace():
        return False
    if after != " ":
        return not after.isspace() and (_is_wide(before) or _is_wide(after))
    following = text[cut + 1 : cut + 2]
    return following.strip() != "" and not _is_wide(before) and not _is_wide(following)


def _is_wide(character: str) -> bool:
    return ord(character) >= 0x2E80  # CJK radicals and all that follows: ideographs, kana, full-width forms


# --- Comments -------------------------------------------------------------------------------------


def _part_comments(table: pa.Table) -> pa.Table:
    """COVAL of at most 200 bytes, and as many of COVAL1, COVAL2 ... as the longest comment needs."""
    parts = [part_text(text) if text else [text] for text in table["COVAL"].to_pylist()]
    if not parts or (most := max(map(len, parts))) == 1:
        return table
    place = table.column_names.index("COVAL")
    for number in range(most):
        texts = pa.array([found[number] if number < len(found) else None for found in parts], pa.string())
        if number == 0:
            table = table.set_column(place, "COVAL", texts)
        else:
            table = table.add_column(place + number, f"COVAL{number}", texts)
    return table


def _join_comments(table: pa.Table) -> pa.Table:
    """COVAL whole again, where parting it gives the parts that are there."""
    further = [name for number in range(1, _MOST_PARTS) if (name := f"COVAL{number}") in table.column_names]
    if "COVAL" not in table.column_names or not further:
        return table
    found = [[text for text in row.values() if text] for row in table.select(["COVAL", *further]).to_pylist()]
    texts = [join_parts(parts) for parts in found]
    if any(part_text(text) != parts for text, parts in zip(texts, found, strict=True) if parts):
        return table
    whole = pa.array([text or None for text in texts], pa.string())
    return table.set_column(table.column_names.index("COVAL"), "COVAL", whole).drop_columns(further)


# --- Records --------------------------------------------------------------------------------------


def _has_records_of_its_own(name: str, table: pa.Table) -> bool:
    """DM and the domains that number their records: only these can have supplemental qualifiers."""
    return "USUBJID" in table.column_names and (name == "DM" or f"{name}SEQ" in table.column_names)


def _list_texts(table: pa.Table, domain: Domain) -> Iterator[tuple[str, str]]:
    """Variables that may hold a long text, with their labels."""
    for variable in domain.variables:
        short = variable.name in domain.keys or variable.name.endswith(_SHORT)
        if variable.name in table.column_names and variable.type == "Char" and not short:
            yield variable.name, variable.label


def _name_part(variable: str, number: int) -> str:
    """AETERM1; the last letter of a name of eight gives way: AEACNOT1."""
    return f"{variable[:7]}{number}"


def _part_table(table: pa.Table, domain: Domain) -> tuple[pa.Table, list[Row]]:
    further: list[Row] = []
    for name, label in _list_texts(table, domain):
        texts = table[name].cast(pa.string())
        rows = pc.indices_nonzero(
            pc.fill_null(pc.greater(pc.binary_length(texts), LONGEST_TEXT), False)
        ).to_pylist()
        if not rows:
            continue
        parts = {row: part_text(texts[row].as_py()) for row in rows}
        table = _replace(table, name, {row: found[0] for row, found in parts.items()})
        for row, (_first, *others) in parts.items():
            described = _describe_record(table, row, domain.name)
            further += [
                described
                | {
                    "QNAM": _name_part(name, number),
                    "QLABEL": f"{label[:38]} {number}",
                    "QVAL": part,
                    "QORIG": "CRF",
                }
                for number, part in enumerate(others, start=1)
            ]
    return table, further


def _describe_record(table: pa.Table, row: int, domain: str) -> Row:
    variable = None if domain == "DM" else f"{domain}SEQ"
    return {
        "STUDYID": table["STUDYID"][row].as_py() if "STUDYID" in table.column_names else None,
        "RDOMAIN": domain,
        "USUBJID": table["USUBJID"][row].as_py(),
        "IDVAR": variable,
        "IDVARVAL": None if variable is None else str(int(table[variable][row].as_py())),
    }


def _append(supplement: pa.Table | None, rows: list[Row], name: str) -> pa.Table:
    domain = get_domain(name)
    if supplement is None:
        schema = pa.schema([(variable.name, pa.string()) for variable in domain.variables])
        supplement = schema.empty_table()
    added = pa.Table.from_pylist(rows, schema=supplement.schema)
    order = [(key, "ascending") for key in domain.keys if key in supplement.column_names]
    return pa.concat_tables([supplement, added]).sort_by(order)


def _join_table(table: pa.Table, supplement: pa.Table, domain: Domain) -> tuple[pa.Table, set[int]]:
    """The table with whole texts, and the rows of the supplement that they were made of."""
    found = _find_further_parts(supplement, domain)
    used: set[int] = set()
    if not found:
        return table, used
    records = {_identify(table, row, domain): row for row in range(table.num_rows)}
    for name, _label in _list_texts(table, domain):
        whole: dict[int, str] = {}
        for (variable, record), further in found.items():
            if variable != name or record not in records:
                continue
            row, rows = records[record], [further[number] for number in sorted(further)]
            parts = [table[name][row].as_py() or "", *(supplement["QVAL"][r].as_py() or "" for r in rows)]
            if all(parts) and part_text(text := join_parts(parts)) == parts:
                whole[row] = text
                used.update(rows)
        if whole:
            table = _replace(table, name, whole)
    return table, used


def _find_further_parts(supplement: pa.Table, domain: Domain) -> dict[tuple[str, _Key], dict[int, int]]:
    """For each variable and record, the rows of the supplement that may go on with it, by their digit."""
    names = {
        _name_part(variable.name, number): (variable.name, number)
        for variable in domain.variables
        for number in range(1, _MOST_PARTS)
    }
    found: defaultdict[tuple[str, _Key], dict[int, int]] = defaultdict(dict)
    candidates = pc.indices_nonzero(pc.is_in(supplement["QNAM"], pa.array(list(names)))).to_pylist()
    for row in candidates:
        variable, number = names[supplement["QNAM"][row].as_py()]
        found[variable, _identify_parent(supplement, row)][number] = row
    return found


def _identify(table: pa.Table, row: int, domain: Domain) -> _Key:
    number = None if domain.name == "DM" else table[f"{domain.name}SEQ"][row].as_py()
    return table["USUBJID"][row].as_py(), number


def _identify_parent(supplement: pa.Table, row: int) -> _Key:
    value = supplement["IDVARVAL"][row].as_py()
    is_number = value is not None and re.fullmatch(r"\s*\d+(\.0*)?\s*", value)
    return supplement["USUBJID"][row].as_py(), float(value) if is_number else value


def _replace(table: pa.Table, name: str, texts: Mapping[int, str]) -> pa.Table:
    values = table[name].to_pylist()
    for row, text in texts.items():
        values[row] = text
    return table.set_column(table.column_names.index(name), name, pa.array(values, table[name].type))
