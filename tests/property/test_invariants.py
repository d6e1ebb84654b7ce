"""What must hold between the analysis records of any subject, whatever was entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from tests.oracles.analysis import analyse
from tests.oracles.generate import generate_given_subjects, generate_subjects


@pytest.fixture(scope="module", params=["lesions", "responses"])
def subjects(request):
    if request.param == "lesions":
        return generate_subjects(800, seed=31)
    return generate_given_subjects(800, seed=31)


@pytest.fixture(scope="module")
def analysis(subjects):
    return analyse(subjects)


def test_progression_implies_a_best_response(subjects, analysis):
    for subject in subjects:
        if analysis.only("adrs", subject.id, "PD")["AVALC"] == "Y":
            for paramcd in ("BOR", "CBOR"):
                assert analysis.only("adrs", subject.id, paramcd)["AVALC"] is not None


def test_progression_as_best_response_is_the_first_progression(subjects, analysis):
    for subject in subjects:
        if analysis.only("adrs", subject.id, "CBOR")["AVALC"] == "PD":
            assert analysis.only("adrs", subject.id, "PD")["AVALC"] == "Y"
            assert analysis.only("adtte", subject.id, "PFSEMA")["CNSR"] == 0


def test_an_event_of_progression_is_the_first_progression(subjects, analysis):
    seen = 0
    for subject in subjects:
        pfs = analysis.only("adtte", subject.id, "PFS")
        progression = analysis.only("adrs", subject.id, "PD")
        if pfs["CNSR"] == 0 and (
            subject.death is None or pfs["ADT"] < subject.first_dose + timedelta(subject.death)
        ):
            seen += 1
            assert pfs["ADT"] == progression["ADT"]
    assert seen > 20


def test_an_event_has_a_source(subjects, analysis):
    for rows in analysis.adtte.values():
        for row in rows:
            if row["CNSR"] == 0:
                assert row["EVNTDESC"]
                assert row["SRCDOM"]
                assert row["SRCVAR"]
            else:
                assert row["CNSDTDSC"]


def test_progression_free_survival_is_not_longer_than_survival(subjects, analysis):
    for subject in subjects:
        survival = analysis.only("adtte", subject.id, "OS")
        for paramcd in ("PFS", "PFSEMA", "TTP"):
            assert analysis.only("adtte", subject.id, paramcd)["AVAL"] <= survival["AVAL"]


def test_responders_alone_have_a_duration_of_response(subjects, analysis):
    for subject in subjects:
        for response, duration in (("RSP", "RSD"), ("CRSP", "CRSD")):
            is_responder = analysis.only("adrs", subject.id, response)["AVALC"] == "Y"
            assert (analysis.only("adtte", subject.id, duration) is not None) == is_responder


def test_a_confirmed_response_is_never_better_than_an_unconfirmed_one(subjects, analysis):
    order = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NED", "NE"]
    for subject in subjects:
        best, confirmed = (analysis.only("adrs", subject.id, p)["AVALC"] for p in ("BOR", "CBOR"))
        assert order.index(best) <= order.index(confirmed)


def test_the_order_of_rows_does_not_matter(subjects, analysis):
    generator = np.random.default_rng(3)

    def shuffle(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
        return {name: table.take(generator.permutation(table.num_rows)) for name, table in tables.items()}

    shuffled = analyse(subjects, change_tables=shuffle)
    for dataset in ("adtr", "adrs", "adtte"):
        assert sort_rows(getattr(shuffled, dataset)) == sort_rows(getattr(analysis, dataset))


def sort_rows(indexed: dict) -> dict:
    return {key: sorted(rows, key=repr) for key, rows in indexed.items()}


def test_a_constant_added_to_all_dates_leaves_durations_unchanged(subjects, analysis):
    dated = [s for s in subjects if s.death_text is None]
    moved = analyse([replace(s, first_dose=s.first_dose + timedelta(days=1003)) for s in dated])
    for subject in dated:
        for paramcd in ("PFS", "PFSEMA", "TTP", "OS", "RSD", "CRSD"):
            before, after = (a.only("adtte", subject.id, paramcd) for a in (analysis, moved))
            assert (before is None) == (after is None)
            if before:
                assert (before["AVAL"], before["CNSR"]) == (after["AVAL"], after["CNSR"])
