"""The words of the study: both languages, Chinese punctuation and spacing, words wrong in the field."""

import re
from pathlib import Path

import pytest

from grevy.definition import load_study, messages
from grevy.definition.study_files import read_study_file
from grevy.definition.words import Text

FOLDER = Path("studies/surufatinib_nen")
HAN = "\u4e00-\u9fff"
PLACEHOLDER = re.compile(r"\{\w+\}")

# Wordings that look right and are wrong in this field, or that the study replaces by one word of its own.
# fmt: off
WRONG = [
    "监察员", "监控员", "审计追踪", "审核痕迹", "客观反应率", "病历报告表", "电子签字",
    "可信区间", "截尾", "天底", "副作用", "病人", "站点", "发烧",
    "粘膜", "梗塞", "三酸甘油酯", "登陆", "访问窗", "被试", "志愿者",
    "目标病灶", "病情稳定", "试验参与者", "无法评价",
]
# fmt: on
BRITISH = re.compile(
    r"tumour|oesoph|haem|centre|enrolment|randomis|hospitalis|anaem|diarrhoea|colour", re.IGNORECASE
)


def texts_of_files():
    """Every pair of texts in the files, with the place and the key under which it stands."""
    for path in sorted(FOLDER.rglob("*.yaml")):
        file = read_study_file(path)
        yield from _texts(file.root, f"{path.relative_to(FOLDER)}", "")


def _texts(node, place, key):
    value = node.value
    if isinstance(value, dict):
        if "en" in value and "zh" in value:
            yield f"{place}:{node.line}", key, value["en"].value, value["zh"].value
        for name, child in value.items():
            yield from _texts(child, place, name)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child, place, key)


def texts_of_messages():
    for name, value in vars(messages).items():
        for text in value.values() if isinstance(value, dict) else [value]:
            if isinstance(text, Text):
                yield f"messages.{name}", "phrase" if name == "TYPES" else "message", text.en, text.zh


TEXTS = [*texts_of_files(), *texts_of_messages()]
SENTENCES = ("message", "text", "reason", "objective", "statement", "help")
# Lists whose answers are units, stages and names of tracers, written alike in both languages
LATIN_LISTS = ("dipstick", "dose_unit", "tnm_t", "tnm_n", "tnm_m", "sstr_tracer")


def broken(rule):
    return [f"{place}: {zh}" for place, _, _, zh in TEXTS if rule(zh)]


def space_beside_latin(zh):
    return re.search(rf"[{HAN}] +[A-Za-z0-9]|[A-Za-z0-9] +[{HAN}]", zh) is not None


def half_width_beside_han(zh):
    return re.search(rf"[{HAN}][,:;?!()]|[,:;?!()][{HAN}]", zh) is not None


def traditional(zh):
    for character in re.findall(f"[{HAN}]", zh):
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            return True
    return False


# ---- the rules can fail ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        (space_beside_latin, "根据 RECIST 1.1标准", "根据RECIST 1.1标准"),
        (space_beside_latin, "第1 周期", "300 mg每日1次"),
        (half_width_beside_han, "请核对,谢谢", "请核对，谢谢"),
        (half_width_beside_han, "直径(短径)", "直径（短径）"),
        (traditional, "無法評價", "不可评价"),
    ],
)
def test_the_rules_themselves_tell_wrong_from_right(rule, wrong, right):
    assert rule(wrong)
    assert not rule(right)


def test_there_are_many_texts():
    assert len(TEXTS) > 600


# ---- the rules -------------------------------------------------------------------------------------------


def test_no_typed_space_between_chinese_and_latin():
    assert broken(space_beside_latin) == []


def test_no_half_width_punctuation_beside_chinese():
    assert broken(half_width_beside_han) == []


def test_simplified_characters_only():
    assert broken(traditional) == []


@pytest.mark.parametrize("word", WRONG)
def test_no_wrong_word(word):
    assert broken(lambda zh: word in zh) == []


def test_staff_pages_are_impersonal_and_calm():
    assert broken(lambda zh: any(mark in zh for mark in "你您！!")) == []


def test_the_same_placeholders_in_both_languages():
    differ = [
        place
        for place, _, en, zh in TEXTS
        if sorted(PLACEHOLDER.findall(en)) != sorted(PLACEHOLDER.findall(zh))
    ]
    assert differ == []


def test_messages_criteria_and_reasons_end_with_a_full_stop_and_labels_do_not():
    wrong = []
    for place, key, en, zh in TEXTS:
        ends = en.endswith(".") and zh.endswith("。")
        open_ended = not en.endswith(".") and not zh.endswith("。")
        # a note of the schedule is a phrase, one on a licence whole sentences
        if key in SENTENCES or (key == "note" and place.startswith("instruments")):
            wrong += [] if ends else [f"{place}: {en} / {zh}"]
        else:
            wrong += [] if open_ended else [f"{place}: {en} / {zh}"]
    assert wrong == []


def test_american_spelling():
    """Terms of adverse events keep the spelling in which they are coded, as Diarrhoea."""
    ours = [(place, en) for place, _, en, _ in TEXTS if not place.startswith("terms")]
    assert len(ours) < len(TEXTS)
    assert [f"{place}: {en}" for place, en in ours if BRITISH.search(en)] == []


def test_chinese_texts_are_chinese():
    """Only units, symbols and names that stay Latin may do without a Chinese character."""
    study = load_study(FOLDER)
    units = {unit.zh for unit in study.units.values()}
    listed = {code.zh for name in LATIN_LISTS for code in study.codelists[name].codes}
    latin = {zh for _, _, _, zh in TEXTS if not re.search(f"[{HAN}]", zh)}
    assert latin - units - listed == {
        "CT", "MRI", "PET/CT", "NET G1", "NET G2", "NET G3", "300 mg", "250 mg", "200 mg",
        ">10%～25%", ">25%～50%", ">50%", "≤10%",
    }  # fmt: skip


def test_the_twelve_criteria_keep_their_wording():
    """Faithful to the study's description; the sponsor's approved Chinese protocol replaces them."""
    criteria = {criterion.id: criterion.text for criterion in load_study(FOLDER).eligibility}
    assert list(criteria) == [f"IN{n:02}" for n in range(1, 7)] + [f"EX{n:02}" for n in range(1, 7)]
    assert criteria["IN05"].en == "Life expectancy > 12 weeks."
    assert criteria["IN05"].zh == "预计生存期大于12周。"
    assert criteria["IN03"].zh == "根据RECIST 1.1标准，存在可测量病灶。"
    assert criteria["EX05"].zh == "存在需要引流的大量胸腔积液或腹水。"
