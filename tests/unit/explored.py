"""Hand-made subjects with one outcome, as an estimate of the explorations gets them."""

import json
from pathlib import Path

import pyarrow as pa

from grevy.definition import load_study
from grevy.definition.analysis_plan import Covariate, Models
from grevy.definition.words import Text
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames

REFERENCE = Path(__file__).parents[1] / "reference"
LUNG = json.loads((REFERENCE / "data.json").read_text(encoding="utf-8"))["sets"]["lung"]
N = len(LUNG["time"])
STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")


def read(subjects, days, event, covariates, values=None, **more):
    """PFS of subjects whose covariates are given as columns; `values` are settings, `more` data sets."""
    n = len(days)
    keys = {"STUDYID": ["S"] * n, "USUBJID": [f"S-{i:04d}" for i in range(n)], "ASEQ": [1] * n}
    adsl = keys | {"FASFL": ["Y"] * n, "SAFFL": ["Y"] * n} | subjects
    adtte = keys | {"PARAMCD": ["PFS"] * n, "AVAL": days, "CNSR": [1 - int(one) for one in event]}
    plan = STUDY.analysis.with_values(values or {}).model_copy(
        update={"models": Models(covariates=tuple(covariates))}
    )
    tables = {"ADSL": adsl, "ADTTE": adtte} | more
    frames = collect_frames({name: pa.table(columns) for name, columns in tables.items()})
    return AnalysisData(frames, STUDY, read_conventions(plan), plan)


def number(variable):
    """A covariate whose ratio is per unit."""
    return Covariate(variable=variable, label=Text(en=variable, zh=variable), per="1")


def level(variable, reference):
    """A covariate of levels."""
    return Covariate(variable=variable, label=Text(en=variable, zh=variable), reference=reference)


def cell(rows, line, column):
    """The one row of a line and a column."""
    (row,) = (row for row in rows if row.line.id == line and row.column.id == column)
    return row


def read_lung(**settings):
    """The lung cancer data of R's survival package, in five centers; every other one had a severe event."""
    subjects = {
        "AGE": [float(x) for x in LUNG["age"]],
        "SEX": ["M" if x == 1 else "F" for x in LUNG["sex"]],
        "SITEID": [f"{i % 5}" for i in range(N)],
    }
    values = {f"prediction.{name}": str(value) for name, value in ({"repeats": 6} | settings).items()}
    adae = {
        "STUDYID": ["S"] * (N // 2), "USUBJID": [f"S-{i:04d}" for i in range(0, N - 1, 2)],
        "ASEQ": [1] * (N // 2), "TRTEMFL": ["Y"] * (N // 2), "ATOXGR": [3.0] * (N // 2),
    }  # fmt: skip
    covariates = [number("AGE"), level("SEX", "M")]
    return read(subjects, [float(x) for x in LUNG["time"]], LUNG["event"], covariates, values, ADAE=adae)
