"""Code lists by the references of the specification: published, of the study, or the data sets' own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grevy.adam.specification.code_lists import CODE_LISTS, DICTIONARIES
from grevy.adam.specification.declaration import SUBSETS
from grevy.definition.forms import CodeList as StudyList
from grevy.rules.words import Words
from grevy.sdtm.terminology import find_codelist


@dataclass(frozen=True)
class Terms:
    """The values that a variable may have, with words and concept where they are known.

    `concept` is the concept of the published list; a list that is `open` may have further values.
    """

    name: str
    words: Mapping[str, Words] = field(default_factory=dict)
    concepts: Mapping[str, str] = field(default_factory=dict)
    concept: str = ""
    open: bool = False

    def allow(self, value: object) -> bool:
        """Whether a value stands in the list."""
        return self.open or str(value) in self.words or str(value) in self.concepts


def find_terms(reference: str, study_lists: Mapping[str, StudyList]) -> Terms | None:
    """The list of a reference; None where a dictionary or nothing limits the values."""
    if not reference or reference in DICTIONARIES or reference == "PARAMCD":
        return None
    if reference.startswith("@"):
        return _read_study_list(reference[1:], study_lists)
    if reference in CODE_LISTS:
        return Terms(reference, words=CODE_LISTS[reference])
    if reference in SUBSETS:
        name, allowed = SUBSETS[reference]
        published = find_codelist(name)
        terms = {value: published.terms[value] for value in allowed}
        return Terms(f"{name}.{reference}", concepts=terms, concept=published.concept)
    lists = [find_codelist(name) for name in reference.split(",")]
    concepts = {value: concept for one in lists for value, concept in one.terms.items()}
    is_open = any(one.extensible for one in lists)
    return Terms(".".join(one.name for one in lists), {}, concepts, lists[0].concept, is_open)


def _read_study_list(name: str, study_lists: Mapping[str, StudyList]) -> Terms:
    words = {code.sdtm or code.code: Words(code.en, code.zh) for code in study_lists[name].codes}
    return Terms(name.upper(), words=words)
