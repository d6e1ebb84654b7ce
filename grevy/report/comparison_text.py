"""A comparison of two runs as lines for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from grevy.report.compare import ChangedCell, ChangedEntry, Comparison
from grevy.report.words import Words

FACTS = {
    "cutoff": Words("Data cut-off", "数据截止日期"),
    "snapshot_id": Words("Snapshot", "快照"),
    "study_version": Words("Study version", "研究版本"),
    "definition": Words("Study files", "研究定义文件"),
    "program": Words("Program", "程序"),
}
CAUSES = {
    "entries": Words("entries", "录入"),
    "cutoff": Words("cut-off", "截止日期"),
    "setting": Words("setting", "设置"),
    "definition": Words("study files", "研究定义"),
    "program": Words("program", "程序"),
    "denominator": Words("denominator", "分母"),
    "elsewhere": Words("elsewhere", "其他处"),
}
TEXTS = {
    "none": Words("none", "无"),
    "summary": Words(
        "{outputs} outputs compared: {cells} numbers read otherwise in {changed} of them; "
        "{revisions} entries stand in one snapshot only.",
        "比较了 {outputs} 项输出：其中 {changed} 项共有 {cells} 个数值不同；"
        "仅存在于一个快照中的录入 {revisions} 条。",
    ),
    "same": Words("All numbers of {outputs} outputs read alike.", "{outputs} 项输出的全部数值一致。"),
    "not_compared": Words("Only in one of the runs: {names}.", "仅一次运行含有：{names}。"),
    "points": Words("  {n} points of the figure", "  图中 {n} 个点不同"),
    "joined": Words("now with", "新增"),
    "left": Words("now without", "不再含"),
    "more": Words("and {n} more", "另有 {n} 条"),
    "entries": Words("Entries", "录入"),
    "first": Words("first entry", "首次录入"),
    "withdrawn": Words("withdrawn", "已撤回"),
    "empty": Words("empty", "空"),
}


def tell_comparison(comparison: Comparison, language: str = "en") -> Iterator[str]:
    """The facts that differ, each changed number with its causes, and the entries behind them."""

    def say(words: Words, **values: object) -> str:
        return words.filled(**values).in_language(language)

    none = say(TEXTS["none"])
    for name, label in FACTS.items():
        before, after = comparison.before.get(name), comparison.after.get(name)
        if before != after:
            yield f"{say(label)}: {_short(before) or none} -> {_short(after) or none}"
    for key, (old, new) in comparison.settings.items():
        yield f"{key}: {old or none} -> {new or none}"
    if comparison.not_compared:
        yield say(TEXTS["not_compared"], names=", ".join(comparison.not_compared))
    outputs = list(dict.fromkeys([*(cell.output_id for cell in comparison.cells), *comparison.points]))
    if not outputs:
        yield say(TEXTS["same"], outputs=comparison.compared)
        return
    yield say(
        TEXTS["summary"], outputs=comparison.compared, cells=len(comparison.cells), changed=len(outputs),
        revisions=comparison.new_revisions,
    )  # fmt: skip
    numbers = {name: number for number, name in enumerate(comparison.entries, start=1)}
    for output in outputs:
        title = comparison.titles.get(output, Words("", "")).in_language(language)
        yield f"\n{output} {title}".rstrip()
        if output in comparison.points:
            yield say(TEXTS["points"], n=comparison.points[output])
        for cell in comparison.cells:
            if cell.output_id == output:
                yield _tell_cell(cell, numbers, language)
    if numbers:
        yield f"\n{say(TEXTS['entries'])}"
    for name, number in numbers.items():
        yield from _tell_entry(number, comparison.entries[name], language)


def _short(value: object) -> str:
    """A fact as it is, a hash as much of it as tells it from another."""
    text = "" if value is None else str(value)
    return text[:12] if len(text) == 64 else text


def _tell_cell(cell: ChangedCell, numbers: dict[str, int], language: str) -> str:
    none = TEXTS["none"].in_language(language)
    before, after = (text.in_language(language) if text else none for text in (cell.before, cell.after))
    told = []
    for cause in cell.causes:
        words = CAUSES[cause].in_language(language)
        if cause == "entries":
            words += " " + " ".join(str(numbers[name]) for name in cell.entries)
            rest = cell.entry_count - len(cell.entries)
            words += f" {TEXTS['more'].filled(n=rest).in_language(language)}" if rest else ""
        if cause == "setting":
            words += " " + ", ".join(cell.settings)
        told.append(words)
    for key, subjects in (("joined", cell.joined), ("left", cell.left)):
        if subjects:
            told.append(f"{TEXTS[key].in_language(language)} {', '.join(subjects)}")
    place = f"{cell.row.in_language(language)} | {cell.column.in_language(language)}"
    return f"  {place}: {before} -> {after}  [{'; '.join(told)}]"


def _tell_entry(number: int, entry: ChangedEntry, language: str) -> Iterator[str]:
    facts = [f"{entry.by}, {entry.role}", f"{entry.at[:10]} {entry.at[11:19]} UTC"]
    facts += [entry.reason] if entry.reason else []
    facts += [TEXTS["first"].in_language(language)] if entry.is_first else []
    facts += [TEXTS["withdrawn"].in_language(language)] if entry.is_withdrawn else []
    yield f"  {number}  {entry.revision}  {'; '.join(facts)}"
    empty = TEXTS["empty"].in_language(language)
    for moved in entry.moved:
        before, after = (
            text.in_language(language) if text else empty for text in (moved.before, moved.after)
        )
        yield f"     {moved.item.in_language(language)}: {before} -> {after}"
