"""Cells of the matrix and sentences of the timeline; the neighbors of a subject in the list one came from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from grevy.capture.models import Subject
from grevy.capture.permissions import sites_to_view
from grevy.capture.policies import Address
from grevy.capture.reading.alerts import Alert
from grevy.capture.reading.patient import Cell, Matrix
from grevy.capture.reading.timeline import Bar, Mark
from grevy.capture.reading.visits import Visit
from grevy.capture.typed import MONTHS, show_date

register = template.Library()


def address_url(address: Address) -> str:
    return reverse(
        "form", args=(address.subject, address.event, address.event_seq, address.form, address.form_seq)
    )


@register.simple_tag
def record_url(address: Address) -> str:
    return address_url(address)


@register.simple_tag
def first_form_url(subject: str, visit: Visit) -> str:
    """The first form of a visit that is not there yet."""
    slot = next((slot for slot in visit.slots if not slot.entries), None) or visit.slots[0]
    return address_url(Address(subject, visit.event, visit.event_seq, slot.form))


@register.simple_tag(takes_context=True)
def short_day(context: template.Context, value: date | None) -> str:
    """Day and month with the year in two digits, for the head of a column: 16-Nov-26, 26-11-16."""
    if value is None or value == date.max:
        return ""
    if context["language"] == "zh":
        return f"{value:%y-%m-%d}"
    return f"{value.day:02d}-{MONTHS[value.month - 1].capitalize()}-{value:%y}"


@register.simple_tag(takes_context=True)
def matrix_cell(context: template.Context, cell: Cell | None, column: int, matrix: Matrix) -> SafeString:
    """One cell: a link whose name is a sentence, its shape the state, its badge the open queries."""
    visit = matrix.visits[column]
    classes = ("imaging " if visit.has_imaging else "") + ("now" if column == matrix.current else "")
    if cell is None:
        return format_html('<td class="{}"></td>', classes) if classes else mark_safe("<td></td>")
    name = cell_sentence(context, cell)
    shape = (
        mark_safe('<span class="nd">ND</span>')
        if cell.state == "not_done"
        else format_html(
            '<svg class="icon" width="14" height="14" aria-hidden="true"><use href="{}#{}"/></svg>',
            _sprite(),
            cell.state.value,
        )
    )
    badge = format_html('<span class="badge">{}</span>', cell.open_queries) if cell.open_queries else ""
    again = mark_safe('<span class="again"></span>') if cell.signed_before else ""
    return format_html(
        '<td class="{}"><a href="{}" class="cell state-{}" aria-label="{}" title="{}">{}{}{}</a></td>',
        classes, address_url(cell.address), cell.state.value, name, name, shape, badge, again,
    )  # fmt: skip


def _sprite() -> str:
    return static("capture/icons.svg")


def cell_sentence(context: template.Context, cell: Cell) -> str:
    """The name of a cell: form, visit, state, how many items, what waits."""
    t, language = context["t"], context["language"]
    key = "cell_overdue" if cell.days_overdue else "cell_planned" if not cell.asked else "cell_state"
    sentence = t.fill(
        key,
        form=getattr(cell.label, language),
        visit=getattr(cell.visit.name, language),
        state=t[f"state_{cell.state.value}"],
        days=cell.days_overdue,
        answered=cell.answered,
        asked=cell.asked,
    )
    if cell.open_queries:
        sentence = t.fill("cell_with_queries", sentence=sentence, count=cell.open_queries)
    if cell.signed_before:
        sentence = t.fill("cell_changed", sentence=sentence)
    return str(sentence)


def _shown(context: template.Context, day: date | None) -> str:
    return show_date(day.isoformat(), context["language"]) if day else ""


@register.simple_tag(takes_context=True)
def dose_sentence(context: template.Context, bar: Bar) -> str:
    key = "dose_from_to" if bar.end else "dose_from"
    return str(
        context["t"].fill(key, mg=bar.label, start=_shown(context, bar.start), end=_shown(context, bar.end))
    )


@register.simple_tag(takes_context=True)
def event_sentence(context: template.Context, bar: Bar) -> str:
    key, start, end = "event_from_to" if bar.end else "event_from", bar.start, bar.end
    days = {"start": _shown(context, start), "end": _shown(context, end)}
    return str(context["t"].fill(key, term=bar.label, grade=bar.kind, **days))


@register.simple_tag(takes_context=True)
def mark_sentence(context: template.Context, mark: Mark) -> str:
    t, day = context["t"], _shown(context, mark.day)
    if mark.kind == "planned":
        return str(t.fill("imaging_planned", name=mark.label, day=day))
    response = t[f"response_{mark.label}"] if mark.label else "—"
    key = "assessment_sum" if mark.value else "assessment_of"
    return str(t.fill(key, response=response, day=day, value=mark.value))


@register.simple_tag(takes_context=True)
def questionnaire_sentence(context: template.Context, mark: Mark) -> str:
    t = context["t"]
    return str(
        t.fill(
            "questionnaire_of", visit=mark.label, state=t[f"state_{mark.kind}"], day=_shown(context, mark.day)
        )
    )


@register.simple_tag
def icon_at(name: str, x: float, y: float) -> SafeString:
    """An icon of the sprite with its middle at a place of a drawing."""
    return format_html(
        '<use href="{}#{}" x="{}" y="{}" width="14" height="14"/>',
        _sprite(),
        name,
        f"{x - 7:.1f}",
        f"{y - 7:.1f}",
    )


@register.simple_tag
def signed(value: Any) -> str:
    """A number with its real sign."""
    return f"{value:+}".replace("-", "−")


@register.simple_tag
def percent(value: Any) -> str:
    """A share in percent with one decimal."""
    return f"{float(value):.1f}%"


@register.simple_tag(takes_context=True)
def neighbors(context: template.Context, number: str) -> dict[str, str]:
    """The subjects before and after this one in the list one came from, else by number."""
    request = context["request"]
    listed: list[str] = request.session.get("subjects_of_list") or []
    if number in listed:
        place = listed.index(number)
        before = listed[place - 1] if place else ""
        return {"before": before, "after": listed[place + 1] if place + 1 < len(listed) else ""}
    sites = sites_to_view(request.user.username)
    seen = Subject.objects.all() if sites is None else Subject.objects.filter(site__in=sites)
    numbers = seen.values_list("number", flat=True)
    return {
        "before": numbers.filter(number__lt=number).order_by("-number").first() or "",
        "after": numbers.filter(number__gt=number).order_by("number").first() or "",
    }


@register.filter
def words(value: str) -> list[str]:
    return value.split()


@register.filter
def minus(value: float, other: float) -> str:
    return f"{float(value) - float(other):g}"


@register.filter
def plus(value: float, other: float) -> str:
    return f"{float(value) + float(other):g}"


@register.filter
def unlocalized(value: float) -> str:
    return f"{value:g}"


@register.filter
def short_response(code: str) -> str:
    """The letters in the small mark; the longer words stand in its sentence."""
    return {"NON_CR_NON_PD": "N/N", "NA": "NA", "": "—"}.get(code, code)


@register.simple_tag(takes_context=True)
def alert_sentence(context: template.Context, alert: Alert) -> str:
    """What an alert says."""
    words = {
        name: show_date(value.isoformat(), context["language"]) if isinstance(value, date) else value
        for name, value in alert.words.items()
    }
    return str(context["t"].fill(f"alert_{alert.what}", **words))
