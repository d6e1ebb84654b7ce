"""Where variables of the tabulation come from: an item that collects them, the protocol, a derivation."""

from collections import defaultdict
from collections.abc import Mapping

from grevy.definition import Study
from grevy.exchange.define.parts import Method, Source
from grevy.rules.words import Words

Collected = Mapping[tuple[str, str, str], tuple[str, ...]]
"""Domain, variable and test (or none) to the items of the forms that fill it."""

PROTOCOL_DOMAINS = ("TA", "TE", "TI", "TS", "TV")
PROTOCOL = ("STUDYID", "VISIT", "VISITNUM", "VISITDY", "ETCD", "ELEMENT", "TAETORD")
DERIVED = {
    "--SEQ": Words("Number of the record within the subject", "受试者内的记录序号"),
    "--DY": Words("Days from DM.RFSTDTC, which is day 1, without day 0", "相对DM.RFSTDTC的天数，当日为第1天"),
    "--STRESC": Words("Result in standard units and terms", "换算为标准单位和术语的结果"),
    "--STRESN": Words("Result in standard units as a number", "标准单位结果的数值"),
    "--STRESU": Words("Standard unit of the test", "检查项目的标准单位"),
    "--STNRLO": Words("Lower limit of the laboratory, in standard units", "实验室参考范围下限，标准单位"),
    "--STNRHI": Words("Upper limit of the laboratory, in standard units", "实验室参考范围上限，标准单位"),
    "--ORNRLO": Words("Lower limit of the site by sex, age and day", "中心参考范围下限，按性别、年龄和日期"),
    "--ORNRHI": Words("Upper limit of the site by sex, age and day", "中心参考范围上限，按性别、年龄和日期"),
    "--NRIND": Words("Result against the limits of normal", "结果与参考范围比较"),
    "--LOBXFL": Words("Y: last result before the first dose", "Y：首次用药前最后一次结果"),
    "EPOCH": Words("Epoch of SE on the day of the record", "记录当日所处的SE阶段"),
    "AGE": Words("Whole years from birth to informed consent", "出生至知情同意的整岁数"),
    "DTHFL": Words("Y where a date of death is recorded", "有死亡日期时为Y"),
    "RFSTDTC": Words("First dose of the study drug", "研究药物首次用药"),
    "RFENDTC": Words("Last dose of the study drug", "研究药物末次用药"),
    "RFXSTDTC": Words("First dose of the study drug", "研究药物首次用药"),
    "RFPENDTC": Words("Last contact or end of study", "末次联系或研究结束"),
    "SESTDTC": Words("First day of the element", "要素首日"),
    "SEENDTC": Words("First day of the next element, or the end", "下一要素首日或结束"),
    "SVSTDTC": Words("First day of the visit's records", "访视记录的首日"),
    "SVENDTC": Words("Last day of the visit's records", "访视记录的末日"),
}  # fmt: skip
"""Variables that are derived: -- stands for the domain; --DY also for --STDY and --ENDY."""


def list_collected(study: Study) -> Collected:
    """What each item of the forms fills, by its declared targets."""
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for form in study.forms.values():
        items = [*form.items, *(item for group in form.groups for item in group.items)]
        for item in items:
            for target in item.targets:
                name = f"{form.name}.{item.name}"
                found[target.domain, target.variable, target.test or ""].append(name)
                if target.test:
                    found[target.domain, target.variable, ""].append(name)
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}


def find_source(
    domain: str, variable: str, collected: Collected, *, empty: bool, test: str = ""
) -> tuple[Source, Method | None]:
    """Source of a variable, or of its values of one test, and the method where it is derived."""
    items = collected.get((domain, variable, test)) or collected.get((domain, variable, ""))
    if items:
        by = "Subject" if domain == "QS" else "Investigator"
        return Source("Collected", by, "Forms: " + _shorten(items)), None
    if domain in PROTOCOL_DOMAINS or variable in PROTOCOL:
        return Source("Protocol", "Sponsor"), None
    if empty:
        return Source("Not Available"), None
    method = _find_method(domain, variable)
    return Source("Derived" if method else "Assigned", "Sponsor"), method


def _find_method(domain: str, variable: str) -> Method | None:
    stem = f"--{variable[len(domain) :]}" if variable.startswith(domain) else variable
    stem = "--DY" if stem in ("--STDY", "--ENDY") else stem
    name = variable if variable in DERIVED else stem
    if name not in DERIVED:
        return None
    return Method(f"MT.{name.replace('--', 'ANY')}", f"Derivation of {name}", DERIVED[name])


def _shorten(items: tuple[str, ...]) -> str:
    most = 6
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more
