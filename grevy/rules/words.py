"""A label of a rule in the two languages of the study."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The same words in English and Chinese."""

    en: str
    zh: str
