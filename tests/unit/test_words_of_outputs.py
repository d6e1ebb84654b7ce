"""Brackets after Chinese words, heads of groups, the place of a key: small things that a reader sees."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from grevy.report.tables import table_of
from grevy.report.waterfall import place_key
from grevy.results.frames import Column, Records
from grevy.results.labels import TOTAL, Label
from grevy.results.rows import Line, Row
from tests.unit.few_subjects import make_data
from tests.unit.printed_rows import print_rows

ROOT = Path(__file__).parents[2] / "grevy"
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff] ?\([^)\"]*\)")


def test_brackets_after_a_chinese_word_are_full_width():
    found = {
        str(path.relative_to(ROOT)): marks
        for folder in ("report", "results")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (marks := HALF_WIDTH.findall(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_row_is_bold_where_rows_of_its_group_stand_under_it():
    data = make_data(ADSL=[{"USUBJID": "1"}])
    column = Column("TOTAL", TOTAL)
    age, sex, men = Label("Age", "年龄"), Label("Sex", "性别"), Label("Men", "男")
    lines = (Line("AGE", age, "count", group=age), Line("SEX", sex, "count", group=sex),
             Line("SEX|M", men, "count", group=sex, indent=1))  # fmt: skip
    rows = [
        Row(line, column, 1, "1", records=Records("ADSL", data.subjects.index.to_numpy())) for line in lines
    ]
    table = table_of(print_rows(data, "T14.2.8", rows))
    assert [(row.label.en, row.is_bold) for row in table.rows] == [
        ("Age", False),
        ("Sex", True),
        ("Men", False),
    ]


@pytest.mark.parametrize(
    ("values", "is_aside"), [([90, 40, 10, -20, -60], True), ([90, 80, 70, 60, 30], False)]
)
def test_the_key_of_the_waterfall_gives_way_to_bars_that_rise_into_it(values, is_aside):
    """Thirty subjects, six of each change."""
    bars = [SimpleNamespace(value=value) for value in values for _ in range(6)]
    x, y = place_key(bars)
    assert (x > 100, y < 10) == (is_aside, is_aside)
