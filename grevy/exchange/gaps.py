"""What an analysis must do without when a domain is not there, in words for the report and its manifest."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """One thing that could not be done, or is done otherwise, and the missing domains that are the reason."""

    missing: tuple[str, ...]
    en: str
    zh: str

    def __str__(self) -> str:
        return f"{self.en} ({', '.join(self.missing)} not supplied)"


# In the order of the report. A gap applies when none of its domains is there.
_GAPS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("DS",),
        "No disposition: consent and first dose are taken from DM, nobody counts as enrolled without a dose, "
        "and reasons for stopping are unknown",
        "无受试者分布数据：知情同意和首次用药日期取自DM；停药和退出原因不详",
    ),
    (("IE",), "Reasons for screen failure are unknown", "筛选失败原因不详"),
    (
        ("MH", "SUPPMH"),
        "Class, site and grade of the neoplasm are unknown: no columns by NET G1/G2, NET G3 and NEC",
        "肿瘤分类、部位和病理分级不详：无法按NET G1/G2、NET G3和NEC分列",
    ),
    (
        ("EX",),
        "No exposure: doses, intensity and duration are not computed; treatment dates are those of DM",
        "无用药数据：不计算剂量、剂量强度和用药时间；治疗起止日期取自DM",
    ),
    (
        ("TU", "TR"),
        "No lesions: sums, waterfall and derived visit responses are not computed; responses given in RS are "
        "used",
        "无病灶数据：不计算直径总和、瀑布图和各访视缓解；采用RS中给出的缓解",
    ),
    (
        ("TU", "TR", "RS"),
        "No responses at all: no response rates, and progression-free survival sees deaths only",
        "无任何疗效评价：不计算缓解率；无进展生存期仅以死亡为事件",
    ),
    (
        ("CM",),
        "New anti-cancer therapy is unknown: no endpoint is censored for it",
        "新的抗肿瘤治疗不详：终点不因此删失",
    ),
    (
        ("SS",),
        "No survival contacts: the last date known alive comes from the other records",
        "无生存随访记录：最后已知存活日期取自其他记录",
    ),
    (("AE",), "Adverse events are not tabulated", "不列出不良事件"),
)


def describe_gaps(domains: Collection[str]) -> tuple[Gap, ...]:
    """What cannot be done, or is done otherwise, with the domains that are there."""
    present = set(domains)
    return tuple(Gap(needed, en, zh) for needed, en, zh in _GAPS if not present & set(needed))
