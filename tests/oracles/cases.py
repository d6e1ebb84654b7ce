"""The worked examples of `tests/spec/recist_cases.yaml` as case models of the twin."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from tests.oracles.recist import Baseline, Finding, Lesion, NewLesion, Reading, Settings, Visit

CASES_FILE = Path(__file__).parent.parent / "spec" / "recist_cases.yaml"

# The examples' settings and responses in the twin's words.
RESPONSES = {"NON_CR_NON_PD": "NON-CR/NON-PD"}


@dataclass(frozen=True)
class Case:
    id: str
    title: str
    baseline: Baseline
    visits: tuple[Visit, ...]
    new_therapy: int | None
    expected_visits: tuple[dict[str, Any], ...]
    expected: dict[str, Any]
    alternatives: tuple[tuple[dict[str, Any], dict[str, Any]], ...]


def load_document() -> dict[str, Any]:
    return yaml.safe_load(CASES_FILE.read_text(encoding="utf-8"))


def load_cases() -> list[Case]:
    return [read_case(raw) for raw in load_document()["cases"]]


def elapsed(day: int) -> int:
    """Study day (1 = first dose, no 0) to elapsed days."""
    return day - 1 if day >= 1 else day


def study_day(days: int | None) -> int | None:
    if days is None:
        return None
    return days + 1 if days >= 0 else days


def response_name(code: str) -> str:
    return RESPONSES.get(code, code)


def settings_of(raw: dict[str, Any]) -> Settings:
    values = {key: Decimal(value) if key == "ttsm_default_mm" else value for key, value in raw.items()}
    return Settings(**values)


def is_nodal(raw: dict[str, Any]) -> bool:
    return raw.get("kind") == "nodal" or raw["organ"] == "lymph_node"


def read_lesion(raw: dict[str, Any]) -> Lesion:
    size = raw.get("mm", raw.get("node_mm"))
    return Lesion(raw["organ"], is_nodal(raw), None if size is None else Decimal(str(size)))


def read_reading(raw: Any, day: int) -> Reading:
    if not isinstance(raw, dict):
        return Reading("MEASURED", day, mm=Decimal(str(raw)))
    if "ttsm" in raw:
        return Reading("TTSM", day)
    if "ne" in raw:
        return Reading("NE", day, reason=raw["ne"])
    if "split" in raw:
        return Reading("SPLIT", day, parts=tuple(Decimal(str(mm)) for mm in raw["split"]))
    if "merged_into" in raw:
        return Reading("MERGED", day, into=raw["merged_into"])
    return Reading("MEASURED", day, mm=Decimal(str(raw["mm"])))


def read_finding(raw: Any, day: int) -> Finding:
    if isinstance(raw, dict):
        return Finding("PRESENT", day, node_mm=Decimal(str(raw["node_mm"])))
    return Finding({"UNEQUIVOCAL_PD": "PD"}.get(raw, raw), day)


def read_visit(raw: dict[str, Any], number: float) -> Visit:
    days = {part: elapsed(day) for part, day in raw.get("component_days", {}).items()}
    day = elapsed(raw["day"])
    return Visit(
        name=raw["name"],
        number=number,
        day=day,
        targets={i: read_reading(value, days.get("targets", day)) for i, value in raw["targets"].items()},
        non_targets={
            i: read_finding(value, days.get("non_targets", day)) for i, value in raw["non_targets"].items()
        },
        new_lesions=tuple(
            NewLesion(
                new["id"],
                new["status"] == "UNEQUIVOCAL",
                elapsed(new["first_seen_day"]),
                days.get("new_lesions", day),
            )
            for new in raw["new_lesions"]
        ),
    )


def read_case(raw: dict[str, Any]) -> Case:
    baseline = raw["baseline"]
    therapy = raw.get("new_anticancer_day")
    return Case(
        id=raw["id"],
        title=raw["title"],
        baseline=Baseline(
            elapsed(baseline["day"]),
            {i: read_lesion(lesion) for i, lesion in baseline["targets"].items()},
            {i: read_lesion(lesion) for i, lesion in baseline["non_targets"].items()},
        ),
        visits=tuple(read_visit(visit, 101.0 + k) for k, visit in enumerate(raw["visits"])),
        new_therapy=None if therapy is None else elapsed(therapy),
        expected_visits=tuple(visit["expect"] for visit in raw["visits"]),
        expected=raw["expect"],
        alternatives=tuple((a["settings"], a["expect"]) for a in raw.get("alternatives", [])),
    )
