"""Texts that are packed with the page: each stands once and is named by its position."""

from __future__ import annotations

from grevy.report.words import Words


class Strings:
    """Texts in order of first use; each stands once."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str | None) -> int:
        """Position of a text; -1 stands for no text."""
        if text is None:
            return -1
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return self._places[text]

    def pair(self, words: Words) -> list[int]:
        return [self.place(words.en), self.place(words.zh)]
