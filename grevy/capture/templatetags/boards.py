"""Sentences of tasks, and the small bars of the boards."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from grevy.capture.reading.drawings import WindowBar
from grevy.capture.reading.figures import AGES, Projection, QueryAges, SiteFigures
from grevy.capture.reading.tasks import Task, word_of
from grevy.capture.templatetags.show import icon
from grevy.capture.templatetags.subjects import address_url
from grevy.capture.typed import show_date

register = template.Library()

ICONS = {
    "visit": "calendar", "form": "missing", "query": "query", "clock": "warning", "consent": "consent",
    "review": "lab", "draft": "incomplete", "sign": "signed", "screening": "calendar",
}  # fmt: skip
BAR_WIDTH, AGE_WIDTH = 120, 420


@register.simple_tag
def task_url(task: Task) -> str:
    """The form of the task, at the field it is about."""
    return address_url(task.address) + (f"#f-{task.item}" if task.item else "")


@register.simple_tag
def task_icon(task: Task, urgency: str) -> SafeString:
    name = "overdue" if urgency == "overdue" and task.kind in ("visit", "form") else ICONS[task.kind]
    return format_html('<span class="task-icon state-{}">{}</span>', name, icon(name, 16))


@register.filter
def urgency_on(task: Task, today: date) -> str:
    return task.urgency(today)


@register.simple_tag(takes_context=True)
def task_title(context: template.Context, task: Task) -> str:
    return _sentence(context, f"task_{task.what}", task)


@register.simple_tag(takes_context=True)
def task_why(context: template.Context, task: Task) -> str:
    return _sentence(context, f"task_{task.what}_why", task)


def _sentence(context: template.Context, key: str, task: Task) -> str:
    language = context["language"]
    words = {
        name: show_date(value.isoformat(), language) if isinstance(value, date) else word_of(value, language)
        for name, value in task.words.items()
    }
    return str(context["t"].fill(key, **words))


@register.simple_tag(takes_context=True)
def task_due(context: template.Context, task: Task, today: date) -> str:
    """How late, or how long there is."""
    days = task.days_overdue(today)
    if days > 0:
        return str(context["t"].fill("days_overdue", days=days))
    return str(context["t"]["due_today"] if days == 0 else context["t"].fill("due_in", days=-days))


@register.simple_tag(takes_context=True)
def window_sentence(context: template.Context, bar: WindowBar) -> str:
    language, visit = context["language"], bar.visit
    return str(
        context["t"].fill(
            "window_of_subject",
            subject=bar.subject,
            visit=getattr(visit.name, language),
            opens=show_date(visit.opens.isoformat(), language) if visit.opens else "",
            closes=show_date(visit.closes.isoformat(), language) if visit.closes else "",
        )
    )


@register.simple_tag(takes_context=True)
def weekday(context: template.Context, day: date) -> str:
    return str(context["t"]["weekdays"].split()[day.weekday()])


@register.simple_tag
def count_sentence(sentence: str, count: int) -> str:
    return sentence.format(count=count)


@register.simple_tag(takes_context=True)
def days_figure(context: template.Context, days: float | None, unit: str | None = None) -> str:
    """A median of days with one decimal."""
    if days is None:
        return "—"
    return f"{days:.1f}" + (str(context["t"]["days_unit"]) if unit is None else unit)


@register.simple_tag
def share_figure(part: int, whole: int, unit: str = "%") -> str:
    """A share in percent with one decimal, cut and not rounded up: 100 only if nothing is missing."""
    return f"{1000 * part // whole / 10:.1f}{unit}" if whole else "—"


@register.simple_tag(takes_context=True)
def rate_sentence(context: template.Context, projection: Projection) -> str:
    """The rule of the projection in words, and when it reaches the target."""
    t, language = context["t"], context["language"]
    if projection.reached is None:
        return str(t.fill("rate_only", rate=f"{projection.rate:.1f}"))

    def shown(day: date | None) -> str:
        return show_date(day.isoformat(), language) if day else "…"

    return str(
        t.fill(
            "rate_reaches",
            rate=f"{projection.rate:.1f}",
            day=shown(projection.reached),
            earliest=shown(projection.earliest),
            latest=shown(projection.latest),
        )
    )


@register.simple_tag
def enrolled_bar(site: SiteFigures, sites: Any, target: int) -> SafeString:
    """Enrolled, of them on treatment; the mark is an equal share of the target."""
    share = target / max(len(sites), 1)
    most = max([share, *(one.enrolled for one in sites)]) or 1
    scale = (BAR_WIDTH - 3) / most
    return format_html(
        '<svg class="enrolled-bar" width="{0}" height="14" aria-hidden="true">'
        '<rect class="all" y="3" width="{1}" height="8" rx="1"/>'
        '<rect class="on" y="3" width="{2}" height="8" rx="1"/>'
        '<line class="share-mark" x1="{3}" x2="{3}" y1="0" y2="14"/></svg>',
        BAR_WIDTH,
        f"{site.enrolled * scale:.1f}",
        f"{site.on_treatment * scale:.1f}",
        f"{share * scale + 1:.1f}",
    )


@register.simple_tag(takes_context=True)
def age_bar(context: template.Context, group: QueryAges, most: int) -> SafeString:
    """The steps of age side by side, each with its count; older is darker."""
    scale, x, parts, words = AGE_WIDTH / most, 0.0, [], []
    for step, count in enumerate(group.counts):
        low, high = AGES[step]
        words.append(
            context["t"].fill("age_step" if high < 1000 else "age_over", low=low, high=high, count=count)
        )
        if not count:
            continue
        width = count * scale
        parts.append(
            format_html(
                '<rect class="age age-{}" x="{}" y="2" width="{}" height="20"/>',
                step,
                f"{x:.1f}",
                f"{width:.1f}",
            )
        )
        if width > 16:
            parts.append(
                format_html(
                    '<text class="age-n age-n-{}" x="{}" y="16">{}</text>',
                    step,
                    f"{x + width / 2:.1f}",
                    count,
                )
            )
        x += width
    return format_html(
        '<svg class="age-bar {}" width="{}" height="24" role="img" aria-label="{}">{}</svg>',
        group.kind,
        AGE_WIDTH,
        ", ".join(words),
        format_html_join("", "{}", ((part,) for part in parts)) if parts else mark_safe(""),
    )
