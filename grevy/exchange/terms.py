"""What the check of controlled terminology found, in words for the report, the manifest and the screen."""

from collections.abc import Iterable
from itertools import groupby

from grevy.results.labels import Label
from grevy.sdtm.terminology import TermFinding

_MOST_VALUES = 5
_LEVELS = {"error": Label("error", "错误"), "warning": Label("warning", "警告")}
_PROBLEMS = {
    "closed": Label(
        "{values} not in the closed list {lists}. Correct the value, or how it is mapped.",
        "{values}不在封闭代码表{lists}中。请更正该值或其映射。",
    ),
    "extensible": Label(
        "{values} not in the extensible list {lists}. Use a term of the list, or add the value with its "
        "reason to terminology_extensions.yaml of the study.",
        "{values}不在可扩展代码表{lists}中。请改用表中术语，或在研究的terminology_extensions.yaml中加入该值并说明原因。",
    ),
    "case": Label(
        "{values} differs only in case from a term of {lists}: {expected}. Write it as the list does.",
        "{values}与代码表{lists}中的{expected}仅大小写不同。请按代码表书写。",
    ),
    "name": Label(
        "{values} is not the name of {lists}, which is {expected}. Use the name of the same concept.",
        "{values}不是{lists}的名称，应为{expected}。请使用同一概念的名称。",
    ),
}


def describe_terms(findings: Iterable[TermFinding]) -> tuple[Label, ...]:
    """One sentence per variable and kind of problem, errors first."""
    ordered = sorted(findings, key=lambda one: (one.level, one))
    return tuple(_say(list(group)) for _kind, group in groupby(ordered, key=_find_kind))


def _find_kind(finding: TermFinding) -> tuple[str, str, str, str, str]:
    return finding.level, finding.domain, finding.variable, finding.problem, finding.lists


def _say(found: list[TermFinding]) -> Label:
    first = found[0]
    level, problem = _LEVELS[first.level], _PROBLEMS[first.problem]
    place, rest = f"{first.domain}.{first.variable}", len(found) - _MOST_VALUES
    values = ", ".join(repr(one.value) for one in found[:_MOST_VALUES])
    expected = ", ".join(dict.fromkeys(repr(one.expected) for one in found[:_MOST_VALUES]))
    said = {"lists": first.lists, "expected": expected}
    more = Label(f" and {rest} more" if rest > 0 else "", f"等{len(found)}个值" if rest > 0 else "")
    return Label(
        f"{place}, {level.en}: " + problem.en.format(values=values + more.en, **said),
        f"{place}，{level.zh}：" + problem.zh.format(values=values + more.zh, **said),
    )
