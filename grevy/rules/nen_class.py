"""Classes of digestive neuroendocrine neoplasms by differentiation, Ki-67 and mitoses (WHO 2019, 2022)."""

from decimal import Decimal

G2_FROM = {"ki67": Decimal(3), "mitoses": Decimal(2)}
"""Smallest Ki-67 in percent and mitoses per 2 mm2 of grade 2."""
G3_ABOVE = Decimal(20)
"""Above 20, of either, grade 3; 20 itself is grade 2."""

WELL_DIFFERENTIATED = {"NET_G1": 1, "NET_G2": 2, "NET_G3": 3}
POORLY_DIFFERENTIATED = {"NEC_SMALL", "NEC_LARGE"}
MIXED = {"MINEN"}

# Lung and thymus are graded by mitoses and necrosis, without an official Ki-67 limit
SITES_WITHOUT_KI67_LIMIT = {"LUNG", "THYMUS"}


def grade(ki67: Decimal | None, mitoses: Decimal | None) -> int | None:
    """Grade by Ki-67 and mitoses; the higher one where they differ, none where both are missing."""
    grades = [
        _grade(name, value) for name, value in (("ki67", ki67), ("mitoses", mitoses)) if value is not None
    ]
    return max(grades, default=None)


def find_contradictions(
    nen_class: str,
    differentiation: str | None,
    ki67: Decimal | None,
    mitoses: Decimal | None,
    primary_site: str | None = None,
) -> list[str]:
    """Name the items that do not go with the class; a query asks, nothing is changed by itself.

    A NET is well differentiated and has the grade of its Ki-67 or mitoses, whichever is higher; a NEC is
    poorly differentiated with either above 20. A MiNEN may be anything.
    """
    if nen_class in MIXED:
        return []
    if nen_class not in WELL_DIFFERENTIATED and nen_class not in POORLY_DIFFERENTIATED:
        known = [*WELL_DIFFERENTIATED, *sorted(POORLY_DIFFERENTIATED), *MIXED]
        raise ValueError(f"class {nen_class!r} is not known; known: {', '.join(known)}")
    problems = []
    if differentiation not in (None, "WELL" if nen_class in WELL_DIFFERENTIATED else "POOR"):
        problems.append("differentiation")
    if primary_site in SITES_WITHOUT_KI67_LIMIT:
        return problems
    found = grade(ki67, mitoses)
    expected = WELL_DIFFERENTIATED.get(nen_class, 3)
    if found is not None and found != expected:
        values = {"ki67": ki67, "mitoses": mitoses}
        wrong = {
            name for name, value in values.items() if value is not None and _grade(name, value) > expected
        }
        # below the class: only the higher of the two values could have reached it, so both are in question
        problems += sorted(wrong or {name for name, value in values.items() if value is not None})
    return problems


def _grade(name: str, value: Decimal) -> int:
    if value > G3_ABOVE:
        return 3
    return 2 if value >= G2_FROM[name] else 1
