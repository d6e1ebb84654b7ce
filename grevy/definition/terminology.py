"""Values that a study uses beyond the extensible lists of controlled terminology, each with its reason."""

from grevy.definition.words import Line, Model


class TermExtension(Model):
    """A value that a study adds to an extensible list; for a --TESTCD list `test` is the name of the test."""

    codelist: Line
    value: Line
    reason: Line
    test: Line | None = None


class TerminologyFile(Model):
    """The file `terminology_extensions.yaml`."""

    extensions: tuple[TermExtension, ...] = ()
