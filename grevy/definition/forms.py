"""Forms, items, code lists and edit checks: what a case report form consists of."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from grevy.definition.conditions import Condition
from grevy.definition.sdtm_targets import Target, read_target
from grevy.definition.words import CodeValue, Key, Line, Model, Name, Text, YesNo

ItemType = Literal["text", "integer", "decimal", "quantity", "code", "date", "partial_date", "datetime"]
Bound = Annotated[Line, WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})]


class Code(Model):
    """One answer of a code list, with its value in the tabulation where it has one."""

    code: CodeValue
    en: Line
    zh: Line
    sdtm: Line | None = None

    @property
    def label(self) -> Text:
        return Text(en=self.en, zh=self.zh)


class CodeList(Model):
    """A closed list of answers, in the order in which they are shown."""

    name: Name
    label: Text
    codes: tuple[Code, ...] = Field(min_length=1)

    def find(self, code: str) -> Code | None:
        return next((known for known in self.codes if known.code == code), None)


class CodeListFile(Model):
    """A file of the folder `codelists`."""

    codelists: tuple[CodeList, ...]


class Range(Model):
    """Lowest and highest value, both allowed; numbers or dates, as text."""

    low: Bound | None = None
    high: Bound | None = None


class Item(Model):
    """One field of a form: a fact that is asked once and used from here everywhere.

    A quantity is typed with its unit: `unit` is the one that ranges and conditions use, `units` are others
    that may be typed. `assigned` gives tabulation variables a value that nobody types, such as LBSPEC.
    """

    name: Name
    label: Text
    type: ItemType
    codelist: Name | None = None
    unit: Line | None = None
    units: tuple[Line, ...] = ()
    required: YesNo = False
    when: Condition | None = None
    soft: Range | None = None
    hard: Range | None = None
    sdtm: tuple[Line, ...] = ()
    assigned: dict[str, Line] = Field(default_factory=dict)
    help: Text | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """The tabulation variables the item fills; none for an item that is not submitted."""
        found = (read_target(text) for text in self.sdtm or ())
        return tuple(target for target in found if target is not None)

    @property
    def test(self) -> str | None:
        """The --TESTCD of a finding, such as ALT; None where the item is no finding of its own."""
        return next((target.test for target in self.targets if target.test), None)


class Group(Model):
    """A table of rows inside a form; each row keeps a key of its own."""

    name: Name
    label: Text
    when: Condition | None = None
    assigned: dict[str, Line] = Field(default_factory=dict)
    items: tuple[Item, ...] = Field(min_length=1)

    def find(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)


class Check(Model):
    """An edit check: fires where `when` is true, for the form or for each row of the group `each`.

    A hard check refuses the impossible; a soft one asks and can be confirmed with a note.
    """

    id: Key
    level: Literal["hard", "soft"]
    each: Name | None = None
    when: Condition
    items: tuple[Line, ...] = Field(min_length=1)
    message: Text


class Form(Model):
    """One case report form. A repeating form has several records per event, numbered by FORMSEQ.

    `assigned` holds for every record of the form; a group's and an item's own go before it.
    """

    name: Name = Field(alias="form")
    label: Text
    repeating: YesNo = False
    assigned: dict[str, Line] = Field(default_factory=dict)
    items: tuple[Item, ...] = ()
    groups: tuple[Group, ...] = ()
    checks: tuple[Check, ...] = ()

    def find(self, name: str) -> Item | None:
        """An item by `item`, or by `group.item`."""
        first, _, rest = name.partition(".")
        if rest:
            group = self.find_group(first)
            return group.find(rest) if group else None
        return next((item for item in self.items if item.name == first), None)

    def find_group(self, name: str) -> Group | None:
        return next((group for group in self.groups if group.name == name), None)

    def all_items(self) -> Iterator[tuple[str, Item]]:
        """Every item with its name inside the form: `item` or `group.item`."""
        for item in self.items:
            yield item.name, item
        for group in self.groups:
            for item in group.items:
                yield f"{group.name}.{item.name}", item
