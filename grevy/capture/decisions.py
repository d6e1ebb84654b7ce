"""The decision on eligibility: made by the investigator, never against the data without saying why.

What is still open keeps the decision pending (a waiver never changes a result), and a decision that the data
contradict is asked about like any other unusual value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grevy.capture.errors import AgainstPolicy, ConfirmationNeeded, Finding
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.reading.screening import ELIGIBILITY, evaluate_with_judgment
from grevy.capture.words import say
from grevy.definition import EligibilityResult, Study
from grevy.definition.words import Text

DECISION = "decision"
DECIDED = ("ELIGIBLE", "NOT_ELIGIBLE")

AGAINST_DATA = Text(
    en="The subject is called eligible, but the data say otherwise: {names}. Correct it, or confirm "
    "with a note.",
    zh="判定为符合入组条件，但数据显示不符合：{names}。请更正，或备注确认。",
)
JUDGED_AGAINST_DATA = Text(
    en="The data prove the contrary of the judgment: {names}. Correct judgment or data, or confirm "
    "with a note.",
    zh="数据与研究者判断相反：{names}。请更正判断或数据，或备注确认。",
)


def check_decision(
    study: Study,
    ledger: LedgerTransaction,
    subject: str,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    by: str,
    confirmed: bool,
) -> None:
    """Refuse a decision that is not this person's or cannot be made yet; ask about a contradiction."""
    where, decided = say("at_eligibility", subject=subject), values.get(DECISION)
    if decided != before.get(DECISION) and decided in DECIDED:
        ledger.role(by, "decide_eligibility", ledger.site_of(subject))
    result = evaluate_with_judgment(study, subject, values)
    if decided == "ELIGIBLE" and result.eligible is None:
        names = ", ".join(name for name, met in result.criteria.items() if met is None)
        raise AgainstPolicy(where, say("not_decided", names=names), say("decide_first"))
    findings = find_contradictions(values, result, study)
    if findings and not confirmed:
        raise ConfirmationNeeded(where, findings)


def find_contradictions(
    values: Mapping[str, Any], result: EligibilityResult, study: Study
) -> tuple[Finding, ...]:
    """Where decision and judgment say other than the data."""
    findings = []
    if values.get(DECISION) == "ELIGIBLE" and result.eligible is False:
        against = [one.id for one in study.eligibility if _speaks_against(one.kind, result.criteria[one.id])]
        findings.append(Finding(ELIGIBILITY, DECISION, _filled(AGAINST_DATA, against)))
    findings += [
        Finding(ELIGIBILITY, name.lower(), _filled(JUDGED_AGAINST_DATA, [name]))
        for name in result.contradicted
    ]
    return tuple(findings)


def _speaks_against(kind: str, met: bool | None) -> bool:
    return met is not None and met is not (kind == "inclusion")


def _filled(message: Text, names: list[str]) -> Text:
    return Text(en=message.en.format(names=", ".join(names)), zh=message.zh.format(names="、".join(names)))
