"""95% intervals contain the truth about 95 times of 100, and the page prints what is measured."""

import pytest

from benchmarks.coverage import END, PAGE, START, measure_all, write_table


@pytest.fixture(scope="module")
def coverage():
    return measure_all()


def test_intervals_contain_the_truth(coverage):
    assert len(coverage) == 10
    for row in coverage:
        if "Clopper" in row.estimate:
            assert row.share >= 95, row
        elif row.subjects == 350:
            assert 93.5 <= row.share <= 96.5, row
        else:  # steps of 8 weeks make the interval of a small group conservative
            assert 93.5 <= row.share <= 97, row


def test_the_page_prints_what_is_measured(coverage):
    page = PAGE.read_text(encoding="utf-8")
    assert page.split(START)[1].split(END)[0].strip() == write_table(coverage)


def test_an_interval_that_is_too_narrow_is_seen(monkeypatch):
    import benchmarks.coverage as module

    exact = module.estimate_kaplan_meier
    monkeypatch.setattr(module, "estimate_kaplan_meier", lambda t, e: exact(t, e, confidence=0.9))
    found = list(module.measure(350, False, 400))
    assert all(row.share < 93.5 for row in found[1:])
