"""Random doses, events, results and answers of subjects, rich in the corners where safety programs go wrong.

The same seed gives the same records, as tabulation rows. `CORNERS` names what must occur.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import pyarrow as pa

CORNERS = (
    "dose left open", "gap nobody recorded", "interruption", "interruption at the end", "treatment goes on",
    "first line without drug", "three weeks of four", "dose raised", "onset on the first dose",
    "onset the day before", "onset 30 days after", "onset 31 days after", "partial onset", "no onset",
    "partial end", "causality missing", "grade missing", "two worst on a day", "abnormal baseline",
    "undated result", "two samples of a day", "conventional unit", "no limits", "half of the items",
    "partial death", "died",
)  # fmt: skip

FIRST = date(2024, 3, 10)
NUMBERS = {
    "AGE", "EXSEQ", "EXDOSE", "AESEQ", "LBSEQ", "LBSTRESN", "LBSTNRLO", "LBSTNRHI", "VISITNUM", "QSSEQ",
    "QSSTRESN", "SSSEQ", "DSSEQ",
}  # fmt: skip
TERMS = ("Hypertension", "Diarrhoea", "Fatigue")
TESTS = {
    # test: unit, low, high, conventional unit, how many SI units it is
    "ALT": ("U/L", 9, 50, None, 1), "BILI": ("umol/L", 5, 21, "mg/dL", 17.1),
    "HGB": ("g/L", 115, 150, "g/dL", 10), "CREAT": ("umol/L", 41, 81, "mg/dL", 88.42),
    "ALB": ("g/L", 40, 55, "g/dL", 10), "CA": ("mmol/L", 2.1, 2.6, None, 1),
    "K": ("mmol/L", 3.5, 5.3, None, 1), "PLAT": ("10^9/L", 125, 350, None, 1),
}  # fmt: skip


class RecordDraw:
    """Draws the records of one subject after another."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.corners: Counter[str] = Counter()
        self.tables: dict[str, list[dict]] = {name: [] for name in ("DM", "EX", "AE", "LB", "QS", "SS", "DS")}

    def note(self, corner: str) -> None:
        self.corners[corner] += 1

    def draw(self, number: int) -> None:
        self.usubjid = f"SURU-NEN-01-{number:04d}"
        last = self.draw_doses()
        end = (last or FIRST + timedelta(days=200)) + timedelta(days=self.dice.randint(35, 60))
        death = self.draw_death(end)
        arm = self.dice.choice(["MONO", "COMBO"])
        self.add(
            "DM", SUBJID=self.usubjid[-7:], RFICDTC="2024-02-20", DTHDTC=death, DTHFL="Y" if death else None,
            ARMCD=arm, ACTARMCD=arm, SEX="F", AGE=58.0, AGEU="YEARS", SITEID="01", COUNTRY="CHN",
        )  # fmt: skip
        self.add(
            "SS",
            SSTESTCD="SURVSTAT",
            SSSTRESC="ALIVE",
            SSDTC=end.isoformat(),
            VISIT="FOLLOW-UP",
            VISITNUM=801.0,
        )
        self.draw_events(last)
        self.draw_results()
        self.draw_answers()

    def add(self, domain: str, **values) -> None:
        rows = self.tables[domain]
        if domain != "DM":
            values[f"{domain}SEQ"] = 1.0 + sum(row["USUBJID"] == self.usubjid for row in rows[-80:])
        rows.append({"STUDYID": "SURU-NEN", "DOMAIN": domain, "USUBJID": self.usubjid, **values})

    # Doses ---------------------------------------------------------------------------------------------

    def draw_doses(self) -> date | None:
        """Lines of dosing; the last day with drug, or None while it goes on."""
        day, last, dose = FIRST, None, 300.0
        count = self.dice.randint(1, 5)
        if self.dice.random() < 0.1:
            self.note("first line without drug")
            self.add_dose(0.0, day - timedelta(days=3), day - timedelta(days=1))
        for place in range(count):
            frequency = "QD"
            end = day + timedelta(days=self.dice.randint(3, 40))
            if place and self.dice.random() < 0.4:
                before, dose = dose, self.dice.choice([300.0, 250.0, 200.0])
                if dose > before:
                    self.note("dose raised")
            if dose == 200 and self.dice.random() < 0.4:
                frequency = "QD 3 WEEKS ON 1 WEEK OFF"
                self.note("three weeks of four")
            is_last = place == count - 1
            goes_on = is_last and self.dice.random() < 0.2
            left_open = not is_last and self.dice.random() < 0.15
            self.add_dose(dose, day, None if goes_on or left_open else end, frequency)
            self.note("treatment goes on") if goes_on else None
            self.note("dose left open") if left_open else None
            last = None if goes_on else end
            pause = self.dice.choice([0, 0, 5, 12])
            if pause and not is_last and not left_open:
                if self.dice.random() < 0.5:
                    self.note("interruption")
                    self.add_dose(0.0, end + timedelta(days=1), end + timedelta(days=pause))
                else:
                    self.note("gap nobody recorded")
                end += timedelta(days=pause)
            day = end + timedelta(days=1)
        if last and self.dice.random() < 0.2:
            self.note("interruption at the end")
            self.add_dose(0.0, last + timedelta(days=1), last + timedelta(days=9))
        return last

    def add_dose(self, mg: float, start: date, end: date | None, frequency: str = "QD") -> None:
        ended = end.isoformat() if end else None
        self.add(
            "EX",
            EXTRT="SURUFATINIB",
            EXDOSE=mg,
            EXDOSU="mg",
            EXDOSFRQ=frequency,
            EXSTDTC=start.isoformat(),
            EXENDTC=ended,
        )

    def draw_death(self, end: date) -> str | None:
        if self.dice.random() > 0.3:
            return None
        self.note("died")
        day = (end + timedelta(days=self.dice.randint(0, 40))).isoformat()
        if self.dice.random() < 0.4:
            self.note("partial death")
            return day[:7]
        return day

    # Adverse events ------------------------------------------------------------------------------------

    def draw_events(self, last: date | None) -> None:
        for _ in range(self.dice.randint(0, 7)):
            start = FIRST + timedelta(days=self.dice.randint(-60, 150))
            kind = self.dice.random()
            if kind < 0.1:
                start = FIRST
                self.note("onset on the first dose")
            elif kind < 0.2:
                start = FIRST - timedelta(days=1)
                self.note("onset the day before")
            elif kind < 0.35 and last:
                late = self.dice.choice([30, 31])
                start = last + timedelta(days=late)
                self.note(f"onset {late} days after")
            ended = start + timedelta(days=self.dice.randint(0, 50))
            onset, end = self.shorten(start, "onset"), self.shorten(ended, "end")
            grade = self.dice.choice(["1", "2", "2", "3", None])
            related = self.dice.choice(["RELATED", "POSSIBLE", "UNLIKELY", "NOT RELATED", None])
            self.note("grade missing") if grade is None else None
            self.note("causality missing") if related is None else None
            term = self.dice.choice(TERMS)
            times = 2 if self.dice.random() < 0.1 else 1
            if times == 2:
                self.note("two worst on a day")
            for _ in range(times):
                self.add(
                    "AE", AETERM=term, AEDECOD=term, AEBODSYS=term[:1], AESTDTC=onset, AEENDTC=end,
                    AETOXGR=grade, AEREL=related, AESER="N",
                )  # fmt: skip

    def shorten(self, day: date, what: str) -> str | None:
        kind = self.dice.random()
        if kind < 0.7:
            return day.isoformat()
        if kind > 0.95:
            self.note(f"no {what}")
            return None
        self.note(f"partial {what}")
        return day.isoformat()[: 7 if kind < 0.87 else 4]

    # Laboratory ----------------------------------------------------------------------------------------

    def draw_results(self) -> None:
        for test, (unit, low, high, conventional, factor) in TESTS.items():
            for visit, day in ((1.0, -9), (11.0, 0), (12.0, 28), (901.0, 28), (13.0, 56)):
                level = self.dice.choice([low * 0.6, low, low * 1.1, high, high * 1.2, high * 3.2])
                if visit == 11.0 and level > high and test == "ALT":
                    self.note("abnormal baseline")
                on: str | None = (FIRST + timedelta(days=day)).isoformat()
                if self.dice.random() < 0.03:
                    on = self.dice.choice([None, on[:7]])
                    self.note("undated result")
                if visit == 901.0:
                    self.note("two samples of a day")
                limits = (low, high)
                if visit > 11 and self.dice.random() < 0.05:  # of baseline they say whether it was abnormal
                    self.note("no limits")
                    limits = (None, None)
                self.add_result(test, round(level, 1), on, visit, unit, conventional, factor, limits)

    def add_result(self, test, value, on, visit, unit, conventional, factor, limits) -> None:
        printed, sent = [value, *limits], unit
        if conventional and self.dice.random() < 0.5:
            self.note("conventional unit")
            printed = [None if part is None else round(part / factor, 2) for part in printed]
            sent = conventional
        si = [
            None if part is None else round(part * (factor if sent == conventional else 1), 6)
            for part in printed
        ]
        texts = [None if part is None else str(part) for part in printed]
        self.add(
            "LB", LBTESTCD=test, LBTEST=test, LBCAT="CHEMISTRY", LBORRES=texts[0], LBORRESU=sent,
            LBORNRLO=texts[1], LBORNRHI=texts[2], LBSTRESC=str(si[0]), LBSTRESN=si[0], LBSTRESU=unit,
            LBSTNRLO=si[1], LBSTNRHI=si[2], LBSPEC="SERUM OR PLASMA", LBDTC=on,
            VISIT=f"VISIT {visit:g}", VISITNUM=visit,
        )  # fmt: skip

    # Questionnaires ------------------------------------------------------------------------------------

    def draw_answers(self) -> None:
        for visit, day in ((1.0, -5), (12.0, 28), (13.0, 56), (14.0, 84)):
            if self.dice.random() < 0.2:
                continue
            on = (FIRST + timedelta(days=day)).isoformat()
            for item in range(1, 31):
                if self.dice.random() < 0.25:
                    self.note("half of the items")
                    continue
                answer = self.dice.randint(1, 7 if item > 28 else 4)
                self.add(
                    "QS", QSTESTCD=f"EOR01{item:02d}", QSTEST=f"Item {item}", QSCAT="EORTC QLQ-C30 V3.0",
                    QSORRES=str(answer), QSSTRESC=str(answer), QSSTRESN=float(answer), QSDTC=on,
                    VISIT=f"VISIT {visit:g}", VISITNUM=visit,
                )  # fmt: skip


def generate_records(count: int, seed: int) -> RecordDraw:
    drawn = RecordDraw(seed)
    for number in range(1, count + 1):
        drawn.draw(number)
    return drawn


def as_arrow(tables: dict[str, list[dict]]) -> dict[str, pa.Table]:
    return {name: make_table(rows) for name, rows in tables.items() if rows}


def make_table(rows: Iterable[dict]) -> pa.Table:
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], pa.float64() if name in NUMBERS else pa.string())
            for name in names
        }
    )
