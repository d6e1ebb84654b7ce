"""The specification of ADLB, ADVS, ADEG, ADCV and ADQS, with how each of their parameters is made."""

from grevy.adam import adeg, adlb, advs
from grevy.adam.specification.declaration import DataSet, declare, declare_parameters
from grevy.adam.specification.shared import GRADES, KEYS, MEASURED, SOURCE
from grevy.adam.specification.subjects import COPIES
from grevy.rules.questionnaires import SCALE_LABELS

_GRADED = "GRADES: ATOXDSCL ATOXDSCH ATOXGRL ATOXGRH BTOXGRL BTOXGRH WGRLFL WGRHFL CTCVER"
_KEYS = "STUDYID USUBJID PARAMCD ADT AVISITN ATPTN SRCSEQ"


def _write_criterion(number: int, words: str, zh: str) -> str:
    return f"""
    CRIT{number}    text    Assigned   -        Analysis Criterion {number}
    CRIT{number}FL  text    Derived    YN       Criterion {number} Evaluation Result Flag
        {words}; null where it cannot be judged
        {zh}；无法判断时为空
"""


def _declare(name: str, label: str, structure: str, own: str, names: dict[str, str], methods: str) -> DataSet:
    return declare(
        name,
        label,
        "BASIC DATA STRUCTURE",
        structure,
        _KEYS,
        """
    KEYS: STUDYID USUBJID ASEQ
    ADSL: COHORT SAFFL FASFL NENGRP TRTSDT TRTEDT
    BDS: PARAMCD PARAM PARCAT1 AVAL AVALC AVALU BASE CHG PCHG ABLFL ADT ADY AVISIT AVISITN ATPT ATPTN ANL01FL
    BDS: ONTRTFL DTYPE
    SOURCE: SRCDOM SRCVAR SRCSEQ
"""
        + own,
        declare_parameters(names, methods),
        KEYS=KEYS,
        ADSL=COPIES,
        BDS=MEASURED,
        SOURCE=SOURCE,
        GRADES=GRADES,
    )


ADLB = _declare(
    "ADLB",
    "Laboratory Analysis Dataset",
    "One record per subject, parameter and sample",
    f"""
    A1LO     float   LB.LBSTNRLO -       Analysis Range 1 Lower Limit
    A1HI     float   LB.LBSTNRHI -       Analysis Range 1 Upper Limit
    ANRIND   text    Derived    RANGE    Analysis Reference Range Indicator
        AVAL against A1LO and A1HI
        AVAL与A1LO、A1HI比较
    BNRIND   text    Derived    RANGE    Baseline Reference Range Indicator
        BASE against the limits of the baseline record
        BASE与基线记录的参考范围比较
    {_GRADED}
    """,
    adlb.DERIVED,
    """
*
    LB.LBSTRESN in the standard unit of the test; a result below or above a limit by lab.below_quantification
    LB.LBSTRESN换算为标准单位；低于或高于限值的结果按lab.below_quantification
CACRALB
    Calcium + 0.02 x (40 - albumin of the same day), in mmol/L and g/L
    钙 + 0.02 ×（40 - 同日白蛋白），单位mmol/L和g/L
GFRBSCRT
    CKD-EPI 2021 from creatinine, age at consent and sex (Inker, NEJM 2021)
    CKD-EPI 2021公式，由肌酐、知情同意时年龄和性别计算（Inker，NEJM 2021）
CREATCLR
    Cockcroft and Gault 1976 from creatinine, age, sex and weight at baseline
    Cockcroft-Gault 1976公式，由肌酐、年龄、性别和基线体重计算
HYLAW
    ALT or AST at least 3 x ULN with bilirubin above 2 x ULN and ALP below 2 x ULN within 3 days (FDA 2009)
    3天内ALT或AST≥3×ULN、胆红素>2×ULN且ALP<2×ULN（FDA 2009）
""",
)

ADVS = _declare(
    "ADVS",
    "Vital Signs Analysis Dataset",
    "One record per subject, parameter and reading or mean of readings",
    f"    {_GRADED}\n",
    {code: name for code, (name, _) in advs.DERIVED.items()},
    """
*
    VS.VSSTRESN; the mean of several readings at a visit (measurement.readings)
    VS.VSSTRESN；同一访视多次读数取均值（measurement.readings）
MAP
    (systolic + 2 x diastolic) / 3 of the same reading
    同一读数的（收缩压 + 2 × 舒张压）/ 3
BMI
    Weight / (ADSL.HEIGHT / 100) squared
    体重 /（ADSL.HEIGHT / 100）的平方
BPGR
    Higher of the CTCAE grades of systolic and diastolic pressure; a screening grade (W43)
    收缩压与舒张压CTCAE分级中较高者，为筛查分级（W43）
""",
)

ADEG = _declare(
    "ADEG",
    "ECG Analysis Dataset",
    "One record per subject, parameter and tracing or mean of tracings",
    f"    {_GRADED}\n"
    + "".join(
        _write_criterion(number, f"{variable} above {limit} ms", f"{variable}大于{limit} ms")
        for number, (_, variable, limit) in enumerate(adeg.QTC_CRITERIA.values(), start=1)
    ),
    {code: name for code, name, _ in adeg.PARAMETERS.values()},
    """
*
    EG.EGSTRESN; the mean of several tracings at a visit (measurement.readings)
    EG.EGSTRESN；同一访视多次描记取均值（measurement.readings）
QTCF
    QT / cube root of RR in s, RR measured or 60 / heart rate; as printed where they are missing
    QT / RR（秒）的立方根，RR为实测或60/心率；缺失时取打印值
QTCB
    QT / square root of RR in s, RR measured or 60 / heart rate
    QT / RR（秒）的平方根，RR为实测或60/心率
""",
)

ADCV = _declare(
    "ADCV",
    "Cardiovascular Findings Analysis Dataset",
    "One record per subject, parameter and examination",
    f"    {_GRADED}\n"
    + _write_criterion(1, "AVAL of LVEF below 50", "LVEF的AVAL低于50")
    + _write_criterion(2, "AVAL of LVEF below 50 and CHG -10 or less", "LVEF的AVAL低于50且CHG不高于-10")
    + _write_criterion(3, "CHG of LVEF -20 or less", "LVEF的CHG不高于-20"),
    {},
    """
*
    CV.CVSTRESN; the mean of several readings at a visit (measurement.readings)
    CV.CVSTRESN；同一访视多次读数取均值（measurement.readings）
""",
)

ADECOG = _declare(
    "ADECOG",
    "ECOG Performance Status Analysis Dataset",
    "One record per subject and assessment of performance status",
    "",
    {},
    """
ECOG101
    RS.RSSTRESN of ECOG101
    ECOG101的RS.RSSTRESN
""",
)

ADQS = _declare(
    "ADQS",
    "Questionnaires Analysis Dataset",
    "One record per subject, score and form",
    _write_criterion(1, "Worse than BASE by the points of the plan for the scale (W47)",
                     "较BASE恶化达到计划规定的该量表界值（W47）")
    + _write_criterion(2, "Better than BASE by the points of the plan for the scale (W47)",
                       "较BASE改善达到计划规定的该量表界值（W47）"),
    {code: words.en for code, words in SCALE_LABELS.items()},
    """
*
    Mean of the items answered, if at least half, on 0 to 100 (EORTC scoring manuals; pro.ginet21_variant)
    至少一半条目作答时取均值并换算为0～100分（EORTC评分手册；pro.ginet21_variant）
C30SUM
    Mean of 13 scales of QLQ-C30, symptoms turned round; needs all of them
    QLQ-C30的13个领域均分，症状领域反向；须全部可得
EQINDEX
    1 less what each of the five levels takes (value set of China); needs all five
    1减去五个维度各水平的扣减值（中国效用值积分体系）；须五个维度齐全
EQVAS
    QS.QSSTRESN of EQ5D0206
    EQ5D0206的QS.QSSTRESN
ADH*
    QS.QSSTRESN as answered
    作答的QS.QSSTRESN
FRM*
    1 if any item of the form was answered at the visit; 0 if QS.QSSTAT is NOT DONE, AVALC then QS.QSREASND
    该访视表中有任一条目作答为1；QS.QSSTAT为NOT DONE时为0，AVALC取QS.QSREASND
""",
)  # fmt: skip
