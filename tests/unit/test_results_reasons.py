"""Every reason for no estimate has words in both languages."""

from grevy.results.reasons import REASONS, describe_no_estimate
from grevy.stats.cox import fit_cox
from grevy.stats.no_estimate import Reason


def test_every_reason_has_words_of_its_own():
    assert set(REASONS) == set(Reason)
    assert len({label.en for label in REASONS.values()}) == len({label.zh for label in REASONS.values()})
    assert len({label.zh for label in REASONS.values()}) == len(Reason)


def test_a_model_without_events_says_so():
    assert describe_no_estimate(fit_cox([1, 2], [0, 0], [3, 4])).en == "No event."
