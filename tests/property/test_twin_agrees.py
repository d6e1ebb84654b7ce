"""Double programming: the set-based derivations against the plain twin on generated subjects.

The twin (`tests/oracles`) is written from the guideline and never from the code it checks. Every corner
that the generator promises is counted and must occur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import islice

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

WITH_LESIONS, WITH_RESPONSES, SWITCHED = 6_000, 1_500, 600
AT_LEAST = 50
DECIDED = 3
"""Subjects of whom a switch decides something that are always among the switched ones."""

# Switches as the study's plan writes them, and the twin's settings that say the same. One build serves
# several switches: each must change, beside the others, what the twin expects of some subjects.
TOGETHER = [
    [
        ({"recist.sd_min_days": "42"}, {"sd_min_days": 42}),
        ({"recist.max_ne_between": "0"}, {"max_ne_between": 0}),
        ({"recist.pr_policy": "eortc_sticky"}, {"pr_policy": "eortc_sticky"}),
        ({"recist.pd_sum_date": "last"}, {"pd_sum_date": "last"}),
        ({"recist.response_date": "earliest"}, {"response_date": "earliest"}),
    ],
    [
        ({"recist.confirm_min_days": "27"}, {"confirm_min_days": 27}),
        ({"recist.max_ne_between": "2"}, {"max_ne_between": 2}),
        ({"recist.accept_sd_between": "true"}, {"accept_sd_between": True}),
        ({"recist.reappearance_after_cr": "REVIEW"}, {"reappearance_after_cr": "REVIEW"}),
        ({"recist.same_date": "last"}, {"same_date": "last"}),
    ],
    [
        ({"recist.ttsm_default_mm": "4"}, {"ttsm_default_mm": Decimal(4)}),
        ({"recist.missing_target": "ne"}, {"missing_target": "ne"}),
        ({"recist.equivocal_date": "proof"}, {"equivocal_date": "proof"}),
        ({"recist.new_therapy": "ignore"}, {"new_therapy": "ignore"}),
    ],
]


def merge(parts: Iterable[dict]) -> dict:
    return {key: value for part in parts for key, value in part.items()}


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
@pytest.mark.parametrize("together", TOGETHER, ids=lambda group: " ".join(merge(s for s, _ in group)))
def test_switches_agree_with_the_twin(subjects, together):
    settings = replace(Settings(), **merge(changed for _, changed in together))
    some = {subject.id: subject for subject in subjects[:SWITCHED]}
    for _, changed in together:
        without = replace(settings, **{name: getattr(Settings(), name) for name in changed})
        decided = list(islice(decided_by(subjects, settings, without), DECIDED))
        assert len(decided) == DECIDED, f"{changed} decides hardly anything"
        some |= {subject.id: subject for subject in decided}
    switched = list(some.values())
    if any("recist.ttsm_default_mm" in switches for switches, _ in together):
        # Sent as 5 mm, a lesion too small to measure cannot be told from one of 5 mm.
        switched = [replace(s, tabulation=replace(s.tabulation, too_small="TEXT")) for s in switched]
    expected = [expect(subject, settings) for subject in switched]
    differences = compare(expected, analyse(switched, merge(switches for switches, _ in together)))
    assert not differences, summarize(differences)


def decided_by(subjects, settings: Settings, without: Settings):
    return (subject for subject in subjects if expect(subject, settings) != expect(subject, without))


def test_the_comparison_sees_a_planted_error():
    """A twin that asks for 29 days to confirm differs from the derivations at 28."""
    some = generate_given_subjects(300, seed=7)
    differences = compare([expect(s, Settings(confirm_min_days=29)) for s in some], analyse(some))
    assert any(difference.what == "CBOR" for difference in differences)
