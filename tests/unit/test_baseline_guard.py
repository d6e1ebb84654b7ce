"""What the guard beside the baseline lesions says of one lesion."""

from __future__ import annotations

import pytest

from grevy.capture.pages.baseline import _lesion, _needs
from grevy.capture.words import Words

KINDS = {
    "NON_NODAL": ("from 10 mm", "不小于 10 mm"),
    "NODAL": ("from 15 mm", "不小于 15 mm"),
    "BONE_LYTIC_SOFT_TISSUE": ("from 10 mm", "不小于 10 mm"),
    # RECIST 1.1, 3.1.3: a blastic lesion is not measurable, whatever its size
    "BONE_BLASTIC": ("soft tissue part", "软组织成分"),
    "EFFUSION_OR_ASCITES": ("at no size", "与大小无关"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_is_asked_only_where_a_size_measures(kind):
    lesion = _lesion({"organ": "BONE", "kind": kind, "diameter_mm": "40"})
    for language, expected in zip(("en", "zh"), KINDS[kind], strict=True):
        told = _needs(lesion, Words(language))
        assert expected in told
        assert ("mm" in told) is ("mm" in expected)
