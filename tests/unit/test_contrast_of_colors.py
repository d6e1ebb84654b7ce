"""Every pair of colors that a page puts together can be told apart (WCAG 2.2, 1.4.3 and 1.4.11).

The ratios are computed from tokens.css, for light and for dark; text needs 4.5, marks and edges need 3.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "grevy/capture/static/capture/tokens.css").read_text(encoding="utf-8")
STATES = (
    "missing",
    "incomplete",
    "complete",
    "query",
    "verified",
    "signed",
    "frozen",
    "locked",
    "overdue",
)
GROUNDS = ("page", "surface", "sunk", "hover", "selected")


def colors_of(selector: str) -> dict[str, str]:
    block = TOKENS.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\b", block))


LIGHT = colors_of(":root {")
DARK = LIGHT | colors_of(':root[data-theme="dark"] {')
BY_SCHEME = pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_of_black_and_white_is_21():
    assert ratio("#FFFFFF", "#000000") == pytest.approx(21)
    assert ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@BY_SCHEME
def test_text_is_read_on_every_ground(colors):
    pairs = [(text, ground) for text in ("text", "text-2", "text-3", "accent") for ground in GROUNDS]
    pairs += [(f"state-{name}", f"state-{name}-tint") for name in STATES]
    pairs += [(f"state-{name}", "surface") for name in STATES]
    pairs += [(f"grade-{n}-on", f"grade-{n}") for n in range(1, 6)]
    pairs += [(f"cohort-{name}", f"cohort-{name}-tint") for name in ("mono", "combo")]
    pairs += [("on-ink", "ink")]
    low = {pair: round(ratio(*(colors[name] for name in pair)), 2) for pair in pairs}
    assert {pair: found for pair, found in low.items() if found < 4.5} == {}


@BY_SCHEME
def test_marks_and_edges_are_seen(colors):
    pairs = [("line-strong", "surface"), ("line-strong", "page"), ("focus", "surface"), ("focus", "page")]
    pairs += [(f"resp-{name}-on", f"resp-{name}") for name in ("cr", "pr", "sd", "pd", "ne")]
    pairs += [(f"resp-{name}", "surface") for name in ("cr", "pr", "sd", "pd", "ne")]
    low = {pair: round(ratio(*(colors[name] for name in pair)), 2) for pair in pairs}
    assert {pair: found for pair, found in low.items() if found < 3} == {}


def test_dark_stands_twice_with_the_same_colors():
    assert colors_of(':root:not([data-theme="light"]) {') == colors_of(':root[data-theme="dark"] {')
