"""A final report is refused while dates of life and death contradict each other; a draft is not."""

from datetime import date

import pyarrow as pa
import pytest
from few_subjects import STUDY

from grevy.cli import pipeline
from grevy.cli.failures import Findings
from grevy.results import find_blocks
from grevy.sdtm.domains import build_empty

SOUND = {
    "STUDYID": "S", "ASEQ": 1, "DTHFL": "Y", "DTHDT": date(2026, 5, 20),
    "SEENALV": date(2026, 5, 10), "LSTALVDT": date(2026, 5, 10), "LSTCTDT": date(2026, 5, 10),
}  # fmt: skip


def block(*changes):
    rows = [SOUND | {"USUBJID": f"S-{place}"} | change for place, change in enumerate(changes, 1)]
    table = pa.table({name: [row[name] for row in rows] for name in rows[0]})
    found = find_blocks({"ADSL": table}, STUDY, STUDY.analysis)
    return {one.label.en: one.subjects for one in found}


def test_sound_dates_block_nothing():
    assert block({}, {"DTHFL": None, "DTHDT": None, "LSTCTDT": None}) == {}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"LSTCTDT": date(2026, 5, 9)}, "Last contact entered before another record of the subject"),
        ({"SEENALV": date(2026, 5, 21), "LSTCTDT": date(2026, 5, 21)}, "Recorded alive after death"),
        ({"DTHDT": None}, "Death without a date"),
    ],
)
def test_each_contradiction_of_life_and_death_names_its_subjects(change, kind):
    assert block({}, change, change) == {kind: ("S-2", "S-3")}


def test_a_final_report_is_refused_before_anything_is_written(monkeypatch, tmp_path):
    """One subject recorded alive after death."""
    row = SOUND | {"USUBJID": "S-1", "SEENALV": date(2026, 5, 21), "LSTCTDT": None}
    made = {"ADSL": pa.table({name: [value] for name, value in row.items()})}
    monkeypatch.setattr(pipeline, "build_adam", lambda _sdtm, _plan, cutoff: {})
    monkeypatch.setattr(pipeline, "collect_tables", lambda _tables: made)
    source = pipeline.Source({"DM": build_empty("DM").to_pyarrow()}, "x")
    wanted = pipeline.Wanted(is_final=True)
    with pytest.raises(Findings) as refusal:
        pipeline.analyse_tables(source, STUDY, STUDY.analysis, cutoff=None, folder=tmp_path, wanted=wanted)
    said = refusal.value.format_message()
    assert "Recorded alive after death (1): S-1" in said
    assert "leave out --final" in said
    assert "2026-05" not in said  # no value of a patient in what may be logged
    assert not list(tmp_path.iterdir())
