"""The report in sentences, by the sections of ICH E3: what results say, and what an author must write.

A number in a sentence is the text of a result row, named in braces. A sentence with a number that does not
exist in a run is left out: its table says why. Nothing is interpreted here; that is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grevy.report.document import Document
from grevy.report.result_rows import ResultRow
from grevy.report.words import Words
from grevy.results.rows import NOT_REACHED, OK

RESULT = re.compile(r"\{([TFL][^{}]*)\}")


@dataclass(frozen=True)
class Part:
    """A section of the report: sentences from results, the outputs it rests on, room for its author."""

    number: str
    title: Words
    sentences: tuple[Words, ...] = ()
    outputs: tuple[str, ...] = ()  # numbers, or the beginnings of numbers
    content: str | None = None  # what else is written here from the study: a list of its own
    is_for_author: bool = False
    rests_on: str | None = None  # "study": its design; "entries": its ledger

    @property
    def level(self) -> int:
        return self.number.count(".") + 1


def fill_sentences(sentences: Sequence[Words], rows: Mapping[str, ResultRow], language: str) -> list[str]:
    """The sentences whose numbers all exist, with their numbers."""
    return [
        space_han(RESULT.sub(lambda found: _text(rows[found[1]], language), sentence.in_language(language)))
        for sentence in sentences
        if all(
            name in rows and rows[name].status in (OK, NOT_REACHED) for name in RESULT.findall(sentence.en)
        )
    ]


HAN_MEETS_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z\d−])|(?<=[A-Za-z\d)%])(?=[\u4e00-\u9fff])")


def space_han(text: str) -> str:
    """A blank between Han and Latin or figures, as Chinese is set."""
    return HAN_MEETS_LATIN.sub(" ", text)


def _text(row: ResultRow, language: str) -> str:
    return row.value_text_zh if language == "zh" else row.value_text


def rows_by_id(document: Document) -> dict[str, ResultRow]:
    return {row.result_id: row for row in document.rows}


def _total(output: str, row: str) -> str:
    return f"{{{output}|{row}|TOTAL}}"


def _by_regimen(name: Words, output: str, row: str) -> Words:
    """A result in the total, then by regimen, as the columns of its table."""
    mono, combo = f"{{{output}|{row}|MONO}}", f"{{{output}|{row}|COMBO}}"
    return Words(
        f"{name.en}: {_total(output, row)} overall, {mono} with monotherapy, {combo} with combination "
        "therapy.",
        f"{name.zh}：全体{_total(output, row)}，单药组{mono}，联合治疗组{combo}。",
    )


DISPOSITION = (
    Words(
        f"Of {_total('T14.1.2', 'SCREENED')} subjects screened, {_total('T14.1.2', 'ENROLLED')} were "
        "enrolled and "
        f"{_total('T14.1.2', 'FAS')} received at least one dose of study drug: "
        "{T14.1.2|FAS|MONO} as monotherapy and {T14.1.2|FAS|COMBO} in combination.",
        f"共筛选{_total('T14.1.2', 'SCREENED')}例受试者，入组{_total('T14.1.2', 'ENROLLED')}例，"
        f"至少接受一次研究药物给药者{_total('T14.1.2', 'FAS')}例："
        "单药治疗{T14.1.2|FAS|MONO}例，联合治疗{T14.1.2|FAS|COMBO}例。",
    ),
    Words(
        f"Treatment was ongoing in {_total('T14.1.1', 'EOTSTT|ONGOING')} and had ended in "
        f"{_total('T14.1.1', 'EOTSTT|DISCONTINUED')} of the treated subjects.",
        f"已用药受试者中，仍在治疗{_total('T14.1.1', 'EOTSTT|ONGOING')}例，"
        f"终止治疗{_total('T14.1.1', 'EOTSTT|DISCONTINUED')}例。",
    ),
    Words(
        "The reasons for ending it included progressive disease in "
        f"{_total('T14.1.1', 'EOTSTT|DISCONTINUED|PROGRESSIVE DISEASE')} and "
        f"adverse events in {_total('T14.1.1', 'EOTSTT|DISCONTINUED|ADVERSE EVENT')}.",
        f"终止原因包括疾病进展{_total('T14.1.1', 'EOTSTT|DISCONTINUED|PROGRESSIVE DISEASE')}例、"
        f"不良事件{_total('T14.1.1', 'EOTSTT|DISCONTINUED|ADVERSE EVENT')}例等。",
    ),
)
DEVIATIONS = (
    Words(
        f"At least one protocol deviation was recorded in {_total('T14.1.4', 'ANY')} of the enrolled "
        "subjects.",
        f"入组受试者中，至少有一项方案偏离者{_total('T14.1.4', 'ANY')}例。",
    ),
    Words(
        f"At least one major deviation was recorded in {_total('T14.1.4', 'DVSCAT|MAJOR')}.",
        f"至少有一项重大方案偏离者{_total('T14.1.4', 'DVSCAT|MAJOR')}例。",
    ),
)
SETS = (
    Words(
        f"The full analysis set has {_total('T14.1.2', 'FAS')} subjects, the safety set "
        f"{_total('T14.1.2', 'SAFETY')}, the response-evaluable set {_total('T14.1.2', 'EVALUABLE')} and the "
        f"per-protocol set {_total('T14.1.2', 'PER_PROTOCOL')}.",
        f"全分析集{_total('T14.1.2', 'FAS')}例，安全性分析集{_total('T14.1.2', 'SAFETY')}例，"
        f"疗效可评价集{_total('T14.1.2', 'EVALUABLE')}例，符合方案集{_total('T14.1.2', 'PER_PROTOCOL')}例。",
    ),
)
BASELINE = (
    Words(
        f"Mean age (SD) was {_total('T14.1.5', 'AGE|mean')} years; {_total('T14.1.5', 'AGEGR1|>=65')} "
        "were 65 years "
        f"or older and {_total('T14.1.5', 'SEX|M')} were male.",
        f"平均年龄（标准差）为{_total('T14.1.5', 'AGE|mean')}岁；65岁及以上"
        f"{_total('T14.1.5', 'AGEGR1|>=65')}例，"
        f"男性{_total('T14.1.5', 'SEX|M')}例。",
    ),
)
PFS = (
    Words(
        f"Progression or death was seen in {_total('T14.2.1', 'PFS|events')} subjects.",
        f"{_total('T14.2.1', 'PFS|events')}例受试者出现疾病进展或死亡。",
    ),
    _by_regimen(
        Words("Median progression-free survival in months (95% CI)", "无进展生存期中位数，个月（95%CI）"),
        "T14.2.1", "PFS|median",
    ),
    _by_regimen(
        Words("Progression-free at 12 months, % (95% CI)", "12个月无进展生存率，%（95%CI）"),
        "T14.2.1", "PFS|rate_12",
    ),
)  # fmt: skip
OS = (
    Words(
        f"In total, {_total('T14.2.3', 'OS|events')} subjects had died.",
        f"共死亡{_total('T14.2.3', 'OS|events')}例。",
    ),
    Words(
        "Median follow-up by the reverse Kaplan-Meier method in months (95% CI): "
        f"{_total('T14.1.10', 'FOLLOWUP|median')}.",
        f"逆Kaplan-Meier法估计的中位随访时间，个月（95%CI）：{_total('T14.1.10', 'FOLLOWUP|median')}。",
    ),
    _by_regimen(
        Words("Median overall survival in months (95% CI)", "总生存期中位数，个月（95%CI）"),
        "T14.2.3",
        "OS|median",
    ),
)
RESPONSE = (
    _by_regimen(
        Words("Confirmed objective response, % (95% CI)", "经确认的客观缓解率，%（95%CI）"),
        "T14.2.4", "CBOR|FAS|ORR|rate",
    ),
    _by_regimen(
        Words("Disease control, % (95% CI)", "疾病控制率，%（95%CI）"), "T14.2.4", "CBOR|FAS|DCR|rate"
    ),
    Words(
        f"Median duration of confirmed response in months (95% CI): {_total('T14.2.5', 'CRSD|median')}.",
        f"经确认缓解的中位持续时间，个月（95%CI）：{_total('T14.2.5', 'CRSD|median')}。",
    ),
)  # fmt: skip
OTHER_ANALYSES = (
    _by_regimen(
        Words(
            "Median time to deterioration of global health status and quality of life (QLQ-C30) in months "
            "(95% CI)",
            "QLQ-C30总体健康状况/生活质量至恶化的中位时间，个月（95%CI）",
        ),
        "T14.2.13", "TTDQL|median",
    ),
)  # fmt: skip
EXPOSURE = (
    Words(
        f"Median duration of treatment in months (Q1, Q3): {_total('T14.3.3', 'TDURD|median')}. Median "
        f"relative dose intensity in percent (Q1, Q3): {_total('T14.3.3', 'RDI|median')}.",
        f"中位治疗时间，个月（Q1, Q3）：{_total('T14.3.3', 'TDURD|median')}。"
        f"中位相对剂量强度，%（Q1, Q3）：{_total('T14.3.3', 'RDI|median')}。",
    ),
    Words(
        f"The dose was reduced at least once in {_total('T14.3.3', 'NREDUC|ANY')} and interrupted at least "
        f"once in {_total('T14.3.3', 'NINTERR|ANY')} subjects.",
        f"至少一次降低剂量者{_total('T14.3.3', 'NREDUC|ANY')}例，"
        f"至少一次暂停用药者{_total('T14.3.3', 'NINTERR|ANY')}例。",
    ),
)
ADVERSE_EVENTS = tuple(
    _by_regimen(name, "T14.3.1.1", row)
    for name, row in (
        (Words("At least one treatment-emergent adverse event", "至少发生一次治疗期间出现的不良事件"), "ANY"),
        (Words("Adverse events of grade 3 or higher", "3级及以上不良事件"), "GRADE3"),
        (Words("Adverse events related to study drug", "与研究药物有关的不良事件"), "RELATED"),
        (
            Words("Adverse events that led to permanent discontinuation", "导致永久停药的不良事件"),
            "DISCONTINUATION",
        ),
    )
)
SERIOUS = tuple(
    _by_regimen(name, "T14.3.1.1", row)
    for name, row in (
        (Words("Serious adverse events", "严重不良事件"), "SERIOUS"),
        (Words("Adverse events that led to death", "导致死亡的不良事件"), "DEATH"),
    )
)
LIVER = (
    Words(
        f"Subjects with a potential case of Hy's law: {_total('T14.3.4.3', 'HYLAW')}.",
        f"潜在Hy's法则病例：{_total('T14.3.4.3', 'HYLAW')}例。",
    ),
)
HEART = tuple(
    Words(f"Subjects with {en}: {_total(output, row)}.", f"{zh}者：{_total(output, row)}例。")
    for en, zh, output, row in (
        ("systolic blood pressure of 160 mmHg or more on treatment", "治疗期间收缩压≥160 mmHg",
         "T14.3.5.1", "SYSBP|CLASS|GE160"),
        ("QTcF above 500 ms", "QTcF>500 ms", "T14.3.5.3", "QTCF|CLASS|GT500"),
        ("a rise of QTcF of more than 60 ms", "QTcF升高>60 ms", "T14.3.5.3", "QTCF|RISE|UP60"),
        ("left ventricular ejection fraction below 50%", "左室射血分数<50%", "T14.3.5.4", "LVEF|CLASS|LT50"),
    )
)  # fmt: skip
QUALITY = Words(
    "Entries were kept as revisions that nobody can change, each with author, time and reason. Every "
    "number of this "
    "report leads back to the revisions it was made from.",
    "所有录入均以不可更改的修订版本保存，并记录作者、时间与原因。本报告中的每个数字均可追溯至其所依据的修"
    "订版本。",
)
DESIGN = Words(
    "A prospective, multicenter, open-label study with one arm. The physician chose the regimen; "
    "differences between "
    "regimens are descriptive and no test compares them.",
    "前瞻性、多中心、开放、单臂研究。治疗方案由医生选择；方案之间的差异仅作描述，不作组间检验。",
)

PARTS = (
    Part("2", Words("Synopsis", "概要"),
         (*DISPOSITION[:1], *PFS[1:2], *OS[2:], *RESPONSE[:1], *ADVERSE_EVENTS[1:2], *SERIOUS[:1]),
         is_for_author=True),
    Part("4", Words("Abbreviations", "缩略语"), content="abbreviations"),
    Part("5", Words("Ethics", "伦理学"), is_for_author=True),
    Part("6", Words("Investigators and administrative structure", "研究者与管理结构"), is_for_author=True),
    Part("7", Words("Introduction", "引言"), is_for_author=True),
    Part("8", Words("Objectives", "研究目的"), content="objective", rests_on="study"),
    Part("9", Words("Investigational plan", "研究计划")),
    Part("9.1", Words("Design", "研究设计"), (DESIGN,), rests_on="study"),
    Part("9.3", Words("Selection of subjects", "受试者选择"), content="criteria", rests_on="study"),
    Part("9.4", Words("Treatments", "治疗"), content="regimens", rests_on="study"),
    Part("9.6", Words("Data quality", "数据质量"), (QUALITY,), rests_on="entries"),
    Part("9.7", Words("Statistical methods", "统计方法"), content="methods"),
    Part("9.8", Words("Changes to the plan", "计划变更"), content="changes", is_for_author=True),
    Part("10", Words("Study subjects", "研究受试者")),
    Part("10.1", Words("Disposition", "受试者分布"), DISPOSITION, ("14.1.1", "14.1.3")),
    Part("10.2", Words("Protocol deviations", "方案偏离"), DEVIATIONS, ("14.1.4",), is_for_author=True),
    Part("11", Words("Effectiveness", "有效性评价")),
    Part("11.1", Words("Analysis sets", "分析集"), SETS, ("14.1.2",)),
    Part("11.2", Words("Demographics and baseline", "人口统计学与基线特征"), BASELINE,
         ("14.1.5", "14.1.6", "14.1.7", "14.1.8", "14.1.9")),
    Part("11.4", Words("Results", "有效性结果")),
    Part("11.4.1", Words("Progression-free survival", "无进展生存期"), PFS,
         ("T14.2.1", "T14.2.2", "F14.2.1", "F14.2.3"), is_for_author=True),
    Part("11.4.2", Words("Overall survival", "总生存期"), OS, ("T14.2.3", "T14.1.10", "F14.2.2"),
         is_for_author=True),
    Part("11.4.3", Words("Tumor response", "肿瘤疗效"), RESPONSE,
         ("T14.2.4", "T14.2.5", "T14.2.6", "F14.2.4", "F14.2.5", "F14.2.6", "F14.2.7"), is_for_author=True),
    Part("11.4.4", Words("Other analyses", "其他分析"), OTHER_ANALYSES,
         ("T14.2.7", "T14.2.8", "T14.2.9", "F14.2.8", "F14.2.9", "14.2.1*", "X"), is_for_author=True),
    Part("12", Words("Safety", "安全性评价")),
    Part("12.1", Words("Exposure", "药物暴露"), EXPOSURE, ("T14.3.3", "F14.3.5")),
    Part("12.2", Words("Adverse events", "不良事件"), ADVERSE_EVENTS, ("14.3.1", "F14.3.2"),
         is_for_author=True),
    Part("12.3", Words("Deaths and serious adverse events", "死亡与严重不良事件"), SERIOUS, ("L14.3.2",),
         is_for_author=True),
    Part("12.4", Words("Laboratory", "实验室检查"), LIVER, ("T14.3.4", "F14.3.3", "F14.3.4"),
         is_for_author=True),
    Part("12.5", Words("Vital signs and heart", "生命体征与心脏"), HEART, ("T14.3.5", "14.3.6"),
         is_for_author=True),
    Part("13", Words("Discussion and conclusions", "讨论与结论"), is_for_author=True),
    Part("14", Words("Tables, figures and listings", "表、图与列表"), content="outputs"),
    Part("15", Words("References", "参考文献"), is_for_author=True),
    Part("16", Words("Appendices", "附录"), (), ("16.2",), is_for_author=True),
)  # fmt: skip


def can_say(part: Part, document: Document) -> bool:
    """Whether what a part says holds: data of another study have another design, and entries elsewhere."""
    holds = {None: True, "study": not document.has_arms, "entries": document.has_entries}
    return holds[part.rests_on]


def outputs_of(part: Part, document: Document) -> list[str]:
    """The identifiers of the outputs that a part rests on, in the order of the report.

    A number stands for itself and all that begin with it and a dot, of any kind unless a letter says which;
    `14.2.1*` stands for those of two digits, 14.2.10 and on; `X` for all outside ICH E3.
    """
    return [
        output.id for output in document.outputs if any(_matches(output.id, wish) for wish in part.outputs)
    ]


def _matches(output_id: str, wish: str) -> bool:
    if wish == "X":
        return output_id[1:].startswith(wish)
    number = output_id if wish[0].isalpha() else output_id[1:]
    if wish.endswith("*"):
        return number.startswith(wish[:-1]) and number[len(wish) - 1 :][:1].isdigit()
    return number == wish or number.startswith(f"{wish}.")
