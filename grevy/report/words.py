"""The report's own words in English and Simplified Chinese, side by side.

Labels of rows and columns come with the result rows and labels of forms with the study definition; here
stands what belongs to neither: the frame of the page, the panel that opens on a number, and the few coded
values that analysis data sets print as text.
"""

from __future__ import annotations

from typing import NamedTuple

from grevy.adam.deterioration import name_parameter
from grevy.report.submitted_values import SUBMITTED
from grevy.rules.questionnaires import HIGHER_IS_BETTER, SCALE_LABELS


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str

    def filled(self, **values: object) -> Words:
        """The text with its placeholders replaced, the same values in both languages."""
        return Words(self.en.format(**values), self.zh.format(**values))

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def same(text: object) -> Words:
    """A text that is printed alike in both languages: an identifier, a number, a term as entered."""
    return Words(str(text), str(text))


# ---- Frame of the page -----------------------------------------------------------------------------------
PAGE = {
    "report": Words("Study report", "研究报告"),
    "selection": Words("Study report, selected outputs: {names}", "研究报告（选定输出：{names}）"),
    "contents": Words("Contents", "目录"),
    "unpacking": Words("Opening the records of this report …", "正在打开本报告的记录……"),
    "unpacking_failed": Words(
        "This browser cannot open the packed records. Use Chrome 80, Firefox 113, Safari 16.4 or newer.",
        "此浏览器无法打开压缩的记录，请使用Chrome 80、Firefox 113、Safari 16.4或更新版本。",
    ),
    "skip": Words("Skip to the report", "跳到正文"),
    "cutoff": Words("Data cut-off", "数据截止日期"),
    "no_cutoff": Words("none, all data up to the snapshot", "未设定，使用快照中的全部数据"),
    "snapshot": Words("Snapshot", "数据快照"),
    "program": Words("Program", "程序版本"),
    "study": Words("Study", "研究"),
    "version": Words("version {version}", "版本 {version}"),
    "simulated": Words("Simulated data", "模拟数据"),
    "simulated_long": Words(
        "Simulated data. No patient of this report exists.", "模拟数据。本报告中的患者均不存在。"
    ),
    "how_to_read": Words(
        "Every number is a link: it opens the subjects and records behind it, down to the form revision, "
        "its author, time and reason. Regimens were chosen by the physician; differences between columns "
        "are descriptive.",
        "每个数字都是链接：点击可查看其对应的受试者与记录，直至表单的每次修订及其作者、时间和原因。"
        "治疗方案由医生选择，各列之间的差异仅作描述。",
    ),
    "how_to_read_arms": Words(
        "The data are of another study: every number is a link to the subjects and tabulated records behind "
        "it, and the trace ends there. Columns are the actual arms; nothing is compared by a test.",
        "数据来自其他研究：每个数字都可链接至其对应的受试者与列表数据记录，追溯至此为止。各列为实际组别，不作检验比较。",
    ),
    "methods": Words("Settings of the analysis", "分析设置"),
    "methods_intro": Words(
        "Conventions on which the field differs are settings of the study. The value in force is printed "
        "here and under each output it touches.",
        "领域内存在不同做法的规则均为本研究的设置。下表为生效值，并列于其影响的每个图表之下。",
    ),
    "methods_intro_print": Words(
        "Conventions on which the field differs are settings of the study. The values in force are printed "
        "here; an output that depends on a changed setting says so. T: table; F: figure; L: listing.",
        "领域内存在不同做法的规则均为本研究的设置。下表为生效值；设置有更改时，受影响的图表另有说明。T：表；F：图；L：列表。",
    ),
    "setting": Words("Setting", "设置"),
    "meaning": Words("Meaning", "含义"),
    "value": Words("Value", "取值"),
    "default": Words("Default", "默认值"),
    "source": Words("Source", "来源"),
    "changed": Words("changed", "已更改"),
    "number_of": Words("Number", "编号"),
    "no_rows": Words("Not shown: {why}", "未显示：{why}"),
    "no_rows_default": Words(
        "the data of this run hold no record for this output.", "本次运行的数据中没有该图表所需的记录。"
    ),
    "subject": Words("Subject", "受试者"),
    "entries": Words("Entries", "条目"),
    "index_of_listings": Words("Index of the patient data listings", "受试者数据列表索引"),
    "set_of_each": Words("Analysis set as given for each listing", "分析集见各列表"),
    "of_listing": Words("Listing", "列表"),
    "of_title": Words("Title", "标题"),
    "of_set": Words("Analysis set", "分析集"),
    "of_subjects": Words("Subjects", "受试者例数"),
    "of_rule": Words("Which records are listed", "所列记录"),
    "listings": Words("Patient data listings", "受试者数据列表"),
    "listed_elsewhere": Words(
        "The entries stand in the document of listings, in the web page and as data.",
        "各条目见列表文件、网页版及数据文件。",
    ),
    "how_to_read_listings": Words(
        "One line per record, under its subject. Recorded values stand beside what was derived from them; "
        "(D), (M), (Y): day, month, year imputed. Where not all records are listed, a note says which. In "
        "the web page every line opens its analysis record, its tabulation record and the form it came from.",
        "每条记录一行，按受试者排列。记录值与推导值并列；(D)、(M)、(Y)：日、月、年为填补。未列出全部记录时另有说明。"
        "在网页版中，每行可打开其分析记录、列表记录及来源表单。",
    ),
    "plotted_elsewhere": Words(
        "The plotted values ({n} rows) stand in the web page and in the results as data, not on paper.",
        "图中数值（{n} 行）见网页版及结果数据文件，不另打印。",
    ),
    "imputed_parts": Words("(D), (M), (Y): day, month, year imputed.", "(D)、(M)、(Y)：日、月、年为填补值。"),
    "no_value": Words("Without a value: {why}", "无数值：{why}"),
    "plotted": Words("Data of the figures", "图中数据"),
    "switches_used": Words("Settings behind this output", "影响本图表的设置"),
    "by_regimen": Words("Regimen at first dose", "首次给药方案"),
    "by_disease": Words("Disease class", "肿瘤分类"),
    "row": Words("Item", "项目"),
    "continued": Words("{what} (continued)", "{what}（续）"),
    "page_of": Words("Page {page} of {pages}", "第 {page} 页，共 {pages} 页"),
    "on_page": Words("\u00a0(p.\u00a0{page})", "（第{page}页）"),
    "shells_of": Words("Shells of tables, figures and listings: {title}", "图表模板：{title}"),
    "shells": Words(
        "Laid out from virtual patients before there are data: x stands for a figure; terms, hospitals and "
        "lines of listings are examples.",
        "在获得数据之前由虚拟患者排版：x 代表数字；术语、中心及列表中的行均为示例。",
    ),
    "draft": Words("Draft of the study report by ICH E3", "研究报告草案（ICH E3 结构）"),
    "for_author": Words("[To be written by the author]", "[由作者撰写]"),
    "see": Words("See {what}.", "见{what}。"),
    "inclusion": Words("Inclusion criteria", "入选标准"),
    "exclusion": Words("Exclusion criteria", "排除标准"),
    "nothing_changed": Words("Every setting of the analysis is at its default.", "所有分析设置均为默认值。"),
    "of_outputs": Words("Outputs", "涉及图表"),
    "settings_default": Words(
        "Settings of this output are at their defaults; see “{methods}”.",
        "本图表所用设置均为默认值，见“{methods}”。",
    ),
    "settings_changed": Words("Settings changed from their default: {what}.", "已更改的设置：{what}。"),
    "figure_data": Words("Data of {figure}", "{figure}的数据"),
    "how_to_read_print": Words(
        "Every number is a result row; grevy explain with the number of the output leads from it to the "
        "records and form entries behind it, and so does a click on the number in report.html.",
        "每个数字均为一条结果记录；使用 grevy explain 或在 report.html 中点击该数字，"
        "可追溯至其对应的记录与表单录入。",
    ),
    "language": Words("Language", "语言"),
    "top": Words("Back to contents", "返回目录"),
    "noscript": Words(
        "Scripts are off: both languages are shown, and numbers cannot be opened.",
        "脚本未启用：同时显示两种语言，数字无法展开。",
    ),
}

KIND = {
    "T": Words("Table", "表"),
    "F": Words("Figure", "图"),
    "L": Words("Listing", "列表"),
}

# ---- The panel behind a number ---------------------------------------------------------------------------
PANEL = {
    "close": Words("Close", "关闭"),
    "cell": Words("Number", "数字"),
    "result": Words("Result row", "结果行"),
    "revisions": Words("Form revisions", "表单修订"),
    "subjects": Words("Subject", "受试者"),
    "subjects_n": Words("Subjects: {n}. Analysis records: {m}.", "受试者 {n} 例，分析记录 {m} 条。"),
    "exactly": Words(
        "{n} subjects with {m} analysis records stand behind this number, all listed below.",
        "该数字对应 {n} 例受试者的 {m} 条分析记录，全部列于下方。",
    ),
    "nobody": Words("No subject stands behind this number.", "没有受试者对应该数字。"),
    "no_set": Words(
        "This number has no set of records of its own; its definition is below.",
        "该数字没有单独的记录集，其定义见下。",
    ),
    "definition": Words("How it was made", "如何得出"),
    "analysis_set": Words("Analysis set", "分析集"),
    "dataset": Words("Data set", "数据集"),
    "where": Words("Subset", "子集"),
    "parameter": Words("Parameter", "参数"),
    "method": Words("Method", "方法"),
    "operation": Words("Statistic", "统计量"),
    "denominator": Words("Denominator", "分母"),
    "switches": Words("Settings", "设置"),
    "status": Words("Status", "状态"),
    "reason": Words("Reason", "原因"),
    "identifier": Words("Result", "结果编号"),
    "analysis_record": Words("Analysis record", "分析记录"),
    "made_from": Words("Made from", "来源"),
    "tabulation_record": Words("Tabulation record", "列表数据记录"),
    "outside": Words(
        "The tabulation data of this run came from another system: the trail ends at this record.",
        "本次运行的列表数据来自其他系统：追溯到此记录为止。",
    ),
    "no_revision": Words(
        "No form revision is recorded for this tabulation record.", "该列表数据记录没有对应的表单修订。"
    ),
    "no_parent": Words(
        "This record was derived for the subject without a single source record.",
        "该记录由受试者的多项数据推导，没有单一来源记录。",
    ),
    "form": Words("Form", "表单"),
    "revision": Words("Revision {n}", "第 {n} 次修订"),
    "used": Words("used in this report", "本报告采用"),
    "first_entry": Words("first entry", "首次录入"),
    "no_reason": Words("no reason given", "未填写原因"),
    "withdrawn": Words("record withdrawn", "记录已撤回"),
    "values": Words("All values of this revision", "该修订的全部取值"),
    "history": Words("History", "历史记录"),
    "empty": Words("empty", "空"),
    "open_form": Words("Open the form", "打开表单"),
    "unchanged": Words("no value of this row changed", "该行的取值未改变"),
    "more": Words("Show {n} more", "再显示 {n} 项"),
    "row": Words("row {key}", "行 {key}"),
    "occurrence": Words("no. {n}", "第 {n} 次"),
    "record": Words("record {n}", "第 {n} 条记录"),
    "by_rule": Words("Rule", "判定依据"),
    "because": Words("{subject}: {what}", "{subject}：{what}"),
}

# ---- Sentences of the walk -------------------------------------------------------------------------------
SENTENCES = {
    "event": Words(
        "{subject} has an event for {parameter} on {date} (day {days}): {what}.",
        "{subject} 的{parameter}事件发生于 {date}（第 {days} 天）：{what}。",
    ),
    "censored": Words(
        "{subject} is censored for {parameter} on {date} (day {days}): {what}.",
        "{subject} 的{parameter}于 {date} 删失（第 {days} 天）：{what}。",
    ),
    "value": Words("{subject}: {parameter} is {value}{date}.", "{subject}：{parameter}为 {value}{date}。"),
    "on": Words(" on {date}", "（{date}）"),
    "rule": Words("Rule: {rule}.", "判定依据：{rule}。"),
    "source": Words("Deciding record: {source}.", "决定记录：{source}。"),
    "switch": Words("Settings in force: {switches}.", "生效设置：{switches}。"),
    "derived": Words("{subject}: {facts}.", "{subject}：{facts}。"),
}

# ---- Parameters and coded values of the analysis data sets ----------------------------------------------
DETERIORATIONS = {
    "TTD": ("", ""),
    "TD1": (" (no later score better than baseline)", "（此后无评分优于基线）"),
    "TD2": (" (all later scores worse than baseline)", "（此后评分均差于基线）"),
    "TD3": (" (no later score better than the one that qualified)", "（此后无评分优于达标评分）"),
    "TDF": (" (first deterioration)", "（首次恶化）"),
    "TDD": (" or death", "或死亡"),
    "TDN": (" (death not an event)", "（死亡不计为事件）"),
    "TDP": (" or progression or death", "或疾病进展或死亡"),
}
PARAMETERS = {
    "PFS": Words("progression-free survival", "无进展生存期"),
    "OS": Words("overall survival", "总生存期"),
    "TTP": Words("time to progression", "至疾病进展时间"),
    "RSD": Words("duration of response", "缓解持续时间"),
    "CRSD": Words("duration of confirmed response", "经确认的缓解持续时间"),
    "TTR": Words("time to response", "至缓解时间"),
    "CTTR": Words("time to confirmed response", "至经确认缓解的时间"),
    "TTF": Words("time to treatment failure", "至治疗失败时间"),
    "TTHYP": Words("time to first hypertension of grade 3 or higher", "至首次≥3级高血压时间"),
    **{
        name_parameter(prefix, code): Words(
            f"time to deterioration, {SCALE_LABELS[code].en.lower()}{en}",
            f"至恶化时间，{SCALE_LABELS[code].zh}{zh}",
        )
        for prefix, (en, zh) in DETERIORATIONS.items()
        for code in HIGHER_IS_BETTER
    },
    "PFSEMA": Words("progression-free survival, EMA-style rules", "无进展生存期（EMA 规则）"),
    "PFSCLIN": Words(
        "progression-free survival, clinical progression as event", "无进展生存期（临床进展计为事件）"
    ),
    "OVR": Words("overall response at the visit", "访视总体疗效"),
    "TRGRESP": Words("target lesion response", "靶病灶疗效"),
    "NTRGRESP": Words("non-target lesion response", "非靶病灶疗效"),
    "NEWL": Words("new lesion", "新病灶"),
    "OVRINV": Words("overall response, investigator's call", "总体疗效（研究者评估）"),
    "PD": Words("first progression", "首次疾病进展"),
    "RSP": Words("response, confirmation not required", "缓解（无需确认）"),
    "CRSP": Words("confirmed response", "经确认的缓解"),
    "DC": Words("disease control", "疾病控制"),
    "CB": Words("clinical benefit", "临床获益"),
    "BOR": Words("best overall response", "最佳总体疗效"),
    "CBOR": Words("confirmed best overall response", "经确认的最佳总体疗效"),
    "LSTA": Words("last adequate assessment", "末次合格评估"),
    "MDIS": Words("measurable disease at baseline", "基线可测量病灶"),
    "DEATH": Words("death", "死亡"),
    "LDIAM": Words("diameter of a target lesion", "靶病灶直径"),
    "SUMDIAM": Words("sum of diameters", "直径总和"),
    "TDURD": Words("duration of treatment", "治疗持续时间"),
    "CUMDOSE": Words("cumulative dose", "累积剂量"),
    "AVDDOSE": Words("average daily dose", "平均日剂量"),
    "PLANDOSE": Words("planned dose", "计划剂量"),
    "RDI": Words("relative dose intensity", "相对剂量强度"),
    "NREDUC": Words("dose reductions", "减量次数"),
    "NINTERR": Words("interruptions", "中断次数"),
    "DOSEINT": Words("days of interruption", "中断天数"),
    "FRSTRED": Words("time to first reduction", "至首次减量时间"),
    "DOSE": Words("dose interval", "给药区间"),
}

VALUES = {
    "CR": Words("CR", "CR"),
    "PR": Words("PR", "PR"),
    "SD": Words("SD", "SD"),
    "PD": Words("PD", "PD"),
    "NE": Words("NE", "NE"),
    "Y": Words("yes", "是"),
    "N": Words("no", "否"),
    "M": Words("male", "男"),
    "F": Words("female", "女"),
    "MONO": Words("monotherapy", "单药"),
    "COMBO": Words("combination", "联合"),
    "RELATED": Words("related", "有关"),
    "NOT RELATED": Words("not related", "无关"),
    "ONGOING": Words("ongoing", "进行中"),
    "DISCONTINUED": Words("discontinued", "已停止"),
    "COMPLETED": Words("completed", "已完成"),
}

STATUS = {
    "NOT_REACHED": Words("not reached", "未达到"),
    "NOT_CALCULABLE": Words("not calculable", "无法计算"),
    "SUPPRESSED": Words("not shown by rule", "按规则不显示"),
}

# ---- Variables of the analysis and tabulation records, as the panel prints them --------------------------
VARIABLES = {
    "AGE": Words("Age", "年龄"),
    "SEX": Words("Sex", "性别"),
    "COHORT": Words("Regimen", "方案"),
    "NENGRP": Words("Disease class", "肿瘤分类"),
    "SITEID": Words("Site", "中心"),
    "TRTSDT": Words("First dose", "首次给药"),
    "TRTEDT": Words("Last dose", "末次给药"),
    "EOTSTT": Words("Treatment", "治疗状态"),
    "DCTREAS": Words("Reason", "原因"),
    "SCRFREAS": Words("Screen failure", "筛选失败原因"),
    "PARAMCD": Words("Parameter", "参数"),
    "AVALC": Words("Value", "取值"),
    "AVAL": Words("Value", "取值"),
    "ADT": Words("Date", "日期"),
    "AVISIT": Words("Visit", "访视"),
    "RULE": Words("Rule", "判定依据"),
    "CNSR": Words("Censored", "删失"),
    "EVNTDESC": Words("Event", "事件"),
    "CNSDTDSC": Words("Censored at", "删失依据"),
    "STARTDT": Words("Start", "起点"),
    "TRLNKID": Words("Lesion", "病灶"),
    "LESSTATE": Words("State", "状态"),
    "PCHG": Words("Change, %", "变化（%）"),
    "PCHGNAD": Words("From nadir, %", "较最低点（%）"),
    "NADIR": Words("Nadir, mm", "最低点（mm）"),
    "AEDECOD": Words("Preferred term", "首选术语"),
    "AETERM": Words("Term", "术语"),
    "AEBODSYS": Words("System organ class", "系统器官分类"),
    "ATOXGR": Words("Grade", "分级"),
    "ASTDT": Words("Onset or start", "开始"),
    "AENDT": Words("End", "结束"),
    "AREL": Words("Related", "相关性"),
    "AESER": Words("Serious", "严重"),
    "AEACN": Words("Action", "措施"),
}

# Names of the regimens where a figure has no room for dose and drug
SHORT_NAMES = {
    "MONO": Words("Monotherapy", "单药"),
    "COMBO": Words("Combination", "联合"),
}

RESPONSES = {
    "CR": Words("Complete response", "完全缓解"),
    "PR": Words("Partial response", "部分缓解"),
    "SD": Words("Stable disease", "疾病稳定"),
    "NON-CR/NON-PD": Words("Non-CR/non-PD", "非完全缓解/非疾病进展"),
    "NED": Words("No evidence of disease", "无疾病证据"),
    "PD": Words("Progressive disease", "疾病进展"),
    "NE": Words("Not evaluable", "不可评价"),
}

# Printed in the order given, each only where it stands on the page
ABBREVIATIONS = (
    ("CI", Words("CI: confidence interval", "CI：置信区间")),
    ("mean (SD)", Words("SD: standard deviation", "SD：标准差")),
    ("SD", Words("SD: stable disease", "SD：疾病稳定")),
    ("Q1", Words("Q1, Q3: first and third quartile", "Q1, Q3：第一、第三四分位数")),
    ("NR", Words("NR: not reached", "NR：未达到")),
    ("NC", Words("NC: not calculable", "NC：无法计算")),
    ("NET", Words("NET: neuroendocrine tumor", "NET：神经内分泌瘤")),
    ("NEC", Words("NEC: neuroendocrine carcinoma", "NEC：神经内分泌癌")),
    (
        "MiNEN",
        Words(
            "MiNEN: mixed neuroendocrine-non-neuroendocrine neoplasm",
            "MiNEN：混合性神经内分泌-非神经内分泌肿瘤",
        ),
    ),
    ("AUC", Words("AUC: area under the ROC curve", "AUC：ROC曲线下面积")),
    ("PFS", Words("PFS: progression-free survival", "PFS：无进展生存期")),
    ("OS", Words("OS: overall survival", "OS：总生存期")),
    ("CR", Words("CR: complete response", "CR：完全缓解")),
    ("PR", Words("PR: partial response", "PR：部分缓解")),
    ("PD", Words("PD: progressive disease", "PD：疾病进展")),
    ("NE", Words("NE: not evaluable", "NE：不可评价")),
    ("NA", Words("NA: not applicable", "NA：不适用")),
    ("NED", Words("NED: no evidence of disease", "NED：无疾病证据")),
    ("HR", Words("HR: hazard ratio", "HR：风险比")),
    ("OR", Words("OR: odds ratio", "OR：比值比")),
    ("ORR", Words("ORR: objective response rate", "ORR：客观缓解率")),
    ("DCR", Words("DCR: disease control rate", "DCR：疾病控制率")),
    ("CBR", Words("CBR: clinical benefit rate", "CBR：临床获益率")),
    ("ECOG", Words("ECOG: Eastern Cooperative Oncology Group", "ECOG：美国东部肿瘤协作组")),
)

VALUES |= {value: Words(en, zh) for value, (en, zh) in SUBMITTED.items() if value not in VALUES}

# Texts that analysis data sets carry in English: rules, kinds of event, reasons of censoring
VALUES |= {
    "PD: unequivocal new lesion": Words("PD: unequivocal new lesion", "PD：明确的新病灶"),
    "PD: new lesion proven later, dated to first sight": Words(
        "PD: new lesion proven later, dated to first sight", "PD：新病灶后经证实，日期追溯至首次发现"
    ),
    "PD: unequivocal progression of non-targets": Words(
        "PD: unequivocal progression of non-targets", "PD：非靶病灶明确进展"
    ),
    "PD: disease after complete response": Words(
        "PD: disease after complete response", "PD：完全缓解后再次出现病灶"
    ),
    "PD: sum at least 20% and 5 mm above nadir": Words(
        "PD: sum at least 20% and 5 mm above nadir", "PD：直径总和较最低点增加至少 20% 且至少 5 mm"
    ),
    "CR: all disease gone, nodes under 10 mm": Words(
        "CR: all disease gone, nodes under 10 mm", "CR：全部病灶消失，淋巴结短径小于 10 mm"
    ),
    "PR: targets gone, non-targets not": Words(
        "PR: targets gone, non-targets not", "PR：靶病灶消失，非靶病灶未全部消失"
    ),
    "PR: sum at least 30% below baseline": Words(
        "PR: sum at least 30% below baseline", "PR：直径总和较基线减少至少 30%"
    ),
    "PR: held after a confirmed partial response": Words(
        "PR: held after a confirmed partial response", "PR：确认部分缓解后维持"
    ),
    "SD: neither PR nor PD": Words("SD: neither PR nor PD", "SD：既非 PR 也非 PD"),
    "Non-CR/Non-PD: non-targets persist": Words(
        "Non-CR/Non-PD: non-targets persist", "非 CR/非 PD：非靶病灶持续存在"
    ),
    "NED: no disease at baseline, none new": Words(
        "NED: no disease at baseline, none new", "NED：基线无病灶，且无新病灶"
    ),
    "NE: no baseline assessment": Words("NE: no baseline assessment", "NE：无基线评估"),
    "NE: lesions not evaluated": Words("NE: lesions not evaluated", "NE：病灶未评估"),
    "NE: no assessment after baseline": Words("NE: no assessment after baseline", "NE：基线后无评估"),
    "As given by the assessor": Words("as given by the assessor", "评估者所报告"),
    "First CR or PR that counts": Words("first CR or PR that counts", "首次计入的 CR 或 PR"),
    "First CR or PR that a later assessment confirms": Words(
        "first CR or PR that a later assessment confirms", "首次经后续评估确认的 CR 或 PR"
    ),
    "Confirmed response, or SD or better long enough": Words(
        "confirmed response, or SD or better long enough", "经确认的缓解，或 SD 及以上维持足够时间"
    ),
    "CR confirmed by a later CR": Words("CR confirmed by a later CR", "CR 经后续 CR 确认"),
    "PR confirmed by a later PR or CR": Words("PR confirmed by a later PR or CR", "PR 经后续 PR 或 CR 确认"),
    "SD or better for long enough, response not confirmed or none": Words(
        "SD or better for long enough, response not confirmed or none",
        "SD 及以上维持足够时间，无缓解或缓解未经确认",
    ),
    "Last assessment other than NE": Words("last assessment other than NE", "末次非 NE 的评估"),
    "A target lesion measured at baseline": Words(
        "a target lesion measured at baseline", "基线有测量的靶病灶"
    ),
    "Death from any cause": Words("death from any cause", "任何原因死亡"),
    "Disease progression": Words("disease progression", "疾病进展"),
    "Death": Words("death", "死亡"),
    "Clinical progression": Words("clinical progression", "临床进展"),
    "New anti-cancer therapy": Words("new anti-cancer therapy", "新的抗肿瘤治疗"),
    "No progression or death: last adequate assessment": Words(
        "no progression or death: last adequate assessment", "无进展或死亡：末次合格评估"
    ),
    "No baseline tumor assessment": Words("no baseline tumor assessment", "无基线肿瘤评估"),
    "No assessment after baseline": Words("no assessment after baseline", "基线后无评估"),
    "Event after missed assessments: last adequate assessment before them": Words(
        "event after missed assessments: last adequate assessment before them",
        "漏评后发生事件：漏评前的末次合格评估",
    ),
    "New anti-cancer therapy: last adequate assessment on or before its start": Words(
        "new anti-cancer therapy: last adequate assessment on or before its start",
        "开始新的抗肿瘤治疗：其当日或之前的末次合格评估",
    ),
    "Clinical progression: last adequate assessment before it": Words(
        "clinical progression: last adequate assessment before it", "临床进展：其前的末次合格评估"
    ),
    "Death without progression: last adequate assessment": Words(
        "death without progression: last adequate assessment", "无进展死亡：末次合格评估"
    ),
    "Alive: last date known alive": Words("alive: last date known alive", "存活：末次确认存活日期"),
    "Permanent stop of treatment": Words("permanent stop of treatment", "永久停药"),
    "On treatment: last date known alive": Words(
        "on treatment: last date known alive", "治疗中：末次确认存活日期"
    ),
    "Definitive deterioration": Words("definitive deterioration", "确定性恶化"),
    "No definitive deterioration: last score": Words(
        "no definitive deterioration: last score", "无确定性恶化：末次评分"
    ),
    "No score after baseline": Words("no score after baseline", "基线后无评分"),
    "Hypertension of grade 3 or higher": Words("hypertension of grade 3 or higher", "≥3级高血压"),
    "No event: last date known alive": Words("no event: last date known alive", "无事件：末次确认存活日期"),
    "No event: end of the time at risk after the last dose": Words(
        "no event: end of the time at risk after the last dose", "无事件：末次用药后风险期结束"
    ),
    "No event: death": Words("no event: death", "无事件：死亡"),
    "No event: new anti-cancer therapy": Words("no event: new anti-cancer therapy", "无事件：新的抗肿瘤治疗"),
    **{
        f"{stem}{code}": Words(f"{lower}{code}", f"{zh}{code}")
        for stem, lower, zh in (
            (
                "Best of the responses that count: ",
                "best of the responses that count: ",
                "计入评估中的最佳疗效：",
            ),
            ("Confirmed best response ", "confirmed best response ", "经确认的最佳疗效 "),
        )
        for code in RESPONSES
    },
}
PAGE |= {
    "remarks": Words("What the data did not allow", "数据所限"),
    "remarks_intro": Words("Remarks of the run, as the program gave them.", "以下为程序给出的运行说明。"),
}

# The variables by which a record is told at a glance, in the report and on the command line
FACTS: dict[str, tuple[str, ...]] = {
    "ADSL": ("AGE", "SEX", "COHORT", "NENGRP", "TRTSDT"),
    "ADTTE": ("PARAMCD", "ADT", "EVNTDESC", "CNSDTDSC"),
    "ADRS": ("PARAMCD", "AVISIT", "AVALC", "ADT"),
    "ADTR": ("PARAMCD", "TRLNKID", "AVISIT", "AVAL", "PCHG", "ADT"),
    "ADAE": ("AEDECOD", "ATOXGR", "ASTDT", "AREL", "AESER"),
    "ADEX": ("PARAMCD", "AVAL", "ASTDT", "AENDT"),
    "DM": ("BRTHDTC", "AGE", "SEX", "ARM"),
    "DS": ("DSCAT", "DSSCAT", "DSDECOD", "DSTERM", "DSSTDTC"),
    "IE": ("IETESTCD", "IETEST", "IECAT", "IESTRESC", "IEDTC"),
    "MH": ("MHTERM", "MHDECOD", "MHSTDTC"),
    "EX": ("EXTRT", "EXDOSE", "EXDOSU", "EXSTDTC", "EXENDTC", "EXADJ"),
    "AE": ("AETERM", "AETOXGR", "AESTDTC", "AEENDTC", "AEREL", "AEACN"),
    "TU": ("TULNKID", "TUSTRESC", "TULOC", "TUDTC"),
    "TR": ("TRLNKID", "TRTESTCD", "TRSTRESC", "TRSTRESU", "TRSTAT", "TRREASND", "TRDTC"),
    "RS": ("RSCAT", "RSTESTCD", "RSSTRESC", "RSDTC"),
    "DD": ("DDTESTCD", "DDSTRESC", "DDDTC"),
    "SS": ("SSTESTCD", "SSSTRESC", "SSDTC"),
    "CM": ("CMTRT", "CMCAT", "CMSTDTC", "CMENDTC"),
}

# Which settings decide where a record names one of these texts as its rule, event or reason of censoring
RULE_SWITCHES: dict[str, tuple[str, ...]] = {
    "PD: new lesion proven later, dated to first sight": ("recist.equivocal_date",),
    "PD: disease after complete response": ("recist.reappearance_after_cr",),
    "PD: sum at least 20% and 5 mm above nadir": ("recist.pd_sum_date", "recist.missing_target"),
    "PR: sum at least 30% below baseline": ("recist.response_date",),
    "PR: held after a confirmed partial response": ("recist.pr_policy",),
    "CR confirmed by a later CR": ("recist.confirm_min_days", "recist.max_ne_between"),
    "PR confirmed by a later PR or CR": (
        "recist.confirm_min_days",
        "recist.max_ne_between",
        "recist.accept_sd_between",
    ),
    "First CR or PR that a later assessment confirms": ("recist.confirm_min_days", "recist.max_ne_between"),
    "SD or better for long enough, response not confirmed or none": ("recist.sd_min_days", "recist.sd_from"),
    "Confirmed response, or SD or better long enough": ("recist.cb_min_days",),
    "Disease progression": ("pfs.rule_set", "recist.pd_sum_date"),
    "Clinical progression": ("pfs.clinical_progression",),
    "New anti-cancer therapy": ("pfs.new_therapy",),
    "No baseline tumor assessment": ("pfs.no_baseline",),
    "No assessment after baseline": ("pfs.no_baseline",),
    "No progression or death: last adequate assessment": ("pfs.rule_set",),
    "Event after missed assessments: last adequate assessment before them": (
        "pfs.missed_assessments",
        "pfs.missed_tolerance_days",
    ),
    "New anti-cancer therapy: last adequate assessment on or before its start": ("pfs.new_therapy",),
    "Clinical progression: last adequate assessment before it": ("pfs.clinical_progression",),
    "Alive: last date known alive": ("os.censoring",),
    "Permanent stop of treatment": ("ttf.progression",),
    "Definitive deterioration": ("pro.deterioration", "pro.deterioration_points"),
    "No definitive deterioration: last score": ("pro.deterioration", "pro.deterioration_events"),
    "Hypertension of grade 3 or higher": ("te.days_after_last_dose",),
    "No event: end of the time at risk after the last dose": ("te.days_after_last_dose",),
}
