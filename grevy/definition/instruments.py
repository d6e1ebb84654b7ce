"""Questionnaires: what is known of them beside their form.

Codes and neutral concepts of the items stand on the form, the wording in the pack of a licence (`wording`),
the scales and formulas in `rules`.
"""

from pydantic import Field

from grevy.definition.words import Line, Model, Name, Text, Whole


class Licence(Model):
    """Who holds the rights in the wording, and what that means for a study."""

    holder: Line
    note: Text


class Instrument(Model):
    """The file of one questionnaire: `items` are the answers on its form, in the order they are asked.

    `scoring` names the algorithm; without one the values are taken as they were entered.
    """

    name: Name = Field(alias="instrument")
    label: Text
    version: Line
    recall_days: Whole = Field(ge=0)
    form: Name
    licence: Licence
    scoring: Name | None = None
    items: tuple[Name, ...] = Field(min_length=1)
