"""Words of the logs: adverse events, doses, drugs and other repeating records as one table."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "log_count": ("Records: {count}", "{count} 条记录"),
    "log_empty": ("No record yet. Ctrl Enter adds a row.", "尚无记录。按 Ctrl Enter 新增一行。"),
    "only_ongoing": ("Only ongoing", "仅持续"),
    "all_rows": ("All", "全部"),
    "save_rows": ("Save changed rows", "保存已改各行"),
    "saved_rows": ("Rows saved: {count}.", "已保存 {count} 行。"),
    "rows_to_settle": ("{count} rows to settle", "{count} 行需要处理"),
    "open_row": ("Open the record", "打开此条记录"),
    "row_state": ("State", "状态"),
    "withdraw_reason": ("Why is this record withdrawn?", "为何撤回此条记录？"),
    "restore_row": ("Bring the row back", "恢复此行"),
    "grade_help": ("Grades of {term}, in short", "“{term}”的分级提示"),
    "grade_help_note": (
        "Short help in our own words; the published criteria decide.",
        "本系统自拟的简短提示，以正式发布的标准为准。",
    ),
    "term_search": (
        "Characters, pinyin initials or English",
        "汉字、拼音首字母或英文均可",
    ),
    "serious_next": ("Serious events: report each", "严重不良事件：请逐一报告"),
    "serious_form": ("Event {number}: serious event form", "第 {number} 条：严重不良事件表"),
    "keys_log": (
        "↓ into the table · Enter next row · Ctrl Enter add · Ctrl D same as above · "
        "Ctrl Backspace withdraw · Ctrl S save",
        "↓ 进入表格 · Enter 下一行 · Ctrl Enter 新增 · Ctrl D 同上 · Ctrl Backspace 撤回 · Ctrl S 保存",
    ),
}
