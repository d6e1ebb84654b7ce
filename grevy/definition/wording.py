"""The licensed wording of a questionnaire: a pack that a site or sponsor brings, never part of a study.

A pack is a folder with `pack.yaml`: instrument, version, language, licensee, licence number, the last day it
is valid, and the text of each item by its code (`EOR0101`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from grevy.definition.instruments import Instrument
from grevy.definition.mistakes import StudyMistakes
from grevy.definition.partial_values import read_date
from grevy.definition.reading import read_model
from grevy.definition.study import Study
from grevy.definition.study_files import StudyFile, read_study_file
from grevy.definition.words import Line, Model, Name

Language = Literal["en", "zh"]


class WordingFile(Model):
    """The file `pack.yaml`."""

    instrument: Name
    version: Line
    language: Language
    licensee: Line
    licence_number: Line
    valid_until: Line
    items: dict[str, Line] = Field(min_length=1)


@dataclass(frozen=True)
class Wording:
    """The words of a questionnaire in one language, and the licence they are shown under; items by code."""

    instrument: str
    version: str
    language: Language
    licensee: str
    licence_number: str
    valid_until: date
    items: Mapping[str, str]


def load_wording(folder: str | Path, study: Study, *, on: date) -> Wording:
    """The wording of a pack that may be shown on a day; StudyMistakes lists everything against it."""
    file = read_study_file(Path(folder) / "pack.yaml")
    given = file.root.at(["items"]).plain() if file.root else None
    pack = read_model(file, WordingFile)
    valid_until = None
    if pack is not None:
        instrument = _check_instrument(file, pack, study)
        if instrument is not None:
            _check_version(file, pack, instrument)
            codes = [_find_code(study, instrument, name) for name in instrument.items]
            _check_items(file, pack, set(given) if isinstance(given, dict) else set(), codes)
        valid_until = _check_validity(file, pack, on)
    if file.mistakes or pack is None or valid_until is None:
        raise StudyMistakes(file.mistakes)
    return Wording(
        pack.instrument,
        pack.version,
        pack.language,
        pack.licensee,
        pack.licence_number,
        valid_until,
        pack.items,
    )


def _check_instrument(file: StudyFile, pack: WordingFile, study: Study) -> Instrument | None:
    if pack.instrument is None:
        return None  # it could not be read, and that was said
    instrument = study.instruments.get(pack.instrument)
    if instrument is None:
        allowed = ", ".join(study.instruments)
        file.report(
            file.line("instrument"),
            f"the pack is for the unknown instrument '{pack.instrument}'; allowed: {allowed}.",
            found=pack.instrument,
            allowed=allowed,
        )
    return instrument


def _check_version(file: StudyFile, pack: WordingFile, instrument: Instrument) -> None:
    if pack.version is not None and pack.version != instrument.version:
        file.report(
            file.line("version"),
            f"the pack has version '{pack.version}'; allowed: {instrument.version}, the one the study uses.",
            found=pack.version,
            allowed=instrument.version,
        )


def _check_items(file: StudyFile, pack: WordingFile, given: set[str], codes: list[str]) -> None:
    """`given` are the items as they stand in the file, those included whose text could not be read."""
    if pack.items is None:
        return
    for code in [code for code in codes if code not in given]:
        file.report(
            file.line("items"),
            f"the pack lacks the item '{code}'. Add its text.",
            found="no text",
            allowed=code,
        )
    for code in [code for code in pack.items if code not in codes]:
        file.report(
            file.line("items", code),
            f"the pack has the unknown item '{code}'; allowed: {', '.join(codes)}.",
            found=code,
            allowed=", ".join(codes),
        )


def _find_code(study: Study, instrument: Instrument, name: str) -> str:
    item = study.forms[instrument.form].find(name)
    assert item is not None  # loading checked both
    assert item.test is not None
    return item.test


def _check_validity(file: StudyFile, pack: WordingFile, on: date) -> date | None:
    if pack.valid_until is None:
        return None
    valid_until = read_date(pack.valid_until)
    if valid_until is None:
        file.report(
            file.line("valid_until"),
            f"the pack is valid until '{pack.valid_until}'; allowed: a day such as 2027-12-31.",
            found=pack.valid_until,
            allowed="a day such as 2027-12-31",
        )
    elif valid_until < on:
        file.report(
            file.line("valid_until"),
            f"the licence ended on {valid_until}, before {on}. Ask the holder to extend it.",
            found=str(valid_until),
            allowed=f"{on} or later",
        )
    return valid_until
