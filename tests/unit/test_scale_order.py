"""The order in which tables name the scales of questionnaires, and the abbreviations under them."""

from types import SimpleNamespace

from grevy.report.abbreviations import find_abbreviations
from grevy.results.scales import place_scale
from grevy.rules.questionnaires import C30_SUMMARY_CODE, QLQ_C30, QLQ_GINET21


def test_the_summary_score_is_the_last_of_its_questionnaire():
    of_c30 = [("EORTC QLQ-C30", scale.code) for scale in QLQ_C30]
    of_module = [("EORTC QLQ-GI.NET21", scale.code) for scale in QLQ_GINET21["validation_2013"]]
    summary = ("EORTC QLQ-C30", C30_SUMMARY_CODE)
    expected = [*of_c30, summary, *of_module]
    assert sorted([summary, *of_module, *of_c30], key=lambda name: place_scale(*name)) == expected


def abbreviations_of(label, text=""):
    row = SimpleNamespace(row_label_en=label, column_label_en="Total", group_label_en="Item", value_text=text)
    return [words.en for words in find_abbreviations([row])]


def test_sd_is_explained_by_what_it_stands_for():
    assert abbreviations_of("Mean (SD)") == ["SD: standard deviation"]
    assert abbreviations_of("Change, mean (SD)") == ["SD: standard deviation"]
    assert abbreviations_of("Stable disease (SD)") == ["SD: stable disease"]
    assert abbreviations_of("Mean (SD)", "PD / SD")[:2] == [
        "SD: standard deviation",
        "SD: stable disease",
    ]
