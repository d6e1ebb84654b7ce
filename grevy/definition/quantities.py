"""Quantities of items: the value in the item's own unit, whatever unit the laboratory reports."""

from decimal import Decimal
from typing import TYPE_CHECKING

from grevy.definition.partial_values import read_quantity
from grevy.rules.units import TO_STANDARD, compute_factor, convert

if TYPE_CHECKING:
    from grevy.definition.forms import Item


def compute_standard_value(item: "Item", value: object) -> Decimal | None:
    """Value in the standard unit; None for what is no quantity of the item, or beyond what can be measured.

    `<0.5 ng/mL` has no number of its own: nothing is compared with it.
    """
    return convert_quantity(value, item.test, item.unit)


def convert_quantity(value: object, test: str | None, unit: str | None) -> Decimal | None:
    """The same by test and unit, for callers that have no item at hand."""
    quantity = read_quantity(value)
    if quantity is None or quantity.comparator or unit is None:
        return None
    if quantity.unit == unit:
        return quantity.value
    # a unit that nobody can convert is a mistake of its own, told where the type is checked
    if test is None or quantity.unit not in TO_STANDARD.get(test, {}):
        return None
    return convert(test, quantity.value, quantity.unit, unit)


def describe_unknown_units(item: "Item") -> str | None:
    """None if every unit of an item can be converted into its standard unit; otherwise what prevents it."""
    if item.units and item.test is None:
        return "other units need a test: a target such as LB.LBORRES WHEN LBTESTCD = ALB"
    for unit in item.units:
        try:
            compute_factor(str(item.test), unit, str(item.unit))
        except ValueError as error:
            return str(error)
    return None
