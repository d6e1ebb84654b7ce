"""Through the public door: subjects in, analysis records out, as plain rows indexed for comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from grevy.adam import build_adam
from grevy.definition import load_study
from tests.oracles.subjects import Subject, conform_all, tabulate

STUDY_FOLDER = Path(__file__).parents[2] / "studies" / "surufatinib_nen"

ADTR_COLUMNS = [
    "USUBJID", "PARAMCD", "TRLNKID", "ADT", "AVISITN", "AVAL", "AVALAV", "BASE", "PCHG", "NADIR", "CHGNAD",
    "PCHGNAD", "ABLFL",
]  # fmt: skip
ADRS_COLUMNS = ["USUBJID", "PARAMCD", "ADT", "AVISITN", "AVALC", "ANL01FL"]
ADTTE_COLUMNS = [
    "USUBJID", "PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR",
]  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """The rows of ADTR, ADRS and ADTTE by subject and parameter."""

    adtr: Mapping[tuple[str, str], list[dict]]
    adrs: Mapping[tuple[str, str], list[dict]]
    adtte: Mapping[tuple[str, str], list[dict]]

    def only(self, dataset: str, usubjid: str, paramcd: str) -> dict | None:
        """The one row of a parameter that has at most one per subject."""
        rows = getattr(self, dataset).get((usubjid, paramcd), [])
        assert len(rows) <= 1, f"{dataset}: {len(rows)} rows of {paramcd} for {usubjid}"
        return rows[0] if rows else None

    def by_date(self, usubjid: str, paramcd: str) -> list[dict]:
        rows = self.adrs.get((usubjid, paramcd), [])
        return sorted(rows, key=lambda row: (row["ADT"], row["AVISITN"] or 0))


@cache
def study_plan():
    return load_study(STUDY_FOLDER).analysis


def analyse(
    subjects: Iterable[Subject],
    switches: Mapping[str, str] | None = None,
    cutoff: date | None = None,
    change_tables=None,
) -> Analysis:
    """Tabulate the subjects, derive, and read back what is compared."""
    tables = tabulate(subjects)
    if change_tables is not None:
        tables = change_tables(tables)
    plan = study_plan()
    if switches:
        plan = plan.with_values(dict(switches))
    adam = build_adam(conform_all(tables), plan, cutoff=cutoff)
    return Analysis(
        adtr=index(adam["ADTR"], ADTR_COLUMNS),
        adrs=index(adam["ADRS"], ADRS_COLUMNS),
        adtte=index(adam["ADTTE"], ADTTE_COLUMNS),
    )


def index(table, columns: list[str]) -> dict[tuple[str, str], list[dict]]:
    rows: dict[tuple[str, str], list[dict]] = defaultdict(list)
    arrow = table.select(columns).to_pyarrow()
    for values in zip(*(arrow[column].to_pylist() for column in columns), strict=True):
        row = dict(zip(columns, values, strict=True))
        rows[row["USUBJID"], row["PARAMCD"]].append(row)
    return rows
