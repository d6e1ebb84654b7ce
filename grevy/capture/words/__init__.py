"""Every word of the pages in English and Simplified Chinese, side by side; a module for each group of pages.

A word missing in one language, or a key that two modules claim, is an error at start. A sentence with figures
in it has named places: `t.fill("n_of_all", n=3, all=27)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grevy.capture.words import (
    access,
    boards,
    casebook,
    forms,
    frame,
    laboratory,
    logs,
    measured,
    patient,
    queries,
    refusals,
    reports,
    screening,
    search,
    subjects,
    tabs,
    tumor,
)
from grevy.definition.words import Text

LANGUAGES = ("en", "zh")
MODULES = (
    frame,
    forms,
    laboratory,
    logs,
    measured,
    screening,
    subjects,
    patient,
    boards,
    queries,
    tumor,
    access,
    casebook,
    search,
    tabs,
    reports,
    refusals,
)


def _gather() -> dict[str, tuple[str, str]]:
    gathered: dict[str, tuple[str, str]] = {}
    for module in MODULES:
        for key, (en, zh) in module.WORDS.items():
            if key in gathered or not (en.strip() and zh.strip()):
                raise ValueError(f"{module.__name__}: the word '{key}' is empty, or stands in two modules.")
            gathered[key] = (en, zh)
    return gathered


WORDS = _gather()


@dataclass(frozen=True)
class Words:
    """The words in one language; a template asks `{{ t.log_in }}`, and an unknown word is an error there."""

    language: str

    def __getitem__(self, key: str) -> str:
        return WORDS[key][LANGUAGES.index(self.language)]

    def fill(self, key: str, **figures: object) -> str:
        """A sentence with its figures in their places."""
        return self[key].format(**figures)


def say(key: str, **figures: object) -> Text:
    """A sentence in both languages; a figure that is itself in both goes into each in its own."""
    return Text(en=_filled("en", key, figures), zh=_filled("zh", key, figures))


def say_all(keys: Iterable[str]) -> Text:
    """Several words after one another, as each language lists them."""
    words = [say(key) for key in keys]
    return Text(en=", ".join(one.en for one in words), zh="、".join(one.zh for one in words))


def _filled(language: str, key: str, figures: Mapping[str, object]) -> str:
    own = {name: getattr(one, language) if isinstance(one, Text) else one for name, one in figures.items()}
    return Words(language).fill(key, **own)


def choose_language(wanted: str | None, accept_language: str) -> str:
    """The reader's choice, else the first of the browser's languages that we have, else English."""
    if wanted in LANGUAGES:
        return str(wanted)
    for part in accept_language.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return "en"
