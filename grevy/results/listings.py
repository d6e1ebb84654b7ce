"""Listings of section 16.2: one line per record, as recorded and as derived, with the record behind it.

A listing is declared: data set, which records, in which order, which columns. Its lines are a table of their
own and not result rows: what is printed of a record is one text per column and language, made once here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from grevy.results.format import MINUS, format_fixed
from grevy.results.frames import AnalysisData, Records
from grevy.results.labels import Label, find_label
from grevy.results.rows import Line, Row

WORDS = "*"
"""In the place of a code list: the wording that the tables use (yes and no, terms, reasons)."""
ENTRIES = Label("Entries", "条目数")
SUBJECTS = Label("Subjects with an entry", "有条目的受试者例数")


@dataclass(frozen=True)
class Item:
    """A column: a variable with its name in both languages, and the code list that names its values.

    `flag` is the variable that says which part of a date is imputed; `name` names values that no code list
    has; `decimals` are those of derived numbers, recorded ones stand as they are; `in_words` is the variable
    of results that are no number (3+ on a dipstick).
    """

    variable: str
    label: Label
    codelist: str | None = None
    flag: str | None = None
    name: Callable[[AnalysisData, str], Label] | None = None
    decimals: int | None = None
    in_words: str | None = None


Shape = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Listing:
    """Which records of a data set are listed, in which order (within a subject) and with which columns.

    `rule` says what is left out; `shape` makes one line of several records, their ASEQ in RECORDS.
    """

    id: str
    title: Label
    analysis_set: str
    dataset: str
    items: tuple[Item, ...]
    order: tuple[str, ...] = ("ASEQ",)
    chosen: Callable[[ir.Table], ir.BooleanValue] | None = None
    needed: tuple[str, ...] = ()
    shape: Shape | None = None
    rule: Label | None = None
    switches: tuple[str, ...] = ()

    @property
    def variables(self) -> list[str]:
        """All variables that are read of the data set."""
        flags = [name for item in self.items for name in (item.flag, item.in_words) if name]
        shown = [] if self.shape else [item.variable for item in self.items]
        named = (*shown, *flags, *self.order, *self.needed)
        return [name for name in dict.fromkeys(named) if name not in ("USUBJID", "ASEQ")]


@dataclass(frozen=True)
class Listed:
    """The lines of a listing: subject, ASEQ of the records behind, and a text per column and language."""

    listing: Listing
    subjects: Sequence[str]
    records: Sequence[tuple[int, ...]]
    en: Sequence[Sequence[str]]
    zh: Sequence[Sequence[str]]

    def to_table(self) -> pa.Table:
        """The listing as data: a column per variable, and one more where Chinese differs."""
        columns: dict[str, Any] = {
            "USUBJID": list(self.subjects),
            "DATASET": [self.listing.dataset] * len(self.subjects),
            "ASEQ": [list(own) for own in self.records],
        }
        for item, en, zh in zip(self.listing.items, self.en, self.zh, strict=True):
            columns[item.variable] = list(en)
            if list(zh) != list(en):
                columns[f"{item.variable}_ZH"] = list(zh)
        types = {name: pa.string() for name in columns} | {"ASEQ": pa.list_(pa.int64())}
        return pa.table({name: pa.array(values, types[name]) for name, values in columns.items()})


def collect_listings(
    adam: Mapping[str, Any], data: AnalysisData, listings: Sequence[Listing]
) -> dict[str, Listed]:
    """Write out every listing whose data set is there."""
    found = {name: _as_expression(adam[name]) for name in {x.dataset for x in listings} if name in adam}
    return {
        listing.id: _write_out(listing, found[listing.dataset], data)
        for listing in listings
        if listing.dataset in found
    }


def name_subjects(data: AnalysisData) -> dict[str, Label]:
    """What stands over the lines of a subject: identifier, regimen, sex, age."""
    regimens = {column.value: column.label for column in data.regimens}
    subjects = data.subjects
    names = {}
    for name, regimen, sex, age in zip(
        *(subjects[column].tolist() for column in ("USUBJID", "COHORT", "SEX", "AGE")), strict=True
    ):
        said = [regimens.get(regimen), find_label(data.study, "sex", sex) if sex else None]
        if not np.isnan(age):
            said.append(Label(f"{age:.0f} years", f"{age:.0f}岁"))
        parts = [part for part in said if part]
        names[name] = Label(
            ", ".join([name, *(part.en for part in parts)]), "，".join([name, *(part.zh for part in parts)])
        )
    return names


def count_entries(data: AnalysisData, *, listing: Listing) -> Iterator[Row]:
    """How many entries a listing has, and of how many subjects; nothing where the data set is absent."""
    listed = data.listed.get(listing.id)
    if listed is None:
        return
    total = data.regimens[-1]
    records = _find_records(data, listed)
    for name, label, operation, count in (
        ("ENTRIES", ENTRIES, "entries", len(listed.subjects)),
        ("SUBJECTS", SUBJECTS, "count", len(set(listed.subjects))),
    ):
        line = Line(name, label, operation, where=listing.rule.en if listing.rule else None)
        yield Row(line, total, float(count), str(count), records=records)


def _find_records(data: AnalysisData, listed: Listed) -> Records:
    """The records of all lines, by their position in the sorted frame."""
    lengths = [len(own) for own in listed.records]
    wanted = pd.MultiIndex.from_arrays(
        [
            np.repeat(np.array(listed.subjects, dtype=object), lengths),
            [n for own in listed.records for n in own],
        ]
    )
    frame = data[listed.listing.dataset]
    known = pd.MultiIndex.from_frame(frame[["USUBJID", "ASEQ"]])
    return Records(listed.listing.dataset, np.sort(known.get_indexer(wanted)).astype(np.intp))


# ---- Records ---------------------------------------------------------------------------------------------


def _as_expression(table: Any) -> ir.Table:
    return ibis.memtable(table) if isinstance(table, pa.Table) else table


def _write_out(listing: Listing, table: ir.Table, data: AnalysisData) -> Listed:
    frame = _collect(listing, table)
    members = set(data.subjects["USUBJID"][data.in_set(listing.analysis_set)])
    frame = frame[frame["USUBJID"].isin(members)]
    if listing.shape:
        frame = listing.shape(frame)
        shown = [item.variable for item in listing.items]  # nobody may have a parameter of a line
        frame = frame.reindex(columns=list(dict.fromkeys([*frame.columns, *shown])))
    else:
        frame = frame.assign(RECORDS=pd.Series([[number] for number in frame["ASEQ"]], index=frame.index))
    order = [name for name in ("USUBJID", *listing.order) if name in frame.columns]
    frame = frame.sort_values(order, kind="stable", na_position="first", ignore_index=True)
    pairs = [_write_column(frame, item, data) for item in listing.items]
    return Listed(
        listing,
        frame["USUBJID"].tolist(),
        [tuple(sorted(int(number) for number in own)) for own in frame["RECORDS"]],
        [pair[0] for pair in pairs],
        [pair[1] for pair in pairs],
    )


def _collect(listing: Listing, table: ir.Table) -> pd.DataFrame:
    """Fetch the chosen records with what is shown of them; what a data set lacks is missing."""
    known = {name for name, kind in table.schema().items() if not kind.is_null()}
    absent = {name: ibis.null(_type_of(name)) for name in listing.variables if name not in known}
    if "ASEQ" not in table.columns:
        absent["ASEQ"] = ibis.literal(1)
    whole = table.mutate(**absent) if absent else table
    chosen = whole.filter(listing.chosen(whole)) if listing.chosen else whole
    arrow = chosen.select("USUBJID", "ASEQ", *listing.variables).to_pyarrow()
    return arrow.to_pandas(date_as_object=False).sort_values(["USUBJID", "ASEQ"], ignore_index=True)


NUMBERS = {"AVAL", "BASE", "CHG", "PCHG", "NADIR", "AVISITN", "A1LO", "A1HI", "CNSR", "ASMT", "KI67", "AGE"}


def _type_of(name: str) -> str:
    if name.endswith("DT"):
        return "date"
    return "float64" if name in NUMBERS or name.startswith(("ATOXGR", "BTOXGR")) else "string"


# ---- Texts -----------------------------------------------------------------------------------------------


def _write_column(frame: pd.DataFrame, item: Item, data: AnalysisData) -> tuple[list[str], list[str]]:
    """The texts of a column in both languages; each distinct value is written once."""
    values = frame[item.variable]
    if pd.api.types.is_datetime64_any_dtype(values):
        texts = values.dt.strftime("%Y-%m-%d").astype(object).where(values.notna(), "")
        if item.flag:
            marks = frame[item.flag].fillna("").astype(str)
            texts = texts.where(marks == "", texts + " (" + marks + ")")
        return texts.tolist(), texts.tolist()
    numeric = pd.api.types.is_numeric_dtype(values)
    known = {
        value: _write_number(value, item.decimals) if numeric else str(value)
        for value in values.dropna().unique()
    }
    en = [known.get(value, "") for value in values.tolist()]
    if item.in_words:
        words = frame[item.in_words].fillna("").astype(str)
        en = [number or word for number, word in zip(en, words, strict=True)]
    if numeric or (item.codelist is None and item.name is None):
        return en, en
    codelist = None if item.codelist == WORDS else item.codelist
    labels = {
        text: item.name(data, text) if item.name else find_label(data.study, codelist, text)
        for text in set(en) - {""}
    } | {"": Label("", "")}
    return [labels[text].en for text in en], [labels[text].zh for text in en]


def _write_number(value: float, decimals: int | None) -> str:
    """A number as recorded, without the noise of binary fractions; the minus sign of the tables."""
    if decimals is not None:
        return format_fixed(value, decimals)
    return f"{value:.6g}".replace("-", MINUS)
