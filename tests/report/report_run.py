"""A small run made by hand: five subjects, with a correction, a hostile term and a number without a trace."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from grevy.report import describe_document, write_report
from grevy.report.document import Document
from grevy.results import Results, build_results
from grevy.snapshot.entries import Entry, number_revisions
from grevy.snapshot.tables import build_revision_table

STUDY = "SURU-NEN"
HOSTILE = '</script><img src=x onerror="alert(1)">&'
SNAPSHOT = "4f1c9a2e" * 8
DAY = dt.date.fromisoformat


def usubjid(subject: str) -> str:
    return f"{STUDY}-{subject}"


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows with unequal keys as one table; numbers of the tabulation as floats."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})


@dataclass
class RunBuilder:
    """Collects entries, tabulation and analysis rows that belong together."""

    entries: list[Entry] = field(default_factory=list)
    sdtm: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    adam: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    trace: list[dict[str, Any]] = field(default_factory=list)

    def enter(self, subject: str, event: str, form: str, values: dict[str, Any], **more: Any) -> None:
        """An entry by a coordinator, an hour after the one before it."""
        at = dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC) + dt.timedelta(hours=len(self.entries))
        facts = {
            "event_seq": 1,
            "form_seq": 1,
            "by": "li.na",
            "role": "CRC",
            "reason": None,
            "origin": "simulated",
        }
        facts |= more
        self.entries.append(
            Entry(site=subject[:2], subject=subject, event=event, form=form, values=values, at=at, **facts)
        )

    def tabulate(
        self,
        domain: str,
        subject: str,
        form: str,
        event: str,
        event_seq: int = 1,
        *,
        row: str | None = None,
        revno: int = 1,
        form_seq: int = 1,
        **values: Any,
    ) -> float | None:
        """A tabulation record with the form revision that it was made from; returns its number."""
        rows = self.sdtm.setdefault(domain, [])
        seq = None
        if domain != "DM":
            seq = 1.0 + sum(r["USUBJID"] == usubjid(subject) for r in rows)
            values = {f"{domain}SEQ": seq, **values}
        rows.append({"STUDYID": STUDY, "DOMAIN": domain, "USUBJID": usubjid(subject), **values})
        self.trace.append({
            "DOMAIN": domain, "USUBJID": usubjid(subject), "SEQ": seq, "FORM": form, "EVENTID": event,
            "EVENTSEQ": event_seq, "FORMSEQ": form_seq, "ROWKEY": row,
            "REVISION": f"{subject}/{event}.{event_seq}/{form}.{form_seq}#{revno}",
        })  # fmt: skip
        return seq

    def derive(self, dataset: str, subject: str, **values: Any) -> int:
        rows = self.adam.setdefault(dataset, [])
        seq = 1 + sum(r["USUBJID"] == usubjid(subject) for r in rows)
        rows.append({"STUDYID": STUDY, "USUBJID": usubjid(subject), "ASEQ": seq, **values})
        return seq

    def finish(self, study: Any) -> Run:
        """Number the revisions and estimate the results."""
        revisions = list(number_revisions(self.entries, study.version))
        names = {
            (r.subject, r.event, r.event_seq, r.form, r.form_seq, r.revno): r.revision for r in revisions
        }
        for row in self.trace:
            subject = row["USUBJID"].removeprefix(f"{STUDY}-")
            key = (subject, row["EVENTID"], row["EVENTSEQ"], row["FORM"], row["FORMSEQ"])
            row["REVISION"] = names[*key, int(row["REVISION"].rpartition("#")[2])]
        adam = {name: table(rows) for name, rows in self.adam.items()}
        results = build_results(adam, study, study.analysis, SNAPSHOT)
        sdtm = {name: table(rows) for name, rows in self.sdtm.items()}
        return Run(study, adam, sdtm, table(self.trace), build_revision_table(revisions), results)


@dataclass(frozen=True)
class Run:
    study: Any
    adam: dict[str, pa.Table]
    sdtm: dict[str, pa.Table]
    trace: pa.Table
    revisions: pa.Table
    results: Results

    def describe(self, results: Results | None = None, **options: Any) -> Document:
        """The report of the run, before any format."""
        facts = {"adam": self.adam, "revisions": self.revisions, "study": self.study}
        rows = (results or self.results).rows
        return describe_document(rows, plan=self.study.analysis, **facts | options)

    def write_page(
        self, path: Path, results: Results | None = None, *, trace: bool = True, **options: Any
    ) -> str:
        """The HTML page of the run; without `trace` as of tabulation data of another system."""
        revisions = self.revisions if trace else None
        write_report(
            self.describe(results, revisions=revisions, **options),
            sources=(results or self.results).trace, adam=self.adam, sdtm=self.sdtm,
            trace=self.trace if trace else None, revisions=revisions, study=self.study, path=path,
        )  # fmt: skip
        return path.read_text(encoding="utf-8")

    def write(self, folder: Path) -> Path:
        """The folder of the run, as the command line leaves it."""
        for place, tables in (("adam", self.adam), ("sdtm", {**self.sdtm, "trace": self.trace})):
            (folder / place).mkdir(parents=True)
            for name, rows in tables.items():
                pq.write_table(rows, folder / place / f"{name.lower()}.parquet")
        (folder / "snapshot").mkdir()
        pq.write_table(self.revisions, folder / "snapshot" / "_revisions.parquet")
        pq.write_table(self.results.rows, folder / "results.parquet")
        pq.write_table(self.results.trace, folder / "trace.parquet")
        switches = {key: str(switch.value) for key, switch in self.study.analysis.switches.items()}
        (folder / "manifest.json").write_text(json.dumps({"switches": switches}), encoding="utf-8")
        return folder


def add_subject(run: RunBuilder, subject: str, cohort: str | None, **facts: Any) -> None:
    """Demographics, and for the treated dose and disease class."""
    run.enter(
        subject,
        "SCREENING",
        "demographics",
        {"birth_date": "1960", "sex": facts.get("SEX", "M"), "ecog": "1"},
    )
    run.tabulate(
        "DM", subject, "demographics", "SCREENING", SUBJID=subject, SEX=facts.get("SEX", "M"), BRTHDTC="1960"
    )
    treated = "Y" if cohort else "N"
    run.derive(
        "ADSL", subject, SUBJID=subject, SITEID=subject[:2], AGE=64, AGEGR1="<65", SEX=facts.get("SEX", "M"),
        COHORT=cohort, NENGRP=facts.get("NENGRP", "NET G1/G2") if cohort else None, ENRLFL=treated,
        FASFL=treated, SAFFL=treated,
        RSPEVFL=treated, PPROTFL=treated, MEASFL=treated, SCRNFL="N" if cohort else "Y",
        SCRFREAS=None if cohort else "IN03", EOTSTT="ONGOING" if cohort else None, EOSSTT="ONGOING",
        TRTSDT=DAY("2025-01-06") if cohort else None, CUTDT=DAY("2026-01-31"), SRCDOM="DM", SRCVAR="USUBJID",
    )  # fmt: skip
    if cohort:
        dose = "300" if cohort == "MONO" else "250"
        run.enter(subject, "LOG", "surufatinib_dosing", {"start_date": "2025-01-06", "dose_mg": int(dose)})
        run.tabulate(
            "EX",
            subject,
            "surufatinib_dosing",
            "LOG",
            EXTRT="SURUFATINIB",
            EXDOSE=float(dose),
            EXSTDTC="2025-01-06",
        )


def add_assessment(
    run: RunBuilder,
    subject: str,
    visit: int,
    diameter: str,
    response: str,
    date: str,
    *,
    corrected: str | None = None,
) -> None:
    """One target lesion measured at a visit; `corrected` is the value after a second save."""
    form, event = "tumor_assessment", "IMAGING"
    row = {"_key": "k1", "lesion_id": "T1", "state": "MEASURED", "diameter_mm": diameter}
    run.enter(subject, event, form, {"done": "Y", "lesions": [row]}, event_seq=visit)
    if corrected:
        changed = {"done": "Y", "lesions": [{**row, "diameter_mm": corrected}]}
        run.enter(
            subject,
            event,
            form,
            changed,
            event_seq=visit,
            by="chen.wei",
            role="PI",
            reason="transcription error",
        )
    final = float(corrected or diameter)
    revno, number = (2 if corrected else 1), 100.0 + visit
    seq = run.tabulate(
        "TR", subject, form, event, visit, row="lesions k1", revno=revno, TRLNKID="T1", TRTESTCD="LDIAM",
        TRSTRESC=str(final), TRSTRESN=final, TRSTRESU="mm", TRDTC=date, VISITNUM=number,
    )  # fmt: skip
    at = {"ADT": DAY(date), "AVISITN": number, "AVISIT": f"Imaging {visit}"}
    run.derive(
        "ADTR",
        subject,
        PARAMCD="LDIAM",
        TRLNKID="T1",
        AVAL=final,
        SRCDOM="TR",
        SRCVAR="TRSTRESN",
        SRCSEQ=seq,
        **at,
    )
    total = run.derive(
        "ADTR", subject, PARAMCD="SUMDIAM", AVAL=final, PCHG=100 * (final - 50) / 50, ABLFL=None, **at
    )
    common = {"SRCDOM": "ADTR", "SRCVAR": "AVAL", "SRCSEQ": float(total), **at}
    rule = {"PR": "PR: sum at least 30% below baseline", "PD": "PD: sum at least 20% and 5 mm above nadir"}
    run.derive(
        "ADRS",
        subject,
        PARAMCD="OVR",
        AVALC=response,
        ANL01FL="Y",
        RULE=rule.get(response, "SD: neither PR nor PD"),
        **common,
    )
    run.derive("ADRS", subject, PARAMCD="TRGRESP", AVALC=response, RULE=rule.get(response), **common)


def add_endpoints(run: RunBuilder, subject: str, best: str, *, progressed: str | None, last: str) -> None:
    """Best response and the two survival endpoints."""
    day = DAY(progressed or last)
    visits = [r for r in run.adam["ADRS"] if r["USUBJID"] == usubjid(subject) and r["PARAMCD"] == "OVR"]
    for code in ("BOR", "CBOR"):
        run.derive(
            "ADRS",
            subject,
            PARAMCD=code,
            AVALC=best,
            ADT=visits[0]["ADT"],
            RULE=None,
            SRCDOM="ADRS",
            SRCVAR="AVALC",
        )
    run.derive(
        "ADRS",
        subject,
        PARAMCD="PD",
        AVALC="Y" if progressed else "N",
        ADT=day if progressed else None,
        SRCDOM="ADRS",
        SRCVAR="AVALC",
    )
    start = DAY("2025-01-06")
    run.derive(
        "ADTTE", subject, PARAMCD="PFS", STARTDT=start, ADT=day, AVAL=(day - start).days + 1,
        CNSR=0 if progressed else 1,
        EVNTDESC="Disease progression" if progressed else None,
        CNSDTDSC=None if progressed else "No progression or death: last adequate assessment",
        SRCDOM="ADRS", SRCVAR="ADT", SRCSEQ=float(visits[-1]["ASEQ"]),
    )  # fmt: skip
    run.derive(
        "ADTTE", subject, PARAMCD="OS", STARTDT=start, ADT=DAY(last), AVAL=(DAY(last) - start).days + 1,
        CNSR=1,
        EVNTDESC=None, CNSDTDSC="Alive: last date known alive", SRCDOM="ADSL", SRCVAR="LSTALVDT", SRCSEQ=None,
    )  # fmt: skip


def add_adverse_event(
    run: RunBuilder, subject: str, number: int, term: str, organ_class: str, grade: int
) -> None:
    values = {
        "term": term,
        "decod": term,
        "soc": organ_class,
        "start_date": "2025-02",
        "grade": grade,
        "serious": "N",
    }
    run.enter(subject, "LOG", "adverse_event", values, form_seq=number)
    seq = run.tabulate(
        "AE", subject, "adverse_event", "LOG", form_seq=number, AETERM=term, AEDECOD=term,
        AEBODSYS=organ_class, AETOXGR=str(grade), AESTDTC="2025-02",
    )  # fmt: skip
    run.derive(
        "ADAE", subject, AETERM=term, AEDECOD=term, AEBODSYS=organ_class, ATOXGR=grade, AESER="N",
        AREL="RELATED",
        TRTEMFL="Y", ASTDT=DAY("2025-02-01"), SRCDOM="AE", SRCVAR="AESTDTC", SRCSEQ=seq,
    )  # fmt: skip


def build_small_run(study: Any) -> Run:
    run = RunBuilder()
    add_subject(run, "01-001", "MONO")
    add_assessment(run, "01-001", 1, "34", "PR", "2025-03-03", corrected="32")
    add_assessment(run, "01-001", 2, "30", "PR", "2025-04-28")
    add_assessment(run, "01-001", 3, "45", "PD", "2025-06-23")
    add_endpoints(run, "01-001", "PR", progressed="2025-06-23", last="2025-12-01")
    add_subject(run, "01-002", "COMBO", SEX="F", NENGRP="NET G3")
    add_assessment(run, "01-002", 1, "48", "SD", "2025-03-04")
    add_endpoints(run, "01-002", "SD", progressed=None, last="2025-03-04")
    add_subject(run, "02-001", None)
    add_subject(run, "02-002", "MONO", NENGRP="NEC/MiNEN")
    add_assessment(run, "02-002", 1, "70", "PD", "2025-03-01")
    add_endpoints(run, "02-002", "PD", progressed="2025-03-01", last="2025-08-09")
    add_adverse_event(run, "01-001", 1, "Hypertension", "Vascular disorders", 3)
    add_adverse_event(run, "01-001", 2, "Diarrhoea", "Gastrointestinal disorders", 1)
    add_adverse_event(run, "01-002", 1, HOSTILE, "Gastrointestinal disorders", 2)
    return run.finish(study)
