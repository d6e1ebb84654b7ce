"""Double programming: the set-based derivations against the plain twin on generated subjects.

The twin (`tests/oracles`) is written from the guideline and never from the code it checks. Every corner
that the generator promises is counted and must occur.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.oracles.analysis import analyse
from tests.oracles.expectation import DERIVED_CORNERS, compare, expect, summarize
from tests.oracles.generate import (
    CORNERS,
    GIVEN_CORNERS,
    count_corners,
    generate_given_subjects,
    generate_subjects,
)
from tests.oracles.recist import Settings

WITH_LESIONS, WITH_RESPONSES = 20_000, 3_000
AT_LEAST = 50

# Switches as the study's plan writes them, and the twin's settings that say the same.
SWITCHES = [
    ({"recist.sd_min_days": "42"}, {"sd_min_days": 42}),
    ({"recist.confirm_min_days": "27"}, {"confirm_min_days": 27}),
    ({"recist.max_ne_between": "0"}, {"max_ne_between": 0}),
    ({"recist.max_ne_between": "2"}, {"max_ne_between": 2}),
    ({"recist.accept_sd_between": "true"}, {"accept_sd_between": True}),
    ({"recist.pr_policy": "eortc_sticky"}, {"pr_policy": "eortc_sticky"}),
    ({"recist.reappearance_after_cr": "REVIEW"}, {"reappearance_after_cr": "REVIEW"}),
    ({"recist.ttsm_default_mm": "4"}, {"ttsm_default_mm": Decimal(4)}),
    ({"recist.missing_target": "ne"}, {"missing_target": "ne"}),
    ({"recist.pd_sum_date": "last"}, {"pd_sum_date": "last"}),
    ({"recist.response_date": "earliest"}, {"response_date": "earliest"}),
    ({"recist.equivocal_date": "proof"}, {"equivocal_date": "proof"}),
    ({"recist.new_therapy": "ignore"}, {"new_therapy": "ignore"}),
    ({"recist.same_date": "last"}, {"same_date": "last"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def subjects():
    return generate_subjects(WITH_LESIONS, seed=20260131)


@pytest.fixture(scope="module")
def given_subjects():
    return generate_given_subjects(WITH_RESPONSES, seed=20260131)


@pytest.fixture(scope="module")
def expectations(subjects):
    return [expect(subject) for subject in subjects]


@pytest.mark.slow
def test_every_corner_occurs(subjects, given_subjects, expectations):
    counts = count_corners(subjects)
    counts.update(Counter(corner for one in expectations for corner in one.corners()))
    assert {
        corner: counts[corner] for corner in (*CORNERS, *DERIVED_CORNERS) if counts[corner] < AT_LEAST
    } == {}
    given = count_corners(given_subjects)
    assert {corner: given[corner] for corner in GIVEN_CORNERS if given[corner] < AT_LEAST} == {}


@pytest.mark.slow
def test_lesions_to_endpoints_agree_with_the_twin(subjects, expectations):
    differences = compare(expectations, analyse(subjects))
    assert not differences, summarize(differences)


@pytest.mark.slow
def test_given_responses_to_endpoints_agree_with_the_twin(given_subjects):
    differences = compare([expect(subject) for subject in given_subjects], analyse(given_subjects))
    assert not differences, summarize(differences)


@pytest.mark.slow
@pytest.mark.parametrize(("switches", "changed"), SWITCHES, ids=[" ".join(s) for s, _ in SWITCHES])
def test_switches_agree_with_the_twin(subjects, switches, changed):
    some = subjects[:1200]
    if "recist.ttsm_default_mm" in switches:
        # Sent as 5 mm, a lesion too small to measure cannot be told from one of 5 mm.
        some = [replace(s, tabulation=replace(s.tabulation, too_small="TEXT")) for s in some]
    settings = replace(Settings(), **changed)
    differences = compare([expect(subject, settings) for subject in some], analyse(some, switches))
    assert not differences, summarize(differences)


def test_the_comparison_sees_a_planted_error():
    """A twin that asks for 29 days to confirm differs from the derivations at 28."""
    some = generate_given_subjects(300, seed=7)
    differences = compare([expect(s, Settings(confirm_min_days=29)) for s in some], analyse(some))
    assert any(difference.what == "CBOR" for difference in differences)
