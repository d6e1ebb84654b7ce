"""The virtual cohort as entries: repeatable, in order, valid by the study, imperfect in every way we want."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from grevy.definition import load_study, validate_values
from grevy.simulate import simulate_study, simulate_tables
from grevy.simulate.cohort import END
from grevy.simulate.records import SCREENING_ORDER

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study():
    return load_study(ROOT / "studies" / "surufatinib_nen")


@pytest.fixture(scope="module")
def cohort(study):
    return simulate_study(study, seed=1)


@pytest.fixture(scope="module")
def latest(cohort):
    """The last values of each record, by form."""
    records = {}
    for entry in cohort.entries:
        records[entry.record_key] = entry
    by_form = defaultdict(list)
    for entry in records.values():
        by_form[entry.form].append(entry)
    return by_form


def of_subject(entries):
    subjects = defaultdict(list)
    for entry in entries:
        subjects[entry.subject].append(entry)
    return subjects


def dates_in(values):
    """Every date that is known to the day, also in rows."""
    for name, value in values.items():
        if isinstance(value, list):
            for row in value:
                yield from dates_in(row)
        elif name.endswith("date") and len(value) == 10:
            yield date.fromisoformat(value)


# ------------------------------------------------------------------------------------------------------
# Repeatable
# ------------------------------------------------------------------------------------------------------


def test_same_seed_gives_the_same_entries(study):
    options = {"subjects": 25, "sites": 3}
    assert (
        simulate_study(study, seed=9, **options).entries == simulate_study(study, seed=9, **options).entries
    )


def test_another_seed_gives_other_entries(study):
    options = {"subjects": 25, "sites": 3}
    assert (
        simulate_study(study, seed=9, **options).entries != simulate_study(study, seed=10, **options).entries
    )


@pytest.mark.parametrize("wrong", [{"subjects": 0}, {"sites": 0}, {"sites": 100}, {"end": date(2023, 6, 1)}])
def test_size_that_cannot_be_simulated_is_refused(study, wrong):
    with pytest.raises(ValueError, match="allowed"):
        simulate_study(study, seed=1, **wrong)


# ------------------------------------------------------------------------------------------------------
# Size and order
# ------------------------------------------------------------------------------------------------------


def test_cohort_has_the_planned_size(cohort):
    truth = cohort.truth
    assert len(truth.courses) + len(truth.never_treated) == 350
    assert len(truth.screen_failures) == 62  # 15 percent of all who were screened
    assert len(cohort.sites) == 14
    assert 50_000 <= len(cohort.entries) <= 75_000


def test_sites_differ_in_size_and_start_one_after_the_other(cohort):
    enrolled = Counter(subject[:2] for subject in cohort.truth.courses)
    assert max(enrolled.values()) > 3 * min(enrolled.values())
    assert len({site.active_from for site in cohort.sites}) >= 12
    active = {site.code: site.active_from for site in cohort.sites}
    first = {s: e[0].at.date() for s, e in of_subject(cohort.entries).items()}
    assert all(day >= active[subject[:2]] for subject, day in first.items())


def test_entries_are_in_the_order_of_their_time_and_end_at_the_data_cut(cohort):
    times = [entry.at for entry in cohort.entries]
    assert times == sorted(times)
    assert times[-1] <= datetime(END.year, END.month, END.day, 23, 59, 59, tzinfo=UTC)


def test_consent_comes_first_and_screening_in_its_order(cohort):
    for entries in of_subject(cohort.entries).values():
        assert entries[0].form == "informed_consent"
        first = list(dict.fromkeys(entry.form for entry in entries))
        assert [form for form in first if form in SCREENING_ORDER] == [
            f for f in SCREENING_ORDER if f in first
        ]
        begun = next((e.at for e in entries if e.form == "surufatinib_dosing"), entries[-1].at)
        assert {e.event for e in entries if e.at < begun} <= {"SCREENING", "LOG", "EOS"}


def test_nothing_is_entered_before_it_has_happened(cohort):
    early = [e for e in cohort.entries if any(day > e.at.date() for day in dates_in(e.values))]
    assert early == []


def test_numbered_records_follow_each_other(cohort):
    for entries in of_subject(cohort.entries).values():
        for form in ("adverse_event", "surufatinib_dosing", "subsequent_therapy"):
            numbers = list(dict.fromkeys(entry.form_seq for entry in entries if entry.form == form))
            assert numbers == list(range(1, len(numbers) + 1))


def overlapping_doses(entries):
    """Two doses of one subject that share a day as they stood after some save; a dose without end goes on."""
    diaries, found = defaultdict(dict), []
    for entry in entries:
        if entry.form == "surufatinib_dosing":
            diary = diaries[entry.subject]
            diary[entry.form_seq] = entry.values
            for before, after in pairwise(sorted(diary.values(), key=lambda dose: dose["start_date"])):
                if before.get("end_date", "9999") >= after["start_date"]:
                    found.append((entry.subject, entry.at))
    return found


def test_a_dose_ends_before_the_next_begins_at_every_moment(cohort):
    assert overlapping_doses(cohort.entries) == []


def test_a_dose_that_is_not_closed_in_time_would_be_noticed(cohort):
    unclosed = [entry for entry in cohort.entries if entry.reason != "End of this dose"]
    assert overlapping_doses(unclosed)


def test_record_that_names_an_adverse_event_comes_after_it(cohort):
    for entries in of_subject(cohort.entries).values():
        known = set()
        for entry in entries:
            if entry.form == "adverse_event":
                known.add(entry.form_seq)
            assert entry.values.get("ae_number") is None or entry.values["ae_number"] in known


def test_every_change_has_a_reason_and_a_first_save_has_none(cohort):
    seen = set()
    for entry in cohort.entries:
        assert bool(entry.reason) == (entry.record_key in seen)
        seen.add(entry.record_key)


def test_entries_are_typed_by_staff_of_the_site_in_their_role(cohort):
    staff = {(user.name, user.role, user.site) for user in cohort.users}
    assert {(entry.by, entry.role, entry.site) for entry in cohort.entries} <= staff
    assert {entry.origin for entry in cohort.entries} == {"simulated"}


# ------------------------------------------------------------------------------------------------------
# Valid by the study
# ------------------------------------------------------------------------------------------------------


def refused(study, entries):
    return [
        (entry.form, problem.item, problem.message.en)
        for entry in entries
        for problem in validate_values(study.forms[entry.form], entry.values, study)
        if problem.level != "soft"
    ]


def test_no_entry_is_refused_by_the_study(study, cohort):
    assert refused(study, cohort.entries) == []


def test_a_wrong_code_in_an_entry_would_be_noticed(study, cohort):
    entry = next(entry for entry in cohort.entries if entry.form == "demographics")
    entry = type(entry)(**{**entry.__dict__, "values": {**entry.values, "sex": "X"}})
    assert [item for _, item, _ in refused(study, [entry])] == ["sex"]


def test_tables_hold_the_last_state_of_every_record(study, cohort, latest):
    tables = simulate_tables(study, 1)
    assert {form: tables[form].num_rows for form in latest} == {
        form: len(rows) for form, rows in latest.items()
    }
    assert tables["tumor_assessment__lesions"].num_rows == sum(
        len(entry.values.get("lesions", [])) for entry in latest["tumor_assessment"]
    )


# ------------------------------------------------------------------------------------------------------
# Imperfect
# ------------------------------------------------------------------------------------------------------


def lesion_states(latest):
    return Counter(
        row["state"] for entry in latest["tumor_assessment"] for row in entry.values.get("lesions", [])
    )


def test_every_state_of_a_lesion_occurs(latest):
    states = lesion_states(latest)
    for state in (
        "MEASURED",
        "PRESENT",
        "ABSENT",
        "TOO_SMALL",
        "NOT_EVALUABLE",
        "SPLIT",
        "MERGED",
        "UNEQUIVOCAL_PD",
    ):
        assert states[state] >= 5, (state, states)


def test_lesions_are_forgotten_on_some_forms(latest):
    known = {entry.subject: len(entry.values["lesions"]) for entry in latest["baseline_lesions"]}
    short = [
        entry
        for entry in latest["tumor_assessment"]
        if entry.values["done"] == "Y" and len(entry.values["lesions"]) < known.get(entry.subject, 0)
    ]
    assert 5 <= len(short) <= 0.1 * len(latest["tumor_assessment"])


def test_equivocal_new_lesions_are_proven_with_the_date_of_first_sight(latest):
    rows = [row for entry in latest["tumor_assessment"] for row in entry.values.get("new_lesions", [])]
    assert sum(row["status"] == "EQUIVOCAL" for row in rows) >= 5
    assert (
        sum(row["status"] == "UNEQUIVOCAL" and row["first_seen_date"] < row["scan_date"] for row in rows) >= 5
    )


def test_scans_are_missed_also_twice_in_a_row(cohort):
    twice = single = unrecorded = 0
    for course in cohort.truth.courses.values():
        planned = [visit for visit in course.visits if visit.event == "IMAGING"]
        missed = [visit.scan is None for visit in planned]
        single += sum(missed)
        twice += any(a and b for a, b in pairwise(missed))
        unrecorded += sum(not visit.recorded for visit in planned)
    assert single >= 40
    assert twice >= 5
    assert unrecorded >= 10


def test_unscheduled_and_late_scans_occur(cohort, latest):
    assert sum(entry.event == "UNSCHEDULED" for entry in latest["tumor_assessment"]) >= 15
    lateness = [
        visit.day - 56 * visit.sequence
        for course in cohort.truth.courses.values()
        for visit in course.visits
        if visit.event == "IMAGING" and visit.sequence <= 6
    ]
    assert sum(days > 7 for days in lateness) >= 20


def test_new_therapy_starts_before_progression_in_some(cohort):
    before = [
        course
        for course in cohort.truth.courses.values()
        if course.therapies
        and not any(call.overall == "PD" and call.day <= course.new_therapy_day for call in course.calls)
    ]
    assert 15 <= len(before) <= 100


def test_treatment_goes_on_beyond_progression_in_some(latest):
    long = 0
    for entry in latest["end_of_treatment"]:
        if entry.values["reason"] == "PROGRESSION_RECIST":
            last, progression = (
                date.fromisoformat(entry.values[k]) for k in ("last_dose_date", "progression_date")
            )
            long += (last - progression).days > 14
    assert 5 <= long <= 40


def test_patients_are_lost_and_withdraw(latest):
    reasons = Counter(entry.values["reason"] for entry in latest["end_of_study"])
    assert reasons["LOST"] >= 3
    assert reasons["WITHDRAWAL"] >= 5
    assert reasons["DEATH"] >= 60
    assert reasons["SCREEN_FAILURE"] >= 40


def test_all_ends_of_treatment_occur(latest):
    reasons = {entry.values["reason"] for entry in latest["end_of_treatment"]}
    expected = "PROGRESSION_RECIST PROGRESSION_CLINICAL ADVERSE_EVENT WITHDRAWAL DEATH INVESTIGATOR LOST"
    assert set(expected.split()) <= reasons


@pytest.mark.parametrize(
    ("form", "item", "least"),
    [
        ("demographics", "birth_date", 50),
        ("nen_diagnosis", "diagnosis_date", 60),
        ("subsequent_therapy", "start_date", 10),
        ("death", "death_date", 2),
        ("adverse_event", "start_date", 50),
    ],
)
def test_dates_are_partial(latest, form, item, least):
    assert sum(len(entry.values[item]) < 10 for entry in latest[form]) >= least


def test_entries_are_late_and_corrected(cohort):
    corrections = [entry for entry in cohort.entries if entry.reason and "rror" in entry.reason]
    assert len(corrections) >= 100
    delays = [
        (entry.at.date() - max(dates_in(entry.values))).days
        for entry in cohort.entries
        if entry.form == "tumor_assessment" and not entry.reason and list(dates_in(entry.values))
    ]
    assert sum(delay > 30 for delay in delays) >= 20
    assert sorted(delays)[len(delays) // 2] <= 10


def test_correction_changes_one_value_back_to_the_truth(cohort):
    before = {}
    for entry in cohort.entries:
        if entry.form == "demographics" and entry.reason:
            wrong, right = before[entry.record_key], entry.values
            assert {name for name in right if right[name] != wrong[name]} == {"weight_kg"}
        before[entry.record_key] = entry.values


def test_baseline_scan_is_missing_or_too_old_in_a_few(cohort, latest):
    treated = set(cohort.truth.courses)
    assert 1 <= len(treated - {entry.subject for entry in latest["baseline_lesions"]}) <= 12
    age = [
        (cohort.truth.first_doses[entry.subject] - date.fromisoformat(entry.values["scan_date"])).days
        for entry in latest["baseline_lesions"]
        if entry.subject in treated
    ]
    assert 1 <= sum(days > 28 for days in age) <= 25


def test_investigator_sometimes_disagrees_with_the_rules(cohort):
    visits = [visit for course in cohort.truth.courses.values() for visit in course.visits if visit.call]
    different = sum(visit.investigator != visit.call.overall for visit in visits)
    assert 3 <= different <= 0.1 * len(visits)
