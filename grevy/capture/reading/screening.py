"""Eligibility of one subject from what has been entered: each criterion with its evidence.

The judgment of the investigator and what the data prove are both shown; where they contradict each other the
data go first (`definition.eligibility`), and the contradiction has to be explained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grevy.capture.ledger import LedgerTransaction
from grevy.capture.models import FormRecord, SubjectState, SubjectStep
from grevy.capture.policies import Address
from grevy.capture.reading.limits import find_limits, read_person
from grevy.capture.typed import show_value
from grevy.definition import EligibilityResult, Study, evaluate_eligibility
from grevy.definition.forms import Form
from grevy.definition.partial_values import read_date
from grevy.definition.study import Criterion
from grevy.definition.vocabulary import RECORDS
from grevy.snapshot import name_record

SCREENING = "SCREENING"
LOG = "LOG"
ELIGIBILITY = "eligibility"


@dataclass(frozen=True)
class Evidence:
    """One value that a criterion looks at; `address` is where it was entered, None for a computed one."""

    label: str
    value: str
    address: Address | None
    missing: bool


@dataclass(frozen=True)
class CriterionView:
    """One criterion as the page shows it. `result` is MET, NOT_MET, NOT_APPLICABLE or OPEN, as data and
    judgment together say; `fits` whether that lets the subject in."""

    id: str
    item: str
    kind: str
    label: str
    text: str
    result: str
    fits: bool | None
    contradicted: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class EligibilityView:
    """All criteria, and what follows from them."""

    criteria: tuple[CriterionView, ...]
    eligible: bool | None

    @property
    def inclusion(self) -> list[CriterionView]:
        return [one for one in self.criteria if one.kind == "inclusion"]

    @property
    def exclusion(self) -> list[CriterionView]:
        return [one for one in self.criteria if one.kind == "exclusion"]

    @property
    def open(self) -> list[CriterionView]:
        return [one for one in self.criteria if one.fits is None]

    @property
    def against(self) -> list[CriterionView]:
        return [one for one in self.criteria if one.fits is False]

    @property
    def contradicted(self) -> list[CriterionView]:
        return [one for one in self.criteria if one.contradicted]


def read_eligibility(
    study: Study, subject: str, language: str, *, typed: Mapping[str, Any] | None = None
) -> EligibilityView:
    """Eligibility as of now; `typed` are values of the eligibility form that are not saved yet."""
    data, where = read_screening_data(study, subject)
    if typed is not None:
        data[ELIGIBILITY] = dict(typed)
    result = evaluate_eligibility(study, data, limits_of_subject(study, subject, data))
    return EligibilityView(
        tuple(_view(study, one, result, data, where, language) for one in study.eligibility), result.eligible
    )


def evaluate_with_judgment(study: Study, subject: str, typed: Mapping[str, Any]) -> EligibilityResult:
    """What data and judgment say together of an eligibility form about to be saved."""
    data, _ = read_screening_data(study, subject)
    data[ELIGIBILITY] = dict(typed)
    return evaluate_eligibility(study, data, limits_of_subject(study, subject, data))


def read_screening_data(study: Study, subject: str) -> tuple[dict[str, dict[str, Any]], dict[str, Address]]:
    """The values of the forms of screening and of the logs, by form; and where each form stands."""
    ledger = LedgerTransaction()
    screening = [form for form in study.event(SCREENING).forms if not study.forms[form].repeating]
    logs = [form for form in study.event(LOG).forms if study.forms[form].repeating]
    stored = FormRecord.objects.filter(study_event__subject_id=subject, form__in=[*screening, *logs])
    keys = list(stored.order_by("form_seq").values_list("key", flat=True))
    ledger.preload(keys, [])
    data: dict[str, dict[str, Any]] = {form: {RECORDS: []} for form in logs}
    where: dict[str, Address] = {}
    for key in keys:
        _, event, event_seq, form, form_seq = key.split("/")
        head = ledger.head(key)
        if head is None or head.withdrawn:
            continue
        if form in logs and event == LOG:
            data[form][RECORDS].append(head.values)
        elif event == SCREENING and key == name_record(subject, SCREENING, 1, form, 1):
            data[form] = head.values
        else:
            continue
        where.setdefault(form, Address(subject, event, int(event_seq), form, int(form_seq)))
    return data, where


def limits_of_subject(
    study: Study, subject: str, data: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """The limits of normal that hold for the subject's screening samples, by item, in the item's own unit."""
    days = []
    for test in sorted({name for derived in study.derived for name in derived.of}):
        day = read_date(data.get(test.split(".")[0], {}).get("collected_date"))
        if day is not None:
            days.append((test, day))
    return find_limits(study, read_person(subject, dict(data.get("demographics", {}))), days)


# ---- Showing -------------------------------------------------------------------------------------------


def _view(
    study: Study,
    criterion: Criterion,
    result: EligibilityResult,
    data: Mapping[str, Mapping[str, Any]],
    where: Mapping[str, Address],
    language: str,
) -> CriterionView:
    item = criterion.id.lower()
    met = result.criteria[criterion.id]
    judged = data.get(ELIGIBILITY, {}).get(item)
    fits = None if met is None else met is (criterion.kind == "inclusion")
    said = "OPEN" if met is None else "MET" if met else "NOT_MET"
    return CriterionView(
        id=criterion.id,
        item=item,
        kind=criterion.kind,
        label=getattr(criterion.label, language),
        text=getattr(criterion.text, language),
        result="NOT_APPLICABLE" if judged == "NOT_APPLICABLE" and fits else said,
        fits=fits,
        contradicted=criterion.id in result.contradicted,
        evidence=tuple(
            _evidence(study, name, result, data, where, language)
            for name in criterion.evidence
            if not name.startswith(f"{ELIGIBILITY}.{item}")
        ),
    )


def _evidence(
    study: Study,
    name: str,
    result: EligibilityResult,
    data: Mapping[str, Mapping[str, Any]],
    where: Mapping[str, Address],
    language: str,
) -> Evidence:
    form_name, _, rest = name.partition(".")
    if form_name == "derived":
        derived = next(one for one in study.derived if one.name == rest)
        value = result.derived.get(rest, "")
        shown = str(Decimal(value).quantize(Decimal("0.1"))) if value else ""
        return Evidence(getattr(derived.label, language), shown, None, not value)
    form = study.forms[form_name]
    item = form.find(rest.removeprefix(f"{RECORDS}."))
    values = [
        show_value(study, item, one, language) for one in _values_at(form, rest, data) if one is not None
    ]
    label = getattr(item.label, language) if item else rest
    return Evidence(label, ", ".join(values), where.get(form_name), not values)


def _values_at(form: Form, rest: str, data: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    first, _, item = rest.partition(".")
    values = data.get(form.name, {})
    if not item:
        return [values.get(first)]
    return [row.get(item) for row in values.get(first) or ()]


# ---- Enrollment ----------------------------------------------------------------------------------------


def enrollment_number(subject: str) -> str:
    """The number a subject gets by enrollment: the site, and how many were found eligible there by then.

    It follows from the order of the ledger's steps, which never change, so nothing has to be kept.
    """
    step = SubjectStep.objects.filter(subject_id=subject, state=SubjectState.ELIGIBLE).first()
    if step is None:
        return ""
    rank = SubjectStep.objects.filter(site=step.site, state=SubjectState.ELIGIBLE, seq__lte=step.seq).count()
    return f"{step.site}-E{rank:03d}"
