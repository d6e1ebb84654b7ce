"""Checks that every kind of study file shares: names that stand once, conditions that compile."""

import re
from collections.abc import Sequence

from grevy.definition.conditions import Condition
from grevy.definition.draft import Draft
from grevy.definition.study_files import Step, StudyFile
from grevy.definition.vocabulary import SERIES, ConditionMistake, Vocabulary


def check_once(file: StudyFile, name: str, noun: str, seen: dict[str, str], path: Sequence[Step]) -> None:
    line = file.line(*path)
    if name in seen:
        file.report(
            line,
            f"{noun} '{name}' stands twice; the first is in {seen[name]}. Rename one.",
            found=name,
            allowed="each name once",
        )
    else:
        seen[name] = f"{file.name}, line {line}"


def check_condition(
    draft: Draft,
    file: StudyFile,
    condition: Condition | None,
    path: tuple[Step, ...],
    vocabulary: Vocabulary,
    owner: str,
    rows: tuple[str, str] | None = None,
) -> None:
    if condition is None or _mentions_broken(draft, condition):
        return
    try:
        condition.bind(vocabulary, group=rows)
    except ConditionMistake as mistake:
        file.report(
            file.line(*path),
            f"{owner}: {mistake}. Correct the condition.",
            found=mistake.found,
            allowed=mistake.allowed,
        )


def _mentions_broken(draft: Draft, condition: Condition) -> bool:
    return any(
        re.search(rf"(?<![\w.])(?:(?:{'|'.join(SERIES)})\.)?{re.escape(name)}(?!\w)", condition.text)
        for name in draft.broken_names
    ) or any(
        group in condition.text
        for group in {name.rsplit(".", 1)[0] for name in draft.broken_names if name.count(".") == 2}
    )
