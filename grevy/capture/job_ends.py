"""How a piece of work ends before its end, and the step at which it does."""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[int, int], None]
"""Called with steps done and steps in all; raises where the work is to end."""


class CannotBeDone(Exception):
    """The work cannot be done as asked; `word` names the words that tell why."""

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__(word)


class Cancelled(Exception):
    """The person who asked gave it up."""


class PutBack(Exception):
    """The worker is to stop."""
