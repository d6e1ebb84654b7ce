"""Mistakes in study files: where, what was found, what is allowed, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake, at one line of one file."""

    file: str
    line: int
    message: str
    found: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


class StudyMistakes(Exception):
    """A study folder cannot be loaded; every mistake of every file is listed."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__(str(self))

    def __str__(self) -> str:
        noun = "mistake" if len(self.mistakes) == 1 else "mistakes"
        lines = [f"{len(self.mistakes)} {noun} in the study files:", *map(str, self.mistakes)]
        return "\n".join(lines)
