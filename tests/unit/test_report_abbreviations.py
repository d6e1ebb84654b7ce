"""Abbreviations under an output: only those that stand there, and SD in the sense it has there."""

import pytest

from grevy.report.abbreviations import find_abbreviations
from grevy.report.result_rows import ResultRow

EMPTY = dict.fromkeys(ResultRow._fields, "")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Mean (SD)", ["SD：标准差"]),
        ("Score, mean (SD)", ["SD：标准差"]),
        ("Stable disease (SD)", ["SD：疾病稳定"]),
        ("Number of subjects", []),
        ("PD-1 inhibitor", []),
        ("PD, PD-1 inhibitor", ["PD：疾病进展"]),
        ("Non-CR/non-PD", ["CR：完全缓解", "PD：疾病进展"]),
    ],
)
def test_an_abbreviation_is_explained_as_what_it_means_there(label, said):
    rows = [ResultRow(**EMPTY | {"row_label_en": label, "row_label_zh": label})]
    assert [words.zh for words in find_abbreviations(rows)] == said


def test_where_both_stand_both_are_explained():
    rows = [ResultRow(**EMPTY | {"row_label_en": label}) for label in ("Mean (SD)", "Stable disease (SD)")]
    assert [words.en for words in find_abbreviations(rows)] == [
        "SD: standard deviation", "SD: stable disease",
    ]  # fmt: skip
