"""Wordings that depend on the settings in force: the level of confidence, and what footnotes name.

Labels are declared with the usual level of 95%; footnotes name a setting as `{te.days_after_last_dose}`.
"""

from __future__ import annotations

import re

from grevy.definition.analysis_plan import AnalysisPlan
from grevy.report.words import Words, same
from grevy.results.labels import say_level

LEVEL = "confidence.level"
NAMED = re.compile(r"\{([a-z_]+\.[a-z_0-9]+)\}")
SAID: dict[str, dict[str, Words]] = {
    "confidence.km": {
        "log_log": Words("by the log-log transformation", "采用对数-对数变换"),
        "log": Words("by the log transformation", "采用对数变换"),
        "plain": Words("without a transformation", "不作变换"),
        "logit": Words("by the logit transformation", "采用logit变换"),
        "arcsine": Words("by the arcsine transformation", "采用反正弦变换"),
    },
    "confidence.rate": {
        "clopper_pearson": Words("by Clopper-Pearson", "采用 Clopper-Pearson 精确法"),
        "wilson": Words("by Wilson", "采用 Wilson 法"),
    },
    "time.origin": {
        "first_dose": Words("first dose", "首次给药"),
        "enrolment": Words("enrollment", "入组"),
        "consent": Words("informed consent", "签署知情同意"),
    },
    "os.censoring": {
        "last_alive": Words("the last date known alive", "末次确认存活日期"),
        "cutoff": Words("the data cut-off", "数据截止日期"),
    },
    "exposure.planned": {
        "with_interruptions": Words("interruptions included", "含中断天数"),
        "without_interruptions": Words("ordered interruptions left out", "不含医嘱中断天数"),
    },
    "liver.hys_law_bilirubin": {
        "above": Words("above 2 × ULN", ">2×ULN"),
        "at_least": Words("at least 2 × ULN", "≥2×ULN"),
    },
}
"""The options of switches in words; of other switches the value itself is said."""


def say_settings(note: Words, plan: AnalysisPlan) -> Words:
    """A footnote with the settings in force in place of their names; ValueError where one has no words."""
    return Words(*(_say(text, plan, language) for text, language in zip(note, ("en", "zh"), strict=True)))


def _say(text: str, plan: AnalysisPlan, language: str) -> str:
    told = NAMED.sub(lambda found: _value(found[1], plan).in_language(language), text)
    return say_level(told, float(plan.value(LEVEL)))


def _value(key: str, plan: AnalysisPlan) -> Words:
    value = plan.value(key)
    if not plan.switches[key].options:
        return same(value)
    try:
        return SAID[key][str(value)]
    except KeyError:
        raise ValueError(f"{key}: {value} has no words; known: {', '.join(SAID.get(key, {}))}") from None
