"""What a row or a column is called, in English and Simplified Chinese.

The study's own words (regimens, code lists) come from the study; the words of the tables stand here.
"""

import re
from collections import Counter
from typing import Any, NamedTuple

from grevy.results.terms import TERMS, read_drugs


class Label(NamedTuple):
    """A wording in both languages."""

    en: str
    zh: str


LEVEL = re.compile(r"\b95%(?= ?(?:CI\b|confidence interval|置信区间))")


def say_level(text: str, confidence: float) -> str:
    """The level of confidence in force, in a wording that is declared with the usual 95%."""
    return LEVEL.sub(f"{confidence * 100:g}%", text) if confidence != 0.95 else text


TOTAL = Label("Total", "合计")
MISSING = Label("Missing", "缺失")
COUNT_SUBJECTS = Label("Number of subjects", "受试者例数")
N_PERCENT = Label("n (%)", "例数（%）")

NEN_GROUPS = {
    "NET G1/G2": Label("NET G1/G2", "NET G1/G2"),
    "NET G3": Label("NET G3", "NET G3"),
    "NEC/MiNEN": Label("NEC/MiNEN", "NEC/MiNEN"),
    "MISSING": Label("Class missing", "分类缺失"),
}

SETS = {
    "SCREENED": Label("Screened subjects", "筛选受试者"),
    "ENROLLED": Label("Enrolled subjects", "入组受试者"),
    "FAS": Label("Full analysis set", "全分析集"),
    "SAFETY": Label("Safety set", "安全性分析集"),
    "EVALUABLE": Label("Response-evaluable set", "疗效可评价集"),
    "PER_PROTOCOL": Label("Per-protocol set", "符合方案集"),
}

# Values of the analysis data sets that no code list of the study names.
VALUES = {
    "Y": Label("Yes", "是"),
    "N": Label("No", "否"),
    "U": Label("Unknown", "未知"),
    "M": Label("Male", "男"),
    "F": Label("Female", "女"),
    "CR": Label("Complete response (CR)", "完全缓解（CR）"),
    "PR": Label("Partial response (PR)", "部分缓解（PR）"),
    "SD": Label("Stable disease (SD)", "疾病稳定（SD）"),
    "NON-CR/NON-PD": Label("Non-CR/non-PD", "非完全缓解/非疾病进展"),
    "PD": Label("Progressive disease (PD)", "疾病进展（PD）"),
    "NE": Label("Not evaluable (NE)", "不可评价（NE）"),
    "NED": Label("No evidence of disease (NED)", "无疾病证据（NED）"),
    "TTSM": Label("Too small to measure", "过小无法测量"),
    "PROGRESSIVE DISEASE": Label("Progressive disease", "疾病进展"),
    "ADVERSE EVENT": Label("Adverse event", "不良事件"),
    "WITHDRAWAL BY SUBJECT": Label("Withdrawal by subject", "受试者退出"),
    "DEATH": Label("Death", "死亡"),
    "PHYSICIAN DECISION": Label("Physician decision", "研究者决定"),
    "LOST TO FOLLOW-UP": Label("Lost to follow-up", "失访"),
    "PROTOCOL DEVIATION": Label("Protocol deviation", "方案偏离"),
    "LACK OF EFFICACY": Label("Lack of efficacy", "缺乏疗效"),
    "STUDY TERMINATED BY SPONSOR": Label("Study terminated by sponsor", "申办者终止研究"),
    "OTHER": Label("Other", "其他"),
    "COMPLETED": Label("Completed", "完成"),
    "SCREEN FAILURE": Label("Screen failure", "筛选失败"),
    "NOT ASSIGNED": Label("Not assigned", "未分配"),
    "ONGOING": Label("Ongoing at cut-off", "截止时仍在进行"),
    "DISCONTINUED": Label("Discontinued", "已终止"),
    "<65": Label("<65 years", "<65岁"),
    ">=65": Label("≥65 years", "≥65岁"),
    "<3": Label("<3%", "<3%"),
    "3-20": Label("3% to 20%", "3%～20%"),
    ">20": Label(">20%", ">20%"),
    "3+": Label("3 or later", "3及以上"),
    "0": Label("0", "0"),
    "1": Label("1", "1"),
    "2": Label("2", "2"),
    "Death": Label("Death", "死亡"),
    "Disease progression": Label("Disease progression", "疾病进展"),
    "Clinical progression": Label("Clinical progression", "临床进展"),
    "New anti-cancer therapy": Label("New anti-cancer therapy", "新的抗肿瘤治疗"),
    "No progression or death: last adequate assessment": Label(
        "No progression or death: last adequate assessment", "无疾病进展或死亡：末次充分评估"
    ),
    "No baseline tumor assessment": Label("No baseline tumor assessment", "无基线肿瘤评估"),
    "No assessment after baseline": Label("No assessment after baseline", "基线后无肿瘤评估"),
    "Event after missed assessments: last adequate assessment before them": Label(
        "Event after missed assessments: last adequate assessment before them",
        "缺失评估后发生事件：此前末次充分评估",
    ),
    "New anti-cancer therapy: last adequate assessment on or before its start": Label(
        "New anti-cancer therapy: last adequate assessment on or before its start",
        "新的抗肿瘤治疗：开始当日或之前末次充分评估",
    ),
    "Clinical progression: last adequate assessment before it": Label(
        "Clinical progression: last adequate assessment before it", "临床进展：此前末次充分评估"
    ),
    "Alive: last date known alive": Label("Alive: last date known alive", "存活：末次确认存活日期"),
    "Permanent stop of treatment": Label("Permanent stop of treatment", "永久停药"),
    "On treatment: last date known alive": Label(
        "On treatment: last date known alive", "治疗中：末次确认存活日期"
    ),
    "Definitive deterioration": Label("Definitive deterioration", "确定性恶化"),
    "No definitive deterioration: last score": Label(
        "No definitive deterioration: last score", "无确定性恶化：末次评分"
    ),
    "No score after baseline": Label("No score after baseline", "基线后无评分"),
    "Hypertension of grade 3 or higher": Label("Hypertension of grade 3 or higher", "≥3级高血压"),
    "No event: last date known alive": Label("No event: last date known alive", "无事件：末次确认存活日期"),
    "No event: end of the time at risk after the last dose": Label(
        "No event: end of the time at risk after the last dose", "无事件：末次用药后风险期结束"
    ),
    "No event: death": Label("No event: death", "无事件：死亡"),
    "No event: new anti-cancer therapy": Label("No event: new anti-cancer therapy", "无事件：新的抗肿瘤治疗"),
}

GRADE = {grade: Label(f"Grade {grade}", f"{grade}级") for grade in range(1, 6)}


def find_label(study: Any, codelist: str | None, value: str) -> Label:
    """Return the wording of a value: the study's code list first, then the tables', else the value itself."""
    coded = list_coded_values(study, codelist).get(value) if codelist else None
    named = coded or VALUES.get(value) or TERMS_AS_LABELS.get(value.upper())
    return named or Label(value, read_drugs(value) or value)


def list_coded_values(study: Any, codelist: str) -> dict[str, Label]:
    """The values that a code list can leave in the data, in its order: codes and their submission values.

    Where several codes are submitted as one value, that value no longer tells them apart: no wording.
    """
    if codelist == "eligibility":
        return {item.id: Label(item.label.en, item.label.zh) for item in study.eligibility}
    if codelist not in study.codelists:
        return {}
    codes = study.codelists[codelist].codes
    submitted = Counter(code.sdtm for code in codes)
    words: dict[str, Label] = {}
    for code in codes:
        label = Label(code.label.en, code.label.zh)
        words[code.code] = label
        if code.sdtm and submitted[code.sdtm] == 1:
            words[code.sdtm] = label
    return words


TERMS_AS_LABELS = {english.upper(): Label(english, chinese) for english, chinese in TERMS.items()}
