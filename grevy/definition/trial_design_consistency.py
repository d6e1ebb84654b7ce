"""Checks of the design of the trial against itself and against the regimens of the study."""

from collections.abc import Iterable

from grevy.definition.draft import Draft
from grevy.definition.references import check_once
from grevy.definition.study_files import Step, StudyFile
from grevy.definition.trial_design import SAID_ELSEWHERE, TrialDesignFile


def check_trial_design(draft: Draft) -> None:
    """Report what the design of the trial says of elements, epochs and regimens that do not exist."""
    design, file = draft.trial_design, draft.trial_design_file
    if design is None or file is None:
        return
    _check_epochs_and_elements(design, file)
    _check_arms(draft, design, file)
    _check_summary(design, file)


def _check_epochs_and_elements(design: TrialDesignFile, file: StudyFile) -> None:
    epochs: dict[str, str] = {}
    for position, epoch in enumerate(design.epochs or ()):
        check_once(file, epoch.code, "epoch", epochs, ("epochs", position, "code"))
    elements: dict[str, str] = {}
    used = {code for arm in design.arms or () for code in arm.elements}
    for position, element in enumerate(design.elements or ()):
        path = ("elements", position)
        check_once(file, element.code, "element", elements, (*path, "code"))
        owner = f"element '{element.code}'"
        if element.epoch not in epochs:
            _report_unknown(file, (*path, "epoch"), f"{owner} has the unknown epoch", element.epoch, epochs)
        if len(element.code) > 8:
            _report_length(file, (*path, "code"), owner, len(element.code), 8)
        if len(element.label.en) > 40:
            _report_length(file, (*path, "label"), f"{owner}: English text", len(element.label.en), 40)
        if element.end is None and element.duration is None:
            message = f"{owner} has neither 'end' nor 'duration'. Say when a subject leaves it."
            file.report(file.line(*path), message, found="nothing", allowed="end or duration")
        if design.arms and element.code not in used and not file.mistakes:
            message = f"{owner} stands in no arm. Add it to an arm or take it away."
            file.report(file.line(*path), message, found=element.code, allowed="elements of an arm")


def _check_arms(draft: Draft, design: TrialDesignFile, file: StudyFile) -> None:
    regimens = [regimen.code for regimen in draft.identity.regimens or ()] if draft.identity else []
    known = {element.code: element.epoch for element in design.elements or ()}
    order = [epoch.code for epoch in design.epochs or ()]
    seen: dict[str, str] = {}
    for position, arm in enumerate(design.arms or ()):
        path, owner = ("arms", position), f"arm '{arm.code}'"
        check_once(file, arm.code, "arm", seen, (*path, "code"))
        if regimens and arm.code not in regimens:
            _report_unknown(
                file, (*path, "code"), "an arm is named by the unknown regimen", arm.code, regimens
            )
        unknown = [code for code in arm.elements if code not in known]
        for code in unknown:
            place = arm.elements.index(code)
            message = f"{owner} has the unknown element"
            _report_unknown(file, (*path, "elements", place), message, code, known)
        for code in arm.transitions.keys() - set(arm.elements):
            message = f"{owner} has a transition after the element"
            _report_unknown(file, (*path, "transitions", code), message, code, arm.elements)
        epochs = [known[code] for code in arm.elements if code in known]
        if not unknown and order and epochs != order[: len(epochs)]:
            message = (
                f"{owner} goes through {', '.join(epochs)}; allowed: one element per epoch, in their order."
            )
            file.report(
                file.line(*path, "elements"), message, found=", ".join(epochs), allowed=", ".join(order)
            )
    for code in (code for code in regimens if design.arms and code not in seen):
        message = f"regimen '{code}' has no arm. Add one."
        file.report(file.line("arms"), message, found="no arm", allowed=code)


def _check_summary(design: TrialDesignFile, file: StudyFile) -> None:
    seen: dict[str, str] = {}
    for position, value in enumerate(design.summary or ()):
        path, owner = ("summary", position), f"parameter '{value.parameter}'"
        check_once(file, value.parameter, "parameter", seen, (*path, "parameter"))
        if value.parameter in SAID_ELSEWHERE:
            place = SAID_ELSEWHERE[value.parameter]
            message = f"{owner} is said already by {place}. Take it away here."
            file.report(file.line(*path), message, found=value.parameter, allowed=place)
        if bool(value.values) == (value.null is not None):
            message = f"{owner} needs values, or 'null' with the reason why there are none, not both."
            file.report(file.line(*path), message, found="both or none", allowed="values or null")


def _report_unknown(
    file: StudyFile, path: tuple[Step, ...], what: str, found: str, known: Iterable[str]
) -> None:
    allowed = ", ".join(known)
    file.report(file.line(*path), f"{what} '{found}'; allowed: {allowed}.", found=found, allowed=allowed)


def _report_length(file: StudyFile, path: tuple[Step, ...], owner: str, found: int, most: int) -> None:
    message = f"{owner} has {found} characters; allowed: {most}. Shorten it."
    file.report(file.line(*path), message, found=str(found), allowed=str(most))
