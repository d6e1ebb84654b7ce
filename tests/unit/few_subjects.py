"""A study of a few subjects, drawn as dictionaries, for estimates that are counted by hand."""

from datetime import date

import pyarrow as pa

from grevy.definition import load_study
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames

STUDY = load_study("studies/surufatinib_nen")
FIRST_DOSE = date(2026, 1, 1)


def make_table(rows):
    """Rows as a table; a variable that a row does not have is null."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def number_rows(rows):
    """Give the rows of each subject their sequence."""
    places = {}
    for row in rows:
        places[row["USUBJID"]] = places.get(row["USUBJID"], 0) + 1
        yield {"STUDYID": "S", "ASEQ": places[row["USUBJID"]], **row}


def make_data(plan=STUDY.analysis, **datasets):
    """The analysis of some data sets; a treated subject of the safety set unless its rows say otherwise."""
    treated = {"SAFFL": "Y", "TRTSDT": FIRST_DOSE, "COHORT": "MONO"}
    datasets["ADSL"] = [treated | row for row in datasets["ADSL"]]
    tables = {name: make_table(list(number_rows(rows))) for name, rows in datasets.items() if rows}
    return AnalysisData(collect_frames(tables), STUDY, read_conventions(plan), plan)


def print_rows(rows):
    """{row id: {column: printed text}}"""
    printed = {}
    for row in rows:
        printed.setdefault(row.line.id, {})[row.column.id] = row.text
    return printed
