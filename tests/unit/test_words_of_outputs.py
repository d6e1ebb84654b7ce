"""Brackets after Chinese words, heads of groups, the place of a key: small things that a reader sees."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from grevy.report.tables import table_of
from grevy.report.waterfall import place_key
from grevy.results.frames import Column, Records
from grevy.results.labels import TOTAL, Label, find_label
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


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        ("Etoposide, cisplatin", "依托泊苷、顺铂"),
        ("Amlodipine", "氨氯地平"),
        ("Colonoscopy", "结肠镜检查"),
        ("Etoposide, something new", "Etoposide, something new"),  # nothing is guessed
    ],
)
def test_drugs_and_procedures_are_said_in_chinese_where_all_of_them_are_known(recorded, words):
    assert find_label(None, None, recorded) == Label(recorded, words)


def test_a_row_is_bold_where_rows_of_its_group_stand_under_it():
    data = make_data(ADSL=[{"USUBJID": "1"}])
    column, records = Column("TOTAL", TOTAL), Records("ADSL", data.subjects.index.to_numpy())
    age, sex, drug = Label("Age", "年龄"), Label("Sex", "性别"), Label("Drug", "药物")
    lines = [
        Line("AGE", age, "count", group=age),
        Line("SEX", sex, "count", group=sex),
        Line("SEX|M", Label("Men", "男"), "count", group=sex, indent=1),
        # a class of the name of its only drug
        Line("DRUG", drug, "count", group=drug),
        Line("DRUG|D", drug, "count", group=drug, indent=1),
    ]
    rows = [Row(line, column, 1, "1", records=records) for line in lines]
    table = table_of(print_rows(data, "T14.2.8", rows))
    assert [row.label.en for row in table.rows if row.is_bold] == ["Sex", "Drug"]
    assert [row.indent for row in table.rows] == [0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("values", "is_aside"), [([90, 40, 10, -20, -60], True), ([90, 80, 70, 60, 30], False)]
)
def test_the_key_of_the_waterfall_gives_way_to_bars_that_rise_into_it(values, is_aside):
    """Thirty subjects, six of each change."""
    bars = [SimpleNamespace(value=value) for value in values for _ in range(6)]
    x, y = place_key(bars)
    assert (x > 100, y < 10) == (is_aside, is_aside)
