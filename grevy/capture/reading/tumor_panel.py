"""The response of one assessment laid open: each question with its numbers, and what follows from them.

Every answer and every number is read from the rows of the analysis (`adam.course`); here they are put into
words and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from grevy.adam.assessments import CR, MM, NA, NE, PD, PR, SD
from grevy.adam.course import Course
from grevy.capture.typed import show_date
from grevy.capture.words import Words
from grevy.definition.analysis_plan import AnalysisPlan

LETTERS = ("CR", "PR", "SD", "PD", "NE")
"""Responses that have a code of two letters and a color; the others are words."""


@dataclass(frozen=True)
class Step:
    """One question of the walk: its code, what it asks, the answer (a word's key), the arithmetic."""

    code: str
    title: str
    answer: str
    detail: str
    decides: bool


@dataclass(frozen=True)
class Panel:
    """What the response panel shows."""

    overall: str
    title: str
    lead: str
    steps: tuple[Step, ...]
    target: str
    non_target: str
    new: str
    sentences: tuple[str, ...]
    waits: str


def describe_response(
    course: Course,
    values: Mapping[str, Any],
    event: str,
    event_seq: int,
    plan: AnalysisPlan,
    t: Words,
    visit_name: str,
) -> Panel:
    """The panel of the assessment at a visit, or what it waits for."""
    visit = course.visit(event, event_seq)
    if visit is None:
        return Panel("", "", "", (), "", "", "", (), t[_waits_for(course, values)])
    overall = str(visit["RESPONSE_AT_VISIT"])
    new = "new_Y" if visit["NEW_DAY"] is not None else "new_N"
    if new == "new_N" and any(_here(row, visit) and row["ROLE"] == "X" for row in course.lesions):
        new = "new_equivocal"
    return Panel(
        overall=overall,
        title=t[f"recist_{overall}"],
        lead=_lead(course, t, visit_name),
        steps=tuple(_walk(course, visit, t)),
        target=str(visit["TARGET"]),
        non_target=str(visit["NON_TARGET"]),
        new=t[new],
        sentences=tuple(_conclude(course, visit, plan, t)),
        waits="",
    )


def _waits_for(course: Course, values: Mapping[str, Any]) -> str:
    if values.get("done") == "N":
        return "response_waits_done"
    first = course.subject[0]["TRTSDT"] if course.subject else None
    typed = str(values.get("assessment_date") or "")
    if first and typed and typed <= first.isoformat():
        return "response_before_dose"
    return "response_waits_date"


def _lead(course: Course, t: Words, visit_name: str) -> str:
    best, confirmed = course.response("BOR"), course.response("CBOR")
    if best is None or best["AVALC"] in (None, NE):
        return t.fill("overall_at", visit=visit_name)
    code = str(best["AVALC"])
    if code not in (CR, PR):
        told = code
    elif confirmed and confirmed["AVALC"] == code:
        told = t.fill("is_confirmed", response=code)
    else:
        told = t.fill("is_unconfirmed", response=code)
    return t.fill("overall_so_far", visit=visit_name, best=told)


# ---- The walk ------------------------------------------------------------------------------------------


def _walk(course: Course, visit: Mapping[str, Any], t: Words) -> list[Step]:
    """CR, PD, PR, SD in this order; the first yes decides, what comes after it is not reached."""
    if visit["TARGET"] == NA and not visit["EXPECTED"]:
        return []
    returned = visit["RETURNED"] and visit["SEEN"] > 0 and not visit["ALL_GONE"]
    questions = [
        (CR, "step_CR", visit["ALL_GONE"], _say_what_is_left(course, visit, t)),
        (PD, "step_PD", visit["GROWN"], _say_growth(visit, t)),
        *([(PD, "step_RETURNED", True, "")] if returned else []),
        (PR, "step_PR", visit["SHRUNK"], _say_shrinkage(visit, t)),
        (SD, "step_SD", visit["TARGET"] == SD, ""),
    ]
    unknown = visit["TARGET"] == NE
    steps, decided = [], False
    for code, title, is_so, detail in questions:
        if decided:
            steps.append(Step(code, t[title], "said_not_reached", "", False))
            continue
        decided = bool(is_so)
        answer = "said_yes" if decided else "said_unknown" if unknown and code != PD else "said_no"
        steps.append(Step(code, t[title], answer, detail, decided))
    if unknown:
        missing = _names(course, visit, lambda row: not row["EVALUATED"])
        steps.append(Step(NE, t["recist_NE"], "said_yes", t.fill("not_assessed_list", lesions=missing), True))
    return steps


def _here(row: Mapping[str, Any], visit: Mapping[str, Any]) -> bool:
    return bool(row["ASMT"] == visit["ASMT"])


def _targets(course: Course, visit: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The targets that baseline expects, as seen at the visit; one without a row was not evaluated."""
    seen = {row["LNKID"]: row for row in course.lesions if _here(row, visit) and row["ROLE"] == "T"}
    expected = [row for row in course.lesions if row["ASMT"] == 0 and row["ROLE"] == "T"]
    silent = {"EVALUATED": False, "GONE": False, "MERGED": False, "SIZE": None}
    rows = [seen.get(row["LNKID"], {**row, **silent}) for row in expected]
    return sorted(rows, key=lambda row: (len(str(row["LNKID"])), str(row["LNKID"])))


def _names(course: Course, visit: Mapping[str, Any], wanted: Any) -> str:
    return ", ".join(str(row["LNKID"]) for row in _targets(course, visit) if wanted(row))


def _say_what_is_left(course: Course, visit: Mapping[str, Any], t: Words) -> str:
    left = _names(course, visit, lambda row: row["EVALUATED"] and not row["GONE"] and not row["MERGED"])
    missing = _names(course, visit, lambda row: not row["EVALUATED"])
    nodes = [row for row in _targets(course, visit) if row["NODAL"] and row["GONE"] and row["SIZE"]]
    parts = [t.fill("still_there", lesions=left)] if left else []
    parts += [t.fill("node_counts_normal", lesion=row["LNKID"], size=in_mm(row["SIZE"])) for row in nodes]
    parts += [t.fill("not_assessed_list", lesions=missing)] if missing else []
    return " ".join(parts) or t["all_gone"]


def _say_growth(visit: Mapping[str, Any], t: Words) -> str:
    total, nadir = visit["AVAILABLE"] or 0, visit["NADIR"]
    if nadir is None:
        return ""
    return t.fill(
        "step_PD_20",
        sum=in_mm(total),
        nadir=in_mm(nadir),
        limit=in_mm(nadir * 6, 5),
        answer=t["said_yes" if visit["UP_20_PERCENT"] else "said_no"],
        difference=in_mm(total - nadir),
        answer_5=t["said_yes" if visit["UP_5_MM"] else "said_no"],
    )


def _say_shrinkage(visit: Mapping[str, Any], t: Words) -> str:
    total, base = visit["SLD"], visit["BASE"]
    if total is None or not base:
        return ""
    return t.fill(
        "step_PR_70",
        sum=in_mm(total),
        base=in_mm(base),
        limit=in_mm(base * 7, 10),
        answer=t["said_yes" if visit["SHRUNK"] else "said_no"],
        change=in_percent(100 * (total - base) / base),
    )


# ---- What follows --------------------------------------------------------------------------------------


def _conclude(course: Course, visit: Mapping[str, Any], plan: AnalysisPlan, t: Words) -> list[str]:
    """Progression with its date, or whether a response is confirmed and from when it can be."""
    said = [t["redated"]] if visit["REDATED"] else []
    progressed, response, confirmed = (course.response(code) for code in ("PD", "RSP", "CRSP"))
    if progressed and progressed["AVALC"] == "Y":
        said.append(t.fill("progressed_on", date=_day(progressed["ADT"], t)))
    if confirmed and confirmed["AVALC"] == "Y":
        said.append(t.fill("confirmed_on", date=_day(confirmed["ADT"], t)))
    elif response and response["AVALC"] == "Y" and not (progressed and progressed["AVALC"] == "Y"):
        days = int(plan.value("recist.confirm_min_days"))
        best = course.response("BOR")
        said.append(
            t.fill(
                "first_response",
                response=best["AVALC"] if best else PR,
                date=_day(response["ADT"], t),
                earliest=_day(response["ADT"] + timedelta(days=days), t),
                days=days,
            )
        )
    return said


def _day(value: date, t: Words) -> str:
    return show_date(value.isoformat(), t.language)


def in_mm(hundredths: int, divided_by: int = 1) -> str:
    """A size in mm with the decimals it has, and a real minus."""
    value = hundredths / (MM * divided_by)
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def in_percent(value: float | None) -> str:
    """A change with one decimal and a real sign."""
    if value is None:
        return ""
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{abs(value):.1f}%"
