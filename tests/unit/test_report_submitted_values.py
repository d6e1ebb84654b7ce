"""Submission values in the trace: in Chinese, and called as the forms of the study call them."""

from pathlib import Path

import pytest

from grevy.definition import load_study
from grevy.report.submitted_values import SUBMITTED
from grevy.report.words import VALUES
from grevy.results.labels import list_coded_values

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")


@pytest.mark.parametrize("codelist", ["ae_action", "causality", "organ", "new_lesion_status", "dose_reason"])
def test_a_value_is_called_as_the_form_calls_it(codelist):
    submitted = {code.sdtm for code in STUDY.codelists[codelist].codes if code.sdtm}
    words = list_coded_values(STUDY, codelist)
    known = {value for value in submitted if value in SUBMITTED and value in words}
    assert {value: SUBMITTED[value][1] for value in known} == {value: words[value].zh for value in known}


def test_the_action_and_causality_of_an_event_are_all_in_words():
    for codelist in ("ae_action", "causality"):
        for code in STUDY.codelists[codelist].codes:
            assert code.sdtm in VALUES, code
