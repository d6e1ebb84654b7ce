"""Reasons for no estimate have words in both languages; a reason for leaving is named alike everywhere."""

from grevy.results.participants import estimate_analysis_sets, estimate_flow
from grevy.results.reasons import REASONS, describe_no_estimate
from grevy.stats.cox import fit_cox
from grevy.stats.no_estimate import Reason
from tests.unit.few_subjects import make_data


def test_every_reason_has_words_of_its_own():
    assert set(REASONS) == set(Reason)
    assert len({label.en for label in REASONS.values()}) == len({label.zh for label in REASONS.values()})
    assert len({label.zh for label in REASONS.values()}) == len(Reason)


def test_a_model_without_events_says_so():
    assert describe_no_estimate(fit_cox([1, 2], [0, 0], [3, 4])).en == "No event."


def test_who_is_not_enrolled_without_a_failed_criterion_has_one_name():
    """1 failed a criterion; 2 failed, nobody said of what; of 3 nobody confirmed that he was eligible."""
    failed = {"SCRNFL": "Y", "SCRFFL": "Y", "SAFFL": "N", "TRTSDT": None, "COHORT": None}
    data = make_data(
        ADSL=[
            failed | {"USUBJID": "1", "SCRFREAS": "IN03"},
            failed | {"USUBJID": "2"},
            failed | {"USUBJID": "3", "SCRFFL": "N"},
        ]
    )
    flow = {row.line.id: row for row in estimate_flow(data) if row.column.id == "TOTAL"}
    sets = {row.line.id: row for row in estimate_analysis_sets(data) if row.column.id == "TOTAL"}
    lost = {name: row.value for name, row in flow.items() if name.startswith("NOT_ENROLLED|")}
    assert lost == {"NOT_ENROLLED|IN03": 1, "NOT_ENROLLED|NOT_CONFIRMED": 1, "NOT_ENROLLED|MISSING": 1}
    one, other = flow["NOT_ENROLLED|NOT_CONFIRMED"], sets["ENROLLED|NOT_CONFIRMED"]
    assert (one.value, one.line.label) == (other.value, other.line.label)
    assert one.line.label.zh == "入选资格未确认"
