"""What an analysis must do without when a domain is not there, in words for the report and its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from grevy.results.labels import Label


@dataclass(frozen=True)
class Gap:
    """One thing that could not be done, or is done otherwise, and the missing data that are the reason."""

    missing: tuple[str, ...]
    en: str
    zh: str
    outputs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.en} ({', '.join(self.missing)} not supplied)"

    @property
    def reason(self) -> Label:
        """Why its outputs are left out."""
        names = ", ".join(self.missing)
        return Label(f"{self.en} ({names} not supplied).", f"{self.zh}（未提供{names}）。")


TUMOR = (
    "T14.2.1",
    "F14.2.1",
    "T14.2.2",
    "T14.2.4",
    "T14.2.5",
    "T14.2.6",
    "F14.2.4",
    "T14.2.7",
    "F14.2.8",
    "F14.2.9",
    "T14.2.8",
    "T14.2.9",
    "T14.2.10",
    "TX2",
    "TX3",
    "TX4",
    "TX6.2",
    "TX7.1",
    "TX7.2",
    "TX8.1",
    "TX8.2",
    "FX8.1",
    "FX8.2",
)

# In the order of the report. A gap applies when nothing of what it names is there: a domain, or a variable
# with a value. The outputs behind it are left out and its words are the reason: zeros would tell otherwise.
_GAPS = (
    Gap(
        ("DS",),
        "No disposition: consent and first dose are taken from DM, nobody counts as enrolled without a dose, "
        "and reasons for stopping are unknown",
        "无受试者分布数据：知情同意和首次用药日期取自DM；停药和退出原因不详",
    ),
    Gap(("IE",), "Reasons for screen failure are unknown", "筛选失败原因不详"),
    Gap(
        ("DV",),
        "Protocol deviations are unknown: none are listed",
        "方案偏离不详：不列出方案偏离",
        ("T14.1.4",),
    ),
    Gap(
        ("SUPPMH",),
        "Class, site and grade of the neoplasm are unknown: no columns by NET G1/G2, NET G3 and NEC",
        "肿瘤分类、部位和病理分级不详：无法按NET G1/G2、NET G3和NEC分列",
        ("T14.1.6",),
    ),
    Gap(("MH",), "Medical history is not tabulated", "不列出病史", ("T14.1.8",)),
    Gap(
        ("EX",),
        "No exposure: doses, intensity and duration are not computed; treatment dates are those of DM",
        "无用药数据：不计算剂量、剂量强度和用药时间；治疗起止日期取自DM",
    ),
    Gap(
        ("TU", "TR"),
        "No lesions: sums, waterfall and derived visit responses are not computed; responses given in RS are "
        "used",
        "无病灶数据：不计算直径总和、瀑布图和各访视缓解；采用RS中给出的缓解",
        ("T14.2.6", "F14.2.4"),
    ),
    Gap(
        ("TU", "TR", "RS"),
        "No responses at all: response rates, progression-free survival and tumor size are not estimated",
        "无任何疗效评价：不估计缓解率、无进展生存期和肿瘤大小",
        TUMOR,
    ),
    Gap(
        ("CM",),
        "New anti-cancer therapy and concomitant drugs are unknown: no endpoint is censored for them",
        "新的抗肿瘤治疗和合并用药不详：终点不因此删失",
        ("T14.1.7", "T14.1.9.1"),
    ),
    Gap(
        ("PR",),
        "Procedures are unknown: surgery and local treatment censor no endpoint",
        "手术及操作不详：终点不因手术或局部治疗删失",
        ("T14.1.9.2",),
    ),
    Gap(
        ("SS",),
        "No survival contacts: the last date known alive comes from the other records",
        "无生存随访记录：最后已知存活日期取自其他记录",
    ),
    Gap(("AE",), "Adverse events are not tabulated", "不列出不良事件",
        (*(f"T14.3.1.{number}" for number in range(1, 11)), "L14.3.2.2", "F14.3.1", "F14.3.2",
         "F14.3.6")),
    Gap(
        ("AE.AETOXGR",),
        "Adverse events have no CTCAE grade: nothing is tabulated by grade; severity is no grade",
        "不良事件无CTCAE分级：不按级别列表；不以严重程度代替分级",
        ("T14.3.1.3", "T14.3.1.4", "F14.3.1", "F14.3.2", "F14.3.6"),
    ),
    Gap(
        ("AE.AEREL",),
        "Causality of adverse events is unknown: related ones are not told apart",
        "不良事件因果关系不详：不单列相关事件",
        ("T14.3.1.5",),
    ),
    Gap(
        ("AE.AESER",),
        "It is unknown which adverse events were serious: they are not told apart",
        "不良事件是否严重不详：不单列严重事件",
        ("T14.3.1.6", "L14.3.2.2"),
    ),
    Gap(
        ("AE.AEACN",),
        "Action taken with study drug is unknown: adverse events that changed treatment are not told apart",
        "针对不良事件对研究药物采取的措施不详：不单列导致调整用药的事件",
        ("T14.3.1.7",),
    ),
    Gap(
        ("AE.AEOUT", "AE.AESDTH"),
        "Outcome of adverse events is unknown: fatal ones are not told apart",
        "不良事件转归不详：不单列致死事件",
        ("T14.3.1.8",),
    ),
    Gap(
        ("LB",),
        "No laboratory values: neither grades nor shifts nor Hy's law are judged",
        "无实验室检查数据：不评定分级、变化和Hy's法则",
        ("T14.3.4.1", "T14.3.4.2", "T14.3.4.3", "T14.3.4.4", "F14.3.3", "F14.3.4"),
    ),
    Gap(
        ("VS",),
        "No vital signs: blood pressure and weight are not tabulated",
        "无生命体征数据：不列出血压和体重",
        ("T14.3.5.1", "T14.3.5.2", "T14.3.5.5", "T14.3.5.9"),
    ),
    Gap(("DA",), "No drug accountability: no pill count is tabulated", "无药物清点数据：不列出药物清点"),
    Gap(("EG",), "No electrocardiograms: QTc is not tabulated", "无心电图数据：不列出QTc",
        ("T14.3.5.3", "T14.3.5.6")),
    Gap(
        ("CV",),
        "No echocardiograms: ejection fraction is not tabulated",
        "无超声心动图数据：不列出左室射血分数",
        ("T14.3.5.4", "T14.3.5.7"),
    ),
    Gap(
        ("QS",),
        "No questionnaires: scores are not computed",
        "无问卷数据：不计算评分",
        ("T14.2.11", "T14.2.12.1", "T14.2.12.2", "F14.2.10", "T14.2.13", "F14.2.11"),
    ),
)  # fmt: skip


def describe_gaps(tables: Mapping[str, pa.Table]) -> tuple[Gap, ...]:
    """What cannot be done, or is done otherwise, with the data that are there.

    A wider gap says it all: without RS nobody need be told what is done with RS where lesions are missing.
    """
    found = [gap for gap in _GAPS if _applies(gap, tables)]
    return tuple(gap for gap in found if not any(set(gap.missing) < set(other.missing) for other in found))


def _applies(gap: Gap, tables: Mapping[str, pa.Table]) -> bool:
    """A missing variable is a gap only of a domain that is there: otherwise the domain is the gap."""
    if any("." in name and name.partition(".")[0] not in tables for name in gap.missing):
        return False
    return not any(_is_there(name, tables) for name in gap.missing)


def _is_there(name: str, tables: Mapping[str, pa.Table]) -> bool:
    domain, _, variable = name.partition(".")
    if not variable:
        return domain in tables
    return variable in tables[domain].column_names and tables[domain][variable].null_count < len(
        tables[domain]
    )


def list_left_out(gaps: tuple[Gap, ...]) -> dict[str, Label]:
    """The outputs that are left out, each with the reason of the widest gap behind it."""
    widest = sorted(gaps, key=lambda gap: len(gap.missing))
    return {output: gap.reason for gap in widest for output in gap.outputs}
