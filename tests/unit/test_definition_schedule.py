"""Forms of repeating events: which repeats they belong to, and the mistakes one can make about it."""

import shutil
from pathlib import Path

import pytest

from grevy.definition import StudyMistakes, load_study
from grevy.definition.schedule import PlannedForm

STUDY = Path("studies/surufatinib_nen")


def test_a_form_alone_belongs_to_every_repeat():
    assert all(PlannedForm(form="vital_signs").falls_on(seq) for seq in range(1, 20))


@pytest.mark.parametrize(
    ("planned", "repeats"),
    [
        ({"every": 2}, [1, 3, 5, 7, 9]),
        ({"first": 3, "every": 2}, [3, 5, 7, 9]),
        ({"first": 4, "every": 3}, [4, 7]),
        ({"first": 3, "every": 2, "also": (2,)}, [2, 3, 5, 7, 9]),
    ],
)
def test_first_every_and_also_choose_repeats(planned, repeats):
    form = PlannedForm(form="ecg", **planned)
    assert [seq for seq in range(1, 10) if form.falls_on(seq)] == repeats


def load_with_schedule(folder, old, new):
    shutil.copytree(STUDY, folder)
    path = folder / "schedule.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_study(folder)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("forms: [death, end_of_study, death]", "event 'EOS': form 'death' stands twice"),
        ("forms: [death, end_of_study, {form: deaths}]", "event 'EOS' has the unknown form 'deaths'"),
        ('forms: [{form: death, every: "2"}, end_of_study]', "no repeats to choose for the form 'death'"),
        ('forms: [{form: death, every: "0"}, end_of_study]', "schedule.yaml, line"),
    ],
)
def test_a_faulty_plan_of_forms_is_told_with_its_line(tmp_path, new, says):
    with pytest.raises(StudyMistakes, match=says):
        load_with_schedule(tmp_path / "study", "forms: [death, end_of_study]", new)


def test_a_form_chosen_for_some_repeats_loads(tmp_path):
    study = load_with_schedule(
        tmp_path / "study",
        "    forms: [survival_followup]",
        '    forms: [{form: survival_followup, first: "2", every: "3", optional: no}]',
    )
    event = study.event("SURVIVAL_FU")
    assert [seq for seq in range(1, 9) if event.expected_forms(seq)] == [2, 5, 8]


def test_an_event_has_the_occurrences_that_its_plan_gives(study):
    events = {event.id: event for event in study.events}
    assert [n for n in (0, 1, 2) if events["SCREENING"].has_occurrence(n)] == [1]
    assert [n for n in (0, 1, 2) if events["LOG"].has_occurrence(n)] == [1]
    assert events["CYCLE"].has_occurrence(60)
    for event in study.events:  # one that repeats without an end is not counted without an end
        assert not event.has_occurrence(10**12)
