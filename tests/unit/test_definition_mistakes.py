"""A study folder with many planted mistakes: one load names each, with file and line, and nothing else."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from grevy.definition import Mistake, StudyMistakes, load_study

STUDY = Path("studies/surufatinib_nen")
GOLDEN = Path("tests/golden/definition/mistakes.txt")


@dataclass(frozen=True)
class Plant:
    """An edit of one file: the old text once, its replacement, the text on whose line it is reported."""

    name: str
    file: str
    old: str
    new: str
    at: str
    says: str


FORMS, LISTS = "forms/", "codelists/"
DEMO, NEN, BASE = f"{FORMS}demographics.yaml", f"{FORMS}nen_diagnosis.yaml", f"{FORMS}baseline_lesions.yaml"
CONSENT, DOSING, TUMOR = (
    f"{FORMS}informed_consent.yaml",
    f"{FORMS}surufatinib_dosing.yaml",
    f"{FORMS}tumor_assessment.yaml",
)

PLANTS = [
    # ---- YAML
    Plant(
        "yaml syntax error",
        f"{FORMS}death.yaml",
        "label: {en: Death, zh: 死亡}",
        "label: {en: Death, zh: 死亡",
        "items:",
        "the YAML cannot be read",
    ),
    Plant(
        "key twice",
        "study.yaml",
        'version: "1.0"\n',
        'version: "1.0"\nversion: "1.1"\n',
        'version: "1.1"',
        "key 'version' stands twice",
    ),
    Plant(
        "anchor",
        f"{LISTS}safety.yaml",
        "label: {en: CTCAE grade",
        "label: &grade {en: CTCAE grade",
        "&grade",
        "anchor '&grade' found; anchors are not allowed",
    ),
    Plant(
        "alias",
        f"{LISTS}safety.yaml",
        "    label: {en: Outcome, zh: 转归}",
        "    label: *grade",
        "*grade",
        "alias '*grade' found; aliases are not allowed",
    ),
    Plant(
        "tag",
        f"{FORMS}end_of_treatment.yaml",
        'when: end_of_treatment.reason == "OTHER"',
        'when: !other end_of_treatment.reason == "OTHER"',
        "!other",
        "tag '!other' found; tags are not allowed",
    ),
    # ---- keys and values of the models
    Plant(
        "unknown key",
        DEMO,
        "    unit: cm\n",
        "    unit: cm\n    color: red\n",
        "color: red",
        "item 'height_cm' has an unknown key 'color'; allowed: name, label, type",
    ),
    Plant(
        "missing Chinese label",
        CONSENT,
        "{en: Consent obtained by, zh: 知情同意获取人}",
        "{en: Consent obtained by}",
        "label: {en: Consent obtained by}",
        "item 'consented_by' (label) has no Chinese text. Add 'zh'",
    ),
    Plant(
        "missing English code",
        f"{LISTS}general.yaml",
        "{code: FORMER, en: Former, zh",
        "{code: FORMER, zh",
        "code: FORMER",
        "code 'FORMER' has no English text",
    ),
    Plant(
        "empty translation",
        f"{FORMS}end_of_study.yaml",
        "zh: 末次联系日期}",
        'zh: ""}',
        'zh: ""',
        "item 'last_contact_date' has zh ''; allowed: text that is not empty",
    ),
    Plant(
        "neither yes nor no",
        CONSENT,
        "    type: text\n    required: yes",
        "    type: text\n    required: maybe",
        "required: maybe",
        "item 'consent_version' has required 'maybe'; allowed: yes, no",
    ),
    Plant(
        "unknown type",
        DEMO,
        "    type: decimal\n    unit: kg",
        "    type: number\n    unit: kg",
        "type: number",
        "item 'weight_kg' has type 'number'; allowed: text, integer, decimal, ",
    ),
    Plant(
        "unknown level",
        f"{FORMS}end_of_study.yaml",
        "id: EOS_CONTACT_AFTER_END\n    level: soft",
        "id: EOS_CONTACT_AFTER_END\n    level: medium",
        "level: medium",
        "check 'EOS_CONTACT_AFTER_END' has level 'medium'; allowed: hard, soft",
    ),
    Plant(
        "not a whole number",
        "study.yaml",
        'planned_subjects: "350"',
        "planned_subjects: many",
        "planned_subjects: many",
        "has planned_subjects 'many'; allowed: a whole number",
    ),
    Plant(
        "missing key",
        f"{FORMS}survival_followup.yaml",
        "  - id: SS_ALIVE_AFTER_DEATH\n    level: soft\n",
        "  - id: SS_ALIVE_AFTER_DEATH\n",
        "- id: SS_ALIVE_AFTER_DEATH",
        "check 'SS_ALIVE_AFTER_DEATH' has no 'level'",
    ),
    Plant(
        "text where a list belongs",
        f"{FORMS}subsequent_therapy.yaml",
        "sdtm: [CM.CMINDC]",
        "sdtm: CM.CMINDC",
        "sdtm: CM.CMINDC",
        "item 'reason' has sdtm 'CM.CMINDC'; allowed: a list",
    ),
    # ---- names that stand twice
    Plant(
        "item twice",
        f"{FORMS}regimen_decision.yaml",
        "items:\n",
        "items:\n  - name: regimen\n    label: {en: Regimen, zh: 方案}\n    type: code\n"
        "    codelist: regimen\n    sdtm: [DM.ARMCD]\n",
        "- name: regimen#2",
        "item 'regimen' stands twice",
    ),
    Plant(
        "check twice, in two files",
        f"{FORMS}survival_followup.yaml",
        "id: SS_BEFORE_CONSENT",
        "id: RD_BEFORE_CONSENT",
        "id: RD_BEFORE_CONSENT",
        "check 'RD_BEFORE_CONSENT' stands twice; the first is in",
    ),
    Plant(
        "code twice",
        f"{LISTS}disease.yaml",
        "{code: BILIARY, en",
        "{code: LIVER, en",
        "code: LIVER#2",
        "code list 'primary_site': code 'LIVER' stands twice",
    ),
    Plant(
        "code list twice",
        f"{LISTS}treatment.yaml",
        "codelists:\n",
        "codelists:\n  - name: sstr\n    label: {en: Imaging, zh: 显像}\n    codes:\n"
        "      - {code: POS, en: Positive, zh: 阳性}\n      - {code: NEG, en: Negative, zh: 阴性}\n",
        "- name: sstr",
        "code list 'sstr' stands twice; the first is in",
    ),
    Plant(
        "event twice",
        "schedule.yaml",
        "events:\n",
        "events:\n  - {id: EOS, label: {en: End, zh: 结束}, kind: unscheduled, forms: []}\n",
        "id: EOS#2",
        "event 'EOS' stands twice",
    ),
    # ---- code lists, units, types
    Plant(
        "unknown code list",
        DEMO,
        "codelist: smoking",
        "codelist: smokers",
        "codelist: smokers",
        "item 'smoking' has the unknown code list 'smokers'; allowed: ae_action",
    ),
    Plant(
        "code without code list",
        DEMO,
        "    codelist: ethnic\n",
        "",
        "- name: ethnicity#+2",
        "item 'ethnicity' is a code but names no code list",
    ),
    Plant(
        "code list on a date",
        f"{FORMS}end_of_study.yaml",
        "    type: date\n    required: yes",
        "    type: date\n    codelist: ny\n    required: yes",
        "codelist: ny",
        "item 'end_date' has a code list but is of type date",
    ),
    Plant(
        "unit misspelt",
        BASE,
        '    unit: mm\n        soft: {low: "0.5"',
        '    unit: mM\n        soft: {low: "0.5"',
        "unit: mM",
        "item 'slice_mm' has unit 'mM'; allowed: %, /2 mm2, ",
    ),
    Plant(
        "unit on text",
        f"{FORMS}adverse_event.yaml",
        "    sdtm: [AE.AEBODSYS, AE.AESOC]",
        "    unit: kg\n    sdtm: [AE.AEBODSYS, AE.AESOC]",
        "unit: kg",
        "item 'soc' has a unit but is of type text",
    ),
    # ---- ranges
    Plant(
        "range upside down",
        DEMO,
        'soft: {low: "140", high: "200"}',
        'soft: {low: "200", high: "140"}',
        'soft: {low: "200"',
        "item 'height_cm' has the soft range 200 to 140, upside down",
    ),
    Plant(
        "soft outside hard",
        BASE,
        'soft: {low: "5", high: "200"}',
        'soft: {low: "5", high: "700"}',
        'high: "700"',
        "item 'diameter_mm' has soft high 700, hard 500; the soft range must lie inside",
    ),
    Plant(
        "bound of the wrong type",
        NEN,
        'soft: {low: "0", high: "150"}',
        'soft: {low: "0", high: "many"}',
        'high: "many"',
        "item 'mitoses' has the soft bound 'many'; allowed: type decimal",
    ),
    Plant(
        "range on text",
        f"{FORMS}adverse_event.yaml",
        "    type: text\n    required: yes\n    sdtm: [AE.AETERM]",
        '    type: text\n    hard: {low: "1"}\n    required: yes\n    sdtm: [AE.AETERM]',
        'hard: {low: "1"}',
        "item 'term' has a range but is of type text",
    ),
    # ---- SDTM targets
    Plant(
        "unknown variable",
        f"{FORMS}adverse_event.yaml",
        "AE.AEDECOD",
        "AE.AEDECODE",
        "AE.AEDECODE",
        "item 'decod' has the SDTM target 'AE.AEDECODE'; allowed: AE.AETERM, AE.AELLT, AE.AEDECOD",
    ),
    Plant(
        "unknown domain",
        f"{FORMS}end_of_treatment.yaml",
        "sdtm: [DM.RFXENDTC]",
        "sdtm: [DX.RFXENDTC]",
        "DX.RFXENDTC",
        "item 'last_dose_date' has the SDTM target 'DX.RFXENDTC'; allowed: DOMAIN.VARIABLE",
    ),
    Plant(
        "qualifier name too long",
        NEN,
        "SUPPMH.FUNCTNL",
        "SUPPMH.FUNCTIONAL",
        "SUPPMH.FUNCTIONAL",
        "allowed: SUPPMH. and a name of at most 8 capitals and digits",
    ),
    Plant(
        "no target",
        f"{FORMS}regimen_decision.yaml",
        "    codelist: regimen_reason\n    sdtm: [SUPPDM.REGREAS]",
        "    codelist: regimen_reason",
        "- name: reason",
        "item 'reason' has no SDTM target",
    ),
    # ---- conditions
    Plant(
        "CEL syntax error",
        NEN,
        'when: nen_diagnosis.stage in ["I", "II"]',
        'when: nen_diagnosis.stage in ["I", "II"',
        'when: nen_diagnosis.stage in ["I", "II"',
        "check 'MH_EARLY_STAGE': the condition cannot be read at character 34",
    ),
    Plant(
        "unknown item in a condition",
        NEN,
        'when: nen_diagnosis.confirmed == "NONE"',
        'when: nen_diagnosis.confirmd == "NONE"',
        "confirmd",
        "unknown item 'nen_diagnosis.confirmd'; allowed: nen_diagnosis.confirmed",
    ),
    Plant(
        "wrong type in a condition",
        NEN,
        "nen_diagnosis.prior_systemic_lines < 1",
        'nen_diagnosis.prior_systemic_lines < "1"',
        'lines < "1"',
        "'<' cannot be used on (number, text)",
    ),
    Plant(
        "date compared with a number",
        NEN,
        "when: nen_diagnosis.diagnosis_date > informed_consent.consent_date",
        "when: nen_diagnosis.diagnosis_date > 2020",
        "> 2020",
        "'>' cannot be used on (date, number)",
    ),
    Plant(
        "unknown code in a condition",
        NEN,
        'nen_diagnosis.differentiation != "WELL"',
        'nen_diagnosis.differentiation != "GOOD"',
        '"GOOD"',
        "'nen_diagnosis.differentiation' has no code 'GOOD'; allowed: MIXED, POOR, WELL",
    ),
    Plant(
        "condition that is no yes or no",
        NEN,
        "when: nen_diagnosis.advanced_date < nen_diagnosis.diagnosis_date",
        "when: days(nen_diagnosis.advanced_date, nen_diagnosis.diagnosis_date)",
        "when: days(nen_diagnosis.advanced_date",
        "a condition must be true or false",
    ),
    Plant(
        "row item without a row",
        BASE,
        "when: '!baseline_lesions.lesions.exists(lesion, lesion.role == \"TARGET\")'",
        'when: baseline_lesions.lesions.role != "TARGET"',
        'when: baseline_lesions.lesions.role != "TARGET"',
        "belongs to the rows of 'baseline_lesions.lesions', but no row is meant here",
    ),
    Plant(
        "unknown item of a row",
        BASE,
        "other.organ == one.organ",
        "other.organs == one.organ",
        "- id: BL_MORE_THAN_TWO_PER_ORGAN#+2",
        "unknown item 'other.organs'",
    ),
    Plant(
        "wrong type inside a loop",
        BASE,
        'lesion.role == "TARGET")) > 5',
        'lesion.diameter_mm == "TARGET")) > 5',
        'lesion.diameter_mm == "TARGET"',
        "cannot be used on (number, text)",
    ),
    Plant(
        "unknown function",
        DOSING,
        "when: surufatinib_dosing.end_date < surufatinib_dosing.start_date",
        "when: weeks(surufatinib_dosing.end_date, surufatinib_dosing.start_date) > 1",
        "when: weeks(",
        "check 'EX_END_BEFORE_START': the condition cannot be read",
    ),
    Plant(
        "unknown group of rows",
        f"{FORMS}regimen_decision.yaml",
        "each: partners",
        "each: partner",
        "each: partner",
        "check 'RD_PARTNER_CLASS' goes through the unknown group 'partner'; allowed: partners",
    ),
    Plant(
        "check of an unknown item",
        TUMOR,
        "items: [not_done_reason]",
        "items: [not_done_why]",
        "not_done_why",
        "check 'TA_NOT_DONE_WITHOUT_REASON' names the unknown item 'not_done_why'",
    ),
    # ---- regimens, schedule, eligibility
    Plant(
        "starting dose that is no level",
        "study.yaml",
        'start_dose_mg: "250"',
        'start_dose_mg: "225"',
        'start_dose_mg: "225"',
        "regimen 'COMBO' starts with 225 mg, which is none of its dose levels",
    ),
    Plant(
        "partner outside its code list",
        "study.yaml",
        "drug: LANREOTIDE",
        "drug: LANREOTID",
        "drug: LANREOTID,",
        "'LANREOTID' is not in the code list 'partner_drug'",
    ),
    Plant(
        "unknown form in the schedule",
        "schedule.yaml",
        "forms: [survival_followup]",
        "forms: [survival]",
        "forms: [survival]",
        "event 'SURVIVAL_FU' has the unknown form 'survival'; allowed: adherence, adverse_event",
    ),
    Plant(
        "scheduled without a window",
        "schedule.yaml",
        '    day: "14"\n    window: {before: "3", after: "3"}\n',
        '    day: "14"\n',
        "- id: C1D15",
        "event 'C1D15' is scheduled but lacks anchor, day or window",
    ),
    Plant(
        "unknown event of an activity",
        "schedule.yaml",
        "at: [CYCLE, EOT]\n  - id: safety",
        "at: [CYCLES, EOT]\n  - id: safety",
        "at: [CYCLES",
        "activity 'adherence' is at the unknown event 'CYCLES'",
    ),
    Plant(
        "criterion of the wrong kind",
        "eligibility.yaml",
        "- id: EX01\n    kind: exclusion",
        "- id: EX01\n    kind: inclusion",
        "- id: EX01#+1",
        "criterion 'EX01' is of kind 'inclusion'; allowed: exclusion",
    ),
    Plant(
        "evidence that does not exist",
        "eligibility.yaml",
        "evidence: [eligibility.ex02]",
        "evidence: [eligibility.ex2]",
        "eligibility.ex2]",
        "criterion 'EX02' names the unknown item 'eligibility.ex2'",
    ),
    Plant(
        "code unknown to the criterion",
        "eligibility.yaml",
        'decided(eligibility.ex05, ["MET"]',
        'decided(eligibility.ex05, ["YES"]',
        '["YES"]',
        "'eligibility.ex05' has no code 'YES'",
    ),
    # ---- analysis plan
    Plant(
        "unknown switch",
        "analysis.yaml",
        "key: recist.sd_min_days",
        "key: recist.sd_minimum",
        "key: recist.sd_minimum",
        "unknown switch 'recist.sd_minimum'; allowed: time.origin",
    ),
    Plant(
        "default that is no option",
        "analysis.yaml",
        "default: fda",
        "default: nice",
        "default: nice",
        "switch 'pfs.rule_set' has the default 'nice'; allowed: fda, ema",
    ),
    Plant(
        "default that is no number",
        "analysis.yaml",
        'default: "28"',
        "default: four weeks",
        "default: four weeks",
        "switch 'recist.confirm_min_days' has the default 'four weeks'; allowed: a whole number",
    ),
    Plant(
        "option nobody implements",
        "analysis.yaml",
        "options: [log_log, log, plain, logit, arcsine]",
        "options: [log_log, log, plain, logit, arcsine, probit]",
        "probit",
        "switch 'confidence.km' has the unknown option 'probit'",
    ),
    Plant(
        "threshold of no scale",
        "analysis.yaml",
        "scale_points: {}",
        'scale_points:\n  FATIGUE: "12"\n  FA: "-12"',
        "FATIGUE:",
        "the file has in 'scale_points' the key 'FATIGUE'; allowed: QL, PF",
    ),
    Plant(
        "threshold below 0",
        "analysis.yaml",
        'FA: "-12"',
        'FA: "-12" ',
        'FA: "-12"',
        "the file has FA '-12'; allowed: a number of 0 or more",
    ),
]


def _line(text: str, at: str) -> int:
    """Line of the marker; `#2` asks for its second occurrence, `#+1` for the line after it."""
    marker, _, suffix = at.partition("#")
    nth = int(suffix) if suffix.isdigit() else 1
    position = -1
    for _ in range(nth):
        position = text.index(marker, position + 1)
    return text.count("\n", 0, position) + 1 + (int(suffix[1:]) if suffix.startswith("+") else 0)


def plant(folder: Path, plants: list[Plant]) -> dict[str, int]:
    """Copy the study with all edits made; name of the plant → line on which it must be reported."""
    shutil.copytree(STUDY, folder)
    for edit in plants:
        path = folder / edit.file
        text = path.read_text(encoding="utf-8")
        assert edit.old in text, f"{edit.name}: the text to replace is not in {edit.file}"
        path.write_text(text.replace(edit.old, edit.new, 1), encoding="utf-8")
    return {p.name: _line((folder / p.file).read_text(encoding="utf-8"), p.at) for p in plants}


def load_mistakes(folder: Path) -> tuple[Mistake, ...]:
    with pytest.raises(StudyMistakes) as raised:
        load_study(folder)
    return raised.value.mistakes


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int], tuple[Mistake, ...]]:
    folder = tmp_path_factory.mktemp("broken") / "study"
    lines = plant(folder, PLANTS)
    return folder, lines, load_mistakes(folder)


@pytest.mark.parametrize("planted", PLANTS, ids=lambda planted: planted.name)
def test_each_planted_mistake_is_named_with_file_and_line(planted, broken):
    folder, lines, mistakes = broken
    here = [
        m for m in mistakes if m.file == (folder / planted.file).as_posix() and m.line == lines[planted.name]
    ]
    assert any(planted.says in mistake.message for mistake in here), "\n".join(map(str, mistakes))


def test_nothing_is_reported_that_was_not_planted(broken):
    folder, lines, mistakes = broken
    planted = {((folder / p.file).as_posix(), lines[p.name]) for p in PLANTS}
    assert [str(m) for m in mistakes if (m.file, m.line) not in planted] == []
    assert len(mistakes) == len(PLANTS) >= 30


def test_every_mistake_says_what_was_found_and_what_is_allowed(broken):
    _, _, mistakes = broken
    assert [str(m) for m in mistakes if not m.found or not m.allowed] == []


def test_the_texts_of_all_mistakes(broken):
    folder, _, mistakes = broken
    texts = "\n".join(str(m).replace(folder.as_posix(), "STUDY") for m in mistakes) + "\n"
    if os.environ.get("GREVY_UPDATE_GOLDEN"):
        GOLDEN.write_text(texts, encoding="utf-8")
    assert texts == GOLDEN.read_text(encoding="utf-8")


def test_the_study_itself_has_no_mistake():
    load_study(STUDY)


def test_a_missing_folder_is_a_mistake_and_not_a_traceback(tmp_path):
    (mistake,) = load_mistakes(tmp_path / "nowhere")
    assert "the folder does not exist" in mistake.message


def test_a_missing_file_is_named(tmp_path):
    shutil.copytree(STUDY, tmp_path / "study")
    (tmp_path / "study/analysis.yaml").unlink()
    (mistake,) = load_mistakes(tmp_path / "study")
    assert mistake.file.endswith("study/analysis.yaml")
    assert "is missing" in mistake.message


def test_a_file_that_is_not_utf8_is_named_with_the_line(tmp_path):
    shutil.copytree(STUDY, tmp_path / "study")
    path = tmp_path / "study/forms/death.yaml"
    path.write_bytes(path.read_bytes().replace("死亡原因".encode(), "死亡原因".encode("gbk"), 1))
    (mistake,) = load_mistakes(tmp_path / "study")
    assert (mistake.file, mistake.message) == (
        path.as_posix(),
        "the file is not UTF-8 text. Save it as UTF-8.",
    )
    assert mistake.line > 5


def test_a_form_in_a_file_of_another_name(tmp_path):
    shutil.copytree(STUDY, tmp_path / "study")
    (tmp_path / "study/forms/death.yaml").rename(tmp_path / "study/forms/deaths.yaml")
    (mistake,) = load_mistakes(tmp_path / "study")
    assert "the form is called 'death' but the file 'deaths.yaml'" in mistake.message


def test_a_file_with_another_ending(tmp_path):
    shutil.copytree(STUDY, tmp_path / "study")
    (tmp_path / "study/forms/death.yaml").rename(tmp_path / "study/forms/death.yml")
    assert any("ends in '.yml'; allowed: .yaml" in m.message for m in load_mistakes(tmp_path / "study"))


def test_a_form_in_no_event(tmp_path):
    edit = Plant("", "schedule.yaml", "forms: [survival_followup]", "forms: []", "forms: []", "")
    plant(tmp_path / "study", [edit])
    (mistake,) = load_mistakes(tmp_path / "study")
    assert mistake.file.endswith("forms/survival_followup.yaml")
    assert "form 'survival_followup' stands in no event" in mistake.message


def test_a_missing_switch(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(STUDY, folder)
    path = folder / "analysis.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - key: recist.sd_from"), text.index("  - key: recist.confirm_min_days")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    (mistake,) = load_mistakes(folder)
    assert "switch 'recist.sd_from' is missing" in mistake.message


def test_an_unreadable_form_does_not_blame_those_who_refer_to_it(tmp_path):
    edit = Plant(
        "", "forms/informed_consent.yaml", "label: {en: Informed", "label: {en Informed", "label", ""
    )
    plant(tmp_path / "study", [edit])
    files = {mistake.file for mistake in load_mistakes(tmp_path / "study")}
    assert files == {(tmp_path / "study/forms/informed_consent.yaml").as_posix()}
