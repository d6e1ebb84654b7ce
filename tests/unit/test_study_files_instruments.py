"""Questionnaires of a study, and packs of licensed wording; every word of the packs here is invented."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from grevy.definition import StudyMistakes, load_study, load_wording
from grevy.definition.instrument_consistency import SCORINGS

FOLDER = Path("studies/surufatinib_nen")
STUDY = load_study(FOLDER)
TODAY = date(2026, 6, 1)
CODES = ["EQ5D0201", "EQ5D0202", "EQ5D0203", "EQ5D0204", "EQ5D0205", "EQ5D0206"]
HEAD = {
    "instrument": "eq5d5l",
    "version": "5L",
    "language": "en",
    "licensee": "A hospital that does not exist",
    "licence_number": "INVENTED-1",
    "valid_until": "2026-12-31",
}


def write_pack(folder, codes=CODES, **changes):
    lines = [f'{key}: "{value}"' for key, value in {**HEAD, **changes}.items()]
    lines += ["items:", *(f"  {code}: Invented words number {code[-1]}" for code in codes)]
    (folder / "pack.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def mistakes_of_pack(folder, on=TODAY):
    with pytest.raises(StudyMistakes) as raised:
        load_wording(folder, STUDY, on=on)
    return [(mistake.line, mistake.found, mistake.allowed) for mistake in raised.value.mistakes]


def mistakes_with(tmp_path, name, old, new):
    folder = tmp_path / "study"
    shutil.copytree(FOLDER, folder)
    path = folder / "instruments" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyMistakes) as raised:
        load_study(folder)
    return [(Path(m.file).name, m.line, m.found) for m in raised.value.mistakes]


# ---- Instruments ---------------------------------------------------------------------------------------


def test_every_questionnaire_has_an_instrument_with_all_its_answers():
    answers = {name: len(instrument.items) for name, instrument in STUDY.instruments.items()}
    assert answers == {"adherence": 3, "eq5d5l": 6, "qlq_c30": 30, "qlq_ginet21": 21}
    assert {instrument.scoring for instrument in STUDY.instruments.values()} == {*SCORINGS, None}


def test_unknown_form(tmp_path):
    found = mistakes_with(tmp_path, "eq5d5l.yaml", "form: eq5d5l", "form: eq5d3l")
    assert found == [("eq5d5l.yaml", 4, "no instrument"), ("eq5d5l.yaml", 7, "eq5d3l")]


def test_item_that_is_no_answer_of_the_form_and_items_that_lack(tmp_path):
    found = mistakes_with(tmp_path, "eq5d5l.yaml", "mobility, self_care", "mode, self_care, self_care")
    assert sorted(value for _, _, value in found) == ["mode", "no item", "no item", "self_care"]


def test_unknown_scoring(tmp_path):
    found = mistakes_with(tmp_path, "eq5d5l.yaml", "eq5d5l_china", "eq5d5l_mars")
    assert found == [("eq5d5l.yaml", 13, "eq5d5l_mars")]


def test_what_cannot_be_read_is_said_once(tmp_path):
    found = mistakes_with(tmp_path, "qlq_c30.yaml", "recall_days: 7", "recall_days: week")
    assert found == [("qlq_c30.yaml", 6, "'week'")]


def test_questionnaire_form_without_instrument(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(FOLDER, folder)
    (folder / "instruments" / "adherence.yaml").unlink()
    with pytest.raises(StudyMistakes, match=r"adherence.yaml, line 3: .*Add 'instruments/adherence.yaml'"):
        load_study(folder)


# ---- Packs of wording ----------------------------------------------------------------------------------


def test_complete_pack_is_loaded(tmp_path):
    wording = load_wording(write_pack(tmp_path), STUDY, on=TODAY)
    assert (wording.instrument, wording.language, wording.valid_until) == ("eq5d5l", "en", date(2026, 12, 31))
    assert list(wording.items) == CODES
    assert wording.items["EQ5D0203"] == "Invented words number 3"


def test_pack_is_valid_on_its_last_day_and_not_after(tmp_path):
    write_pack(tmp_path)
    assert load_wording(tmp_path, STUDY, on=date(2026, 12, 31))
    assert mistakes_of_pack(tmp_path, on=date(2027, 1, 1)) == [(6, "2026-12-31", "2027-01-01 or later")]


def test_all_mistakes_of_a_pack_come_at_once(tmp_path):
    write_pack(tmp_path, [*CODES[1:], "EQ5D0299"], version="3L", language="de", valid_until="next year")
    found = [value for _, value, _ in mistakes_of_pack(tmp_path)]
    assert found == ["3L", "'de'", "next year", "no text", "EQ5D0299"]


def test_item_without_text_is_not_also_called_missing(tmp_path):
    path = write_pack(tmp_path) / "pack.yaml"
    path.write_text(path.read_text().replace("Invented words number 2", '""'))
    assert [(line, found) for line, found, _ in mistakes_of_pack(tmp_path)] == [(9, "''")]


def test_pack_of_an_unknown_instrument(tmp_path):
    write_pack(tmp_path, instrument="eq5d3l")
    assert mistakes_of_pack(tmp_path) == [(1, "eq5d3l", "adherence, eq5d5l, qlq_c30, qlq_ginet21")]


def test_folder_without_a_pack(tmp_path):
    assert mistakes_of_pack(tmp_path) == [(1, "no file", "pack.yaml")]


def test_pack_without_items(tmp_path):
    (tmp_path / "pack.yaml").write_text("instrument: eq5d5l\n")
    assert {found for _, found, _ in mistakes_of_pack(tmp_path)} == {"nothing"}
