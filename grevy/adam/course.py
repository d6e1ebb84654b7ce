"""The course of one subject's tumor as the analysis sees it, while it is being entered.

The forms of one subject go in, the rows of ADTR and ADRS come out, made by the functions that make the data
sets: tabulated by `sdtm`, judged by `assessments` and `best_response`. Only the engine differs
(`few_rows`), and it is written down once per study version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir

from grevy.adam.adrs import build_adrs
from grevy.adam.adsl import derive_reference_dates
from grevy.adam.adtr import build_adtr
from grevy.adam.assessments import derive_visit_responses
from grevy.adam.few_rows import Program, write_program
from grevy.adam.tumor import analyse_tumors
from grevy.definition import Study
from grevy.sdtm.domains import conform
from grevy.sdtm.exposure import build_exposure, build_procedures, build_therapies
from grevy.sdtm.subjects import build_subjects
from grevy.sdtm.timing import build_exposure_period, derive_visit
from grevy.sdtm.tumors import build_tumor_domains
from grevy.snapshot import Revision, build_form_tables

Row = dict[str, Any]


@dataclass(frozen=True)
class Course:
    """What the analysis makes of the entries of one subject, in the columns of its data sets.

    visits: one row per assessment after baseline: EVENTID and EVENTSEQ of its entry, the sums and the answers
    to the questions that make its response (`assessments`). subject: first dose and other dates.
    """

    adtr: list[Row]
    adrs: list[Row]
    visits: list[Row]
    lesions: list[Row]
    best: list[Row]
    subject: list[Row]

    def visit(self, event: str, event_seq: int) -> Row | None:
        """The assessment that was entered at a visit; None where it does not count as one (yet)."""
        found = (v for v in self.visits if (v["EVENTID"], v["EVENTSEQ"]) == (event, event_seq))
        return next(found, None)

    def response(self, parameter: str, assessment: int | None = None) -> Row | None:
        """The row of ADRS of a parameter, at an assessment or for the whole course."""
        found = (r for r in self.adrs if (r["PARAMCD"], r["ASMT"]) == (parameter, assessment))
        return next(found, None)

    def sum_at(self, assessment: int) -> Row | None:
        """The row of ADTR with the sum of diameters at an assessment; 0 is baseline."""
        found = (r for r in self.adtr if (r["PARAMCD"], r["ASMT"]) == ("SUMDIAM", assessment))
        return next(found, None)


def compute_course(study: Study, revisions: Iterable[Revision]) -> Course:
    """The course of one subject from the last revision of each of its records."""
    written = write_course(study)
    wanted = [one for one in revisions if one.form in written.forms]
    tables = build_form_tables(study, wanted, forms=written.forms)
    return Course(**written.program.run({name: tables[name] for name in written.tables}))


@dataclass(frozen=True)
class WrittenCourse:
    """The derivation as functions, and the form tables it reads."""

    program: Program
    tables: tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.split("__")[0] for name in self.tables))


class _ByHash:
    """A study as a key of a cache: equal versions have equal hashes."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def __hash__(self) -> int:
        return hash(self.study.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and other.study.hash == self.study.hash


def write_course(study: Study) -> WrittenCourse:
    """The derivation of a study version, written down the first time it is asked for (about a second)."""
    return _write_course(_ByHash(study))


@lru_cache(maxsize=4)
def _write_course(key: _ByHash) -> WrittenCourse:
    study = key.study
    empty = build_form_tables(study, ())
    schemas = {name: ibis.Schema.from_pyarrow(table.schema) for name, table in empty.items()}
    program = write_program(schemas, lambda tables, keep: _derive_course(tables, study, keep))
    return WrittenCourse(program, tuple(name for name in schemas if name in program.reads))


def _derive_course(
    tables: dict[str, ir.Table], study: Study, keep: Callable[[ir.Table], ir.Table]
) -> dict[str, ir.Table]:
    plan = study.analysis
    period = keep(build_exposure_period(tables))
    treatment = {
        "DM": build_subjects(tables, study, period),
        "EX": build_exposure(tables, study),
        "CM": build_therapies(tables, study),
        "PR": build_procedures(tables, study),
    }
    domains = {domain: keep(conform(rows, domain)) for domain, rows in treatment.items() if rows is not None}
    dates = keep(derive_reference_dates(domains, plan, keep=keep))
    tumor = build_tumor_domains(tables, study, period, keep=keep)
    analysis = analyse_tumors(tumor["TU"], tumor["TR"], tumor["RS"], dates, plan, keep=keep)
    adtr = keep(build_adtr(analysis))
    judged = keep(derive_visit_responses(analysis.sums, plan))
    return {
        "adtr": adtr,
        "adrs": keep(build_adrs(analysis, adtr, keep=keep)),
        "visits": _name_visits(judged, analysis.records.visits, tables),
        "lesions": analysis.lesions,
        "best": analysis.best,
        "subject": dates,
    }


def _name_visits(judged: ir.Table, numbered: ir.Table, tables: dict[str, ir.Table]) -> ir.Table:
    """Judged assessments with the event that each was entered at."""
    entered = derive_visit(tables["tumor_assessment"].select("EVENTID", "EVENTSEQ"))
    entered = entered.select("EVENTID", "EVENTSEQ", "VISITNUM").distinct()
    named = judged.inner_join(numbered.select("ASMT", "VISITNUM", "VISIT"), "ASMT")
    return named.left_join(entered, "VISITNUM").drop("VISITNUM_right")
