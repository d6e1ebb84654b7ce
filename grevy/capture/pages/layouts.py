"""Forms whose page has a layout of its own: which template, and what it shows beside the fields.

A form that is not named here gets the general layout: its items as lines, its groups as tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grevy.capture.pages import baseline, eligibility, measured, tumor
from grevy.capture.policies import Address
from grevy.capture.reading.form_page import FormPage
from grevy.capture.reading.results import RESULT_FORMS

Context = Callable[[FormPage, str], dict[str, Any]]
"""From the page and the reader's language: what the layout's template shows beside the fields."""
Answer = Callable[[Address, Mapping[str, Any], str], dict[str, Any]]
"""From an address, the values as typed and the reader's language: what the layout's script shows anew."""


@dataclass(frozen=True)
class Layout:
    """`context` fills the template when the page opens; `answer` goes to its script with every check."""

    template: str
    context: Context
    answer: Answer


LAYOUTS: dict[str, Layout] = {
    "eligibility": Layout(
        "capture/form_eligibility.html", eligibility.layout_context, eligibility.layout_answer
    ),
    "baseline_lesions": Layout("capture/form_baseline.html", baseline.layout_context, baseline.layout_answer),
    "tumor_assessment": Layout("capture/form_tumor.html", tumor.layout_context, tumor.layout_answer),
    **dict.fromkeys(
        RESULT_FORMS, Layout("capture/form_measured.html", measured.layout_context, measured.layout_answer)
    ),
}
