"""Two versions of a study: the difference in words, the hash, and what does not count as a change."""

import os
import re
import shutil
from pathlib import Path

import pytest

from grevy.definition import describe_difference, load_study

STUDY = Path("studies/surufatinib_nen")
GOLDEN = Path("tests/golden/definition/difference.txt")
OLD = load_study(STUDY)

# An amendment as a protocol office would make it: file -> (old text, new text), each once.
AMENDMENT = {
    "study.yaml": [
        ('version: "1.0"', 'version: "1.1"'),
        ('planned_subjects: "350"', 'planned_subjects: "400"'),
        ('dose_levels_mg: ["250", "200"]', 'dose_levels_mg: ["250", "200", "150"]'),
        ("      - {drug: LANREOTIDE, class: SSA}\n", ""),
        ("{en: First dose to death from any cause, zh", "{en: First dose to death, zh"),
    ],
    "schedule.yaml": [
        (
            'day: "56"\n    window: {before: "7", after: "7"}',
            'day: "56"\n    window: {before: "3", after: "4"}',
        ),
        ('- {every: "56", until: "336"}', '- {every: "56", until: "448"}'),
        ("- id: SAFETY_FU", "- id: SAFETY_VISIT"),
        ("at: [SCREENING, C1D15, CYCLE, EOT, SAFETY_FU]", "at: [SCREENING, C1D15, CYCLE, EOT, SAFETY_VISIT]"),
    ],
    "eligibility.yaml": [
        ("eligibility.life_expectancy_weeks > 12", "eligibility.life_expectancy_weeks >= 12"),
        ("en: Life expectancy > 12 weeks.", "en: Life expectancy of 12 weeks or more."),
        ("zh: 预计生存期大于12周。", "zh: 预计生存期不少于12周。"),
    ],
    "analysis.yaml": [
        ("default: fda", "default: ema"),
        ('landmarks_months: ["6", "12", "18", "24"]', 'landmarks_months: ["6", "12"]'),
        ("  - {variable: SEX, label: {en: Sex, zh: 性别}}\n", ""),
    ],
    "codelists/general.yaml": [
        ("{code: CURRENT, en: Current, zh: 目前吸烟, sdtm: CURRENT}", "{code: UNK, en: Unknown, zh: 未知}"),
        ("en: Former,", "en: Ex-smoker,"),
    ],
    "forms/demographics.yaml": [
        (
            "  - name: ecog\n",
            "  - name: waist_cm\n    label: {en: Waist, zh: 腰围}\n    type: decimal\n    unit: cm\n"
            "    required: yes\n    sdtm: [NOT SUBMITTED]\n  - name: ecog\n",
        ),
        ('soft: {low: "35", high: "130"}', 'soft: {low: "30", high: "130"}'),
        ("    codelist: smoking\n", "    codelist: smoking\n    required: yes\n"),
    ],
    "forms/nen_diagnosis.yaml": [
        ("  - name: prior_surgery\n    label: {en: Prior surgery of the tumor, zh: 既往肿瘤手术}\n"
         "    type: code\n    codelist: ny\n    sdtm: [SUPPMH.PRIORSUR]\n", ""),
        ("level: soft\n    when: nen_diagnosis.confirmed", "level: hard\n    when: nen_diagnosis.confirmed"),
        ("nen_diagnosis.prior_systemic_lines < 1", "nen_diagnosis.prior_systemic_lines == 0"),
        ("sdtm: [SUPPMH.SSTR]", "sdtm: [SUPPMH.SSTRIMG]"),
    ],
    "forms/end_of_study.yaml": [
        (
            "  - id: EOS_SCREEN_FAILURE_ELIGIBLE",
            "  - id: EOS_FUTURE\n    level: hard\n    when: end_of_study.end_date > today\n"
            "    items: [end_date]\n    message:\n"
            "      en: The end of study is in the future.\n      zh: 研究结束日期晚于今天。\n"
            "  - id: EOS_SCREEN_FAILURE_ELIGIBLE",
        ),
    ],
}  # fmt: skip


def edited(folder, changes):
    shutil.copytree(STUDY, folder)
    for name, pairs in changes.items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, f"{name}: {old}"
            text = text.replace(old, new) if name == "schedule.yaml" else text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    return load_study(folder)


def test_the_difference_in_words(tmp_path):
    sentences = describe_difference(OLD, edited(tmp_path / "study", AMENDMENT))
    text = "\n".join(sentences) + "\n"
    if os.environ.get("GREVY_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_there_and_back_names_the_same_parts(tmp_path):
    new = edited(tmp_path / "study", AMENDMENT)
    there, back = describe_difference(OLD, new), describe_difference(new, OLD)
    assert len(there) == len(back)
    assert any("item 'waist_cm' added" in sentence for sentence in there)
    assert any("item 'waist_cm' removed" in sentence for sentence in back)


def test_a_study_does_not_differ_from_itself():
    assert describe_difference(OLD, load_study(STUDY)) == []
    assert load_study(STUDY).hash == OLD.hash
    assert re.fullmatch(r"[0-9a-f]{64}", OLD.hash)


def test_comments_quotes_and_the_place_of_a_code_list_are_no_change(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(STUDY, folder)
    general, disease = folder / "codelists/general.yaml", folder / "codelists/disease.yaml"
    head, smoking = general.read_text(encoding="utf-8").split("  - name: smoking\n")
    general.write_text("# a comment\n" + head, encoding="utf-8")
    disease.write_text(
        disease.read_text(encoding="utf-8") + "\n  - name: smoking\n" + smoking, encoding="utf-8"
    )
    study_file = folder / "study.yaml"
    study_file.write_text(study_file.read_text(encoding="utf-8").replace('"350"', "350"), encoding="utf-8")
    new = load_study(folder)
    assert describe_difference(OLD, new) == []
    assert new.hash == OLD.hash


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("forms/death.yaml", "en: Date of death", "en: Day of death"),
        ("forms/death.yaml", "zh: 死亡日期}", "zh: 死亡的日期}"),
        ("forms/death.yaml", "death.death_date > today", "death.death_date >= today"),
        ("codelists/safety.yaml", "sdtm: FATAL", "sdtm: DEAD"),
        ("analysis.yaml", 'default: "49"', 'default: "42"'),
        ("study.yaml", 'version: "1.0"', 'version: "1.00"'),
        ("schedule.yaml", 'day: "14"', 'day: "15"'),
    ],
)
def test_every_change_of_content_changes_the_hash_and_is_told(tmp_path, file, old, new):
    changed = edited(tmp_path / "study", {file: [(old, new)]})
    assert changed.hash != OLD.hash
    assert describe_difference(OLD, changed) != []


def test_text_stays_text():
    """`NO` stays NO and `1.10` stays 1.10: nothing is guessed from the look of a value."""
    assert OLD.version == "1.0"
    assert [code.code for code in OLD.codelists["ny"].codes] == ["Y", "N"]
    assert OLD.codelists["ecog"].codes[0].code == "0"
    assert OLD.codelists["side"].find("NA").label.en == "Not applicable"
