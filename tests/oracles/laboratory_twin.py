"""Laboratory results of one subject: baseline, change, grades of both directions from the original units.

Grades come from the text of CTCAE 5.0 (`ctcae_twin`), reached by the domain document's own conversion
factors and not by the standardized result. No symptoms unless recorded; INR without anticoagulant.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.oracles.ctcae_twin import TWIN
from tests.oracles.records import Course, Domains, Row, whole_day

VERSION = "5.0"
DAYS_AFTER_LAST_DOSE = 30
COLLECTION_DAYS = 7

# One unit of what the laboratory reports, in the unit of the criterion.
FACTORS: dict[tuple[str, str], Decimal] = {
    ("CREAT", "mg/dL"): Decimal("88.42"),
    ("BILI", "mg/dL"): Decimal("17.1"),
    ("BILDIR", "mg/dL"): Decimal("17.1"),
    ("CA", "mg/dL"): Decimal("0.2495"),
    ("URATE", "mg/dL"): Decimal("59.48"),
    ("HGB", "g/dL"): Decimal(10),
    ("ALB", "g/dL"): Decimal(10),
    ("GLUC", "mg/dL"): 1 / Decimal("18.016"),
    ("TRIG", "mg/dL"): 1 / Decimal("88.57"),
    ("CHOL", "mg/dL"): 1 / Decimal("38.67"),
}
DIPSTICK = {"NEGATIVE": 0, "TRACE": 0, "1+": 1, "2+": 2, "3+": 2, "4+": 3}
URINE = {"GLUC": "UGLUC", "PROT": "UPROT"}

Values = dict[str, object]


class Result:
    """One record of LB in the twin's words."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.test = row["LBTESTCD"]
        if row.get("LBSPEC") == "URINE":
            self.test = URINE.get(self.test, self.test)
        self.factor = FACTORS.get((self.test, row.get("LBORRESU") or ""), Decimal(1))
        self.day = whole_day(row.get("LBDTC"))
        self.value = self.in_si(row["LBORRES"]) if row.get("LBSTRESN") is not None else None
        self.low, self.high = self.in_si(row.get("LBORNRLO")), self.in_si(row.get("LBORNRHI"))

    def in_si(self, text: str | None) -> Decimal | None:
        """More decimals than any laboratory reports: what is beyond is an artifact of conversion."""
        return None if text in (None, "") else round(Decimal(text) * self.factor, 6)

    @property
    def number(self) -> float | None:
        return self.row.get("LBSTRESN")


def expect_laboratory(subject: Domains, course: Course) -> dict[float, Values]:
    """LBSEQ to the values of its record, of every result that was reported."""
    results = [Result(row) for row in subject["LB"] if row.get("LBSTRESC") is not None]
    expected: dict[float, Values] = {}
    for test in sorted({result.test for result in results}):
        of_test = [result for result in results if result.test == test]
        baseline = find_baseline(of_test, course)
        collections = [r for r in results if r.test == "PROTEXR" and r.day and r.value is not None]
        for result in of_test:
            expected[result.row["LBSEQ"]] = {
                "PARAMCD": test,
                "ABLFL": "Y" if result is baseline else None,
                **change(result, baseline, course),
                **grade_both_ways(result, baseline if is_later(result, course) else None, collections),
                **range_of(result, baseline),
                "ONTRTFL": "Y" if is_on_treatment(result, course) else None,
                "ADT": result.day,
            }
        if baseline is not None:
            worst = expected[baseline.row["LBSEQ"]]
            for result in of_test:
                expected[result.row["LBSEQ"]] |= {
                    "BTOXGRL": worst["ATOXGRL"], "BTOXGRH": worst["ATOXGRH"]
                }  # fmt: skip
    return expected


def find_baseline(results: list[Result], course: Course) -> Result | None:
    """The last result on or before the first dose; the day itself counts unless timed after the dose."""
    if course.first_dose is None:
        return None
    before = [r for r in results if r.day is not None and r.day <= course.first_dose]
    before = [r for r in before if r.value is not None or r.row.get("LBSTRESN") is None]
    return max(before, key=lambda r: (r.day, r.row["LBDTC"], r.row["LBSEQ"]), default=None)


def change(result: Result, baseline: Result | None, course: Course) -> Values:
    base = baseline.number if baseline else None
    after = result.number is not None and base is not None and is_later(result, course)
    return {
        "AVAL": result.number,
        "BASE": base,
        "CHG": result.number - base if after else None,
        "PCHG": 100 * (result.number - base) / base if after and base else None,
    }


def is_later(result: Result, course: Course) -> bool:
    """Later than the first dose: a result of its day may be baseline, one of an unknown day may be either.

    What was measured before treatment is graded by the limits alone: there is nothing yet to compare it with.
    """
    return bool(result.day and course.first_dose and result.day > course.first_dose)


def range_of(result: Result, baseline: Result | None) -> Values:
    def indicate(one: Result | None) -> str | None:
        if one is None or one.value is None:
            return None
        if one.low is not None and one.value < one.low:
            return "LOW"
        if one.high is not None and one.value > one.high:
            return "HIGH"
        return None if one.low is None and one.high is None else "NORMAL"

    return {"ANRIND": indicate(result), "BNRIND": indicate(baseline)}


def grade_both_ways(result: Result, baseline: Result | None, collections: list[Result]) -> Values:
    if result.test == "UPROT":
        return {"ATOXGRL": None, "ATOXGRH": grade_dipstick(result, collections)}
    return {f"ATOXGR{name[0]}": grade(result, baseline, name) for name in ("LOW", "HIGH")}


def grade(result: Result, baseline: Result | None, direction: str) -> int | None:
    function = TWIN.get((VERSION, result.test, direction))
    if function is None or result.value is None:
        return None
    try:
        return function(
            result.value, lln=result.low, uln=result.high, base=baseline and baseline.value,
            base_lln=baseline and baseline.low, base_uln=baseline and baseline.high,
            symptoms=False, version=VERSION,
        )  # fmt: skip
    except TypeError:
        return None  # a limit is missing that the grade would need


def grade_dipstick(result: Result, collections: list[Result]) -> int | None:
    """The collection of 24 hours nearest within 7 days takes precedence over the dipstick."""
    near = [
        (abs((one.day - result.day).days), one.day, one)
        for one in collections
        if result.day and abs((one.day - result.day).days) <= COLLECTION_DAYS
    ]
    for _, _, one in sorted(near, key=lambda entry: entry[:2]):
        found = grade(one, None, "HIGH")
        if found is not None:
            return found
    return DIPSTICK.get(result.row["LBSTRESC"])


def is_on_treatment(result: Result, course: Course) -> bool:
    if not is_later(result, course):
        return False
    return course.last_dose is None or result.day <= course.last_dose + timedelta(days=DAYS_AFTER_LAST_DOSE)


def flag_worst(subject: Domains, course: Course) -> dict[str, set[float]]:
    """WGRLFL and WGRHFL: of each test the first result on treatment with the highest grade above 0."""
    expected = expect_laboratory(subject, course)
    flags: dict[str, set[float]] = {"WGRLFL": set(), "WGRHFL": set()}
    for flag, grades in (("WGRLFL", "ATOXGRL"), ("WGRHFL", "ATOXGRH")):
        worst: dict[str, tuple] = {}
        for seq, values in expected.items():
            if values["ONTRTFL"] == "Y" and values[grades] is not None:
                rank = (-values[grades], values["ADT"], seq)
                worst[values["PARAMCD"]] = min(worst.get(values["PARAMCD"], rank), rank)
        flags[flag] = {rank[2] for rank in worst.values()}
    return flags


def correct_calcium(subject: Domains) -> dict[float, Decimal]:
    """LBSEQ of a calcium to its value corrected for the albumin of the visit, or else of the day."""
    results = [Result(row) for row in subject["LB"]]
    albumin = [r for r in results if r.test == "ALB" and r.day and r.value is not None]
    corrected = {}
    for calcium in results:
        if calcium.test != "CA" or not calcium.day or calcium.value is None:
            continue
        of_day = [r for r in albumin if r.day == calcium.day]
        of_visit = [r for r in of_day if r.row["VISITNUM"] == calcium.row["VISITNUM"]]
        if of_day:
            best = max(r.value for r in of_visit or of_day)
            corrected[calcium.row["LBSEQ"]] = calcium.value + Decimal("0.02") * (40 - best)
    return corrected


def potential_hys_law(subject: Domains) -> set[date]:
    """Days with ALT or AST of at least 3 limits, bilirubin above 2 within 3 days, and no cholestasis."""
    results = [Result(row) for row in subject["LB"]]
    times = {
        test: [(r.day, r.value / r.high) for r in results if r.test == test and r.day and r.value and r.high]
        for test in ("ALT", "AST", "BILI", "ALP")
    }
    return {
        day
        for day, ratio in times["ALT"] + times["AST"]
        if ratio >= 3
        and any(b > 2 and abs((other - day).days) <= 3 for other, b in times["BILI"])
        and not any(a >= 2 and other == day for other, a in times["ALP"])
    }
