"""A drawing in both languages, with its description for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grevy.report.outputs import Output
from grevy.report.result_rows import ResultRow
from grevy.report.svg import Drawing
from grevy.report.words import Words
from grevy.results.labels import say_level

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class LinkedFigure:
    """One drawing in both languages, with its description for those who do not see it."""

    en: Markup
    zh: Markup
    alt: Words

    def in_language(self, language: str) -> Markup:
        return self.zh if language == "zh" else self.en

    def at_level(self, confidence: float) -> LinkedFigure:
        """The drawing with the level of confidence in force in its words, which are drawn with 95%."""
        if confidence == 0.95:
            return self
        en, zh = (Markup(say_level(str(drawing), confidence)) for drawing in (self.en, self.zh))
        return LinkedFigure(en, zh, Words(*(say_level(text, confidence) for text in self.alt)))


def link_drawings(
    output: Output, number: int | None, drawings: Mapping[str, Drawing], alt: Words
) -> LinkedFigure:
    """The drawings of both languages under the title of their output; `number` where it has several."""
    middle = "" if number is None else f"-{number}"
    texts = {
        language: drawing.markup(
            f"{output.id}{middle}-{language}",
            output.title.in_language(language),
            alt.in_language(language),
            "zh-Hans" if language == "zh" else language,
        )
        for language, drawing in drawings.items()
    }
    return LinkedFigure(texts["en"], texts["zh"], alt)


def draw_linked(
    output: Output,
    rows: Sequence[ResultRow],
    draw: Callable[..., Drawing],
    describe: Callable[..., str],
    is_simulated: bool,
) -> LinkedFigure:
    """One drawing in both languages: `draw` and `describe` take rows and a language."""
    drawings = {language: draw(rows, language, is_simulated=is_simulated) for language in LANGUAGES}
    return link_drawings(output, None, drawings, Words(describe(rows, "en"), describe(rows, "zh")))
