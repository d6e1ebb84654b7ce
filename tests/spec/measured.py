"""Builders for the data sets of measurements: one treated subject, records drawn as a table."""

from datetime import date

import ibis
import pyarrow as pa

from grevy.definition import load_study
from grevy.sdtm.domains import conform
from tests.spec.conftest import read_drawn

PLAN = load_study("studies/surufatinib_nen").analysis

# treated from 10 March to 20 May 2024
SUBJECT = {
    "STUDYID": "S", "USUBJID": "1", "COHORT": "MONO", "SAFFL": "Y", "FASFL": "Y", "NENGRP": "NET G1/G2",
    "TRTSDT": date(2024, 3, 10), "TRTEDT": date(2024, 5, 20), "RFXSTDTC": "2024-03-10T09:00", "AGE": 60.0,
    "SEX": "M", "HEIGHT": 170.0, "WEIGHT": 70.0,
}  # fmt: skip
TEXT = {"USUBJID", "STUDYID", "VISIT", "LBCAT", "LBSPEC"}


def build(build_data_set, domain: str, drawn: str, switches: dict | None = None, **fields) -> list[dict]:
    """Rows of a data set from drawn records of a domain, in the order of ASEQ; `fields` of the plan."""
    table = read_drawn(drawn)
    table = table.append_column("STUDYID", pa.array(["S"] * len(table)))
    table = table.append_column("USUBJID", pa.array(["1"] * len(table)))
    if f"{domain}SEQ" not in table.column_names:
        table = table.append_column(f"{domain}SEQ", pa.array([float(n + 1) for n in range(len(table))]))
    adsl = ibis.memtable(pa.Table.from_pylist([SUBJECT]))
    built = build_data_set(
        conform(ibis.memtable(table), domain),
        adsl,
        PLAN.with_values(switches or {}).model_copy(update=fields),
        keep=lambda expression: ibis.memtable(expression.to_pyarrow()),
    )
    return sorted(built.to_pyarrow().to_pylist(), key=lambda row: row["ASEQ"])


def pick(rows: list[dict], code: str, *columns: str) -> list:
    """Values of the records of a parameter: a list of tuples, or of values for one column."""
    found = [tuple(row[name] for name in columns) for row in rows if row["PARAMCD"] == code]
    return [values[0] for values in found] if len(columns) == 1 else found
