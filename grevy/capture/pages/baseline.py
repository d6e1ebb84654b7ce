"""Baseline lesions: what each lesion may be, and whether the choice of targets is in order, while typing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from grevy.capture.policies import Address
from grevy.capture.reading.form_page import FormPage
from grevy.capture.reading.lesion_map import Sketch, draw_lesions
from grevy.capture.typed import show_value
from grevy.capture.web import current_study
from grevy.capture.words import Words
from grevy.definition.partial_values import read_decimal
from grevy.rules.recist import (
    MEASURABLE_KINDS,
    Lesion,
    check_target_selection,
    classify_lesion,
    smallest_measurable_mm,
)


def layout_context(page: FormPage, language: str) -> dict[str, Any]:
    """The guard beside the table, and the sketch of where the lesions lie."""
    values = page.judgment.values
    return {"guard": _guard(values, language), "sketch": _sketch(values, language)}


def layout_answer(_address: Address, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Guard and sketch anew, made by the same templates."""
    context = {
        "guard": _guard(values, language),
        "sketch": _sketch(values, language),
        "t": Words(language),
        "language": language,
    }
    return {
        "baseline": render_to_string("capture/parts/baseline_guard.html", context),
        "sketch": render_to_string("capture/parts/lesion_sketch.html", context),
    }


def _sketch(values: Mapping[str, Any], language: str) -> Sketch:
    return draw_lesions(current_study(), values.get("lesions") or (), language)


def _guard(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    study, t = current_study(), Words(language)
    group = study.forms["baseline_lesions"].find_group("lesions")
    organ = group.find("organ") if group else None
    entered = [row for row in values.get("lesions") or () if row.get("organ") and row.get("kind")]
    lesions = [(row, _lesion(row)) for row in entered]
    targets = [(row, lesion) for row, lesion in lesions if row.get("role") == "TARGET"]
    sizes = [lesion.diameter_mm for _, lesion in targets if lesion.diameter_mm is not None]
    counts: dict[str, int] = {}
    for _, lesion in targets:
        name = "LYMPH_NODE" if lesion.is_node else lesion.organ
        counts[name] = counts.get(name, 0) + 1
    return {
        "count": len(targets),
        "sum": f"{sum(sizes, Decimal(0)):f}",
        "organs": [
            (show_value(study, organ, code, language) if organ else code, n) for code, n in counts.items()
        ],
        "problems": [t[f"selection_{p.value}"] for p in check_target_selection([one for _, one in targets])],
        "lesions": [
            (
                str(row.get("lesion_id") or "—"),
                t[f"class_{classify_lesion(lesion).value}"],
                _needs(lesion, t),
            )
            for row, lesion in lesions
        ],
    }


def _needs(lesion: Lesion, t: Words) -> str:
    """What makes the lesion measurable; a size does so only for some kinds (RECIST 1.1, 3.1.1 to 3.1.3)."""
    if lesion.kind in MEASURABLE_KINDS:
        return t.fill("needs_mm", size=f"{smallest_measurable_mm(lesion):f}")
    return t["bone_needs_soft_tissue" if lesion.kind == "BONE_BLASTIC" else "no_size_measures"]


def _lesion(row: Mapping[str, Any]) -> Lesion:
    return Lesion(
        organ=str(row["organ"]),
        kind=str(row["kind"]),
        method=str(row.get("method") or "CT"),
        diameter_mm=read_decimal(row.get("diameter_mm")),
        slice_mm=read_decimal(row.get("slice_mm")),
        prior_local_therapy=row.get("prior_local_therapy") == "Y",
        progressed_since=row.get("progressed_since") == "Y",
    )
