"""What is printed around the numbers says the settings in force, not the usual ones."""

from pathlib import Path

import pytest
from test_results_build import make_adam

from grevy.definition import load_study
from grevy.report.document import describe_document
from grevy.report.footnotes import FOOTNOTES
from grevy.report.outputs import list_outputs
from grevy.report.settings_said import NAMED, SAID, say_settings
from grevy.report.words import Words
from grevy.results import OUTPUTS, build_results
from grevy.results.labels import say_level

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
DECLARED = {output.id: output.switches for output in OUTPUTS}
NAMING = {name: notes for name, notes in FOOTNOTES.items() if any(NAMED.search(note.en) for note in notes)}
OTHER = {
    "confidence.level": "0.9",
    "confidence.km": "plain",
    "confidence.rate": "wilson",
    "te.days_after_last_dose": "45",
    "time.origin": "enrolment",
    "os.censoring": "cutoff",
}


@pytest.mark.parametrize("name", NAMING)
def test_a_footnote_names_in_both_languages_only_settings_that_its_output_declares(name):
    for note in NAMING[name]:
        named = set(NAMED.findall(note.en))
        assert named == set(NAMED.findall(note.zh))
        assert named <= {*DECLARED[name]}, name


def test_every_option_of_a_named_setting_has_words():
    named = {key for notes in NAMING.values() for note in notes for key in NAMED.findall(note.en)}
    with_options = {key for key in named if STUDY.analysis.switches[key].options}
    assert with_options <= set(SAID)
    for key, words in SAID.items():
        assert set(words) == set(STUDY.analysis.switches[key].options), key


def test_no_footnote_is_left_with_a_name_in_it():
    for plan in (STUDY.analysis, STUDY.analysis.with_values(OTHER)):
        for output in list_outputs((), plan):
            assert [note for note in output.notes if NAMED.search(note.en + note.zh)] == []


def test_an_option_without_words_is_told():
    with pytest.raises(ValueError, match=r"ctcae\.version: 5\.0 has no words"):
        say_settings(Words("{ctcae.version}", "{ctcae.version}"), STUDY.analysis)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Median, months (95% CI)", "Median, months (90% CI)"),
        ("中位数，个月（95%CI）", "中位数，个月（90%CI）"),
        ("95% 置信区间", "90% 置信区间"),
        ("with 95% confidence intervals", "with 90% confidence intervals"),
        ("in 95% of the subjects", "in 95% of the subjects"),
    ],
)
def test_the_level_is_said_where_it_is_one(text, said):
    assert say_level(text, 0.9) == said
    assert say_level(text, 0.95) == text


@pytest.fixture(scope="module")
def document():
    plan, adam = STUDY.analysis.with_values(OTHER), make_adam()
    only = ("T14.2.1", "F14.2.1", "T14.2.4", "F14.2.8", "T14.3.1.1")
    results = build_results(adam, STUDY, plan, "s", only=only)
    return describe_document(
        results.rows, adam=adam, revisions=None, study=STUDY, plan=plan, only=only, is_simulated=True
    )


def test_another_level_stands_in_labels_footnotes_and_figures(document):
    said = [
        text for row in document.rows for text in (row.row_label_en, row.row_label_zh, row.column_label_en)
    ]
    said += [text for output in document.outputs for note in output.notes for text in note]
    said += [str(t) for o in document.outputs for d in o.drawings for t in (d.en, d.zh, *d.alt)]
    whole = "\n".join(said)
    assert whole.count("90% CI") > 3
    assert "95% CI" not in whole
    assert "95%CI" not in whole
    assert "95% confidence" not in whole


def test_the_footnotes_say_what_was_chosen(document):
    notes = {o.id: " ".join(note.en for note in o.notes) for o in document.outputs}
    assert "PFS: enrollment to" in notes["T14.2.1"]
    assert "90% confidence intervals without a transformation." in notes["T14.2.1"]
    assert "90% confidence intervals by Wilson." in notes["T14.2.4"]
    assert "to 45 days after the last dose" in notes["T14.3.1.1"]
