"""Values computed from items: the algorithms are those of `rules`, the study says which items they take."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from grevy.definition.forms import Item
from grevy.definition.partial_values import read_date, read_decimal, read_partial_date
from grevy.definition.quantities import compute_standard_value
from grevy.rules.cardiac import compute_qtcf, compute_rr, mean_of_readings
from grevy.rules.kidney import compute_creatinine_clearance_si, compute_egfr
from grevy.rules.liver import LiverState, score_child_pugh

if TYPE_CHECKING:
    from grevy.definition.study import Derived, Study

Values = Mapping[str, Mapping[str, Any]]
Limits = Mapping[str, tuple[Decimal | None, Decimal | None]]
"""Lower and upper limit of normal by item (`chemistry.alt`), in the item's own unit."""


def compute_derived(study: "Study", data: Values, limits: Limits | None = None) -> dict[str, str]:
    """The derived values that can be computed, by name, as decimals in text; what lacks an input is left out.

    `data` holds the values of each form by its name, `limits` the limits of normal of the laboratory.
    """
    computed = {}
    for derived in study.derived:
        value = _compute(study, derived, data, limits or {})
        if value is not None:
            computed[derived.name] = f"{value:f}"
    return computed


def _compute(study: "Study", derived: "Derived", data: Values, limits: Limits) -> Decimal | None:
    inputs = [_read(study, name, data) for name in derived.of]
    if derived.function in OF_LIMIT:
        return OF_LIMIT[derived.function](inputs[0], limits.get(derived.of[0], (None, None)))
    if derived.function not in MAY_LACK and any(value is None for value in inputs):
        return None
    return FUNCTIONS[derived.function](inputs)


def _read(study: "Study", name: str, data: Values) -> Any:
    form, _, item_name = name.partition(".")
    item = study.forms[form].find(item_name)
    assert item is not None  # loading checked it
    return _read_item(item, data.get(form, {}).get(item_name))


def _read_item(item: Item, value: object) -> Any:
    if item.type == "quantity":
        return compute_standard_value(item, value)
    if item.type in ("integer", "decimal"):
        return read_decimal(value)
    if item.type == "date":
        return read_date(value)
    if item.type == "partial_date":
        return read_partial_date(value)
    return value if isinstance(value, str) else None


# ---- The algorithms ------------------------------------------------------------------------------------


def _multiple_of_upper_limit(
    value: Decimal | None, limits: tuple[Decimal | None, Decimal | None]
) -> Decimal | None:
    upper = limits[1]
    return value / upper if value is not None and upper else None


def _youngest_age(birth: tuple[date, date], at: date) -> int:
    """Completed years if the birth was on the last day it may have been: no value is proven by a guess."""
    last = birth[1]
    return at.year - last.year - ((at.month, at.day) < (last.month, last.day))


def _clearance(inputs: Sequence[Any]) -> Decimal:
    creatinine, weight, birth, sex, at = inputs
    return compute_creatinine_clearance_si(creatinine, _youngest_age(birth, at), weight, sex)


def _filtration(inputs: Sequence[Any]) -> Decimal:
    creatinine, birth, sex, at = inputs
    return compute_egfr(creatinine, _youngest_age(birth, at), sex, unit="umol/L")


def _least_child_pugh(inputs: Sequence[Any]) -> Decimal | None:
    """Points from the laboratory alone: ascites and encephalopathy can only add to them."""
    bilirubin, albumin, inr = inputs
    points = score_child_pugh(LiverState(bilirubin, albumin, "NONE", 0, inr=inr))
    return None if points is None else Decimal(points)


def _qtcf(inputs: Sequence[Any]) -> Decimal:
    qt, heart_rate = inputs
    return compute_qtcf(qt, compute_rr(heart_rate))


def _mean(inputs: Sequence[Any]) -> Decimal | None:
    return mean_of_readings([value for value in inputs if value is not None])


OF_LIMIT: dict[str, Callable[..., Decimal | None]] = {"multiple_of_upper_limit": _multiple_of_upper_limit}
"""Algorithms that also take the limits of normal of their item."""

FUNCTIONS: dict[str, Callable[[Sequence[Any]], Decimal | None]] = {
    "creatinine_clearance": _clearance,
    "egfr": _filtration,
    "least_child_pugh": _least_child_pugh,
    "qtcf": _qtcf,
    "mean": _mean,
}
MAY_LACK = ("mean",)
"""Algorithms that make do with some of their items."""

INPUT_TYPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "multiple_of_upper_limit": (("quantity", "decimal"),),
    "creatinine_clearance": (("quantity",), ("decimal",), ("partial_date",), ("code",), ("date",)),
    "egfr": (("quantity",), ("partial_date",), ("code",), ("date",)),
    "least_child_pugh": (("quantity",), ("quantity",), ("decimal",)),
    "qtcf": (("integer",), ("integer",)),
    "mean": (("integer", "decimal"), ("integer", "decimal")),
}
"""What each algorithm takes, in order: types of the items."""
