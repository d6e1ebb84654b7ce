"""What listings call visits, parameters and reasons that no code list of a study names, in both languages."""

import re

from grevy.results.frames import AnalysisData
from grevy.results.labels import VALUES, Label, find_label, list_coded_values
from grevy.results.laboratory import label_test
from grevy.rules.ctcae import name_term

VISITS = (
    (r"CYCLE (\d+) DAY (\d+)", "Cycle {0} day {1}", "第{0}周期第{1}天"),
    (r"CYCLE (\d+)", "Cycle {0} day 1", "第{0}周期第1天"),
    (r"WEEK (\d+)", "Week {0}", "第{0}周"),
    (r"SCREENING", "Screening", "筛选"),
    (r"BASELINE", "Baseline", "基线"),
    (r"END OF TREATMENT", "End of treatment", "治疗结束"),
    (r"SAFETY FOLLOW-UP", "Safety follow-up", "安全性随访"),
    (r"SURVIVAL FOLLOW-UP ?(\d*)", "Survival follow-up {0}", "生存随访{0}"),
    (r"UNSCHEDULED ?([\d.]*)", "Unscheduled {0}", "计划外{0}"),
    (r"ASSESSMENT (\d+)", "Assessment {0}", "第{0}次评估"),
)

PARAMETERS = {
    "PFS": Label("Progression-free survival", "无进展生存期"),
    "PFSEMA": Label("PFS, every progression and death counts", "PFS，所有疾病进展或死亡均计为事件"),
    "PFSCLIN": Label("PFS, clinical progression counts", "PFS，临床进展计为事件"),
    "OS": Label("Overall survival", "总生存期"),
    "TTP": Label("Time to progression", "至疾病进展时间"),
    "RSD": Label("Duration of response", "缓解持续时间"),
    "CRSD": Label("Duration of confirmed response", "经确认的缓解持续时间"),
    "TTR": Label("Time to response", "至缓解时间"),
    "CTTR": Label("Time to confirmed response", "至经确认的缓解时间"),
    "TTF": Label("Time to treatment failure", "至治疗失败时间"),
    "BOR": Label("Best overall response", "最佳总体疗效"),
    "CBOR": Label("Confirmed best overall response", "经确认的最佳总体疗效"),
    "RSP": Label("Response", "缓解"),
    "CRSP": Label("Confirmed response", "经确认的缓解"),
    "PD": Label("First progression", "首次疾病进展"),
    "CB": Label("Clinical benefit", "临床获益"),
    "LDIAM": Label("Diameter", "直径"),
    "SUMDIAM": Label("Sum of diameters", "直径总和"),
    "QTCF": Label("QTcF, ms", "QTcF，ms"),
    "QTCB": Label("QTcB, ms", "QTcB，ms"),
    "SYSBP": Label("Systolic blood pressure, mmHg", "收缩压，mmHg"),
    "DIABP": Label("Diastolic blood pressure, mmHg", "舒张压，mmHg"),
    "WEIGHT": Label("Weight, kg", "体重，kg"),
    "BPGR": Label("Blood pressure, grade of the reading", "血压测量值分级"),
}

REASONS = {
    "COMBINATION PARTNER": Label("Partner drug", "联合药物"),
    "CONCOMITANT MEDICATION": Label("Concomitant drug", "合并用药"),
    "SUBSEQUENT ANTI-CANCER THERAPY": Label("Later anti-cancer therapy", "后续抗肿瘤治疗"),
    "GENERAL MEDICAL HISTORY": Label("General", "一般病史"),
    "NEN DIAGNOSIS": Label("Diagnosis", "肿瘤诊断"),
    "PREVIOUS MALIGNANCY": Label("Earlier malignancy", "既往恶性肿瘤"),
    "Major protocol deviation": Label("Major protocol deviation", "重大方案偏离"),
    "Other therapy before the first assessment": Label(
        "Other therapy before the first assessment", "首次评估前接受其他治疗"
    ),
    "Dose intensity of the first weeks too low": Label(
        "Dose intensity of the first weeks too low", "最初数周剂量强度过低"
    ),
    "NEUROENDOCRINE NEOPLASM": Label("Neuroendocrine neoplasm", "神经内分泌肿瘤"),
    "Permanent stop of treatment": Label("Permanent stop of treatment", "永久停药"),
    "Response": Label("Response", "缓解"),
    "On treatment: last date known alive": Label(
        "On treatment: last date known alive", "仍在治疗：末次确认存活日期"
    ),
    "Death without progression: last adequate assessment": Label(
        "Death without progression: last adequate assessment", "无疾病进展死亡：末次充分评估"
    ),
    "RELATED": Label("Related", "有关"),
    "NOT RELATED": Label("Not related", "无关"),
}


def name_visit(_: AnalysisData, visit: str) -> Label:
    """A visit in both languages; one that is not known keeps its name."""
    for pattern, en, zh in VISITS:
        found = re.fullmatch(pattern, visit, re.IGNORECASE)
        if found:
            return Label(en.format(*found.groups()).strip(), zh.format(*found.groups()))
    return Label(visit, visit)


def name_parameter(_: AnalysisData, code: str) -> Label:
    """A parameter by its code."""
    return PARAMETERS.get(code, Label(code, code))


def name_reason(data: AnalysisData, text: str) -> Label:
    """A reason or category that the analysis data sets carry in English."""
    return REASONS.get(text) or find_label(data.study, None, text)


def name_result(_: AnalysisData, text: str) -> Label:
    """Whether something was reached, in words; a response keeps its code, which is one in both languages."""
    return VALUES[text] if text in {"Y", "N"} else Label(text, text)


def name_drug_class(data: AnalysisData, text: str) -> Label:
    """The class of a drug or therapy, of whichever form it came."""
    for codelist in ("drug_class", "therapy_class", "partner_class", "prior_therapy_type"):
        found = list_coded_values(data.study, codelist).get(text)
        if found:
            return found
    return Label(text, text)


def name_finding(_: AnalysisData, text: str) -> Label:
    """A term of CTCAE."""
    found = name_term(text)
    return Label(text, found.zh)


def name_test(data: AnalysisData, code: str) -> Label:
    """A laboratory test with its unit, as the forms name it."""
    return label_test(data, code, code)
