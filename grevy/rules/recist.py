"""RECIST 1.1 at baseline: which lesion can be measured, and which lesions may be targets.

Eisenhauer et al., Eur J Cancer 2009, sections 3 and 4.1, with the clarification of 2016.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

MEASURABLE_MM = Decimal(10)
"""Longest diameter on CT or MRI, or by caliper."""
MEASURABLE_ON_CHEST_XRAY_MM = Decimal(20)
THIN_SLICE_MM = Decimal(5)
TARGET_NODE_MM = Decimal(15)
"""Short axis."""
PATHOLOGICAL_NODE_MM = Decimal(10)
MAX_TARGETS = 5
MAX_TARGETS_PER_ORGAN = 2

MEASURING_METHODS = {"CT", "MRI", "CALIPER", "CHEST_XRAY"}
"""Ultrasound, bone scan and PET find lesions but do not measure them."""

MEASURABLE_KINDS = {"NON_NODAL", "NODAL", "BONE_LYTIC_SOFT_TISSUE", "CYSTIC_MET"}
NOT_DISEASE_KINDS = {"SIMPLE_CYST"}


class LesionClass(Enum):
    """What a lesion may be at baseline."""

    TARGET_ELIGIBLE = "TARGET_ELIGIBLE"
    NON_TARGET = "NON_TARGET"
    NOT_DISEASE = "NOT_DISEASE"


class SelectionProblem(Enum):
    """What is wrong with a choice of target lesions."""

    NO_MEASURABLE_DISEASE = "NO_MEASURABLE_DISEASE"
    TARGET_NOT_MEASURABLE = "TARGET_NOT_MEASURABLE"
    MORE_THAN_FIVE_TARGETS = "MORE_THAN_FIVE_TARGETS"
    MORE_THAN_TWO_PER_ORGAN = "MORE_THAN_TWO_PER_ORGAN"


@dataclass(frozen=True)
class Lesion:
    """A lesion at baseline, in the codes of the form; the diameter of a node is its short axis."""

    organ: str
    kind: str = "NON_NODAL"
    method: str = "CT"
    diameter_mm: Decimal | None = None
    slice_mm: Decimal | None = None
    prior_local_therapy: bool = False
    progressed_since: bool = False

    @property
    def is_node(self) -> bool:
        """Whether the short axis counts."""
        return self.kind == "NODAL"


def classify_lesion(lesion: Lesion) -> LesionClass:
    """Classify a lesion: eligible as target, non-target only, or no disease at all.

    A node under 10 mm short axis is normal, from 15 mm it is measurable, between it is pathological and
    not measurable. A lesion treated locally before is measurable only if it has progressed since.
    """
    if lesion.kind in NOT_DISEASE_KINDS:
        return LesionClass.NOT_DISEASE
    if lesion.is_node and lesion.diameter_mm is not None and lesion.diameter_mm < PATHOLOGICAL_NODE_MM:
        return LesionClass.NOT_DISEASE
    measurable = (
        lesion.kind in MEASURABLE_KINDS
        and lesion.method in MEASURING_METHODS
        and (lesion.progressed_since or not lesion.prior_local_therapy)
        and lesion.diameter_mm is not None
        and lesion.diameter_mm >= smallest_measurable_mm(lesion)
    )
    return LesionClass.TARGET_ELIGIBLE if measurable else LesionClass.NON_TARGET


def smallest_measurable_mm(lesion: Lesion) -> Decimal:
    """Smallest diameter that can be measured by the method; thick slices ask for twice their thickness."""
    if lesion.is_node:
        smallest = TARGET_NODE_MM
    elif lesion.method == "CHEST_XRAY":
        smallest = MEASURABLE_ON_CHEST_XRAY_MM
    else:
        smallest = MEASURABLE_MM
    if lesion.method in ("CT", "MRI") and lesion.slice_mm is not None and lesion.slice_mm > THIN_SLICE_MM:
        return max(smallest, 2 * lesion.slice_mm)
    return smallest


def check_target_selection(targets: Sequence[Lesion]) -> list[SelectionProblem]:
    """Check a choice of targets: at most 5, at most 2 per organ, every one measurable, at least one.

    All lymph nodes together are one organ, and paired organs are one organ each, so the side of a lesion
    does not make two organs of the lungs.
    """
    if not targets:
        return [SelectionProblem.NO_MEASURABLE_DISEASE]
    problems = []
    if any(classify_lesion(target) is not LesionClass.TARGET_ELIGIBLE for target in targets):
        problems.append(SelectionProblem.TARGET_NOT_MEASURABLE)
    if len(targets) > MAX_TARGETS:
        problems.append(SelectionProblem.MORE_THAN_FIVE_TARGETS)
    organs = Counter("LYMPH_NODE" if target.is_node else target.organ for target in targets)
    if max(organs.values()) > MAX_TARGETS_PER_ORGAN:
        problems.append(SelectionProblem.MORE_THAN_TWO_PER_ORGAN)
    return problems
