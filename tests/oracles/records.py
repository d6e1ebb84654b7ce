"""One subject's tabulation records read into the twin's own words: days, doses, scans, contacts.

Plain loops over the rows of one subject. Dates as text stay text until a rule says which day they mean.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.oracles.recist import Baseline, Finding, Lesion, NewLesion, Reading, Visit

DRUGS = ("SURUFATINIB", "SULFATINIB")
NEW_THERAPY = (
    "SUBSEQUENT", "NEW ANTI-CANCER", "NEW ANTICANCER", "NEW ANTI-TUMOR", "POST-TREATMENT ANTI",
    "FOLLOW-UP ANTI",
)  # fmt: skip

Row = Mapping[str, object]
Domains = Mapping[str, list[Row]]


def split_by_subject(tables: Mapping[str, list[Row]]) -> dict[str, Domains]:
    """The records of each subject by themselves."""
    subjects: dict[str, dict[str, list[Row]]] = defaultdict(lambda: {name: [] for name in tables})
    for name, rows in tables.items():
        for row in rows:
            subjects[row["USUBJID"]][name].append(row)
    return subjects


# ---------------------------------------------------------------------------------------------------
# Days
# ---------------------------------------------------------------------------------------------------


def possible_days(text: str | None) -> tuple[date, date] | None:
    """First and last day that a date as text may mean; None where not even the year is known."""
    day = (text or "").split("T")[0]
    if not day or day.startswith("-"):
        return None
    parts = [part for part in day.split("-") if part]
    year = int(parts[0])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(parts[1])
    if len(parts) == 2:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, int(parts[2])), date(year, month, int(parts[2]))


def whole_day(text: str | None) -> date | None:
    days = possible_days(text)
    return days[0] if days and days[0] == days[1] else None


def imputed_flag(text: str | None) -> str | None:
    """Which part of a date had to be filled in: Y all, M month and day, D day."""
    days = possible_days(text)
    if days is None:
        return "Y"
    span = (days[1] - days[0]).days
    return None if span == 0 else "D" if span < 31 else "M"


# ---------------------------------------------------------------------------------------------------
# Doses
# ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dose:
    """A stretch of days at one dose of the study drug."""

    start: date
    end: date | None
    mg: Decimal
    share: Decimal
    sequence: float
    reason: str | None = None


def read_doses(subject: Domains) -> list[Dose]:
    doses = [
        Dose(
            start=whole_day(row["EXSTDTC"]),
            end=whole_day(row.get("EXENDTC")),
            mg=Decimal(str(row["EXDOSE"] or 0)),
            share=Decimal("0.75") if "3 WEEKS ON 1 WEEK OFF" in (row.get("EXDOSFRQ") or "") else Decimal(1),
            sequence=row["EXSEQ"],
            reason=row.get("EXADJ"),
        )
        for row in subject["EX"]
        if row["EXTRT"] in DRUGS and whole_day(row["EXSTDTC"])
    ]
    return sorted(doses, key=lambda dose: (dose.start, dose.sequence))


# ---------------------------------------------------------------------------------------------------
# Scans
# ---------------------------------------------------------------------------------------------------


class TumorRecords:
    """TU and TR of one subject as baseline and visits of the RECIST twin."""

    def __init__(self, subject: Domains, first_dose: date) -> None:
        self.first_dose = first_dose
        self.tu = subject["TU"]
        self.tr = subject["TR"]
        self.roles = {r["TULNKID"]: r["TUSTRESC"] for r in self.tu if r["TUTESTCD"] == "TUMIDENT"}
        self.nodes = {r["TULNKID"] for r in self.tu if r.get("TULOC") == "LYMPH NODE"}
        self.whole = {r["TULNKID"]: r["TUGRPID"] for r in self.tu if r["TUTESTCD"] == "TUSPLIT"}

    def day(self, row: Row, column: str) -> int:
        return (whole_day(row[column]) - self.first_dose).days

    def is_baseline(self, row: Row) -> bool:
        return row["VISITNUM"] < 11

    def baseline(self) -> Baseline | None:
        rows = [r for r in self.tr if self.is_baseline(r) and whole_day(r["TRDTC"])]
        if not rows:
            return None
        lesions: dict[str, dict[str, Lesion]] = {"TARGET": {}, "NON-TARGET": {}}
        for row in rows:
            name = row["TRLNKID"]
            mm = None if row["TRTESTCD"] == "TUMSTATE" else Decimal(row["TRSTRESC"])
            role = self.roles[name]
            lesions[role].setdefault(name, Lesion("", name in self.nodes, mm))
        return Baseline(
            max(self.day(r, "TRDTC") for r in rows), lesions["TARGET"], lesions["NON-TARGET"]
        )  # fmt: skip

    def visits(self, baseline: Baseline | None) -> tuple[Visit, ...]:
        numbers: dict[float, list[Row]] = defaultdict(list)
        for row in self.tr:
            if not self.is_baseline(row):
                numbers[row["VISITNUM"]].append(row)
        visits = [
            self.visit(number, rows, baseline)
            for number, rows in numbers.items()
            if any(whole_day(row["TRDTC"]) for row in rows)
        ]
        return tuple(sorted(visits, key=lambda visit: (visit.day, visit.number)))

    def visit(self, number: float, rows: list[Row], baseline: Baseline | None) -> Visit:
        rows = [row for row in rows if whole_day(row["TRDTC"])]
        day = min(self.day(row, "TRDTC") for row in rows)
        targets = {} if baseline is None else {t: self.reading(t, rows, day) for t in baseline.targets}
        merged = self.merged_by(number)
        for gone, kept in merged.items():
            if gone in targets and targets[gone].kind == "NE":
                targets[gone] = Reading("MERGED", targets[kept].day, into=kept)
        non_targets = (
            {} if baseline is None else {n: self.finding(n, rows, day) for n in baseline.non_targets}
        )
        return Visit(
            rows[0]["VISIT"], number, day, targets, non_targets, self.new_lesions(number, rows), done=True
        )  # fmt: skip

    def merged_by(self, number: float) -> dict[str, str]:
        return {
            row["TULNKID"]: row["TUGRPID"]
            for row in self.tu
            if row["TUTESTCD"] == "TUMERGE" and row["VISITNUM"] <= number and row["TULNKID"] != row["TUGRPID"]
        }

    def reading(self, target: str, rows: list[Row], day: int) -> Reading:
        parts = [r for r in rows if r["TRLNKID"] in self.whole and self.whole[r["TRLNKID"]] == target]
        if parts:
            on = min(self.day(r, "TRDTC") for r in parts)
            if any(r["TRSTRESN"] is None for r in parts):
                return Reading("NE", on)
            return Reading("SPLIT", on, parts=tuple(Decimal(r["TRSTRESC"]) for r in parts))
        for row in rows:
            if row["TRLNKID"] != target:
                continue
            on = self.day(row, "TRDTC")
            if row["TRSTRESC"] == "ABSENT":
                return Reading("MEASURED", on, mm=Decimal(0))
            if row["TRSTRESC"] == "TOO SMALL TO MEASURE":
                return Reading("TTSM", on)
            if row["TRSTRESN"] is not None:
                return Reading("MEASURED", on, mm=Decimal(row["TRSTRESC"]))
            return Reading("NE", on)
        return Reading("NE", day)

    def finding(self, lesion: str, rows: list[Row], day: int) -> Finding:
        for row in rows:
            if row["TRLNKID"] != lesion:
                continue
            on = self.day(row, "TRDTC")
            if row["TRSTRESN"] is not None:
                return Finding("PRESENT", on, node_mm=Decimal(row["TRSTRESC"]))
            states = {"UNEQUIVOCAL": "PD", "INCREASED": "PD", "PRESENT": "PRESENT", "ABSENT": "ABSENT"}
            return Finding(states.get(row["TRSTRESC"], "NE"), on)
        return Finding("NE", day)

    def new_lesions(self, number: float, rows: list[Row]) -> tuple[NewLesion, ...]:
        found = []
        for row in rows:
            name = row["TRLNKID"]
            if self.roles.get(name) == "NEW" and row["TRTESTCD"] == "TUMSTATE":
                first = min(self.day(r, "TUDTC") for r in self.tu if r["TULNKID"] == name)
                proven = row["TRSTRESC"] == "UNEQUIVOCAL"
                found.append(NewLesion(name, proven, first, self.day(row, "TRDTC")))
        return tuple(found)


# ---------------------------------------------------------------------------------------------------
# What happened to the subject
# ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """The dates that the data sets of a subject share."""

    usubjid: str
    doses: tuple[Dose, ...]
    first_dose: date | None
    last_dose: date | None  # None while treatment goes on
    death: date | None
    death_text: str | None
    last_alive: date | None
    new_therapy: date | None
    clinical_progression: date | None
    cutoff: date | None
    sex: str | None
    age: float | None
    cohort: str | None


ALIVE_ON = {
    "EX": ("EXSTDTC", "EXENDTC"), "SV": ("SVSTDTC",), "TR": ("TRDTC",), "TU": ("TUDTC",),
    "RS": ("RSDTC",), "LB": ("LBDTC",), "VS": ("VSDTC",), "EG": ("EGDTC",), "CV": ("CVDTC",),
    "QS": ("QSDTC",), "PE": ("PEDTC",), "SS": ("SSDTC",), "AE": ("AESTDTC",),
    "CM": ("CMSTDTC",), "DS": ("DSSTDTC",),
}  # fmt: skip
"""Contacts, visits, scans, doses, samples and questionnaires (W38), and what began on a known day."""


def read_course(usubjid: str, subject: Domains, cutoff: date | None = None) -> Course:
    doses = read_doses(subject)
    taken = [dose for dose in doses if dose.mg > 0]
    first = min((dose.start for dose in taken), default=None)
    dm = subject["DM"][0]
    alive = last_known_alive(subject, cutoff)
    death_text = dm.get("DTHDTC")
    death = read_death(death_text, alive, cutoff)
    if alive is not None and death is not None:
        alive = min(alive, death)
    return Course(
        usubjid, tuple(doses), first, read_last_dose(doses), death, death_text, alive,
        read_new_therapy(subject, first, cutoff), read_clinical_progression(subject, cutoff), cutoff,
        dm.get("SEX"), dm.get("AGE"), dm.get("ARMCD"),
    )  # fmt: skip


def read_last_dose(doses: list[Dose]) -> date | None:
    """The last day with drug; None while the last dose above 0 mg has no end."""
    taken = [dose for dose in doses if dose.mg > 0]
    if not taken:
        return None
    return taken[-1].end if taken[-1].end else None


def last_known_alive(subject: Domains, cutoff: date | None) -> date | None:
    """The latest day on which somebody recorded the living patient; a partial one by its first day."""
    not_seen = {row["VISITNUM"] for row in subject.get("SS", []) if row["SSSTRESC"] != "ALIVE"}
    dm = subject["DM"][0]
    days = [day for day in (whole_day(dm.get("RFICDTC")), whole_day(dm.get("RFXSTDTC"))) if day]
    for domain, columns in ALIVE_ON.items():
        for row in subject.get(domain, []):
            if domain == "SS" and row["SSSTRESC"] != "ALIVE":
                continue
            if domain == "EX" and not row["EXDOSE"]:
                continue  # a day without drug is nothing that anybody saw
            if domain == "DS" and row["DSDECOD"] in ("DEATH", "LOST TO FOLLOW-UP", "SCREEN FAILURE"):
                continue
            if domain == "SV" and (row["VISITNUM"] in not_seen or nobody_was_seen(row)):
                continue
            days += [possible_days(row[c])[0] for c in columns if possible_days(row.get(c))]
    return max((day for day in days if cutoff is None or day <= cutoff), default=None)


def nobody_was_seen(visit: Row) -> bool:
    """The form that ends the study, and a follow-up without a word on how the subject was reached."""
    name = visit["VISIT"] or ""
    return name == "END OF STUDY" or (name == "SAFETY FOLLOW-UP" and visit.get("SVCNTMOD") is None)


def read_death(text: str | None, alive: date | None, cutoff: date | None) -> date | None:
    """A partial date of death is the first day possible, not before the last known alive.

    Where somebody was seen alive after all possible days the first one stands; the contradiction is listed.
    """
    days = possible_days(text)
    if days is None:
        return None
    day = alive if alive is not None and days[0] < alive <= days[1] else days[0]
    return None if cutoff and day > cutoff else day


def read_new_therapy(subject: Domains, first_dose: date | None, cutoff: date | None) -> date | None:
    found = []
    for domain in ("CM", "PR"):
        for row in subject.get(domain, []):
            words = f"{row.get(f'{domain}CAT') or ''}|{row.get(f'{domain}SCAT') or ''}".upper()
            days = possible_days(row.get(f"{domain}STDTC"))
            if days is None or not any(word in words for word in NEW_THERAPY):
                continue
            day = days[0]
            if days[0] != days[1] and first_dose is not None:
                day = min(max(day, first_dose), days[1])
            found.append(day)
    return min((day for day in found if cutoff is None or day <= cutoff), default=None)


def read_clinical_progression(subject: Domains, cutoff: date | None) -> date | None:
    days = [
        whole_day(row["DSSTDTC"])
        for row in subject["DS"]
        if row.get("DSSCAT") == "STUDY TREATMENT" and "CLINICAL" in (row["DSTERM"] or "").upper()
    ]
    return min((day for day in days if day and (cutoff is None or day <= cutoff)), default=None)


STARTS = {
    "EX": "EXSTDTC",
    "SV": "SVSTDTC",
    "DS": "DSSTDTC",
    "CM": "CMSTDTC",
    "PR": "PRSTDTC",
    "AE": "AESTDTC",
}

ENDS = {"EX": "EXENDTC", "AE": "AEENDTC", "CM": "CMENDTC", "PR": "PRENDTC"}


def within(subject: Domains, cutoff: date | None) -> Domains:
    """The records of a subject without those that begin after the cut-off; what ends after it goes on."""
    if cutoff is None:
        return subject
    known = {}
    for name, rows in subject.items():
        begun = [row for row in rows if not begins_after(row.get(STARTS.get(name, f"{name}DTC")), cutoff)]
        end = ENDS.get(name, "")
        known[name] = [{**row, end: None} if begins_after(row.get(end), cutoff) else row for row in begun]
    return known


def begins_after(text: str | None, cutoff: date) -> bool:
    days = possible_days(text)
    return days is not None and days[0] > cutoff


def elapsed(start: date, day: date) -> int:
    return (day - start).days


def study_day(start: date | None, day: date | None) -> int | None:
    """Day 1 is the first dose; there is no day 0 (W4)."""
    if start is None or day is None:
        return None
    days = elapsed(start, day)
    return days + 1 if days >= 0 else days


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)
