"""Where a lesion is drawn: from organ, side and the words of the site, in either language; never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grevy.capture.reading.lesion_map import HEIGHT, OF_ORGAN, OF_WORDS, WIDTH, draw_lesions, find_spot
from grevy.definition import load_study

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")


@pytest.mark.parametrize(
    ("organ", "side", "words", "place"),
    [
        # the organ says where
        ("LIVER", "", "", (84, 148)),
        ("SPLEEN", "NA", "", (136, 152)),
        # the right side of the body is on the left of the sketch
        ("LUNG", "RIGHT", "", (78, 106)),
        ("LUNG", "LEFT", "", (122, 106)),
        # a paired organ without a side is not drawn, unless the words say it
        ("LUNG", "", "", None),
        ("LUNG", "", "left lower lobe", (125, 122)),
        ("LUNG", "NA", "右肺上叶", (81, 88)),
        ("LUNG", "", "left and right", None),
        # segments of the liver
        ("LIVER", "", "segment VII", (80, 150)),
        ("LIVER", "", "肝S3段", (108, 143)),
        ("LIVER", "", "S8", (80, 150)),
        ("LIVER", "LEFT", "", (108, 143)),
        # nodes and bones say where by words only
        ("LYMPH_NODE", "", "", None),
        ("LYMPH_NODE", "", "retroperitoneal", (100, 182)),
        ("LYMPH_NODE", "", "左锁骨上", (122, 58)),
        ("LYMPH_NODE", "", "hepatic hilar", (94, 158)),
        ("BONE", "", "", None),
        ("BONE", "", "L3", (100, 190)),
        ("BONE", "", "第7胸椎", (100, 106)),
        ("BONE", "RIGHT", "rib", (68, 112)),
        ("OTHER", "", "distribution unknown", None),
    ],
)
def test_the_place_follows_from_what_was_said(organ, side, words, place):
    assert find_spot(organ, side, words) == place


def test_every_place_lies_on_the_sketch():
    for spot in (*OF_ORGAN.values(), *(spot for _, _, spot in OF_WORDS)):
        for side in ("LEFT", "RIGHT"):
            x, y = spot.at(side)
            assert 10 < x < WIDTH - 10
            assert 5 < y < HEIGHT - 5


def test_lesions_at_one_place_stand_beside_each_other_and_all_are_told_in_words():
    rows = [
        {"lesion_id": "T1", "role": "TARGET", "organ": "LIVER"},
        {"lesion_id": "T2", "role": "TARGET", "organ": "LIVER"},
        {"lesion_id": "NT1", "role": "NON_TARGET", "organ": "BONE"},
        {"lesion_id": "N1", "organ": "LUNG", "side": "LEFT", "site_detail": "S1"},
        {},
    ]
    sketch = draw_lesions(STUDY, rows, "zh")
    assert [(one.lesion, one.kind, one.place) for one in sketch.marks] == [
        ("T1", "target", "肝脏"),
        ("T2", "target", "肝脏"),
        ("NT1", "non-target", "骨"),
        ("N1", "new", "肺，左侧，S1"),
    ]
    assert len({(one.x, one.y) for one in sketch.drawn}) == len(sketch.drawn) == 3
