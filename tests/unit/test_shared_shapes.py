"""A page holds the shapes of a drawing once: the Chinese drawing is the English one with other words."""

import re

from markupsafe import Markup

from grevy.report import style
from grevy.report.linked import LinkedFigure
from grevy.report.shared_shapes import share_shapes
from grevy.report.svg import Drawing
from grevy.report.words import Words

USE = re.compile(r'<use href="#([^"]+)"/>')


def draw(words, *, shapes=10, last=3.0, shift=0.0):
    """A drawing of so many lines, a part that lies elsewhere, a last line and a word."""
    drawing = Drawing(100, 50)
    for place in range(shapes):
        drawing.line((place, 0), (place, 10), style.TEXT, 0.6)
    drawing.text((5, 5), words, 8, ink=style.TEXT)
    part = Drawing(50, 50)
    part.rect((1, 1), 5, 5, style.BAND, title="Grade 1: 3")
    drawing.place(part, (10 + shift, 10))
    drawing.line((0, 20), (last, 20), style.TEXT, 0.6)
    return Markup(drawing.markup("F1-en", "Title", "Described", "en"))


def share(english, chinese):
    return share_shapes(LinkedFigure(english, chinese, Words("a", "b")), "F1-1")


def fill(chinese, english):
    """The second drawing with the shapes it uses put back in their place."""
    groups = dict(re.findall(r'<g id="([^"]+)">(.*?)</g>', english))
    return USE.sub(lambda found: groups[found[1]], chinese)


def test_shapes_stand_once_and_words_in_both():
    english, chinese = share(draw("Subjects"), draw("受试者"))
    assert USE.findall(chinese) == ["F1-1-s0"]
    assert fill(chinese, english) == str(draw("受试者")).replace("</g><path", "</g><path")
    assert "Subjects" in english
    assert len(chinese) < len(draw("受试者"))


def test_what_differs_stays_in_its_drawing():
    english, chinese = share(draw("A"), draw("B", last=7.0))
    assert "H7" in chinese
    assert "H3" in english
    assert fill(chinese, english) == str(draw("B", last=7.0))


def test_drawings_whose_parts_lie_elsewhere_share_nothing():
    pair = draw("A"), draw("B", shift=1.0)
    assert share(*pair) == pair


def test_a_few_shapes_are_not_worth_an_address():
    pair = draw("A", shapes=3), draw("B", shapes=3)
    assert share(*pair) == pair
