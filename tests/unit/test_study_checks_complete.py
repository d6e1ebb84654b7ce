"""No edit check of the study goes untested: each has a set of values that fires it and one that does not."""

import importlib
from collections import Counter
from pathlib import Path

import pytest
from test_study_files_checks import CHECKS

HERE = Path(__file__).parent
NAMES = ["test_study_files_checks", *sorted(path.stem for path in HERE.glob("test_study_checks_*.py"))]
TABLES = [importlib.import_module(name) for name in NAMES if name != Path(__file__).stem]


def test_every_check_of_the_study_has_one_case_and_no_case_lacks_its_check():
    cases = Counter(check_id for table in TABLES for check_id in table.FIRES)
    assert set(CHECKS) - set(cases) == set()
    assert set(cases) - set(CHECKS) == set()
    assert [check_id for check_id, count in cases.items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_case_is_tried_for_firing_and_for_silence(table):
    silent = {"test_check_is_silent", "test_check_is_false_on_the_consistent_subject"} & vars(table).keys()
    assert len(silent) == 1
    for test in (table.test_check_fires, *(getattr(table, name) for name in silent)):
        (mark,) = (mark for mark in test.pytestmark if mark.name == "parametrize")
        assert list(mark.args[1]) == sorted(table.FIRES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_quiet_cases_belong_to_checks_of_the_table(table):
    assert set(getattr(table, "SILENT", ())) <= set(table.FIRES)


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_a_check_says_what_to_do_in_both_languages_and_names_its_items(check_id):
    form, check = CHECKS[check_id]
    assert check.message.en.rstrip(".") != check.message.zh.rstrip("。")
    assert len(check.message.en.split()) >= 4
    groups = {group.name for group in form.groups}
    assert [name for name in check.items if name not in groups and form.find(name) is None] == []


def test_hard_checks_are_the_few():
    hard = [check_id for check_id, (_, check) in CHECKS.items() if check.level == "hard"]
    assert 0 < len(hard) < len(CHECKS) / 3
