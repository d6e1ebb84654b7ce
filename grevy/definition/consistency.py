"""Checks of a study's files against each other: every reference must hold, every name stand once."""

from grevy.definition.draft import Draft
from grevy.definition.form_consistency import build_terms, check_code_lists, check_form
from grevy.definition.instrument_consistency import check_instruments
from grevy.definition.plan_consistency import (
    check_eligibility,
    check_regimens,
    check_schedule,
    check_special_interest,
    check_switches,
)
from grevy.definition.references import check_once
from grevy.definition.trial_design_consistency import check_trial_design
from grevy.definition.vocabulary import Vocabulary


def check_draft(draft: Draft) -> None:
    """Report into the files every contradiction between them."""
    check_code_lists(draft)
    vocabulary = Vocabulary(build_terms(draft))
    checks_seen: dict[str, str] = {}
    forms_seen: dict[str, str] = {}
    for file, form in draft.form_files:
        if form is not None:
            check_once(file, form.name, "form", forms_seen, ("form",))
            check_form(draft, file, form, vocabulary, checks_seen)
    check_instruments(draft)
    check_regimens(draft)
    check_schedule(draft)
    check_eligibility(draft, vocabulary)
    check_switches(draft)
    check_special_interest(draft)
    check_trial_design(draft)
