"""How pages show dates, states, icons and sentences with figures in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from grevy.capture.addresses import Address
from grevy.capture.policies import SITE_ZONE
from grevy.capture.typed import show_date
from grevy.capture.web import current_study

register = template.Library()


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: date | datetime | str | None) -> str:
    """A date in the reader's manner: 05-Mar-2026, 2026-03-05."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(SITE_ZONE).date()
    return show_date(value if isinstance(value, str) else value.isoformat(), context["language"])


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime | None) -> str:
    """Date and time at the site, in the reader's manner."""
    if value is None:
        return ""
    local = value.astimezone(SITE_ZONE)
    return f"{show_date(local.date().isoformat(), context['language'])} {local:%H:%M}"


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of the sprite; beside text it is hidden from screen readers, alone it has a label."""
    sprite = static("capture/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" width="{0}" height="{0}" role="img" aria-label="{1}"><title>{1}</title>'
            '<use href="{2}#{3}"/></svg>',
            size,
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true"><use href="{1}#{2}"/></svg>',
        size,
        sprite,
        name,
    )


@register.simple_tag(takes_context=True)
def state(context: template.Context, name: str, words: bool = True) -> SafeString:
    """A state as its shape with its word; without the word the shape carries it as label."""
    label = context["t"][f"state_{name}"]
    if not words:
        return format_html('<span class="state state-{}">{}</span>', name, icon(name, 14, label))
    return format_html('<span class="pill state state-{}">{}{}</span>', name, icon(name, 14), label)


@register.simple_tag(takes_context=True)
def fill(context: template.Context, key: str, **figures: Any) -> str:
    """A sentence of the word list with its figures in their places."""
    return str(context["t"].fill(key, **figures))


@register.simple_tag(takes_context=True)
def word(context: template.Context, *parts: str) -> str:
    """A word whose key is put together: `{% word "role_" role %}`."""
    return str(context["t"]["".join(str(part) for part in parts)])


@register.simple_tag(takes_context=True)
def unit(context: template.Context, name: str) -> str:
    """A unit as a reader of the language writes it; what the study does not know stands as it is."""
    known = current_study().units.get(name)
    return str(getattr(known.label, context["language"])) if known else name


@register.simple_tag(takes_context=True)
def visit(context: template.Context, address: Address) -> str:
    """The visit of a record by its name."""
    name = current_study().event(address.event).name_of(address.event_seq)
    return str(getattr(name, context["language"]))


@register.simple_tag(takes_context=True)
def form_name(context: template.Context, address: Address) -> str:
    """The form of a record by its name."""
    return str(getattr(current_study().forms[address.form].label, context["language"]))


@register.simple_tag(takes_context=True)
def text(context: template.Context, both: Any) -> str:
    """A text of the study in the reader's language."""
    return str(getattr(both, context["language"])) if both else ""
