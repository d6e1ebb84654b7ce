"""Terms for adverse events that are found while typing: a small list of the study's own, no dictionary."""

from pydantic import Field

from grevy.definition.words import CodeValue, Line, Model


class TermClass(Model):
    """A system organ class, named by a short key inside the file."""

    key: CodeValue = Field(alias="class")
    en: Line
    zh: Line


class Term(Model):
    """One term with other words for it; `help` names the program's short help on its grades."""

    en: Line
    zh: Line
    term_class: CodeValue = Field(alias="class")
    also: tuple[Line, ...] = ()
    help: CodeValue | None = None


class TermsFile(Model):
    """The file `terms.yaml`."""

    classes: tuple[TermClass, ...] = ()
    terms: tuple[Term, ...] = ()

    def class_of(self, term: Term) -> TermClass:
        """The class of a term; loading checked that it is there."""
        return next(one for one in self.classes if one.key == term.term_class)
