"""The text of a number in a table, made once from the exact value.

Rounding is half up in decimal. A percent comes from the exact fraction n/N and a month from the exact
number of days, so that no binary fraction decides a printed digit.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

NOT_REACHED = "NR"  # a median or a limit that the curve does not reach; NE stays with the tumor response
NOT_CALCULABLE = "NC"
MINUS = "\N{MINUS SIGN}"

Number = int | float | Decimal | Fraction


def exact(value: Number) -> Fraction:
    """Return the number as written: 0.1 is one tenth and not the nearest binary fraction."""
    if isinstance(value, float):
        return _read_decimal(float(value))
    return Fraction(value)


@lru_cache(maxsize=2**16)  # measured values come again and again
def _read_decimal(value: float) -> Fraction:
    return Fraction(Decimal(repr(value)))


def round_half_up(value: Number, decimals: int) -> Decimal:
    """Round to `decimals` places, a half away from zero."""
    scaled = abs(exact(value)) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    rounded = Decimal(whole).scaleb(-decimals)
    return -rounded if value < 0 and whole else rounded


def format_fixed(value: Number, decimals: int) -> str:
    """Print with a fixed number of decimals and a true minus sign; a negative zero prints as zero."""
    return f"{round_half_up(value, decimals):.{decimals}f}".replace("-", MINUS)


def format_ratio(value: Number) -> str:
    """Print a ratio with two decimals, and below 0.1 with three significant figures."""
    decimals = 2
    while decimals < 6 and 0 < exact(value) < Fraction(1, 10 ** (decimals - 1)):
        decimals += 1
    return format_fixed(value, decimals if decimals == 2 else decimals + 1)


def format_p(value: float) -> str:
    """Print a p-value with three decimals; it is never zero and never one."""
    rounded = round_half_up(value, 3)
    if not rounded:
        return "<0.001"
    return ">0.999" if rounded >= 1 else f"{rounded:.3f}"


def format_percent(count: int, denominator: int) -> str:
    """Print the share with one decimal; what is neither none nor all never looks like it."""
    if count == denominator:
        return "100%"
    per_mille_doubled = Fraction(2000 * count, denominator)
    if per_mille_doubled < 1:
        return "<0.1%"
    if per_mille_doubled >= 1999:
        return ">99.9%"
    return f"{format_fixed(Fraction(100 * count, denominator), 1)}%"


def format_count(count: int, denominator: int | None, *, show_denominator: bool = False) -> str:
    """Print `n (x.x%)`, or `n/N (x.x%)` where N is not that of the column; zero stands alone."""
    if not denominator:
        return str(count)
    shown = f"{count}/{denominator}" if show_denominator else str(count)
    return shown if count == 0 else f"{shown} ({format_percent(count, denominator)})"


def format_interval(
    value: Number | None,
    lower: Number | None,
    upper: Number | None,
    decimals: int,
    *,
    missing: str = NOT_REACHED,
) -> str:
    """Print `9.2 (7.4, 11.1)`; a missing part prints as `missing`."""
    parts = [missing if part is None else format_fixed(part, decimals) for part in (value, lower, upper)]
    return f"{parts[0]} ({parts[1]}, {parts[2]})"


def count_decimals(values: list[Fraction]) -> int:
    """Return how many decimals the raw values carry, at most three."""
    for decimals in range(3):
        if all((value * 10**decimals).denominator == 1 for value in values):
            return decimals
    return 3
