"""The shapes of a drawing stand in a page once: the Chinese drawing uses those of the English one.

Both languages differ in their words alone. Words stay in each drawing, above its shapes, where they can be
selected, searched and followed.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from grevy.report.linked import LinkedFigure

SHAPE = re.compile(r"<(?:path|circle)\b[^>]*/>|<rect\b[^>]*(?:/>|><title>[^<]*</title></rect>)")
PART = re.compile(r'(<g transform="[^"]*">|</g>)')
FEWEST = 8
"""Fewer shapes than this are not worth an address."""


def share_shapes(drawing: LinkedFigure, name: str) -> tuple[Markup, Markup]:
    """Both drawings, the second without the shapes that it has from the first."""
    english, chinese = PART.split(str(drawing.en)), PART.split(str(drawing.zh))
    if english[1::2] != chinese[1::2]:  # parts lie elsewhere: nothing is shared
        return drawing.en, drawing.zh
    pairs = [
        _share(*pair, f"{name}-s{number}") if number % 2 == 0 else pair
        for number, pair in enumerate(zip(english, chinese, strict=True))
    ]
    return Markup("".join(pair[0] for pair in pairs)), Markup("".join(pair[1] for pair in pairs))


def _share(english: str, chinese: str, address: str) -> tuple[str, str]:
    """The shapes with which both begin, as one group; words and other shapes after it, in their order."""
    shapes, others = SHAPE.findall(english), SHAPE.findall(chinese)
    alike = 0
    while alike < min(len(shapes), len(others)) and shapes[alike] == others[alike]:
        alike += 1
    if alike < FEWEST:
        return english, chinese
    group = f'<g id="{address}">{"".join(shapes[:alike])}</g>'
    use = f'<use href="#{address}"/>'
    return _replace_first(english, alike, group), _replace_first(chinese, alike, use)


def _replace_first(drawing: str, count: int, group: str) -> str:
    """The drawing with its first shapes taken out and the group where the first of them stood."""
    start = SHAPE.search(drawing)
    place = start.start() if start else len(drawing)
    return drawing[:place] + group + SHAPE.sub("", drawing[place:], count=count)
