"""The code lists of the analysis data sets that are not published: values with their meaning, in order."""

from grevy.adam.adex import PLANNED_DAILY_MG
from grevy.adam.progression import CENSORINGS
from grevy.rules.words import Words

DICTIONARIES = {"MedDRA": "MedDRA", "WHODrug": "WHODrug", "ISO3166": "ISO 3166-1 alpha-3"}
"""Values that an external dictionary lists."""


def _list(*terms: tuple[str, str, str]) -> dict[str, Words]:
    return {value: Words(en, zh) for value, en, zh in terms}


CODE_LISTS: dict[str, dict[str, Words]] = {
    "COHORT": dict(
        zip(
            PLANNED_DAILY_MG,
            (Words("Monotherapy", "单药治疗"), Words("Combination", "联合治疗")),
            strict=True,
        )
    ),
    "AGEGR1": _list(("<65", "Under 65 years", "不满65岁"), (">=65", "65 years or more", "65岁及以上")),
    "NENGRP": _list(
        ("NET G1/G2", "Neuroendocrine tumor, grade 1 or 2", "神经内分泌瘤G1/G2"),
        ("NET G3", "Neuroendocrine tumor, grade 3", "神经内分泌瘤G3"),
        ("NEC/MiNEN", "Neuroendocrine carcinoma or mixed neoplasm", "神经内分泌癌或混合性肿瘤"),
    ),
    "KI67GR1": _list(
        ("<3", "Below 3%", "低于3%"), ("3-20", "3% to 20%", "3%～20%"), (">20", "Above 20%", "高于20%")
    ),
    "LINE": _list(
        ("1", "First line", "一线"), ("2", "Second line", "二线"), ("3+", "Third or later", "三线及以上")
    ),
    "STATUS": _list(
        ("ONGOING", "Ongoing", "进行中"),
        ("COMPLETED", "Completed", "完成"),
        ("DISCONTINUED", "Discontinued", "终止"),
    ),
    "PPROTRES": _list(
        ("Eligibility criterion violated", "A criterion is violated", "违反入选或排除标准"),
        ("Starting dose not that of the regimen", "First dose not 300 or 250 mg", "起始剂量不符合方案"),
        ("Dose intensity of the first weeks too low", "Below the least of the plan", "前几周剂量强度过低"),
        ("Other therapy before the first assessment", "New therapy before it", "首次评估前接受其他治疗"),
        ("Major protocol deviation", "A deviation recorded as major", "重大方案偏离"),
    ),
    "DATEFL": _list(
        ("D", "Day imputed", "日为推算"),
        ("M", "Month and day imputed", "月、日为推算"),
        ("Y", "Year, month and day imputed", "年、月、日均为推算"),
    ),
    "GRADE": _list(*((str(n), f"Grade {n}", f"{n}级") for n in range(6))),
    "AREL": _list(("RELATED", "Related", "相关"), ("NOT RELATED", "Not related", "不相关")),
    "CTCVER": _list(("5.0", "CTCAE version 5.0", "CTCAE 5.0版"), ("6.0", "CTCAE version 6.0", "CTCAE 6.0版")),
    "DTYPE": _list(
        ("AVERAGE", "Mean of the readings at a visit", "同一访视多次读数的均值"),
        ("DERIVED", "Computed from other results", "由其他结果计算"),
        ("PRINTED", "As printed by the machine", "仪器打印值"),
        ("LIMIT", "The limit of a result below or above it", "低于或高于限值的结果取限值"),
        ("HALF LIMIT", "Half of the limit of a result below it", "低于限值的结果取限值的一半"),
    ),
    "RANGE": _list(("LOW", "Low", "偏低"), ("NORMAL", "Normal", "正常"), ("HIGH", "High", "偏高")),
    "LESSTATE": _list(
        ("MEASURED", "Measured", "已测量"),
        ("TTSM", "Too small to measure", "过小无法测量"),
        ("ABSENT", "Absent", "消失"),
        ("NE", "Not evaluated", "不可评价"),
        ("SPLIT", "Split: fragments added", "分裂：各部分相加"),
        ("MERGED", "Merged into another", "与其他病灶融合"),
    ),
    "RESPONSE": _list(
        ("CR", "Complete response", "完全缓解"),
        ("PR", "Partial response", "部分缓解"),
        ("SD", "Stable disease", "疾病稳定"),
        ("NON-CR/NON-PD", "Neither complete response nor progression", "非CR/非PD"),
        ("PD", "Progressive disease", "疾病进展"),
        ("NED", "No evidence of disease", "无疾病证据"),
        ("NE", "Not evaluable", "不可评价"),
        ("NA", "Not applicable", "不适用"),
        ("Y", "Yes", "是"),
        ("N", "No", "否"),
    ),
    "CNSR": _list(
        ("0", "Event", "事件"),
        *((str(n), f"Censored by rule {n}, see CNSDTDSC", f"按规则{n}删失，见CNSDTDSC") for n in CENSORINGS),
    ),
    "DAYS": _list(("DAYS", "Days", "天")),
}  # fmt: skip
"""Code list by name. A list of one study's words stands in the files of the study (`@name`)."""
