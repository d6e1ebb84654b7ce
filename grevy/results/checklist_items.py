"""Items of reporting checklists in our own short words, and where the report answers each.

STROBE (22 items, cohort), RECORD (its 13 additions for routinely collected data), ESMO-GROW (by its sections)
and TRIPOD+AI 2024 (27 items). The published wording is not reproduced: the author reads the original too.
`where` names outputs; METHODS the settings of the analysis; DRAFT a chapter of the report draft; AUTHOR what
the program cannot know.
"""

from typing import NamedTuple

METHODS, AUTHOR = "METHODS", "AUTHOR"


class Item(NamedTuple):
    """One item: its number, its section and subject in both languages, and where it is answered."""

    number: str
    section: tuple[str, str]
    en: str
    zh: str
    where: str

    @property
    def places(self) -> list[str]:
        """The places in their order."""
        return self.where.split()


TITLE = ("Title and abstract", "标题与摘要")
INTRODUCTION = ("Introduction", "引言")
METHOD = ("Methods", "方法")
RESULT = ("Results", "结果")
DISCUSSION = ("Discussion", "讨论")
OTHER = ("Other information", "其他信息")

STROBE = (
    Item("1", TITLE, "Design named; balanced summary", "注明设计；摘要完整", "DRAFT:2 AUTHOR"),
    Item("2", INTRODUCTION, "Background and reason", "背景与理由", "AUTHOR"),
    Item("3", INTRODUCTION, "Objectives", "目的", "DRAFT:8 AUTHOR"),
    Item("4", METHOD, "Key elements of the design", "设计要点", "DRAFT:9.1"),
    Item("5", METHOD, "Setting, places, dates", "机构、地点与时间", "T14.1.3 F14.1.2 AUTHOR"),
    Item("6", METHOD, "Who was eligible, how followed", "入选标准与随访", "DRAFT:9.3 T14.1.10"),
    Item(
        "7",
        METHOD,
        "Outcomes, predictors, confounders defined",
        "结局、预测因素与混杂因素的定义",
        "METHODS T14.2.8 TX6.1",
    ),
    Item("8", METHOD, "Sources and measurement", "数据来源与测量", "METHODS DRAFT:9.6"),
    Item("9", METHOD, "Efforts against bias", "偏倚的处理", "TX4 TX6.1 TX2"),
    Item("10", METHOD, "Size of the study", "样本量", "AUTHOR"),
    Item("11", METHOD, "Numbers in the analysis, groupings", "定量变量的处理与分组", "METHODS T14.2.7"),
    Item(
        "12",
        METHOD,
        "Statistics: confounding, subgroups, missing data, loss, sensitivity",
        "统计方法：混杂、亚组、缺失、失访、敏感性",
        "METHODS T14.2.2 T14.2.7 TX6.2 TX7.1",
    ),
    Item(
        "13", RESULT, "Numbers at each stage, reasons, diagram", "各阶段例数、原因与流程图", "F14.1.1 T14.1.1"
    ),
    Item(
        "14",
        RESULT,
        "Characteristics, missing data, follow-up",
        "基线特征、缺失数据与随访",
        "T14.1.5 T14.1.6 TX5 T14.1.10",
    ),
    Item("15", RESULT, "Outcome events", "结局事件", "T14.2.1 T14.2.3 T14.2.4"),
    Item(
        "16",
        RESULT,
        "Estimates with precision, crude and adjusted",
        "粗估计与校正估计及其精度",
        "T14.2.1 T14.2.8 TX6.2",
    ),
    Item("17", RESULT, "Other analyses", "其他分析", "T14.2.7 T14.2.2 TX7.1 TX8.2"),
    Item("18", DISCUSSION, "Key results", "主要结果", "AUTHOR"),
    Item("19", DISCUSSION, "Limits, direction of bias", "局限性与偏倚方向", "AUTHOR TX6.2 TX5"),
    Item("20", DISCUSSION, "Cautious interpretation", "审慎解释", "AUTHOR"),
    Item("21", DISCUSSION, "Who it applies to", "外推性", "AUTHOR"),
    Item("22", OTHER, "Funding", "资助", "AUTHOR"),
)

RECORD = (
    Item("1.1", TITLE, "Kind of data, names of the databases", "数据类型与数据库名称", "AUTHOR"),
    Item("1.2", TITLE, "Region and time", "地区与时间范围", "AUTHOR"),
    Item("1.3", TITLE, "Linkage told", "是否链接数据库", "AUTHOR"),
    Item("6.1", METHOD, "How subjects were found", "受试者的识别方法", "DRAFT:9.3 F14.1.1"),
    Item("6.2", METHOD, "Validation of the selection", "识别方法的验证", "AUTHOR"),
    Item("6.3", METHOD, "Flow of linkage", "数据链接流程", "AUTHOR"),
    Item("7.1", METHOD, "Codes and definitions of all variables", "全部变量的编码与定义", "METHODS AUTHOR"),
    Item("12.1", METHOD, "Access to the source data", "原始数据的访问权限", "AUTHOR"),
    Item("12.2", METHOD, "Cleaning of the data", "数据清理", "DRAFT:9.6 L-issues"),
    Item("12.3", METHOD, "Method and quality of linkage", "链接方法与质量", "AUTHOR"),
    Item("13.1", RESULT, "Selection with its filters", "逐步筛选", "F14.1.1 T14.1.2"),
    Item(
        "19.1",
        DISCUSSION,
        "Consequences of data not made for this question",
        "非专为本研究收集数据的影响",
        "AUTHOR TX5",
    ),
    Item("22.1", OTHER, "Access to protocol, raw data, code", "方案、原始数据与代码的获取", "AUTHOR"),
)

FINAL = ("Final considerations", "其他事项")
GROW = (
    Item("T", TITLE, "Real-world design and source in the title", "标题注明真实世界设计与来源", "AUTHOR"),
    Item(
        "I",
        INTRODUCTION,
        "Gap in evidence, question and objectives",
        "证据缺口、问题与目的",
        "AUTHOR DRAFT:8",
    ),
    Item("M1", METHOD, "Design, registration, protocol", "设计、注册与方案", "DRAFT:9.1 AUTHOR"),
    Item("M2", METHOD, "Source of the data and its quality", "数据来源与质量", "DRAFT:9.6 AUTHOR"),
    Item("M3", METHOD, "Population, period, follow-up", "人群、时间与随访", "DRAFT:9.3 T14.1.10"),
    Item("M4", METHOD, "Treatments as given, lines, combinations", "实际治疗、线数与联合", "T14.3.3 TX1"),
    Item(
        "M5",
        METHOD,
        "Real-world endpoints and their rules",
        "真实世界终点及其规则",
        "METHODS T14.2.1 T14.2.2",
    ),
    Item("M6", METHOD, "Assessment schedule as it happened", "实际评估时间", "TX2"),
    Item(
        "M7", METHOD, "Confounding, immortal time, selection", "混杂、永恒时间与选择偏倚", "TX6.1 TX4 F14.1.1"
    ),
    Item("M8", METHOD, "Missing data", "缺失数据", "TX5 TX7.1"),
    Item("M9", METHOD, "Statistical plan, sensitivity", "统计计划与敏感性分析", "METHODS T14.2.2"),
    Item("M10", METHOD, "Algorithms: validation and performance", "算法的验证与性能", "TX8.2 FX8.1"),
    Item("R1", RESULT, "Flow and characteristics", "流程与特征", "F14.1.1 T14.1.5 T14.1.6"),
    Item("R2", RESULT, "Patterns of treatment, later therapy", "治疗模式与后续治疗", "TX1 FX1"),
    Item("R3", RESULT, "Effectiveness with uncertainty", "有效性及其不确定性", "T14.2.1 T14.2.3 T14.2.4"),
    Item("R4", RESULT, "Safety with how it was collected", "安全性及其收集方法", "T14.3.1.1 T14.3.1.10"),
    Item("R5", RESULT, "Patient-reported outcomes", "患者报告结局", "T14.2.12.1 T14.2.13"),
    Item("D1", DISCUSSION, "Against trials and other evidence", "与临床试验及其他证据比较", "AUTHOR"),
    Item("D2", DISCUSSION, "Limits of the source and of the inference", "数据与推断的局限", "AUTHOR TX6.2"),
    Item("F1", FINAL, "Ethics, consent, privacy", "伦理、知情同意与隐私", "AUTHOR"),
    Item(
        "F2",
        FINAL,
        "Funding, interests, sharing of data and code",
        "资助、利益冲突、数据与代码共享",
        "AUTHOR",
    ),
)

OPEN = ("Open science", "开放科学")
PUBLIC = ("Patient and public involvement", "患者与公众参与")
TRIPOD_AI = (
    Item("1", TITLE, "Prediction model, population, outcome", "预测模型、人群与结局", "AUTHOR"),
    Item("2", TITLE, "Abstract by its own list", "摘要（按其清单）", "AUTHOR"),
    Item(
        "3", INTRODUCTION, "Context, purpose, users, inequalities", "背景、用途、使用者与健康不平等", "AUTHOR"
    ),
    Item("4", INTRODUCTION, "Development, evaluation or both", "开发、评价或两者", "TX8.1 TX8.2"),
    Item("5", METHOD, "Sources and dates of the data", "数据来源与时间", "DRAFT:9.6 F14.1.2"),
    Item(
        "6", METHOD, "Setting, eligibility, treatments", "机构、入选标准与治疗", "DRAFT:9.3 T14.1.3 T14.3.3"
    ),
    Item("7", METHOD, "Preparation of the data", "数据准备", "METHODS"),
    Item("8", METHOD, "Outcome, horizon, who assessed it", "结局、时间范围与评估者", "METHODS T14.2.1 TX8.1"),
    Item("9", METHOD, "Predictors and their choice", "预测因素及其选择", "TX8.1 AUTHOR"),
    Item("10", METHOD, "Sample size", "样本量", "TX8.2 AUTHOR"),
    Item("11", METHOD, "Missing data", "缺失数据", "TX5 TX8.2"),
    Item(
        "12",
        METHOD,
        "Analysis: model, internal validation, heterogeneity, performance",
        "分析：模型、内部验证、异质性与性能",
        "METHODS TX8.2 TX3",
    ),
    Item("13", METHOD, "Class imbalance", "类别不平衡", "AUTHOR"),
    Item("14", METHOD, "Fairness", "公平性", "AUTHOR"),
    Item("15", METHOD, "Output of the model", "模型输出", "TX8.1 FX8.2"),
    Item("16", METHOD, "Development against evaluation data", "开发与评价数据的差异", "TX8.2"),
    Item("17", METHOD, "Ethical approval", "伦理批准", "AUTHOR"),
    Item(
        "18",
        OPEN,
        "Funding, interests, protocol, registration, data, code",
        "资助、利益冲突、方案、注册、数据与代码",
        "AUTHOR",
    ),
    Item("19", PUBLIC, "Involvement of patients and public", "患者与公众的参与", "AUTHOR"),
    Item(
        "20",
        RESULT,
        "Participants, characteristics, by setting",
        "受试者、特征及各中心",
        "F14.1.1 T14.1.5 T14.1.3",
    ),
    Item("21", RESULT, "Numbers and events of each analysis", "各分析的例数与事件数", "TX8.2"),
    Item("22", RESULT, "The model in full", "完整模型", "TX8.1"),
    Item("23", RESULT, "Performance, also by group", "性能及各组性能", "TX8.2 FX8.1 AUTHOR"),
    Item("24", RESULT, "Updating", "模型更新", "AUTHOR"),
    Item("25", DISCUSSION, "Interpretation, fairness", "解释与公平性", "AUTHOR"),
    Item("26", DISCUSSION, "Limits", "局限性", "AUTHOR"),
    Item(
        "27",
        DISCUSSION,
        "Use: poor input, users' skill, next steps",
        "使用：输入质量、使用者能力与后续步骤",
        "AUTHOR",
    ),
)
