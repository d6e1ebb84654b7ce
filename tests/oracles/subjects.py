"""Case models as SDTM tables, in the ways that different systems tabulate the same facts.

A subject's first dose is a fixed date; elapsed days become dates. `Tabulation` holds the choices a sender
has: too small as text or as 5 mm, a vanished target as TUMSTATE ABSENT or as 0 mm, a lesion that was not
evaluated as NOT DONE or without a row, and so on. Every choice must give the same analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import ibis
import pyarrow as pa

from tests.oracles.recist import Baseline, Given, Visit

STUDY = "SURU-NEN"
FIRST_DOSE = date(2024, 3, 4)


@cache
def iso_date(first_dose: date, day: int) -> str:
    return (first_dose + timedelta(days=day)).isoformat()


@dataclass(frozen=True)
class Tabulation:
    """How a sender writes the same facts."""

    diameter: str = "LDIAM"  # LDIAM and LPERP, or DIAMETER for all
    absent: str = "TUMSTATE"  # or ZERO, or BOTH
    too_small: str = "TEXT"  # or FIVE, or TEXT_AND_FIVE
    not_evaluated: str = "NOT_DONE"  # or NO_ROW
    visit: str = "VISITNUM"  # or VISIT, LNKGRP, DATE: what tells assessments apart
    evaluator: str | None = "INVESTIGATOR"
    long_ids: bool = False  # T01, NT01, NEW01
    new_lesion: str = "TUMSTATE"  # or TU_ONLY: an unequivocal lesion has its TU row and nothing else
    merged_id: str = "MEMBER"  # or SLASH: the merged lesion is called T1/T2
    progressed_word: str = "UNEQUIVOCAL"  # or INCREASED
    extra_sum: bool = False  # SUMDIAM rows, which are not to be believed


@dataclass(frozen=True)
class Subject:
    """Everything that happened to one subject, in elapsed days from the first dose."""

    id: str
    baseline: Baseline | None = None
    visits: tuple[Visit, ...] = ()
    given: tuple[Given, ...] = ()
    new_therapy: int | None = None
    death: int | None = None
    death_text: str | None = None
    clinical_progression: int | None = None
    contacts: tuple[int, ...] = ()
    last_dose: int = 28
    first_dose: date = FIRST_DOSE
    corners: frozenset[str] = frozenset()
    tabulation: Tabulation = field(default_factory=Tabulation)

    def on(self, day: int) -> str:
        return iso_date(self.first_dose, day)


TEXT, NUMBER = pa.string(), pa.float64()

COLUMNS: dict[str, tuple[str, ...]] = {
    "DM": (
        "SUBJID", "RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "RFICDTC", "DTHDTC", "DTHFL", "SITEID",
        "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "ARMCD", "ARM", "ACTARMCD", "ACTARM", "COUNTRY",
    ),
    "EX": ("EXSEQ", "EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "EXSTDTC", "EXENDTC"),
    "TU": (
        "TUSEQ", "TUGRPID", "TULNKID", "TUTESTCD", "TUTEST", "TUORRES", "TUSTRESC", "TULOC", "TUMETHOD",
        "TUEVAL", "TULOBXFL", "VISITNUM", "VISIT", "TUDTC",
    ),
    "TR": (
        "TRSEQ", "TRLNKGRP", "TRLNKID", "TRTESTCD", "TRTEST", "TRORRES", "TRORRESU", "TRSTRESC", "TRSTRESN",
        "TRSTRESU", "TRSTAT", "TRREASND", "TREVAL", "TRLOBXFL", "VISITNUM", "VISIT", "TRDTC",
    ),
    "RS": (
        "RSSEQ", "RSLNKGRP", "RSCAT", "RSTESTCD", "RSTEST", "RSORRES", "RSSTRESC", "RSEVAL", "VISITNUM",
        "VISIT", "RSDTC",
    ),
    "CM": ("CMSEQ", "CMCAT", "CMTRT", "CMSTDTC"),
    "DS": ("DSSEQ", "DSCAT", "DSSCAT", "DSTERM", "DSDECOD", "DSSTDTC"),
    "DD": ("DDSEQ", "DDTESTCD", "DDTEST", "DDORRES", "DDSTRESC", "DDDTC"),
    "SS": ("SSSEQ", "SSTESTCD", "SSTEST", "SSORRES", "SSSTRESC", "SSDTC"),
}  # fmt: skip
NUMERIC = {"AGE", "EXDOSE", "TRSTRESN", "VISITNUM"} | {f"{domain}SEQ" for domain in COLUMNS}
SUBMISSION_LOCATIONS = {"lymph_node": "LYMPH NODE"}


class Rows:
    """Rows of every domain, collected subject by subject."""

    def __init__(self) -> None:
        self.tables: dict[str, list[tuple]] = {domain: [] for domain in COLUMNS}
        self._counts: dict[str, int] = {}
        self._subject: Subject | None = None

    def start(self, subject: Subject) -> None:
        self._subject = subject
        self._counts = dict.fromkeys(COLUMNS, 0)

    def add(self, domain: str, **values) -> None:
        self._counts[domain] += 1
        sequence = f"{domain}SEQ"
        values[sequence] = float(self._counts[domain])
        row = tuple(values.pop(column, None) for column in COLUMNS[domain])
        assert not values or set(values) == {sequence}, values
        self.tables[domain].append((STUDY, domain, self._subject.id, *row))

    def to_arrow(self) -> dict[str, pa.Table]:
        return {domain: self._to_arrow(domain) for domain in COLUMNS}

    def _to_arrow(self, domain: str) -> pa.Table:
        names = ("STUDYID", "DOMAIN", "USUBJID", *COLUMNS[domain])
        rows = self.tables[domain]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return pa.table(
            {
                name: pa.array(column, NUMBER if name in NUMERIC else TEXT)
                for name, column in zip(names, columns, strict=True)
            }
        )


def tabulate(subjects: Iterable[Subject]) -> dict[str, pa.Table]:
    """SDTM domains of these subjects: one Arrow table per domain."""
    rows = Rows()
    for subject in subjects:
        rows.start(subject)
        write_conduct(rows, subject)
        write_lesions(rows, subject)
        write_given(rows, subject)
    return rows.to_arrow()


# ---------------------------------------------------------------------------------------------------
# Who, treatment, course
# ---------------------------------------------------------------------------------------------------


def write_conduct(rows: Rows, subject: Subject) -> None:
    death = subject.death_text or (None if subject.death is None else subject.on(subject.death))
    start, end = subject.on(0), subject.on(subject.last_dose)
    rows.add(
        "DM", SUBJID=subject.id.split("-", 2)[-1], RFSTDTC=start, RFXSTDTC=start, RFXENDTC=end, RFENDTC=end,
        RFICDTC=subject.on(-14), DTHDTC=death, DTHFL="Y" if death else None, SITEID="01", AGE=58.0,
        AGEU="YEARS", SEX="F", RACE="ASIAN", ETHNIC="NOT HISPANIC OR LATINO", ARMCD="MONO", ACTARMCD="MONO",
        ARM="Surufatinib 300 mg monotherapy", ACTARM="Surufatinib 300 mg monotherapy", COUNTRY="CHN",
    )  # fmt: skip
    rows.add(
        "EX", EXTRT="SURUFATINIB", EXDOSE=300.0, EXDOSU="mg", EXDOSFRM="CAPSULE", EXDOSFRQ="QD",
        EXROUTE="ORAL", EXSTDTC=start, EXENDTC=end,
    )  # fmt: skip
    for term, day in (("INFORMED CONSENT OBTAINED", -14), ("ELIGIBILITY CRITERIA MET", -3)):
        rows.add("DS", DSCAT="PROTOCOL MILESTONE", DSTERM=term, DSDECOD=term, DSSTDTC=subject.on(day))
    if subject.clinical_progression is not None:
        rows.add(
            "DS", DSCAT="DISPOSITION EVENT", DSSCAT="STUDY TREATMENT", DSTERM="CLINICAL PROGRESSION",
            DSDECOD="PROGRESSIVE DISEASE", DSSTDTC=subject.on(subject.clinical_progression),
        )  # fmt: skip
    if subject.new_therapy is not None:
        rows.add(
            "CM", CMCAT="SUBSEQUENT ANTI-CANCER THERAPY", CMTRT="EVEROLIMUS",
            CMSTDTC=subject.on(subject.new_therapy),
        )  # fmt: skip
    if death:
        rows.add(
            "DD", DDTESTCD="PRCDTH", DDTEST="Primary Cause of Death", DDORRES="DISEASE PROGRESSION",
            DDSTRESC="DISEASE PROGRESSION", DDDTC=death,
        )  # fmt: skip
    for day in subject.contacts:
        rows.add(
            "SS", SSTESTCD="SURVSTAT", SSTEST="Survival Status", SSORRES="ALIVE", SSSTRESC="ALIVE",
            SSDTC=subject.on(day),
        )  # fmt: skip


# ---------------------------------------------------------------------------------------------------
# Lesions
# ---------------------------------------------------------------------------------------------------


def lesion_name(lesion_id: str, tabulation: Tabulation) -> str:
    if not tabulation.long_ids:
        return lesion_id
    if lesion_id.startswith("NT"):
        return f"NT{int(lesion_id[2:]):02d}"
    if lesion_id.startswith("N"):
        return f"NEW{int(lesion_id[1:]):02d}"
    return f"T{int(lesion_id[1:]):02d}"


def at_visit(number: float, name: str, tabulation: Tabulation) -> dict[str, object]:
    values: dict[str, object] = {}
    if tabulation.visit == "VISITNUM":
        values["VISITNUM"] = number
    if tabulation.visit in ("VISITNUM", "VISIT"):
        values["VISIT"] = name
    return values


def link_group(number: float, tabulation: Tabulation) -> str | None:
    return f"A{number:g}" if tabulation.visit in ("VISITNUM", "LNKGRP") else None


def write_lesions(rows: Rows, subject: Subject) -> None:
    if subject.baseline is not None:
        write_baseline(rows, subject, subject.baseline)
    parts: dict[str, int] = {}
    merged: dict[str, str] = {}
    known: set[str] = set()
    for visit in sorted(subject.visits, key=lambda v: (v.day, v.number)):
        LesionVisit(rows, subject, visit).write(parts, merged, known)


def write_baseline(rows: Rows, subject: Subject, baseline: Baseline) -> None:
    tabulation = subject.tabulation
    where = at_visit(1.0, "SCREENING", tabulation)
    on = subject.on(baseline.day)
    for role, lesions in (("TARGET", baseline.targets), ("NON-TARGET", baseline.non_targets)):
        for lesion_id, lesion in lesions.items():
            name = lesion_name(lesion_id, tabulation)
            rows.add(
                "TU", TULNKID=name, TUTESTCD="TUMIDENT", TUTEST="Tumor Identification", TUORRES=role,
                TUSTRESC=role, TULOC=SUBMISSION_LOCATIONS.get(lesion.organ, lesion.organ.upper()),
                TUMETHOD="CT SCAN", TUEVAL=tabulation.evaluator, TULOBXFL="Y", TUDTC=on, **where,
            )  # fmt: skip
            measure = {} if lesion.mm is None else size(lesion.mm)
            if lesion.mm is None:
                measure = {"TRORRES": "PRESENT", "TRSTRESC": "PRESENT"}
            rows.add(
                "TR", TRLNKGRP=link_group(1.0, tabulation), TRLNKID=name,
                TRTESTCD="TUMSTATE" if lesion.mm is None else diameter_test(lesion.nodal, tabulation),
                TREVAL=tabulation.evaluator, TRLOBXFL="Y", TRDTC=on, **where, **measure,
            )  # fmt: skip
    if not baseline.targets and not baseline.non_targets:
        write_response(rows, subject, 1.0, "SCREENING", baseline.day, "NED")


def diameter_test(nodal: bool, tabulation: Tabulation) -> str:
    if tabulation.diameter == "DIAMETER":
        return "DIAMETER"
    return "LPERP" if nodal else "LDIAM"


def size(mm) -> dict[str, object]:
    text = f"{mm.normalize():f}" if mm else "0"
    return {
        "TRORRES": text, "TRORRESU": "mm", "TRSTRESC": text, "TRSTRESN": float(mm), "TRSTRESU": "mm",
    }  # fmt: skip


class LesionVisit:
    """Writes the TU and TR rows of one visit."""

    def __init__(self, rows: Rows, subject: Subject, visit: Visit) -> None:
        self.rows, self.subject, self.visit = rows, subject, visit
        self.tabulation = subject.tabulation
        self.where = at_visit(visit.number, visit.name, self.tabulation)
        self.count = 0

    def write(self, parts: dict[str, int], merged: dict[str, str], known: set[str]) -> None:
        for lesion_id, reading in self.visit.targets.items():
            if reading.kind == "MERGED" and lesion_id not in merged:
                self.write_merge(lesion_id, reading, merged)
            if reading.kind == "SPLIT" and lesion_id not in parts:
                self.write_split(lesion_id, reading)
                parts[lesion_id] = len(reading.parts)
        for lesion_id, reading in self.visit.targets.items():
            self.write_target(lesion_id, reading, parts, merged)
        for lesion_id, finding in self.visit.non_targets.items():
            self.write_non_target(lesion_id, finding)
        for lesion in self.visit.new_lesions:
            self.write_new_lesion(lesion, known)
        if self.tabulation.extra_sum and self.count:
            self.add_tr("SUMDIAM", None, self.visit.day, TRORRES="999", TRSTRESC="999", TRSTRESN=999.0)
        baseline = self.subject.baseline
        is_free_of_disease = baseline and not baseline.targets and not baseline.non_targets
        if is_free_of_disease and self.visit.done:
            answer = "PD" if any(lesion.proven for lesion in self.visit.new_lesions) else "NED"
            write_response(
                self.rows, self.subject, self.visit.number, self.visit.name, self.visit.day, answer
            )
        elif self.count == 0:
            self.write_not_done()

    def write_merge(self, lesion_id: str, reading, merged: dict[str, str]) -> None:
        goes_on = self.name(reading.into)
        if self.tabulation.merged_id == "SLASH":
            goes_on = f"{self.name(reading.into)}/{self.name(lesion_id)}"
        merged[lesion_id] = goes_on
        merged[reading.into] = goes_on
        for member in (reading.into, lesion_id):
            self.add_tu("TUMERGE", self.name(member), "TARGET", reading.day, TUGRPID=goes_on)

    def write_split(self, lesion_id: str, reading) -> None:
        for number in range(1, len(reading.parts) + 1):
            name = f"{self.name(lesion_id)}.{number}"
            self.add_tu("TUSPLIT", name, "TARGET", reading.day, TUGRPID=self.name(lesion_id))

    def write_target(self, lesion_id: str, reading, parts: Mapping[str, int], merged: Mapping) -> None:
        lesion = self.subject.baseline.targets[lesion_id] if self.subject.baseline else None
        nodal = bool(lesion and lesion.nodal)
        test = diameter_test(nodal, self.tabulation)
        name = merged.get(lesion_id, self.name(lesion_id))
        if reading.kind == "MERGED":
            return
        if reading.kind == "NE":
            if self.tabulation.not_evaluated == "NOT_DONE":
                names = [f"{name}.{n}" for n in range(1, parts.get(lesion_id, 0) + 1)] or [name]
                for fragment in names:
                    reason = (reading.reason or "NOT EVALUABLE").upper()
                    self.add_tr(test, fragment, reading.day, TRSTAT="NOT DONE", TRREASND=reason)
        elif reading.kind == "SPLIT":
            for number, mm in enumerate(reading.parts, start=1):
                self.add_tr(test, f"{name}.{number}", reading.day, **size(mm))
        elif reading.kind == "TTSM":
            self.add_too_small(test, name, reading.day)
        elif reading.mm == 0:
            self.add_absent(test, name, reading.day)
        else:
            self.add_tr(test, name, reading.day, **size(reading.mm))

    def add_too_small(self, test: str, name: str, day: int) -> None:
        values: dict[str, object] = size(Decimal(5)) if self.tabulation.too_small != "TEXT" else {}
        if self.tabulation.too_small != "FIVE":
            values |= {"TRORRES": "TOO SMALL TO MEASURE", "TRSTRESC": "TOO SMALL TO MEASURE"}
        self.add_tr(test, name, day, **values)

    def add_absent(self, test: str, name: str, day: int) -> None:
        if self.tabulation.absent in ("ZERO", "BOTH"):
            self.add_tr(test, name, day, **size(Decimal(0)))
        if self.tabulation.absent in ("TUMSTATE", "BOTH"):
            self.add_tr("TUMSTATE", name, day, TRORRES="ABSENT", TRSTRESC="ABSENT")

    def write_non_target(self, lesion_id: str, finding) -> None:
        name = self.name(lesion_id)
        if finding.node_mm is not None:
            self.add_tr(diameter_test(True, self.tabulation), name, finding.day, **size(finding.node_mm))
        elif finding.state == "NE" and self.tabulation.not_evaluated == "NO_ROW":
            return
        else:
            word = {"PD": self.tabulation.progressed_word}.get(finding.state, finding.state)
            self.add_tr("TUMSTATE", name, finding.day, TRORRES=word, TRSTRESC=word)

    def write_new_lesion(self, lesion, known: set[str]) -> None:
        name = self.name(lesion.lesion)
        is_first = lesion.lesion not in known
        if is_first:
            known.add(lesion.lesion)
            self.add_tu("TUMIDENT", name, "NEW", lesion.first_seen)
        if is_first and lesion.proven and self.tabulation.new_lesion == "TU_ONLY":
            return
        word = "UNEQUIVOCAL" if lesion.proven else "EQUIVOCAL"
        self.add_tr("TUMSTATE", name, lesion.day, TRORRES=word, TRSTRESC=word)

    def write_not_done(self) -> None:
        self.add_tr("TRALL", None, self.visit.day, TRSTAT="NOT DONE", TRREASND="SCAN NOT DONE")

    def name(self, lesion_id: str) -> str:
        return lesion_name(lesion_id, self.tabulation)

    def add_tu(self, test: str, name: str, role: str, day: int, **values) -> None:
        self.rows.add(
            "TU", TULNKID=name, TUTESTCD=test, TUORRES=role, TUSTRESC=role, TULOC="LIVER",
            TUMETHOD="CT SCAN", TUEVAL=self.tabulation.evaluator, TUDTC=self.subject.on(day),
            **self.where, **values,
        )  # fmt: skip
        self.count += role == "NEW"

    def add_tr(self, test: str, name: str | None, day: int, **values) -> None:
        self.rows.add(
            "TR", TRLNKGRP=link_group(self.visit.number, self.tabulation), TRLNKID=name, TRTESTCD=test,
            TREVAL=self.tabulation.evaluator, TRDTC=self.subject.on(day), **self.where, **values,
        )  # fmt: skip
        self.count += 1


# ---------------------------------------------------------------------------------------------------
# Responses given by an assessor
# ---------------------------------------------------------------------------------------------------


def write_given(rows: Rows, subject: Subject) -> None:
    for given in subject.given:
        write_response(rows, subject, given.number, given.name, given.day, given.overall)


def write_response(rows: Rows, subject: Subject, number: float, name: str, day: int, response: str) -> None:
    tabulation = subject.tabulation
    rows.add(
        "RS", RSLNKGRP=link_group(number, tabulation), RSCAT="RECIST 1.1", RSTESTCD="OVRLRESP",
        RSTEST="Overall Response", RSORRES=response, RSSTRESC=response, RSEVAL=tabulation.evaluator,
        RSDTC=subject.on(day), **at_visit(number, name, tabulation),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------
# The public door
# ---------------------------------------------------------------------------------------------------


def conform_all(tables: Mapping[str, pa.Table]) -> dict[str, ibis.Table]:
    """Every domain the analysis may ask for, conformed; those without rows are empty."""
    from grevy.sdtm.domains import DOMAINS, conform

    empty = pa.table({"STUDYID": pa.array([], TEXT), "USUBJID": pa.array([], TEXT)})
    return {
        domain: conform(ibis.memtable(tables.get(domain, empty)), domain)
        for domain in DOMAINS
    }  # fmt: skip
