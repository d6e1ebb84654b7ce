"""Which other records of a subject the conditions of a form read."""

from pathlib import Path

from grevy.capture.other_records import records_read
from grevy.capture.policies import Address
from grevy.definition import load_study
from grevy.snapshot import name_record

STUDY = load_study(Path("studies/surufatinib_nen"))
SUBJECT = "001-0001"


def read(form, event, event_seq=1):
    return records_read(STUDY, Address(SUBJECT, event, event_seq, form))


def test_a_form_that_a_subject_has_once_is_read_from_where_it_stands():
    found = read("adverse_event", "LOG")
    assert found["informed_consent"] == name_record(SUBJECT, "SCREENING", 1, "informed_consent", 1)


def test_a_form_of_the_same_visit_is_read_from_that_visit():
    assert read("end_of_study", "EOS")["death"] == name_record(SUBJECT, "EOS", 1, "death", 1)
    assert read("drug_accountability", "EOT")["end_of_treatment"] == name_record(
        SUBJECT, "EOT", 1, "end_of_treatment", 1
    )


def test_a_form_with_many_records_is_not_guessed():
    for name, form in STUDY.forms.items():
        event = next(event.id for event in STUDY.events if name in event.forms)
        found = read(name, event)
        assert name not in found
        assert not [other for other in found if STUDY.forms[other].repeating], form.name


def test_of_several_visits_none_is_read_from_elsewhere():
    several = {form for form in STUDY.forms if sum(form in event.forms for event in STUDY.events) > 1}
    assert {"physical_examination", "tumor_assessment"} <= several
    assert several & set(read("adverse_event", "LOG")) == set()
