"""Grades of clinical terms in short neutral words of our own, as help for the person who grades.

CTCAE is published by the NCI; its text decides. A grade that a term does not have is left out. Grade 5, a
death, exists for the terms whose grade 4 is a danger to life.
"""

from dataclasses import dataclass

from grevy.rules.words import Words


@dataclass(frozen=True)
class GradeHelp:
    """What the grades of a term mean, in short."""

    term: Words
    grades: dict[int, Words]


LIFE_THREATENING = Words("Danger to life, urgent treatment", "危及生命，需紧急处理")


def _help(en: str, zh: str, grades: dict[int, tuple[str, str]], *, has_grade_4: bool = False) -> GradeHelp:
    words = {grade: Words(*pair) for grade, pair in grades.items()}
    if has_grade_4:
        words[4] = LIFE_THREATENING
    return GradeHelp(Words(en, zh), words)


_GRADE_HELP_V5: dict[str, GradeHelp] = {
    "DIARRHEA": _help(
        "Diarrhea",
        "腹泻",
        {
            1: ("Fewer than 4 stools a day more than before", "大便次数较基线增加<4次/天"),
            2: ("4 to 6 stools a day more than before", "大便次数较基线增加4～6次/天"),
            3: ("At least 7 more, admission, or self-care limited", "增加≥7次/天，需住院，或自理能力受限"),
        },
        has_grade_4=True,
    ),
    "FATIGUE": _help(
        "Fatigue",
        "疲乏",
        {
            1: ("Relieved by rest", "休息后缓解"),
            2: ("Not relieved, household or work limited", "休息后不缓解，影响工具性日常活动"),
            3: ("Not relieved, self-care limited", "休息后不缓解，自理能力受限"),
        },
    ),
    "HAND_FOOT": _help(
        "Palmar-plantar erythrodysesthesia syndrome",
        "手足综合征",
        {
            1: ("Skin changes without pain", "皮肤改变，无疼痛"),
            2: ("Painful, household or work limited", "皮肤改变伴疼痛，影响工具性日常活动"),
            3: ("Severe with pain, self-care limited", "严重改变伴疼痛，自理能力受限"),
        },
    ),
    "ORAL_MUCOSITIS": _help(
        "Oral mucositis",
        "口腔黏膜炎",
        {
            1: ("Mild or no symptoms", "无症状或轻度症状"),
            2: ("Moderate pain, diet changed", "中度疼痛，需调整饮食"),
            3: ("Severe pain, intake disturbed", "重度疼痛，影响进食"),
        },
        has_grade_4=True,
    ),
    "NAUSEA": _help(
        "Nausea",
        "恶心",
        {
            1: ("Less appetite, eating as usual", "食欲降低，进食习惯不变"),
            2: ("Eats less, no loss of weight", "进食减少，无明显体重下降"),
            3: ("Intake not enough: tube, infusion or admission", "摄入不足，需管饲、静脉营养或住院"),
        },
    ),
    "VOMITING": _help(
        "Vomiting",
        "呕吐",
        {
            1: ("No treatment needed", "无需处理"),
            2: ("Fluids as an outpatient, treatment", "门诊补液，需药物处理"),
            3: ("Tube, infusion of nutrition or admission", "需管饲、静脉营养或住院"),
        },
        has_grade_4=True,
    ),
    "HYPOTHYROIDISM": _help(
        "Hypothyroidism",
        "甲状腺功能减退症",
        {
            1: ("No symptoms, observed only", "无症状，仅需观察"),
            2: ("Symptoms, or replacement given", "有症状，或需替代治疗"),
            3: ("Severe symptoms, self-care limited or admission", "严重症状，自理能力受限或住院"),
        },
        has_grade_4=True,
    ),
    "EPISTAXIS": _help(
        "Epistaxis",
        "鼻出血",
        {
            1: ("Mild, nothing needed", "轻度，无需处理"),
            2: ("Medical treatment, such as packing", "需医学处理，如填塞"),
            3: ("Transfusion or invasive treatment", "需输血或侵入性处理"),
        },
        has_grade_4=True,
    ),
    "GI_HEMORRHAGE": _help(
        "Gastrointestinal hemorrhage",
        "胃肠出血",
        {
            1: ("Mild, nothing needed", "轻度，无需处理"),
            2: ("Moderate, treated", "中度，需处理"),
            3: ("Transfusion, invasive treatment or admission", "需输血、侵入性处理或住院"),
        },
        has_grade_4=True,
    ),
    "GI_PERFORATION": _help(
        "Gastrointestinal perforation",
        "胃肠穿孔",
        {
            2: ("Invasive treatment not needed", "无需侵入性处理"),
            3: ("Invasive treatment", "需侵入性处理"),
        },
        has_grade_4=True,
    ),
    "HEPATIC_FAILURE": _help(
        "Hepatic failure",
        "肝衰竭",
        {3: ("Mild encephalopathy or other signs of failure", "轻度肝性脑病或其他肝衰竭表现")},
        has_grade_4=True,
    ),
    "NEPHROTIC_SYNDROME": _help(
        "Nephrotic syndrome",
        "肾病综合征",
        {3: ("No danger to life", "未危及生命")},
        has_grade_4=True,
    ),
    "THROMBOEMBOLISM": _help(
        "Thromboembolic event",
        "血栓栓塞事件",
        {
            1: ("Superficial", "浅表血栓"),
            2: ("Treated, not urgent", "需治疗，非紧急"),
            3: ("Urgent, such as pulmonary embolism", "需紧急处理，如肺栓塞"),
        },
        has_grade_4=True,
    ),
    "ARTERIAL_THROMBOEMBOLISM": _help(
        "Arterial thromboembolism",
        "动脉血栓栓塞",
        {3: ("Urgent treatment", "需紧急处理")},
        has_grade_4=True,
    ),
    "RPLS": _help(
        "Reversible posterior leukoencephalopathy syndrome",
        "可逆性后部白质脑病综合征",
        {
            2: ("Moderate symptoms", "中度症状"),
            3: ("Severe symptoms, admission", "严重症状，需住院"),
        },
        has_grade_4=True,
    ),
    "WEIGHT_LOSS": _help(
        "Weight loss",
        "体重降低",
        {
            1: ("5 to less than 10 percent", "较基线降低5%～<10%"),
            2: ("10 to less than 20 percent", "较基线降低10%～<20%"),
            3: ("20 percent or more", "较基线降低≥20%"),
        },
    ),
    "HEART_FAILURE": _help(
        "Heart failure",
        "心力衰竭",
        {
            1: ("No symptoms, laboratory or imaging only", "无症状，仅实验室或影像异常"),
            2: ("Symptoms with moderate activity", "中等活动时有症状"),
            3: ("Symptoms at rest or with least activity, admission", "静息或轻微活动时有症状，需住院"),
        },
        has_grade_4=True,
    ),
    "ACUTE_KIDNEY_INJURY": _help(
        "Acute kidney injury", "急性肾损伤", {3: ("Admission", "需住院")}, has_grade_4=True
    ),
    "PNEUMONITIS": _help(
        "Pneumonitis",
        "非感染性肺炎",
        {
            1: ("No symptoms, seen on imaging", "无症状，仅影像学发现"),
            2: ("Symptoms, treated", "有症状，需治疗"),
            3: ("Severe, self-care limited, oxygen", "严重症状，自理能力受限，需吸氧"),
        },
        has_grade_4=True,
    ),
}

_CHANGED_IN_V6: dict[str, GradeHelp] = {
    "DIARRHEA": GradeHelp(
        _GRADE_HELP_V5["DIARRHEA"].term,
        _GRADE_HELP_V5["DIARRHEA"].grades
        | {1: Words("Any change of consistency or frequency", "大便性状或次数的任何改变")},
    ),
    "GI_HEMORRHAGE": GradeHelp(
        _GRADE_HELP_V5["GI_HEMORRHAGE"].term,
        _GRADE_HELP_V5["GI_HEMORRHAGE"].grades | {3: Words("Admission", "需住院")},
    ),
    "HEART_FAILURE": _help(
        "Heart failure",
        "心力衰竭",
        {
            1: ("Mild symptoms, treatment unchanged", "轻度症状，治疗不变"),
            2: ("Treatment begun or increased as an outpatient", "门诊开始或加强治疗"),
            3: ("Admission", "需住院"),
            4: ("Inotropes or circulatory support", "需正性肌力药或循环支持"),
        },
    ),
}

GRADE_HELP: dict[str, dict[str, GradeHelp]] = {
    "5.0": _GRADE_HELP_V5,
    "6.0": _GRADE_HELP_V5 | _CHANGED_IN_V6,
}
"""CTCAE version to kind of event to its help."""
