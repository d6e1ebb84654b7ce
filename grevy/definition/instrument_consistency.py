"""Checks of questionnaires: form, items and scoring exist, and each questionnaire form has an instrument."""

from collections.abc import Iterable

from grevy.definition.draft import Draft
from grevy.definition.forms import Form
from grevy.definition.instruments import Instrument
from grevy.definition.references import check_once
from grevy.definition.study_files import StudyFile
from grevy.rules.questionnaires import EQ5D5L_DIMENSIONS, QLQ_C30, QLQ_GINET21, Scale


def _name_items(scales: Iterable[Scale]) -> frozenset[str]:
    return frozenset(f"q{number}" for scale in scales for number in scale.items)


SCORINGS: dict[str, frozenset[str]] = {
    "qlq_c30": _name_items(QLQ_C30),
    "qlq_ginet21": _name_items(scale for scales in QLQ_GINET21.values() for scale in scales),
    "eq5d5l_china": frozenset(EQ5D5L_DIMENSIONS),
}
"""The algorithms of `rules.questionnaires` and the items each takes."""


def check_instruments(draft: Draft) -> None:
    """Report what does not hold between the questionnaires, their forms and the algorithms."""
    forms = {form.name: form for form in draft.forms()}
    seen: dict[str, str] = {}
    for file, instrument in draft.instrument_files:
        if instrument is None:
            continue
        if instrument.name:
            check_once(file, instrument.name, "instrument", seen, ("instrument",))
        _check_form(draft, file, instrument, forms)
        _check_scoring(file, instrument)
    _check_every_form_has_one(draft)


def _check_form(draft: Draft, file: StudyFile, instrument: Instrument, forms: dict[str, Form]) -> None:
    if instrument.form is None or draft.is_broken(instrument.form):
        return  # it could not be read, and that was said
    form = forms.get(instrument.form)
    if form is None:
        allowed = ", ".join(sorted(forms))
        file.report(
            file.line("form"),
            f"the instrument has the unknown form '{instrument.form}'; allowed: {allowed}.",
            found=instrument.form,
            allowed=allowed,
        )
        return
    _check_items(draft, file, instrument, form)


def _check_items(draft: Draft, file: StudyFile, instrument: Instrument, form: Form) -> None:
    answers = [item.name for item in form.items if item.test]
    seen: dict[str, str] = {}
    for place, name in enumerate(instrument.items):
        check_once(file, name, "item", seen, ("items", place))
        if name not in answers and not draft.is_broken(f"{form.name}.{name}"):
            file.report(
                file.line("items", place),
                f"the instrument has the item '{name}'; allowed: {', '.join(answers)}.",
                found=name,
                allowed=", ".join(answers),
            )
    for name in answers:
        if name not in seen:
            file.report(
                file.line("items"),
                f"the instrument lacks the item '{name}' of form '{form.name}'. Add it.",
                found="no item",
                allowed=name,
            )


def _check_scoring(file: StudyFile, instrument: Instrument) -> None:
    if instrument.scoring is None:
        return
    if instrument.scoring not in SCORINGS:
        allowed = ", ".join(SCORINGS)
        file.report(
            file.line("scoring"),
            f"the instrument has the unknown scoring '{instrument.scoring}'; allowed: {allowed}.",
            found=instrument.scoring,
            allowed=allowed,
        )
        return
    lacking = ", ".join(sorted(SCORINGS[instrument.scoring] - set(instrument.items)))
    if lacking:
        file.report(
            file.line("scoring"),
            f"scoring '{instrument.scoring}' takes items the instrument lacks: {lacking}. Add them.",
            found="no item",
            allowed=lacking,
        )


def _check_every_form_has_one(draft: Draft) -> None:
    described = {instrument.form for _, instrument in draft.instrument_files if instrument}
    if None in described or any(instrument is None for _, instrument in draft.instrument_files):
        return  # which form the unreadable one describes is not known
    for file, form in draft.form_files:
        if form and form.name not in described and _is_questionnaire(form):
            file.report(
                file.line("form"),
                f"form '{form.name}' has no instrument. Add 'instruments/{form.name}.yaml'.",
                found="no instrument",
                allowed=f"instruments/{form.name}.yaml",
            )


def _is_questionnaire(form: Form) -> bool:
    return any(
        target.domain == "QS" and target.test for _, item in form.all_items() for target in item.targets
    )
