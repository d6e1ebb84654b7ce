"""What a study consists of, counted, and what is incomplete: the answer of `grevy check-study`."""

from dataclasses import dataclass
from typing import Literal

from grevy.definition.sdtm_targets import NOT_SUBMITTED
from grevy.definition.study import Study
from grevy.definition.translations import list_texts, list_untranslated


@dataclass(frozen=True)
class Inventory:
    """Counts of a loaded study; what is left to do is listed by name."""

    study: str
    version: str
    hash: str
    forms: int
    items: int
    groups: int
    checks: int
    hard_checks: int
    conditions: int
    codelists: int
    codes: int
    instruments: int
    instrument_items: int
    scored_instruments: int
    events: int
    criteria: int
    limits: int
    derived: int
    switches: int
    texts: int
    untranslated_texts: int
    submitted_items: int
    not_submitted_items: int
    untargeted_items: int
    untranslated: tuple[str, ...]
    unused_codelists: tuple[str, ...]
    criteria_without_condition: tuple[str, ...]

    def sentences(self, lang: Literal["en", "zh"] = "en") -> list[str]:
        """The inventory as lines to print; lists of what is left only where something is."""
        counts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        lines = [line[lang].format(**counts | {"hash": self.hash[:12]}) for line in SENTENCES]
        left = [(text[lang], getattr(self, name)) for name, text in LEFT.items()]
        return lines + [text.format(", ".join(names)) for text, names in left if names]


# fmt: off
SENTENCES = (
    {"en": "Study {study}, version {version}, hash {hash}",
     "zh": "研究{study}，版本{version}，哈希值{hash}"},
    {"en": "{forms} forms, {items} items, {groups} groups of rows, at {events} events",
     "zh": "{forms}张表单，{items}个条目，{groups}个多行条目组，{events}个访视事件"},
    {"en": "{checks} edit checks, {hard_checks} of them hard; {conditions} conditions",
     "zh": "{checks}条逻辑核查，其中硬核查{hard_checks}条；{conditions}个条件表达式"},
    {"en": "{codelists} code lists with {codes} codes",
     "zh": "{codelists}个代码表，{codes}个代码"},
    {"en": "{instruments} instruments with {instrument_items} items, {scored_instruments} of them scored",
     "zh": "{instruments}个量表，{instrument_items}个条目，其中{scored_instruments}个计分"},
    {"en": "{criteria} criteria, {limits} limits, {derived} derived values, {switches} switches",
     "zh": "{criteria}条入排标准，{limits}个限值，{derived}个衍生值，{switches}个分析开关"},
    {"en": "Texts in English and Chinese: {texts}, untranslated: {untranslated_texts}",
     "zh": "中英文文本：{texts}，未翻译：{untranslated_texts}"},
    {"en": "Items without SDTM target: {untargeted_items}; submitted: {submitted_items}, "
           "not submitted: {not_submitted_items}",
     "zh": "无SDTM目标变量的条目：{untargeted_items}；递交：{submitted_items}，"
           "不递交：{not_submitted_items}"},
)

LEFT = {
    "untranslated": {"en": "Texts without Chinese: {}", "zh": "缺少中文的文本：{}"},
    "unused_codelists": {"en": "Code lists no item uses: {}", "zh": "未被任何条目使用的代码表：{}"},
    "criteria_without_condition": {"en": "Criteria decided by the investigator alone: {}",
                                   "zh": "仅由研究者判断的标准：{}"},
}
# fmt: on


def inventory(study: Study) -> Inventory:
    """Count what a study consists of."""
    forms = study.forms.values()
    items = [item for form in forms for _, item in form.all_items()]
    groups = [group for form in forms for group in form.groups]
    checks = [check for form in forms for check in form.checks]
    shown = [*(item for item in items if item.when), *(group for group in groups if group.when)]
    decided = [criterion for criterion in study.eligibility if criterion.met]
    used = {item.codelist for item in items if item.codelist}
    not_submitted = [item for item in items if NOT_SUBMITTED in item.sdtm]
    untranslated = tuple(list_untranslated(study))
    return Inventory(
        study=study.id,
        version=study.version,
        hash=study.hash,
        forms=len(study.forms),
        items=len(items),
        groups=len(groups),
        checks=len(checks),
        hard_checks=sum(check.level == "hard" for check in checks),
        conditions=len(checks) + len(shown) + len(decided),
        codelists=len(study.codelists),
        codes=sum(len(codelist.codes) for codelist in study.codelists.values()),
        instruments=len(study.instruments),
        instrument_items=sum(len(one.items) for one in study.instruments.values()),
        scored_instruments=sum(one.scoring is not None for one in study.instruments.values()),
        events=len(study.events),
        criteria=len(study.eligibility),
        limits=len(study.limits),
        derived=len(study.derived),
        switches=len(study.analysis.switches),
        texts=len(list_texts(study)),
        untranslated_texts=len(untranslated),
        submitted_items=sum(bool(item.targets) for item in items),
        not_submitted_items=len(not_submitted),
        untargeted_items=sum(not item.sdtm for item in items),
        untranslated=untranslated,
        unused_codelists=tuple(sorted(study.codelists.keys() - used)),
        criteria_without_condition=tuple(c.id for c in study.eligibility if c.met is None),
    )
