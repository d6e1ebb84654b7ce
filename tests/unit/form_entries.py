"""Builders of tabulation tests: entries of the real study's forms as tables, and the tabulation of them."""

from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa

from grevy.sdtm import build_sdtm

SCHEMA = {
    "text": pa.string(),
    "code": pa.string(),
    "partial_date": pa.string(),
    "quantity": pa.string(),
    "datetime": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(18, 6),
    "date": pa.date32(),
}
KEYS = {
    "STUDYID": pa.string(),
    "SITEID": pa.string(),
    "SUBJID": pa.string(),
    "USUBJID": pa.string(),
    "EVENTID": pa.string(),
    "EVENTSEQ": pa.int64(),
    "FORMSEQ": pa.int64(),
    "REVISION": pa.string(),
}
ROW_KEYS = {"ROWNO": pa.int64(), "ROWKEY": pa.string()}


def tabulate(study, entries):
    """Build SDTM from entries: (form, subject, event, number, values) with lists for groups."""
    tables = {name: ibis.memtable(table) for name, table in build_tables(study, entries).items()}
    return {name: table.to_pyarrow().to_pylist() for name, table in build_sdtm(tables, study).items()}


def build_tables(study, entries):
    rows = {}
    for form in study.forms.values():
        rows[form.name] = []
        for group in form.groups:
            rows[f"{form.name}__{group.name}"] = []
    sequences = {}
    for form, subject, event, number, values in entries:
        place = (form, subject, event, number)
        sequences[place] = sequences.get(place, 0) + 1
        key = {
            "STUDYID": study.id,
            "SITEID": subject[:2],
            "SUBJID": subject,
            "USUBJID": f"{study.id}-{subject}",
            "EVENTID": event,
            "EVENTSEQ": number,
            "FORMSEQ": sequences[place],
            "REVISION": f"{form}/{subject}/{event}-{number}/{sequences[place]}",
        }
        rows[form].append(key | {k: v for k, v in values.items() if not isinstance(v, list)})
        for name, group_rows in ((k, v) for k, v in values.items() if isinstance(v, list)):
            for index, row in enumerate(group_rows, start=1):
                rows[f"{form}__{name}"].append(key | {"ROWNO": index, "ROWKEY": f"r{index}"} | row)
    return {name: build_table(study, name, records) for name, records in rows.items()}


def build_table(study, name, records):
    form, _, group = name.partition("__")
    items = study.forms[form].items
    schema = dict(KEYS)
    if group:
        items = next(g.items for g in study.forms[form].groups if g.name == group)
        schema |= ROW_KEYS
    schema |= {item.name: SCHEMA[item.type] for item in items}
    unknown = {key for record in records for key in record} - set(schema)
    assert not unknown, f"{name}: no item {unknown}"
    decimals = {item.name for item in items if item.type == "decimal"}
    records = [{k: Decimal(v) if k in decimals and v else v for k, v in record.items()} for record in records]
    return pa.Table.from_pylist(records, schema=pa.schema(list(schema.items())))


def d(text):
    return date.fromisoformat(text)


FIRST_DOSE = "2024-03-01"


def treated(subject, regimen="MONO", dose=300, partners=()):
    """The entries of a subject who was screened and took a first dose on 2024-03-01."""
    screening = ("SCREENING", 1)
    return [
        ("informed_consent", subject, *screening, {"consent_date": d("2024-02-10")}),
        (
            "demographics",
            subject,
            *screening,
            {"birth_date": "1960-02", "sex": "F", "ethnicity": "HAN", "height_cm": "160.5", "ecog": "1"},
        ),
        ("eligibility", subject, *screening, {"decision": "ELIGIBLE", "decision_date": d("2024-02-20")}),
        (
            "regimen_decision",
            subject,
            *screening,
            {"regimen": regimen, "reason": "GUIDELINE", "partners": list(partners)},
        ),
        (
            "surufatinib_dosing",
            subject,
            "LOG",
            1,
            {"start_date": d(FIRST_DOSE), "dose_mg": dose, "schedule": "QD"},
        ),
    ]


def pick(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]
