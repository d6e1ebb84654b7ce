"""Adherence by counting capsules, and the days covered by what was dispensed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

GOOD_FROM_PERCENT = Decimal(80)
GOOD_TO_PERCENT = Decimal(120)
"""Upper limit of the stricter reading; the common one has none."""
SHOWN_AT_MOST_PERCENT = Decimal(100)


@dataclass(frozen=True)
class PillCount:
    """Capsules of a period; prescribed are those asked for, and an ordered interruption asks for none."""

    dispensed: int
    returned: int
    prescribed: int
    lost: int = 0

    @property
    def taken(self) -> int:
        """Capsules that were neither returned nor lost."""
        return self.dispensed - self.returned - self.lost


def compute_adherence(count: PillCount) -> Fraction | None:
    """Percent of the prescribed capsules that were taken, not capped; None if none were prescribed."""
    return Fraction(100 * count.taken, count.prescribed) if count.prescribed > 0 else None


def cap_for_display(percent: Fraction) -> Fraction:
    """At most 100 percent; the value itself is kept beside it."""
    return min(percent, Fraction(SHOWN_AT_MOST_PERCENT))


def is_good_adherence(percent: Fraction, *, has_upper_limit: bool = False) -> bool:
    """At least 80 percent, in the stricter reading at most 120."""
    return percent >= GOOD_FROM_PERCENT and not (has_upper_limit and percent > GOOD_TO_PERCENT)


@dataclass(frozen=True)
class Supply:
    """Drug dispensed on a day of the period (0 is the first) for so many days."""

    day: int
    days: int


def compute_days_covered(supplies: Sequence[Supply], days: int) -> Fraction:
    """Percent of the days of a period that supplies cover (PDC).

    What is dispensed early is used after the supply before it; what reaches past the period does not count.
    """
    if days <= 0:
        raise ValueError(f"a period of {days} days; it must have at least one")
    covered, free_from = 0, 0
    for supply in sorted(supplies, key=lambda supply: supply.day):
        begins = max(supply.day, free_from)
        free_from = begins + supply.days
        covered += max(0, min(free_from, days) - begins)
    return Fraction(100 * covered, days)
