"""Every record of a cohort's data sets against what the twins expect of its tabulation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from tests.oracles.adverse_events_twin import expect_adverse_events
from tests.oracles.endpoints_of_records import expect_endpoints
from tests.oracles.expectation import Difference
from tests.oracles.exposure_twin import expect_exposure
from tests.oracles.laboratory_twin import (
    correct_calcium,
    expect_laboratory,
    flag_worst,
    potential_hys_law,
)
from tests.oracles.later_endpoints import expect_deterioration, expect_hypertension
from tests.oracles.questionnaire_records import expect_scores
from tests.oracles.records import (
    Course,
    Domains,
    Row,
    begins_after,
    read_course,
    split_by_subject,
    whole_day,
    within,
)

DOMAINS = (
    "DM", "EX", "SV", "TR", "TU", "RS", "LB", "VS", "EG", "CV", "QS", "PE", "SS", "DS", "CM", "PR", "AE",
)  # fmt: skip
DATA_SETS = ("ADSL", "ADTTE", "ADEX", "ADAE", "ADLB", "ADQS")

Expected = Mapping[object, Mapping[str, object]]
Tables = Mapping[str, list[Row]]


def compare_cohort(
    sdtm: Tables, adam: Tables, cutoff: date | None = None
) -> tuple[list[Difference], dict[str, int]]:
    """All differences, and how many values of each data set were compared."""
    subjects = split_by_subject({name: sdtm.get(name, []) for name in DOMAINS})
    found = {name: group_by_subject(adam[name]) for name in DATA_SETS}
    differences: list[Difference] = []
    counted: dict[str, int] = defaultdict(int)
    for usubjid, records in subjects.items():
        if cutoff and begins_after(records["DM"][0].get("RFICDTC"), cutoff):
            continue  # not yet in the study
        known = within(records, cutoff)
        course = read_course(usubjid, known, cutoff)
        for name, compare in COMPARISONS.items():
            for what, expected, value in compare(known, course, found[name].get(usubjid, [])):
                counted[name] += 1
                if not is_same(expected, value):
                    differences.append(Difference(usubjid, f"{name} {what}", expected, value))
    return differences, counted


def group_by_subject(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["USUBJID"]].append(row)
    return grouped


def is_same(expected: object, found: object) -> bool:
    if isinstance(expected, (Decimal, float)) and isinstance(found, (int, float)):
        return abs(float(expected) - found) <= 1e-6 * max(1.0, abs(found))
    return expected == found


Values = Iterator[tuple[str, object, object]]


def compare_dates(records: Domains, course: Course, rows: list[Row]) -> Values:
    row = rows[0]
    yield "TRTSDT", course.first_dose, row["TRTSDT"]
    yield "TRTEDT", course.last_dose, row["TRTEDT"]
    yield "DTHDT", course.death, row["DTHDT"]
    yield "LSTALVDT", course.last_alive, row["LSTALVDT"]
    given = [ss for ss in records["SS"] if ss["VISIT"] == "END OF STUDY" and ss["SSSTRESC"] == "ALIVE"]
    yield "LSTCTDT", max((whole_day(ss["SSDTC"]) for ss in given), default=None), row["LSTCTDT"]
    yield "NWTRSDT", course.new_therapy, row["NWTRSDT"]
    yield "CLPDDT", course.clinical_progression, row["CLPDDT"]


def compare_endpoints(records: Domains, course: Course, rows: list[Row]) -> Values:
    found = {row["PARAMCD"]: row for row in rows}
    expected = expect_endpoints(records, course)
    later = expect_deterioration(records, course)
    hypertension = expect_hypertension(records, course)
    if hypertension is not None:
        later["TTHYP"] = hypertension
    yield "parameters", set(expected) | set(later), set(found)
    for paramcd in later.keys() & found.keys():
        one, row = later[paramcd], found[paramcd]
        yield f"{paramcd} day", (one.day, one.is_event), (row["ADT"], row["CNSR"] == 0)
        yield f"{paramcd} AVAL", one.duration, row["AVAL"]
    for paramcd in expected.keys() & found.keys():
        one, row = expected[paramcd], found[paramcd]
        yield f"{paramcd} STARTDT", one.start, row["STARTDT"]
        yield f"{paramcd} ADT", one.day, row["ADT"]
        yield f"{paramcd} AVAL", one.duration, row["AVAL"]
        yield f"{paramcd} CNSR", one.is_event, row["CNSR"] == 0
        yield f"{paramcd} reason", one.reason, row["EVNTDESC"] or row["CNSDTDSC"]


def compare_exposure(_records: Domains, course: Course, rows: list[Row]) -> Values:
    # the pill count has no twin: it is drawn out in tests/spec/test_pill_count.py
    found = {
        row["PARAMCD"]: row["AVAL"] for row in rows if row["PARAMCD"] != "DOSE" and row["SRCDOM"] != "DA"
    }
    expected = expect_exposure(course)
    yield "parameters", set(expected), set(found)
    for paramcd in expected.keys() & found.keys():
        yield paramcd, expected[paramcd], found[paramcd]


def compare_adverse_events(records: Domains, course: Course, rows: list[Row]) -> Values:
    found = {row["AESEQ"]: row for row in rows}
    yield from compare_keyed(expect_adverse_events(records, course), found)


def compare_laboratory(records: Domains, course: Course, rows: list[Row]) -> Values:
    found = {row["SRCSEQ"]: row for row in rows if row["DTYPE"] != "DERIVED"}
    yield from compare_keyed(expect_laboratory(records, course), found)
    for flag, sequences in flag_worst(records, course).items():
        yield flag, sequences, {seq for seq, row in found.items() if row[flag] == "Y"}
    calcium = {row["SRCSEQ"]: row["AVAL"] for row in rows if row["PARAMCD"] == "CACRALB"}
    corrected = correct_calcium(records)
    yield "corrected calcium", set(corrected), set(calcium)
    for seq in corrected.keys() & calcium.keys():
        yield f"corrected calcium {seq:g}", corrected[seq], calcium[seq]
    hys = {row["ADT"] for row in rows if row["PARAMCD"] == "HYLAW" and row["AVALC"] == "Y"}
    yield "potential Hy's law", potential_hys_law(records), hys


def compare_scores(records: Domains, course: Course, rows: list[Row]) -> Values:
    scored = [row for row in rows if row["PARCAT1"] != "ADHERENCE" and not row["PARAMCD"].startswith("FRM")]
    found = {(row["PARAMCD"], row["AVISITN"], row["ADT"]): row for row in scored}
    yield from compare_keyed(expect_scores(records, course), found)


def compare_keyed(expected: Expected, found: Mapping[object, Row]) -> Values:
    yield "records", set(expected), set(found)
    for key in expected.keys() & found.keys():
        for column, value in expected[key].items():
            yield f"{column} at {key}", value, found[key][column]


COMPARISONS: dict[str, Callable[[Domains, Course, list[Row]], Values]] = {
    "ADSL": compare_dates,
    "ADTTE": compare_endpoints,
    "ADEX": compare_exposure,
    "ADAE": compare_adverse_events,
    "ADLB": compare_laboratory,
    "ADQS": compare_scores,
}
