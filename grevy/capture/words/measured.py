"""Words of measured values: limits, flags, grades, advice."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "measured_test": ("Test", "项目"),
    "measured_result": ("Result", "结果"),
    "measured_range": ("Range", "参考范围"),
    "measured_flag": ("Flag", "标记"),
    "measured_grade": ("CTCAE grade", "CTCAE 分级"),
    "measured_last": ("Last", "上次"),
    "measured_trend": ("Trend", "趋势"),
    "keys_measured": ("Enter or ↓ next result · F9 not done", "Enter 或 ↓ 下一项 · F9 未做"),
    "range_missing": ("range missing", "缺参考范围"),
    "flag_LOW": ("↓ low", "↓ 低"),
    "flag_HIGH": ("↑ high", "↑ 高"),
    "record_event": ("Record an event", "记录不良事件"),
    "advice": ("What the label advises", "说明书建议"),
    "advice_note": (
        "Information, no order: the physician decides. Limits marked as working defaults in the reference.",
        "仅供参考，由医师决定；部分界值为本研究的暂定值，见参考文档。",
    ),
}
