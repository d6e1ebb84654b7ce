"""Revisions as typed tables: one per form, and one per group of a form's repeating rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pyarrow as pa

from grevy.definition import Study
from grevy.snapshot.entries import ROW_KEY, RecordKey, Revision, canonical_json

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
KEY_COLUMNS: dict[str, pa.DataType] = {
    "STUDYID": pa.string(),
    "SITEID": pa.string(),
    "SUBJID": pa.string(),
    "USUBJID": pa.string(),
    "EVENTID": pa.string(),
    "EVENTSEQ": pa.int64(),
    "FORMSEQ": pa.int64(),
    "REVISION": pa.string(),
    "REVNO": pa.int64(),
    "ENTERED_AT": UTC_MICROSECONDS,
    "ENTERED_BY": pa.string(),
    "STUDYVER": pa.string(),
}
ROW_COLUMNS: dict[str, pa.DataType] = {"ROWNO": pa.int64(), "ROWKEY": pa.string()}

# A partial date stays text: what was not known is not made up here (ICH E9, missing data; SDTMIG 4.4.2).
COLUMN_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "partial_date": pa.string(),
    # a quantity keeps the unit it was typed with: "132 g/L"
    "quantity": pa.string(),
    "datetime": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(18, 6),
    "date": pa.date32(),
}


def build_form_tables(
    study: Study, revisions: Iterable[Revision], *, forms: Collection[str] | None = None
) -> dict[str, pa.Table]:
    """One table per form (`form`) and per group (`form__group`), one row per record and per group row.

    Takes one revision per record (see `latest_revisions`). A form without records has an empty table;
    ``forms`` are those wanted, all of them if not said.
    """
    wanted = study.forms if forms is None else {name: study.forms[name] for name in forms}
    by_form: dict[str, list[Revision]] = {name: [] for name in wanted}
    for revision in revisions:
        if revision.form not in by_form:
            raise ValueError(f"{revision.revision}: form '{revision.form}' is not in study {study.id}.")
        if not revision.withdrawn:
            by_form[revision.form].append(revision)
    tables = {}
    for name, form in wanted.items():
        records = sorted(by_form[name], key=lambda revision: revision.record_key)
        _check_one_revision_per_record(records)
        keys = [_keys(study.id, revision) for revision in records]
        tables[name] = _table(KEY_COLUMNS, keys, form.items, [revision.values for revision in records], name)
        for group in form.groups:
            rows = [
                ((*key, number, str(row.get(ROW_KEY, number))), row)
                for key, revision in zip(keys, records, strict=True)
                for number, row in enumerate(revision.values.get(group.name) or (), start=1)
            ]
            tables[f"{name}__{group.name}"] = _table(
                KEY_COLUMNS | ROW_COLUMNS,
                [key for key, _ in rows],
                group.items,
                [row for _, row in rows],
                f"{name}.{group.name}",
            )
    return tables


def build_revision_table(revisions: Iterable[Revision]) -> pa.Table:
    """The whole history, one row per revision, ordered by record and number; the values as canonical JSON."""
    ordered = sorted(revisions, key=lambda revision: (revision.record_key, revision.revno))
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "REVISION": (pa.string(), [r.revision for r in ordered]),
        "REVNO": (pa.int64(), [r.revno for r in ordered]),
        "SITEID": (pa.string(), [r.site for r in ordered]),
        "SUBJID": (pa.string(), [r.subject for r in ordered]),
        "EVENTID": (pa.string(), [r.event for r in ordered]),
        "EVENTSEQ": (pa.int64(), [r.event_seq for r in ordered]),
        "FORM": (pa.string(), [r.form for r in ordered]),
        "FORMSEQ": (pa.int64(), [r.form_seq for r in ordered]),
        "AT": (UTC_MICROSECONDS, [r.at for r in ordered]),
        "BY": (pa.string(), [r.by for r in ordered]),
        "ROLE": (pa.string(), [r.role for r in ordered]),
        "REASON": (pa.string(), [r.reason or None for r in ordered]),
        "ORIGIN": (pa.string(), [r.origin for r in ordered]),
        "STUDYVER": (pa.string(), [r.study_version for r in ordered]),
        "WITHDRAWN": (pa.bool_(), [r.withdrawn for r in ordered]),
        "VALUES": (pa.string(), [canonical_json(r.values) for r in ordered]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _keys(study_id: str, r: Revision) -> tuple[Any, ...]:
    usubjid = f"{study_id}-{r.subject}"
    place = (study_id, r.site, r.subject, usubjid, r.event, r.event_seq, r.form_seq)
    return (*place, r.revision, r.revno, r.at, r.by, r.study_version)


def _table(
    key_types: dict[str, pa.DataType],
    keys: Sequence[tuple[Any, ...]],
    items: Iterable[Any],
    rows: Sequence[dict[str, Any]],
    place: str,
) -> pa.Table:
    columns = {
        name: pa.array([key[position] for key in keys], kind)
        for position, (name, kind) in enumerate(key_types.items())
    }
    for item in items:
        columns[item.name] = _column([row.get(item.name) for row in rows], item.type, f"{place}.{item.name}")
    return pa.table(columns)


def _column(values: list[Any], item_type: str, place: str) -> pa.Array:
    """One typed column; text becomes dates and decimals by a cast of the whole column."""
    kind = COLUMN_TYPES[item_type]
    try:
        if item_type in ("decimal", "date"):
            return pa.array(values, pa.string()).cast(kind)
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        # Arrow's own message would carry the value, and a patient's value belongs in no log.
        raise ValueError(f"{place}: a stored value is not of type {item_type}.") from error


def _check_one_revision_per_record(records: Sequence[Revision]) -> None:
    counts: Counter[RecordKey] = Counter(revision.record_key for revision in records)
    doubled = [key for key, count in counts.items() if count > 1]
    if doubled:
        raise ValueError(
            f"{len(doubled)} records with more than one revision, the first {doubled[0]}; "
            "expected the latest one of each. Choose them with latest_revisions()."
        )
