"""Conduct of the virtual study: evidence of screen failures, deviations, re-consent and procedures.

What the site wrote down is held against what happened to the patient, recounted here from the records.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from grevy.definition import evaluate_eligibility, load_study
from grevy.definition.quantities import compute_standard_value
from grevy.simulate import load_assumptions, simulate_study
from grevy.simulate.cohort import END
from grevy.simulate.consent_versions import approved_on
from grevy.snapshot.lab_ranges import find_range

ROOT = Path(__file__).parents[2]
ASSUMED = load_assumptions()
LOGS = ("procedure", "previous_malignancy")


@pytest.fixture(scope="module")
def study():
    return load_study(ROOT / "studies" / "surufatinib_nen")


@pytest.fixture(scope="module")
def cohort(study):
    return simulate_study(study, seed=12, subjects=160, sites=6)


@pytest.fixture(scope="module")
def last(cohort):
    """The last entry of each record of each subject, by form."""
    records = {entry.record_key: entry for entry in cohort.entries}
    found = defaultdict(lambda: defaultdict(list))
    for entry in records.values():
        found[entry.subject][entry.form].append(entry)
    return found


# ------------------------------------------------------------------------------------------------------
# Screen failures
# ------------------------------------------------------------------------------------------------------


def screening_data(forms):
    """What the eligibility criteria read: forms of screening, and logs as lists of records."""
    data = {
        form: entry.values
        for form, entries in forms.items()
        for entry in entries
        if entry.event == "SCREENING"
    }
    return data | {form: {"records": [e.values for e in forms.get(form, [])]} for form in LOGS}


def upper_limits(study, cohort, forms):
    """Limits of normal of the site for the subject's screening chemistry, in the unit of the item."""
    limits = {}
    (entry,) = [e for e in forms["chemistry"] if e.event == "SCREENING"]
    sex = forms["demographics"][0].values["sex"]
    for item in study.forms["chemistry"].items:
        found = find_range(
            cohort.lab_ranges, site=entry.site, test=f"chemistry.{item.name}", sex=sex, age=50,
            on=date.fromisoformat(entry.values["collected_date"]),
        )  # fmt: skip
        if found is not None:
            texts = (f"{number} {found.unit}" for number in (found.low, found.high))
            limits[f"chemistry.{item.name}"] = tuple(compute_standard_value(item, text) for text in texts)
    return limits


def proven(study, cohort, forms):
    """Criteria that the data prove against the subject when the investigator had found all in order."""
    data = screening_data(forms)
    judged = dict(data["eligibility"])
    for name in judged:
        if name[:2] in ("in", "ex") and name[2:].isdigit():
            judged[name] = "MET" if name.startswith("in") else "NOT_MET"
    data["eligibility"] = judged
    result = evaluate_eligibility(study, data, upper_limits(study, cohort, forms))
    return {criterion.lower() for criterion in result.contradicted}


def failures(last):
    for forms in last.values():
        for entry in forms.get("eligibility", []):
            failed = [n for n, v in entry.values.items() if v == {"in": "NOT_MET", "ex": "MET"}.get(n[:2])]
            if entry.values["decision"] == "NOT_ELIGIBLE":
                yield failed[0], forms


def test_most_failures_of_organ_function_are_proven_by_a_value(study, cohort, last):
    of_function = [forms for failed, forms in failures(last) if failed == "in04"]
    shown = ["in04" in proven(study, cohort, forms) for forms in of_function]
    assert len(shown) >= 5
    assert sum(shown) >= 0.75 * len(shown)


def test_what_is_proven_is_the_criterion_that_was_judged(study, cohort, last):
    for failed, forms in failures(last):
        assert proven(study, cohort, forms) <= {failed}


def test_disease_that_cannot_be_measured_has_no_target_lesion(last):
    without = [forms for failed, forms in failures(last) if failed == "in03"]
    assert without
    for forms in without:
        (entry,) = forms["baseline_lesions"]
        assert {row["role"] for row in entry.values["lesions"]} == {"NON_TARGET"}


def test_nothing_is_proven_against_the_treated_but_a_declared_deviation(study, cohort, last):
    against = {s for s in cohort.truth.courses if proven(study, cohort, last[s])}
    declared = {
        s
        for s in cohort.truth.courses
        for e in last[s]["protocol_deviation"]
        if "value of screening" in e.values["description"]
    }
    assert declared <= against <= declared | recently_typed(cohort, against)
    assert len(against) <= 0.06 * len(cohort.truth.courses)


def recently_typed(cohort, subjects):
    """Subjects with a contradiction planted at screening, or whose deviation was found after the data cut."""
    planted = {one.record[1] for one in cohort.planted if one.record[2] == "SCREENING"}
    late = {s for s in subjects if (END - cohort.truth.first_doses[s]).days < 200}
    return planted | late


# ------------------------------------------------------------------------------------------------------
# Deviations
# ------------------------------------------------------------------------------------------------------


def deviations_of(last, category):
    return [
        e for forms in last.values() for e in forms["protocol_deviation"] if e.values["category"] == category
    ]


def day_of(cohort, entry):
    return (date.fromisoformat(entry.values["deviation_date"]) - cohort.truth.first_doses[entry.subject]).days


def late_reports(forms):
    for entry in forms["serious_adverse_event"]:
        aware, reported = (datetime.fromisoformat(entry.values[n]) for n in ("aware_at", "reported_at"))
        if reported - aware > timedelta(hours=24):
            yield entry


def test_every_kind_of_deviation_occurs(last):
    kinds = Counter(e.values["category"] for forms in last.values() for e in forms["protocol_deviation"])
    assert set(kinds) == {
        "CONSENT", "ELIGIBILITY", "VISIT_WINDOW", "ASSESSMENT_MISSED", "DOSING", "PROHIBITED_THERAPY",
        "SAE_REPORTING", "OTHER",
    }  # fmt: skip


def test_a_visit_outside_its_window_really_was(study, cohort, last):
    late = [e for e in deviations_of(last, "VISIT_WINDOW") if "Visit of cycle" in e.values["description"]]
    assert late
    for entry in late:
        number = int(entry.values["description"].replace(",", " ").split()[3])
        days = day_of(cohort, entry) - study.event("CYCLE").planned_day(number)
        assert abs(days) > study.event("CYCLE").window.after
        assert f" {days} days" in entry.values["description"]


def test_a_missed_scan_really_was(cohort, last):
    missed = [e for e in deviations_of(last, "ASSESSMENT_MISSED") if "imaging" in e.values["description"]]
    assert missed
    for entry in missed:
        number = int(entry.values["description"].rstrip(",").split()[2].rstrip(","))
        visits = cohort.truth.courses[entry.subject].visits
        (visit,) = [v for v in visits if v.event == "IMAGING" and v.sequence == number]
        assert visit.scan is None


def test_reports_after_a_day_and_no_others_are_deviations(last):
    told = Counter(e.subject for e in deviations_of(last, "SAE_REPORTING"))
    late = Counter(entry.subject for forms in last.values() for entry in late_reports(forms))
    assert told
    assert told <= late


def test_a_dose_that_was_changed_is_no_deviation(cohort, last):
    for entry in deviations_of(last, "DOSING"):
        events = cohort.truth.courses[entry.subject].events
        day = day_of(cohort, entry) - 1
        assert any(e.onset == day and e.grade >= 3 and e.action == "NONE" for e in events)


def test_major_deviations_are_reported_to_the_ethics_committee(last):
    major = [
        e for forms in last.values() for e in forms["protocol_deviation"] if e.values["severity"] == "MAJOR"
    ]
    told = [e for e in major if "ethics_date" in e.values]
    assert len(told) > 0.7 * len(major)
    assert all(e.values["ethics_date"] > e.values["deviation_date"] for e in told)


# ------------------------------------------------------------------------------------------------------
# Re-consent and procedures
# ------------------------------------------------------------------------------------------------------


def test_who_is_treated_when_a_version_comes_signs_it_or_deviates(cohort, last):
    """The last version due at least half a year before the data cut, with time enough on treatment."""
    newest = ASSUMED.consent_versions[-1]
    asked = 0
    for subject, course in cohort.truth.courses.items():
        first = last[subject]["informed_consent"][0]
        approved = approved_on(newest, first.site)
        left = cohort.truth.first_doses[subject] + timedelta(days=course.last_treated)
        if first.values["consent_date"] >= approved.isoformat() or left < approved + timedelta(days=150):
            continue
        asked += 1
        signed = {e.values["consent_version"] for e in last[subject]["reconsent"]}
        deviated = [e for e in last[subject]["protocol_deviation"] if e.values["category"] == "CONSENT"]
        assert newest.version in signed or deviated
    assert asked >= 10


def test_nobody_signs_a_version_before_it_is_approved(last):
    approved = {version.version: version for version in ASSUMED.consent_versions}
    signed = [e for forms in last.values() for e in (*forms["informed_consent"], *forms["reconsent"])]
    assert {e.form for e in signed} == {"informed_consent", "reconsent"}
    for entry in signed:
        day = approved_on(approved[entry.values["consent_version"]], entry.site)
        assert entry.values["consent_date"] >= day.isoformat()


def test_a_procedure_for_an_event_follows_its_onset(cohort, last):
    treating = [
        e for forms in last.values() for e in forms["procedure"] if e.values.get("ae_number") is not None
    ]
    assert treating
    for entry in treating:
        event = cohort.truth.courses[entry.subject].events[entry.values["ae_number"] - 1]
        onset = cohort.truth.first_doses[entry.subject] + timedelta(days=event.onset)
        assert 0 <= (date.fromisoformat(entry.values["procedure_date"]) - onset).days <= 3


def test_without_odds_of_deviating_there_are_fewer_deviations(study):
    strict = ASSUMED.deviations.model_copy(
        update={"visit_late": 0.0, "capsules_not_returned": 0.0, "dose_not_changed_found": 0.0}
    )
    orderly = replace_deviations(strict)
    usual = simulate_study(study, seed=5, subjects=20, sites=2)
    better = simulate_study(study, seed=5, subjects=20, sites=2, assumptions=orderly)
    assert count(better, "Visit of cycle") < count(usual, "Visit of cycle")
    assert count(better, "not returned") == 0 < count(usual, "not returned")


def replace_deviations(deviations):
    return ASSUMED.model_copy(update={"deviations": deviations})


def count(cohort, words):
    written = {e.record_key: e for e in cohort.entries if e.form == "protocol_deviation"}
    return sum(
        words in e.values["description"] and "missed" not in e.values["description"] for e in written.values()
    )


def test_a_failure_without_its_value_would_be_noticed(study, cohort, last):
    """The value of the cause taken back: then nothing is proven any more."""
    _, forms = next(
        (f, forms) for f, forms in failures(last) if f in proven(study, cohort, forms) and f == "in04"
    )
    screening = {form: [e for e in entries if e.event == "SCREENING"] for form, entries in forms.items()}
    for form in ("hematology", "chemistry", "urinalysis", "coagulation", "ecg", "echocardiogram"):
        kept = {n: v for n, v in screening[form][0].values.items() if n.endswith("_date")}
        screening[form] = [replace(screening[form][0], values=kept)]
    assert proven(study, cohort, screening | {"demographics": forms["demographics"]}) == set()
