"""What an analysis adds to one subject's adverse events: dates, emergence, causality, occurrence."""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracles.records import Course, Domains, imputed_flag, possible_days, study_day

DAYS_AFTER_LAST_DOSE = 30
RELATED = ("RELATED", "PROBABLE", "POSSIBLE")

Values = dict[str, object]


def expect_adverse_events(subject: Domains, course: Course) -> dict[float, Values]:
    """AESEQ to the values of its record."""
    events = {row["AESEQ"]: expect_event(row, course) for row in subject["AE"]}
    emergent = [seq for seq, values in events.items() if values["TRTEMFL"] == "Y"]
    groups = {"AOCCFL": (), "AOCCSFL": ("AEBODSYS",), "AOCCPFL": ("AEBODSYS", "AEDECOD")}
    rows = {row["AESEQ"]: row for row in subject["AE"]}
    for flag, columns in groups.items():
        first: dict[tuple, float] = {}
        for seq in emergent:
            key = tuple(rows[seq].get(column) for column in columns)
            if key not in first or comes_first(seq, first[key], events):
                first[key] = seq
        for seq in first.values():
            events[seq][flag] = "Y"
    return events


def comes_first(seq: float, other: float, events: dict[float, Values]) -> bool:
    """The worst grade, of those the earliest, of those the first entered."""

    def rank(number: float) -> tuple:
        values = events[number]
        return (-(values["ATOXGR"] or 0), values["ASTDT"] or date.max, number)

    return rank(seq) < rank(other)


def expect_event(row, course: Course) -> Values:
    start, flag = start_of_event(row["AESTDTC"], row.get("AEENDTC"), course)
    end, end_flag = end_of_event(row.get("AEENDTC"), course, start)
    emergent = is_emergent(start, row.get("AEENDTC"), course)
    treated = course.first_dose is not None
    window = treated and course.last_dose and course.last_dose + timedelta(days=DAYS_AFTER_LAST_DOSE)
    grade = row.get("AETOXGR")
    return {
        "ASTDT": start,
        "ASTDTF": flag if start else None,
        "AENDT": end,
        "AENDTF": end_flag,
        "ASTDY": study_day(course.first_dose, start),
        "TRTEMFL": "Y" if emergent else None,
        "PREFL": "Y" if treated and was_before(start, row.get("AEENDTC"), course.first_dose) else None,
        "FUPFL": "Y" if start and window and start > window else None,
        "AREL": "RELATED" if row.get("AEREL") in (*RELATED, None) else "NOT RELATED",
        "ATOXGR": int(grade) if grade in ("1", "2", "3", "4", "5") else None,
        "AOCCFL": None,
        "AOCCSFL": None,
        "AOCCPFL": None,
    }


def was_before(start: date | None, end: str | None, first_dose: date) -> bool:
    """Begun before the first dose, or over before it whenever it began."""
    if start is not None:
        return start < first_dose
    ends = possible_days(end)
    return ends is not None and ends[1] < first_dose


def start_of_event(text: str | None, end: str | None, course: Course) -> tuple[date | None, str | None]:
    """A partial start is the first possible day, or the first dose if possible and not after the end."""
    days = possible_days(text)
    first_dose = course.first_dose
    ends = possible_days(end)
    if days is None:
        if first_dose is None or (ends and ends[1] < first_dose):
            return None, None
        return first_dose, "Y"
    if days[0] == days[1]:
        return days[0], None
    if first_dose and days[0] <= first_dose <= days[1] and not (ends and ends[1] < first_dose):
        return first_dose, imputed_flag(text)
    return days[0], imputed_flag(text)


def end_of_event(text: str | None, course: Course, start: date | None) -> tuple[date | None, str | None]:
    """A partial end is the last possible day, not after death or cut-off."""
    days = possible_days(text)
    if days is None:
        return None, None
    if days[0] == days[1]:
        return days[0], None
    end = min([days[1], *(limit for limit in (course.death, course.cutoff) if limit is not None)])
    return (max(end, start) if start else end), imputed_flag(text)


def is_emergent(start: date | None, end: str | None, course: Course) -> bool:
    """From first dose to 30 days after the last one; on and on while treatment goes on."""
    if course.first_dose is None or start is None or start < course.first_dose:
        return False
    return course.last_dose is None or start <= course.last_dose + timedelta(days=DAYS_AFTER_LAST_DOSE)
