"""The listings of section 16.2 of ICH E3: data set, records, order and columns of each."""

import ibis
import ibis.expr.types as ir

from grevy.results.labels import Label
from grevy.results.listing_shapes import lay_responses_beside, spread_parameters
from grevy.results.listing_words import (
    name_drug_class,
    name_finding,
    name_parameter,
    name_reason,
    name_result,
    name_test,
    name_visit,
)
from grevy.results.listings import WORDS, Item, Listing
from grevy.results.outputs.declared import (
    BEST_RESPONSE,
    EMERGENT,
    GRADES,
    LESIONS,
    MEASUREMENTS,
    OS,
    PFS,
    PROGRESSION,
    merge_switches,
)

SEX = Item("SEX", Label("Sex", "性别"), "sex")
AGE = Item("AGE", Label("Age", "年龄"))
REGIMEN = Item("COHORT", Label("Regimen", "方案"), "regimen")
DATE = Item("ADT", Label("Date", "日期"))
VISIT = Item("AVISIT", Label("Visit", "访视"), name=name_visit)
PARAMETER = Item("PARAMCD", Label("Parameter", "参数"), name=name_parameter)
TEST = Item("PARAMCD", Label("Test", "检查项目"), name=name_test)


def _start(variable: str) -> tuple[Item, Item]:
    """A start as recorded, and as used with the imputed part marked."""
    return (
        Item(variable, Label("Start (recorded)", "开始（记录）")),
        Item("ASTDT", Label("Start (used)", "开始（分析）"), flag="ASTDTF"),
    )


def _end(variable: str) -> Item:
    return Item(variable, Label("End (recorded)", "结束（记录）"))


def _is_graded_or_shifted(table: ir.Table) -> ir.BooleanValue:
    """Grade 3 or more, or two grades above baseline, in either direction."""
    worst = [
        (table.ATOXGRL >= 3) | (table.ATOXGRL - table.BTOXGRL.fill_null(0) >= 2),
        (table.ATOXGRH >= 3) | (table.ATOXGRH - table.BTOXGRH.fill_null(0) >= 2),
    ]
    return worst[0].fill_null(False) | worst[1].fill_null(False)


GRADED = Label(
    "Listed: values of CTCAE grade 3 or higher, or at least two grades above baseline, in either direction. "
    "Grade 2 values within two grades of baseline call for no action and would be many times as many lines; "
    "all values stand in the analysis data set.",
    "所列为CTCAE 3级及以上，或较基线升高至少2级（任一方向）的数值。"
    "较基线变化不足2级的2级数值无需处理且条目过多；全部数值见分析数据集。",
)
GRADE_ITEMS = (
    Item("ATOXDSCL", Label("Term, low", "术语（低）"), name=name_finding),
    Item("ATOXGRL", Label("Grade, low", "分级（低）")),
    Item("BTOXGRL", Label("At baseline", "基线分级")),
    Item("ATOXDSCH", Label("Term, high", "术语（高）"), name=name_finding),
    Item("ATOXGRH", Label("Grade, high", "分级（高）")),
    Item("BTOXGRH", Label("At baseline", "基线分级")),
)

# ---- 16.2.1 to 16.2.3: who stopped, deviated, is left out ------------------------------------------------

TAKING_PART = (
    Listing(
        "L16.2.1",
        Label("Discontinued subjects", "终止治疗或研究的受试者"),
        "SCREENED",
        "ADSL",
        (
            Item("TRTSDT", Label("First dose", "首次给药")),
            Item("TRTEDT", Label("Last dose", "末次给药")),
            Item("EOTSTT", Label("Treatment", "治疗状态"), WORDS),
            Item("DCTDT", Label("Stopped", "终止治疗日期")),
            Item("DCTREAS", Label("Reason", "终止治疗原因"), WORDS),
            Item("EOSSTT", Label("Study", "研究状态"), WORDS),
            Item("DCSDT", Label("Left", "退出研究日期")),
            Item("DCSREAS", Label("Reason", "退出研究原因"), WORDS),
            Item("DTHDT", Label("Death", "死亡日期"), flag="DTHDTF"),
            Item("DTHCAUS", Label("Cause", "死因"), "death_cause"),
        ),
        chosen=lambda t: ((t.EOTSTT == "DISCONTINUED") | (t.EOSSTT == "DISCONTINUED")).fill_null(False),
    ),
    Listing(
        "L16.2.2.1",
        Label("Protocol deviations", "方案偏离"),
        "SCREENED",
        "ADDV",
        (
            Item("ASTDT", Label("Date", "日期")),
            Item("DVSCAT", Label("Severity", "严重程度"), "deviation_severity"),
            Item("DVCAT", Label("Class", "类别"), "deviation_category"),
            Item("DVTERM", Label("Deviation, as reported", "偏离描述（按报告原文）")),
        ),
        order=("ASTDT", "ASEQ"),
    ),
    Listing(
        "L16.2.2.2",
        Label("Screened subjects who were not eligible", "未入选的筛选受试者"),
        "SCREENED",
        "ADSL",
        (
            Item("RFICDT", Label("Consent", "知情同意")),
            Item("SCRFREAS", Label("Criterion or reason", "不符合的标准或原因"), "eligibility"),
        ),
        chosen=lambda t: (t.SCRFFL == "Y").fill_null(False),
        needed=("SCRFFL",),
    ),
    Listing(
        "L16.2.3",
        Label("Subjects excluded from analyses of effectiveness", "未纳入有效性分析的受试者"),
        "ENROLLED",
        "ADSL",
        (
            Item("FASFL", Label("Full analysis set", "全分析集"), WORDS),
            Item("RSPEVFL", Label("Response-evaluable set", "疗效可评价集"), WORDS),
            Item("MEASFL", Label("Measurable disease", "有可测量病灶"), WORDS),
            Item("BLSCANFL", Label("Baseline scan", "有基线影像"), WORDS),
            Item("PPROTFL", Label("Per-protocol set", "符合方案集"), WORDS),
            Item("PPROTRES", Label("Why not per protocol", "未纳入符合方案集的原因"), name=name_reason),
        ),
        chosen=lambda t: (
            (t.FASFL != "Y") | (t.RSPEVFL != "Y") | (t.PPROTFL != "Y")
        ).fill_null(True),
        rule=Label(
            "Listed: enrolled subjects who are missing from at least one of the sets.",
            "所列为至少未纳入其中一个分析集的入组受试者。",
        ),
    ),
)  # fmt: skip

# ---- 16.2.4, 16.2.5: who they are, what they took --------------------------------------------------------

BACKGROUND = (
    Listing(
        "L16.2.4.1",
        Label("Demographics", "人口统计学资料"),
        "SCREENED",
        "ADSL",
        (
            Item("SITEID", Label("Center", "中心")),
            Item("RFICDT", Label("Consent", "知情同意")),
            Item("AGE", Label("Age, years", "年龄，岁")),
            SEX,
            Item("ECOGBL", Label("ECOG", "ECOG评分")),
            Item("HEIGHT", Label("Height, cm", "身高，cm")),
            Item("WEIGHT", Label("Weight, kg", "体重，kg")),
            REGIMEN,
            Item("TRTSDT", Label("First dose", "首次给药")),
        ),
    ),
    Listing(
        "L16.2.4.2",
        Label("Disease history", "疾病史"),
        "ENROLLED",
        "ADSL",
        (
            Item("NENCLASS", Label("Class", "病理分类"), "nen_class"),
            Item("PRIMSITE", Label("Primary site", "原发部位"), "primary_site"),
            Item("DIFFER", Label("Differentiation", "分化程度"), "differentiation"),
            Item("KI67", Label("Ki-67, %", "Ki-67，%")),
            Item("FUNCTNL", Label("Functional", "功能性"), WORDS),
            Item("STAGE", Label("Stage", "分期"), "stage"),
            Item("SSTR", Label("Receptor imaging", "受体显像"), "sstr"),
            Item("METORGN", Label("Metastatic organs", "转移器官数")),
            Item("PRIORLIN", Label("Earlier lines", "既往治疗线数")),
        ),
    ),
    Listing(
        "L16.2.4.3",
        Label("Medical history", "既往病史"),
        "ENROLLED",
        "ADMH",
        (
            Item("MHTERM", Label("Reported term", "报告名称")),
            Item("MHDECOD", Label("Coded term", "编码术语"), name=name_reason),
            Item("MHCAT", Label("Category", "类别"), name=name_reason),
            *_start("MHSTDTC"),
            _end("MHENDTC"),
            Item("ONGOFL", Label("Ongoing", "持续"), WORDS),
        ),
        order=("ASTDT", "ASEQ"),
    ),
    Listing(
        "L16.2.4.4",
        Label("Prior anti-cancer therapy", "既往抗肿瘤治疗"),
        "ENROLLED",
        "ADCM",
        (
            Item("CMTRT", Label("Therapy", "治疗")),
            Item("CMCLAS", Label("Class", "类别"), "prior_therapy_type"),
            *_start("CMSTDTC"),
            _end("CMENDTC"),
            Item("CMRSDISC", Label("Reason for stopping", "停止原因"), "prior_stop_reason"),
        ),
        order=("ASTDT", "ASEQ"),
        chosen=lambda t: (t.CMCAT == "PRIOR ANTI-CANCER THERAPY").fill_null(False),
        needed=("CMCAT",),
    ),
    Listing(
        "L16.2.4.5",
        Label("Concomitant drugs, partner drugs and later therapies", "合并用药、联合药物与后续治疗"),
        "ENROLLED",
        "ADCM",
        (
            Item("CMCAT", Label("Category", "分类"), name=name_reason),
            Item("CMTRT", Label("Drug or therapy", "药物或治疗")),
            Item("CMCLAS", Label("Class", "类别"), name=name_drug_class),
            Item("CMINDC", Label("Indication, as reported", "适应证（按报告原文）")),
            Item("CMDOSE", Label("Dose", "剂量")),
            Item("CMDOSU", Label("Unit", "单位")),
            *_start("CMSTDTC"),
            _end("CMENDTC"),
            Item("ONTRTFL", Label("On treatment", "治疗期间"), WORDS),
        ),
        order=("ASTDT", "ASEQ"),
        chosen=lambda t: (t.CMCAT != "PRIOR ANTI-CANCER THERAPY").fill_null(True),
    ),
    Listing(
        "L16.2.4.6",
        Label("Procedures", "操作"),
        "ENROLLED",
        "ADPR",
        (
            Item("PRTRT", Label("Procedure", "操作")),
            Item("PRCAT", Label("Category", "类别"), "procedure_category"),
            *_start("PRSTDTC"),
            _end("PRENDTC"),
            Item("ONTRTFL", Label("On treatment", "治疗期间"), WORDS),
        ),
        order=("ASTDT", "ASEQ"),
    ),
)  # fmt: skip

TREATMENT = (
    Listing(
        "L16.2.5.1",
        Label("Dosing of study drug", "研究药物给药"),
        "SAFETY",
        "ADEX",
        (
            Item("ASTDT", Label("From", "开始")),
            Item("AENDT", Label("To", "结束")),
            Item("ASTDY", Label("First day", "起始研究日")),
            Item("AENDY", Label("Last day", "结束研究日")),
            Item("AVAL", Label("Dose, mg (0: interrupted)", "剂量，mg（0：中断）")),
        ),
        order=("ASTDT", "ASEQ"),
        chosen=lambda t: (t.PARAMCD == "DOSE").fill_null(False),
        needed=("PARAMCD",),
    ),
    Listing(
        "L16.2.5.2",
        Label("Exposure and compliance", "暴露与依从性"),
        "SAFETY",
        "ADEX",
        (
            Item("TDURD", Label("Days", "天数")),
            Item("STRTDOSE", Label("Starting dose, mg/day", "起始剂量，mg/日")),
            Item("CUMDOSE", Label("Cumulative, mg", "累积剂量，mg")),
            Item("PLANDOSE", Label("Planned, mg", "计划剂量，mg")),
            Item("AVDDOSE", Label("Average, mg/day", "平均日剂量，mg/日"), decimals=1),
            Item("RDI", Label("Relative intensity, %", "相对剂量强度，%"), decimals=1),
            Item("NREDUC", Label("Reductions", "减量次数")),
            Item("NINTERR", Label("Interruptions", "中断次数")),
            Item("DOSEINT", Label("Days interrupted", "中断天数")),
        ),
        order=("USUBJID",),
        chosen=lambda t: (t.PARAMCD != "DOSE").fill_null(False),
        needed=("PARAMCD", "AVAL"),
        shape=lambda frame: spread_parameters(frame, []),
        switches=("exposure.planned",),
    ),
)  # fmt: skip

# ---- 16.2.6: tumors, responses, endpoints, questionnaires ------------------------------------------------

C30 = ("QL", "PF", "RF", "EF", "CF", "SF", "FA", "NV", "PA", "DY", "SL", "AP", "CO", "DI", "FI", "C30SUM")
GINET21 = ("ED", "GI", "TR", "SF21", "DRW", "INF", "MBP", "SX", "BI", "EQINDEX", "EQVAS", "ADHMISS")


SCORE_DECIMALS = {"C30SUM": 1, "EQINDEX": 3}


def _list_scores(output_id: str, title: Label, parameters: tuple[str, ...], rule: Label) -> Listing:
    """Scores side by side: one line per subject and visit."""
    scores = (Item(name, Label(name, name), decimals=SCORE_DECIMALS.get(name, 0)) for name in parameters)
    return Listing(
        output_id,
        title,
        "FAS",
        dataset="ADQS",
        items=(DATE, VISIT, *scores),
        order=("ADT", "AVISIT"),
        chosen=lambda t: t.PARAMCD.isin(parameters).fill_null(False),
        needed=("PARAMCD", "AVAL"),
        shape=lambda frame: spread_parameters(frame, ["ADT", "AVISIT"]),
        rule=rule,
    )


TUMOR_ENDPOINTS = ("PFS", "PFSEMA", "PFSCLIN", "OS", "TTP", "RSD", "CRSD", "TTR", "CTTR", "TTF")

EFFECTIVENESS = (
    Listing(
        "L16.2.6.1",
        Label("Tumor measurements", "肿瘤测量"),
        "FAS",
        "ADTR",
        (
            DATE,
            VISIT,
            Item("TRLNKID", Label("Lesion", "病灶")),
            PARAMETER,
            Item("LESSTATE", Label("State", "状态"), "lesion_state"),
            Item("AVAL", Label("Value, mm", "数值，mm")),
            Item("BASE", Label("Baseline", "基线")),
            Item("PCHG", Label("Change, %", "变化，%"), decimals=1),
            Item("NADIR", Label("Nadir", "最低点")),
            Item("PCHGNAD", Label("From nadir, %", "较最低点，%"), decimals=1),
        ),
        order=("ADT", "TRLNKID", "ASEQ"),
        switches=LESIONS,
    ),
    Listing(
        "L16.2.6.2",
        Label("Responses, derived and as the investigator gave them", "疗效：系统推导与研究者评估"),
        "FAS",
        "ADRS",
        (
            DATE,
            VISIT,
            Item("TRGRESP", Label("Target", "靶病灶")),
            Item("NTRGRESP", Label("Non-target", "非靶病灶")),
            Item("NEWL", Label("New lesion", "新病灶"), WORDS),
            Item("OVR", Label("Derived", "系统推导")),
            Item("OVRINV", Label("Investigator", "研究者")),
            Item("DIFFERS", Label("Differs", "不一致"), WORDS),
            Item("ANL01FL", Label("Counts for best response", "计入最佳疗效"), WORDS),
            Item("RULE", Label("Rule that decided", "判定规则"), WORDS),
        ),
        order=("ADT", "ASMT"),
        chosen=lambda t: (
            t.PARAMCD.isin(("OVR", "OVRINV", "TRGRESP", "NTRGRESP", "NEWL"))
        ).fill_null(False),
        needed=("PARAMCD", "AVALC", "AVALCV", "ASMT", "ADT", "AVISIT", "RULE", "ANL01FL"),
        shape=lay_responses_beside,
        rule=Label(
            "“Differs”: against what could be told at the visit, before a new lesion seen there was proven.",
            "“不一致”：与该次访视当时可判定的疗效比较（新病灶尚未证实）。",
        ),
        switches=PROGRESSION,
    ),
    Listing(
        "L16.2.6.3",
        Label("Best overall response and what decided it", "最佳总体疗效及其判定依据"),
        "FAS",
        "ADRS",
        (
            PARAMETER,
            Item("AVALC", Label("Result", "结果"), name=name_result),
            DATE,
            Item("RULE", Label("Rule that decided", "判定规则"), WORDS),
        ),
        chosen=lambda t: t.PARAMCD.isin(("BOR", "CBOR", "RSP", "CRSP", "PD", "CB")).fill_null(False),
        needed=("PARAMCD",),
        switches=BEST_RESPONSE,
    ),
    Listing(
        "L16.2.6.4",
        Label("Endpoints with their start, end and source", "终点的起止日期与来源"),
        "FAS",
        "ADTTE",
        (
            PARAMETER,
            Item("STARTDT", Label("From", "起始")),
            Item("ADT", Label("To", "截止")),
            Item("AVAL", Label("Days", "天数")),
            Item("CNSR", Label("Censored (0: event)", "删失（0：事件）")),
            Item("EVNTDESC", Label("Event", "事件"), name=name_reason),
            Item("CNSDTDSC", Label("Censoring", "删失原因"), name=name_reason),
            Item("SRCDOM", Label("Source", "来源")),
            Item("SRCVAR", Label("Variable", "变量")),
        ),
        chosen=lambda t: t.PARAMCD.isin(TUMOR_ENDPOINTS).fill_null(False),
        rule=Label(
            "Listed: survival, progression, response and treatment failure. Times to deterioration and to "
            "adverse events, many per subject, stand in the analysis data set.",
            "所列为生存、进展、缓解与治疗失败终点。至恶化时间与至不良事件时间条目过多，见分析数据集。",
        ),
        switches=merge_switches(PFS, OS),
    ),
    _list_scores(
        "L16.2.6.5",
        Label("Scores of QLQ-C30 by visit", "QLQ-C30各访视评分"),
        C30,
        Label(
            "One line per questionnaire. QL global health, PF physical, RF role, EF emotional, CF cognitive, "
            "SF social functioning: high is good. FA fatigue, NV nausea, PA pain, DY dyspnea, SL sleep, "
            "AP appetite, CO constipation, DI diarrhea, FI finances: high is bad. C30SUM: summary score.",
            "每份问卷一行。QL总体健康，PF躯体、RF角色、EF情绪、CF认知、SF社会功能：分值高为好。"
            "FA疲乏，NV恶心呕吐，PA疼痛，DY呼吸困难，SL失眠，AP食欲，CO便秘，DI腹泻，FI经济困难：分值高为差。C30SUM：总分。",
        ),
    ),
    _list_scores(
        "L16.2.6.6",
        Label(
            "Scores of QLQ-GI.NET21 and EQ-5D-5L, missed doses, by visit",
            "QLQ-GI.NET21、EQ-5D-5L各访视评分与漏服次数",
        ),
        GINET21,
        Label(
            "One line per visit. GI.NET21 (high is bad): ED endocrine, GI gastrointestinal, TR treatment, "
            "SF21 social, DRW worries about disease, INF information, MBP muscle and bone pain, SX sexual, "
            "BI body image. EQINDEX, EQVAS: high is good. ADHMISS: doses missed as the subject says.",
            "每次访视一行。GI.NET21（分值高为差）：ED内分泌，GI胃肠道，TR治疗，SF21社会，DRW疾病忧虑，INF信息，"
            "MBP肌骨疼痛，SX性功能，BI体像。EQINDEX、EQVAS：分值高为好。ADHMISS：受试者自述漏服次数。",
        ),
    ),
    Listing(
        "L16.2.6.7",
        Label(
            "Subjects whose progression-free survival changes with the rule set",
            "无进展生存期随规则集改变的受试者",
        ),
        "FAS",
        "ADTTE",
        (
            Item("PARAMCD", Label("Rule set", "规则集"), name=name_parameter),
            Item("ADT", Label("To", "截止")),
            Item("AVAL", Label("Days", "天数")),
            Item("CNSR", Label("Censored (0: event)", "删失（0：事件）")),
            Item("EVNTDESC", Label("Event", "事件"), name=name_reason),
            Item("CNSDTDSC", Label("Censoring", "删失原因"), name=name_reason),
        ),
        chosen=lambda t: _moves_with_rule_set(t),
        needed=("PARAMCD",),
        rule=Label(
            "All rule sets of a subject of whom at least one gives another date or another outcome than the "
            "primary one; event and censoring say why.",
            "至少一个规则集的日期或结局与主要规则不同的受试者，列出其全部规则集；事件与删失原因说明差异所在。",
        ),
        switches=PFS,
    ),
)  # fmt: skip


def _moves_with_rule_set(table: ir.Table) -> ir.BooleanValue:
    """Records of progression-free survival of subjects who have more than one end or outcome."""
    is_pfs = table.PARAMCD.startswith("PFS").fill_null(False)
    of_subject = ibis.window(group_by="USUBJID")
    ends = [ibis.ifelse(is_pfs, value, ibis.null(value.type())) for value in (table.AVAL, table.CNSR == 0)]
    differs = [end.max().over(of_subject) != end.min().over(of_subject) for end in (ends[0],)]
    outcome = ends[1].cast("int64")
    differs.append(outcome.max().over(of_subject) != outcome.min().over(of_subject))
    return is_pfs & (differs[0] | differs[1]).fill_null(False)


# ---- 16.2.7 to 16.2.9: safety ----------------------------------------------------------------------------

SAFETY = (
    Listing(
        "L16.2.7",
        Label("Adverse events", "不良事件"),
        "SAFETY",
        "ADAE",
        (
            *_start("AESTDTC"),
            _end("AEENDTC"),
            Item("AETERM", Label("Reported term", "报告名称")),
            Item("AEDECOD", Label("Coded term", "编码术语"), WORDS),
            Item("ATOXGR", Label("Grade", "分级")),
            Item("AESER", Label("Serious", "严重"), WORDS),
            Item("AEREL", Label("Causality (recorded)", "因果关系（记录）"), "causality"),
            Item("AREL", Label("Related (used)", "因果关系（分析）"), name=name_reason),
            Item("AEACN", Label("Action", "采取措施"), "ae_action"),
            Item("AEOUT", Label("Outcome", "转归"), "ae_outcome"),
            Item("TRTEMFL", Label("Emergent", "治疗期间出现"), WORDS),
        ),
        order=("ASTDT", "ASEQ"),
        switches=EMERGENT,
    ),
    Listing(
        "L16.2.8",
        Label(
            "Laboratory values of grade 3 or higher, or two grades above baseline",
            "3级及以上或较基线升高2级的实验室检查值",
        ),
        "SAFETY",
        "ADLB",
        (
            DATE,
            VISIT,
            TEST,
            Item("AVAL", Label("Value", "数值"), in_words="AVALC"),
            Item("A1LO", Label("Lower limit", "下限")),
            Item("A1HI", Label("Upper limit", "上限")),
            *GRADE_ITEMS,
        ),
        order=("PARAMCD", "ADT", "ASEQ"),
        chosen=_is_graded_or_shifted,
        rule=GRADED,
        switches=GRADES,
    ),
    Listing(
        "L16.2.9.1",
        Label("Electrocardiograms with a long or longer QTc", "QTc延长或增加的心电图"),
        "SAFETY",
        "ADEG",
        (
            DATE,
            VISIT,
            PARAMETER,
            Item("AVAL", Label("Value", "数值"), decimals=1),
            Item("BASE", Label("Baseline", "基线"), decimals=1),
            Item("CHG", Label("Change", "变化"), decimals=1),
            *(
                Item(f"CRIT{n}FL", Label(en, zh), WORDS)
                for n, en, zh in (
                    (1, ">450 ms", ">450 ms"), (2, ">480 ms", ">480 ms"), (3, ">500 ms", ">500 ms"),
                    (4, "Rise >30 ms", "升高>30 ms"), (5, "Rise >60 ms", "升高>60 ms"),
                )
            ),
        ),
        order=("ADT", "PARAMCD", "ASEQ"),
        chosen=lambda t: (
            (t.CRIT1FL == "Y") | (t.CRIT2FL == "Y") | (t.CRIT3FL == "Y") | (t.CRIT4FL == "Y")
            | (t.CRIT5FL == "Y")
        ).fill_null(False),
        rule=Label(
            "Listed: corrected QT above 450 ms, or more than 30 ms above baseline.",
            "所列为校正QT间期超过450 ms，或较基线升高超过30 ms者。",
        ),
        switches=MEASUREMENTS,
    ),
    Listing(
        "L16.2.9.2",
        Label(
            "Vital signs of grade 3 or higher, or two grades above baseline",
            "3级及以上或较基线升高2级的生命体征",
        ),
        "SAFETY",
        "ADVS",
        (
            DATE,
            VISIT,
            PARAMETER,
            Item("AVAL", Label("Value", "数值")),
            Item("BASE", Label("Baseline", "基线")),
            *GRADE_ITEMS,
        ),
        order=("ADT", "PARAMCD", "ASEQ"),
        chosen=_is_graded_or_shifted,
        rule=GRADED,
        switches=MEASUREMENTS,
    ),
    Listing(
        "L16.2.9.3",
        Label("Echocardiograms: left ventricular ejection fraction", "超声心动图：左室射血分数"),
        "SAFETY",
        "ADCV",
        (
            DATE,
            VISIT,
            Item("AVAL", Label("LVEF, %", "LVEF，%")),
            Item("BASE", Label("Baseline", "基线")),
            Item("CHG", Label("Change", "变化"), decimals=1),
            Item("CRIT1FL", Label("<50%", "<50%"), WORDS),
            Item("CRIT2FL", Label("Fall ≥10 points to <50%", "下降≥10个百分点至<50%"), WORDS),
        ),
        order=("ADT", "ASEQ"),
        chosen=lambda t: (t.PARAMCD == "LVEF").fill_null(False),
        needed=("PARAMCD",),
        switches=MEASUREMENTS,
    ),
)  # fmt: skip

ALL_LISTINGS = (*TAKING_PART, *BACKGROUND, *TREATMENT, *EFFECTIVENESS, *SAFETY)
