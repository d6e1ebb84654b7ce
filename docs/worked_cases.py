"""Reference pages of the worked examples: tumor response visit by visit, and when a patient is censored."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
Table = Callable[[list[str], list[list[str]]], str]

VISIT_HEAD = [
    "Visit",
    "Day",
    "Targets",
    "Non-targets",
    "New",
    "Sum",
    "% base",
    "% nadir",
    "Target",
    "Non-target",
    "Overall",
]
OUTCOMES = {
    "bor_unconfirmed": "best response, unconfirmed",
    "bor_confirmed": "best response, confirmed",
    "pd_day": "day of progression",
    "first_response_day": "day of first response",
    "confirmed_response_day": "day of the response later confirmed",
}


def write_response_cases(table: Table) -> Iterator[str]:
    """Every worked case: baseline, visits with the responses that follow, best responses, alternatives."""
    cases = yaml.safe_load((ROOT / "tests" / "spec" / "recist_cases.yaml").read_text(encoding="utf-8"))
    yield "# Tumor response by RECIST 1.1, in worked examples"
    yield "Day 1 is the first dose; sizes are in mm. Each case runs as a test, tabulated in several ways."
    for case in cases["cases"]:
        yield f"## {case['id']}: {case['title']}"
        yield describe_baseline(case)
        yield table(VISIT_HEAD, [visit_row(visit) for visit in case["visits"]])
        yield describe_outcome(case["expect"])
        for other in case.get("alternatives", []):
            settings = ", ".join(f"{key} = {said(value)}" for key, value in other["settings"].items())
            yield f"With {settings}: {describe_outcome(other['expect'])}"
    yield from write_list("Is a lesion measurable?", cases["measurability_cases"], table)
    yield from write_list("Are the targets well chosen?", cases["selection_cases"], table)


def describe_baseline(case: dict) -> str:
    """The lesions at baseline in a sentence."""
    baseline = case["baseline"]
    kinds = [
        f"{kind}: " + ", ".join(f"{name} {describe_lesion(lesion)}" for name, lesion in lesions.items())
        for kind, lesions in (("targets", baseline["targets"]), ("non-targets", baseline["non_targets"]))
        if lesions
    ]
    therapy = case.get("new_anticancer_day")
    started = f" New anti-cancer therapy on day {therapy}." if therapy else ""
    return f"Baseline on day {baseline['day']}: {'; '.join(kinds) or 'no lesion'}.{started}"


def describe_lesion(lesion: dict) -> str:
    """Organ and size of one lesion."""
    size = f" {lesion['mm']}" if "mm" in lesion else ""
    return f"{str(lesion.get('organ', '')).replace('_', ' ')}{size}"


def visit_row(visit: dict) -> list[str]:
    """One visit: what was read, what follows."""
    follows = visit["expect"]
    return [
        visit["name"],
        said(visit["day"]),
        readings(visit["targets"]),
        readings(visit["non_targets"]),
        ", ".join(said(lesion) for lesion in visit["new_lesions"]),
        *(said(follows.get(key)) for key in ("sum_mm", "pct_baseline", "pct_nadir", "target", "non_target")),
        said(follows["overall"])
        + (f" (finally {follows['overall_final']})" if "overall_final" in follows else ""),
    ]


def readings(lesions: dict) -> str:
    """What was read of each lesion."""
    return ", ".join(f"{name} {said(value)}" for name, value in lesions.items())


def describe_outcome(expect: dict) -> str:
    """Best responses and dates in a sentence."""
    return "; ".join(f"{OUTCOMES.get(key, key)}: {said(value)}" for key, value in expect.items()) + "."


def said(value: object) -> str:
    """A value as a reader says it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " ".join(f"{key} {said(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(said, value)) or "none"
    return str(value)


def write_list(title: str, cases: list[dict], table: Table) -> Iterator[str]:
    """Short cases as rows of one table."""
    yield f"## {title}"
    rows = [
        [
            c["id"],
            "; ".join(f"{k} {said(v)}" for k, v in c.items() if k not in ("id", "expect")),
            said(c["expect"]),
        ]
        for c in cases
    ]
    yield table(["Case", "Given", "Answer"], rows)


def write_censoring_cases(table: Table) -> Iterator[str]:
    """The worked censoring examples under both rule sets."""
    if str(ROOT) not in sys.path:  # as a script, only docs/ is
        sys.path.insert(0, str(ROOT))
    from tests.oracles.censoring_cases import CENSORING_CASES, TWO_MISSED_LIMITS

    yield "# Progression-free survival, in worked examples"
    yield "Elapsed days since the first dose; the duration in days is one more."
    rows = [
        [case.id, ", ".join(f"{response} {day}" for response, day in case.assessments) or "none",
         describe_circumstances(case), outcome(case.fda), outcome(case.ema)]
        for case in CENSORING_CASES
    ]  # fmt: skip
    yield table(["Case", "Assessments", "What else", "`PFS`", "`PFSEMA`"], rows)
    yield "The last day on which a death still is an event:"
    limits = [[said(last), str(limit)] for last, limit in TWO_MISSED_LIMITS]
    yield table(["Last adequate assessment", "Limit"], limits)


def describe_circumstances(case: object) -> str:
    """What else happened to the subject."""
    said_of = {
        "death": "death {}",
        "new_therapy": "new therapy {}",
        "clinical_progression": "clinical progression {}",
        "lost": "lost after {}",
        "cutoff": "alive at cut-off {}",
        "doubtful_from": "new lesion equivocal from {}",
    }
    parts = [
        text.format(getattr(case, key)) for key, text in said_of.items() if getattr(case, key) is not None
    ]
    return ", ".join([*([] if case.has_baseline else ["no baseline scan"]), *parts])


def outcome(answer: tuple[int, bool]) -> str:
    """Event or censored, and when."""
    day, is_event = answer
    return f"{'event' if is_event else 'censored'} {day}"
