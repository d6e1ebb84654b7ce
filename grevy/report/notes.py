"""What stands over, under and after the outputs in the printed formats, in one language."""

from __future__ import annotations

from typing import NamedTuple

from grevy.report.document import Document, OutputView
from grevy.report.words import PAGE


class Setting(NamedTuple):
    """A setting of the analysis and the outputs that depend on it."""

    key: str
    label: str
    value: str
    default: str
    source: str
    is_changed: bool
    outputs: str


def describe_heading(output: OutputView, language: str) -> str:
    """Kind, number and title: one em apart, as in print."""
    return f"{output.label.in_language(language)}\u2003{output.title.in_language(language)}"


def describe_set(output: OutputView, language: str) -> str:
    """The analysis set with its N."""
    name = output.set.in_language(language)
    if output.n is None:
        return name
    return f"{name}{'，' if language == 'zh' else ', '}N = {output.n.left}"


def list_reasons(output: OutputView, language: str) -> list[tuple[str, str]]:
    """Marks and what they mean; a drawing has no marks, and the reason says what is missing there."""
    said = [(letter, reason.in_language(language)) for letter, reason in output.reasons]
    if not output.drawings:
        return said
    return [("", PAGE["no_value"].filled(why=reason).in_language(language)) for _, reason in said]


def list_notes(output: OutputView, language: str) -> list[str]:
    """Conventions, abbreviations and settings under an output; marks and their reasons stand apart.

    The settings themselves stand once, after the outputs: what is changed is said at each output it touches.
    """
    notes = [(" " if language == "en" else "").join(note.in_language(language) for note in output.notes)]
    if output.is_listed:
        notes.append(PAGE["listed_elsewhere"].in_language(language))
    if output.has_long_data and output.table:
        notes.append(PAGE["plotted_elsewhere"].filled(n=len(output.table.rows)).in_language(language))
    if output.abbreviations:
        notes.append(output.abbreviations.in_language(language))
    if changed := [switch for switch in output.switches if switch.is_changed]:
        what = ("；" if language == "zh" else "; ").join(
            f"{switch.key} = {switch.value}" for switch in changed
        )
        notes.append(PAGE["settings_changed"].filled(what=what).in_language(language))
    elif output.switches:
        methods = PAGE["methods"].in_language(language)
        notes.append(PAGE["settings_default"].filled(methods=methods).in_language(language))
    return [note for note in notes if note]


def list_settings(document: Document, language: str) -> list[Setting]:
    """All settings in force, each with the outputs it touches."""
    used: dict[str, list[str]] = {switch.key: [] for switch in document.switches}
    for output in document.outputs:
        for switch in output.switches:
            used[switch.key].append(output.id)
    return [
        Setting(
            s.key, s.label.in_language(language), s.value, s.default, s.source.in_language(language),
            s.is_changed, ", ".join(used[s.key]),
        )
        for s in document.switches
    ]  # fmt: skip
