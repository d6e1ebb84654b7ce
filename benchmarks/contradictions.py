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

from benchmarks.findings_judged import CONSEQUENCE, FALSE_ALARM, TRUE, Judge
from grevy.definition import Study, load_study, validate_values
from grevy.simulate import simulate_study
from grevy.simulate.cohort import END, SimulatedStudy
from grevy.snapshot import latest_revisions, name_record, number_revisions

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "data-checks.md"
SEED, SUBJECTS = 20260101, 350


@dataclass(frozen=True)
class Outcome:
    """One check: contradictions planted that still stand and found; findings elsewhere by what they are."""

    check: str
    planted: int
    found: int
    true: int
    consequence: int
    false_alarms: int

    @property
    def missed(self) -> int:
        return self.planted - self.found


def find_all(study: Study, cohort: SimulatedStudy, as_of: datetime) -> Iterator[tuple[str, str]]:
    """Check and record of every soft finding as of a moment, read as the capture reads other forms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grevy.capture.settings")
    django.setup()
    from grevy.capture.other_records import gather_values
    from grevy.capture.policies import Address

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
    judge = Judge(cohort, as_of)
    other = Counter((check, judge.judge(check, record)) for check, record in findings - standing)
    names = sorted({one.check for one in cohort.planted} | {check for check, _ in other})
    return [
        Outcome(
            name, planted[name], found[name],
            other[name, TRUE], other[name, CONSEQUENCE], other[name, FALSE_ALARM],
        )
        for name in names
    ]  # fmt: skip


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
        "",
        "A finding without a planted contradiction is held against what happened to the virtual patient:",
        "",
        "* **True**: it is so. An adverse event of that kind lasts on that day, the answers are missing, the",
        "  scan was old, the value of screening excluded the patient, the scan really measured that.",
        "* **Consequence**: a contradiction was planted in the same form of the same patient, or a diameter",
        "  was mistyped, and a check that compares two visits or two items meets it too.",
        "* **False alarm**: neither. A site would be asked for nothing.",
        "",
        f"All together: {sum(o.true for o in outcomes)} true findings, "
        f"{sum(o.consequence for o in outcomes)} consequences, "
        f"{sum(o.false_alarms for o in outcomes)} false alarms.",
        "",
        "Written by `python -m benchmarks.contradictions`.",
        "",
        "| Check | Planted | Found | Missed | True | Consequence | False alarms |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {o.check} | {o.planted} | {o.found} | {o.missed} | {o.true} "
        f"| {o.consequence} | {o.false_alarms} |"
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
