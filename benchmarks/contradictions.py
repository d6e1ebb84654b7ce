"""What the edit checks find of the contradictions planted into a virtual cohort, and what else they find.

`python -m benchmarks.contradictions` writes docs/explanation/data-checks.md.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import django

from grevy.definition import Study, load_study, validate_values
from grevy.simulate import simulate_study
from grevy.simulate.cohort import END, SimulatedStudy
from grevy.snapshot import latest_revisions, name_record, number_revisions

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "data-checks.md"
SEED, SUBJECTS = 20260101, 350
REAL = "the record really says so; not compared with the event behind it"
MISSING = "what is asked for is really missing in the record"
SUSPECT = "suspected artefact of the simulation, its cause not examined yet"
WHAT_ELSE = {
    "soft_range": "values outside the expected range of their item",
    **dict.fromkeys(("QC_ANSWERS_MISSING", "QG_ANSWERS_MISSING", "UR_24H_PROTEIN_MISSING"), MISSING),
    **dict.fromkeys(
        (
            "VS_HYPERTENSION", "VS_HYPERTENSIVE_CRISIS", "VS_FEVER", "UR_PROTEINURIA", "CH_TRANSAMINASES",
            "CH_LIVER_INJURY", "TH_TSH_HIGH", "HM_ANEMIA", "HM_NEUTROPENIA", "HM_THROMBOCYTOPENIA",
            "SAE_REPORTED_LATE", "BL_SCAN_TOO_OLD", "EOT_BEYOND_PROGRESSION",
        ),
        REAL,
    ),
    **dict.fromkeys(
        (
            "DA_TOO_FEW_DISPENSED", "QG_SAME_ANSWER_EVERYWHERE", "QC_SAME_ANSWER_EVERYWHERE",
            "EQ_SAME_ANSWER_EVERYWHERE", "LI_PARTS_ABOVE_TOTAL",
        ),
        SUSPECT,
    ),
}  # fmt: skip
"""Findings without a planted contradiction, and what they are; others are not judged."""


@dataclass(frozen=True)
class Outcome:
    """One check: contradictions planted that still stand, found, missed, and findings elsewhere."""

    check: str
    planted: int
    found: int
    other: int

    @property
    def missed(self) -> int:
        return self.planted - self.found


def find_all(study: Study, cohort: SimulatedStudy, as_of: datetime) -> Iterator[tuple[str, str]]:
    """Check and record of every soft finding as of a moment, read as the capture reads other forms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grevy.capture.settings")
    django.setup()
    from grevy.capture.policies import Address, gather_values

    heads = {
        name_record(*revision.record_key[1:]): revision
        for revision in latest_revisions(number_revisions(cohort.entries, study.version), as_of)
    }
    records = defaultdict(list)
    for record, revision in heads.items():
        records[revision.subject].append(record)

    def values_of(record: str) -> dict[str, Any] | None:
        return heads[record].values if record in heads else None

    for record, revision in heads.items():
        address = Address(*revision.record_key[1:])
        others = gather_values(study, address, revision.values, values_of, records[revision.subject])
        today = revision.at.date()
        problems = validate_values(revision.form, revision.values, study, others=others, today=today)
        yield from {(problem.rule, record) for problem in problems if problem.level == "soft"}


def compare(study: Study, cohort: SimulatedStudy, as_of: datetime) -> list[Outcome]:
    """One outcome per check that was planted or that found something; corrected ones must be gone."""
    findings = set(find_all(study, cohort, as_of))
    standing = {(one.check, name_record(*one.record[1:])) for one in cohort.planted if not one.corrected}
    planted = Counter(check for check, _ in standing)
    found = Counter(check for check, _ in standing & findings)
    other = Counter(check for check, _ in findings - standing)
    names = sorted({one.check for one in cohort.planted} | set(other))
    return [Outcome(name, planted[name], found[name], other[name]) for name in names]


def page_of(cohort: SimulatedStudy, outcomes: list[Outcome]) -> str:
    """The page with its table."""
    corrected = sum(one.corrected for one in cohort.planted)
    total, missed = sum(o.planted for o in outcomes), sum(o.missed for o in outcomes)
    kinds = len({one.check for one in cohort.planted})
    lines = [
        "# What the edit checks find",
        "",
        f"Into a virtual cohort ({SUBJECTS} enrolled, seed {SEED}, {len(cohort.entries)} saves),",
        f"{len(cohort.planted)} contradictions of {kinds} kinds were planted, each made to be seen by",
        f"one soft check. {corrected} of them are corrected before the data cut and {total} stand. "
        "Each check then",
        "ran on the last revision of every record, with the other forms that it reads at entry.",
        f"**Of the {total} that stand, {total - missed} are found and {missed} missed.**",
        "",
        "The planted mistakes were written knowing the checks. The figure says that the checks work on whole",
        "records among real-looking neighbors; it does not say what share of all mistakes they would find.",
        "Other findings have no planted contradiction of that check in the record. Where they are known, the",
        "last column says what they are; an empty cell was not judged: a consequence of a mistake planted",
        "for another check, or chance.",
        "",
        "Written by `python -m benchmarks.contradictions`.",
        "",
        "| Check | Planted | Found | Missed | Other findings | What the others are |",
        "|---|---:|---:|---:|---:|---|",
    ]
    lines += [
        f"| {o.check} | {o.planted} | {o.found} | {o.missed} | {o.other} |"
        f" {WHAT_ELSE.get(o.check, '') if o.other else ''} |"
        for o in outcomes
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    study = load_study(ROOT / "studies" / "surufatinib_nen")
    cohort = simulate_study(study, seed=SEED, subjects=SUBJECTS)
    outcomes = compare(study, cohort, datetime.combine(END, time.max, UTC))
    PAGE.write_text(page_of(cohort, outcomes))
    print(f"{PAGE}: {sum(o.missed for o in outcomes)} missed of {sum(o.planted for o in outcomes)}")


if __name__ == "__main__":
    main()
