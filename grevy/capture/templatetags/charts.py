"""Small drawings in rows: a trend line, a visit window against today, a bar of completeness. Server-rendered;
geometry in attributes, colors in classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from grevy.capture.reading.visits import Visit, VisitState

register = template.Library()

DAYS_BEFORE, DAYS_AFTER, WINDOW_WIDTH = 7, 14, 112


@register.simple_tag
def trend(values: Sequence[float], width: int = 60, height: int = 20) -> SafeString:
    """A line through the values, its last point marked; hidden from readers, who get the values as text."""
    if len(values) < 2:
        return mark_safe('<span class="faint" aria-hidden="true">—</span>')
    low, span = min(values), (max(values) - min(values)) or 1
    step = (width - 6) / (len(values) - 1)
    points = [(3 + i * step, 3 + (height - 6) * (1 - (value - low) / span)) for i, value in enumerate(values)]
    return format_html(
        '<svg class="trend" width="{}" height="{}" aria-hidden="true"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2"/></svg>',
        width,
        height,
        format_html_join(" ", "{},{}", ((f"{x:.1f}", f"{y:.1f}") for x, y in points)),
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


@register.simple_tag
def window_bar(visit: Visit | None, today: date) -> SafeString:
    """The window of a visit from a week ago to two weeks ahead, with the planned day and today marked."""
    scale = WINDOW_WIDTH / (DAYS_BEFORE + DAYS_AFTER + 1)

    def place(day: date) -> float:
        return ((day - today).days + DAYS_BEFORE) * scale

    now = place(today) + scale / 2
    parts: list[SafeString] = [
        format_html('<line class="rail" x1="0" x2="{}" y1="10" y2="10"/>', WINDOW_WIDTH),
    ]
    if visit is not None and visit.opens is not None:
        start, end = place(visit.opens), place(visit.closes or visit.opens) + scale
        if start >= WINDOW_WIDTH:
            parts.append(mark_safe('<path class="beyond" d="M105 6l4 4-4 4"/>'))
        elif end <= 0:
            parts.append(mark_safe('<path class="beyond late" d="M7 6l-4 4 4 4"/>'))
        else:
            start, end = max(start, 0.5), min(end, WINDOW_WIDTH - 0.5)
            parts.append(
                format_html(
                    '<rect class="window {}" x="{}" y="4.5" width="{}" height="11" rx="2"/>',
                    visit.state.value,
                    f"{start:.1f}",
                    f"{end - start:.1f}",
                )
            )
            middle = place(visit.planned) + scale / 2 if visit.planned else -1.0
            if 0 < middle < WINDOW_WIDTH:
                parts.append(
                    format_html(
                        '<line class="planned {}" x1="{0}" x2="{0}" y1="4" y2="16"/>'.replace("{0}", "{1}"),
                        visit.state.value,
                        f"{middle:.1f}",
                    )
                )
    parts.append(
        format_html('<line class="today" x1="{}" x2="{}" y1="2" y2="18"/>', f"{now:.1f}", f"{now:.1f}")
    )
    return format_html(
        '<svg class="window-bar" width="{}" height="20" aria-hidden="true">{}</svg>',
        WINDOW_WIDTH,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@register.simple_tag
def share_bar(percent: int | None, width: int = 66) -> SafeString:
    """How much of something is there, as a bar; its number stands beside it."""
    filled = width * (percent or 0) / 100
    return format_html(
        '<svg class="share{}" width="{}" height="8" aria-hidden="true">'
        '<rect class="track" width="{}" height="8" rx="1"/>'
        '<rect class="part" width="{}" height="8" rx="1"/></svg>',
        " whole" if percent is not None and percent >= 99 else "",
        width,
        width,
        f"{filled:.1f}",
    )


@register.filter
def is_overdue(visit: Any) -> bool:
    return bool(visit is not None and visit.state == VisitState.OVERDUE)


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """The value of a key; nothing where there is none."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""
