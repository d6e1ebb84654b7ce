"""Items that the system fills, from the values that are about to be saved; nobody types them.

The overall response as computed is kept beside the investigator's own call, so that both are in the record:
what the page said when the call was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grevy.capture.policies import Address
from grevy.definition import Study
from grevy.snapshot import ROW_KEY

TUMOR_ASSESSMENT, BASELINE = "tumor_assessment", "baseline_lesions"
COMPUTED: dict[str, tuple[str, ...]] = {TUMOR_ASSESSMENT: ("computed_response",)}


def without_computed(form: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What people typed."""
    return {name: value for name, value in values.items() if name not in COMPUTED.get(form, ())}


def fill_computed(study: Study, address: Address, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the items that the system fills."""
    typed = without_computed(address.form, values)
    if address.form != TUMOR_ASSESSMENT or study.forms[address.form].find("computed_response") is None:
        return dict(values)
    from grevy.capture.reading.tumor_course import read_course  # the analysis loads when it is first needed

    if typed.get("done") != "Y":
        return typed
    visit = read_course(study, address, typed).visit(address.event, address.event_seq)
    if visit is None:
        return typed
    return typed | {"computed_response": code_of(visit["RESPONSE_AT_VISIT"])}


def complete_values(
    study: Study, address: Address, values: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The values as they would be saved: every baseline lesion has its row, and what the system fills."""
    if address.form != TUMOR_ASSESSMENT:
        return dict(values)
    if values.get("done") == "Y":
        values = follow_all_lesions(others.get(BASELINE, {}), values)
    elif "lesions" in values:
        rows = [row for row in values["lesions"] if set(row) - {ROW_KEY, "lesion_id"}]
        values = {**values, "lesions": rows}
    return fill_computed(study, address, values)


def code_of(response: str) -> str:
    """A response in the code of the forms."""
    return response.replace("NON-CR/NON-PD", "NON_CR_NON_PD")


def follow_all_lesions(baseline: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with a row for each baseline lesion, in their order; those not known there stay behind them.

    A lesion that nothing was entered for is asked for, it is not left out.
    """
    known = [str(row["lesion_id"]) for row in baseline.get("lesions") or () if row.get("lesion_id")]
    rows = list(values.get("lesions") or ())
    used = {str(row.get(ROW_KEY)) for row in rows}
    there = {str(row.get("lesion_id")) for row in rows}
    rows += [
        {ROW_KEY: name if name not in used else f"lesion-{name}", "lesion_id": name}
        for name in known
        if name not in there
    ]
    order = {name: place for place, name in enumerate(known)}
    rows.sort(key=lambda row: order.get(str(row.get("lesion_id")), len(order)))
    return {**values, "lesions": rows}
