"""Where the lesions of a subject lie, on a sketch of the body: no picture of a patient, our own drawing.

The place follows from the organ, the side and what was written about the exact site, in either language. What
does not say where is listed and not drawn: a guessed place would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grevy.capture.typed import show_value
from grevy.definition import Study

WIDTH, HEIGHT = 200, 330
MIDDLE = 100
"""The body is seen from the front: its right side is on the left of the sketch."""
STEP = 17
"""How far apart the marks of several lesions at one place stand."""
LEFT, RIGHT = "LEFT", "RIGHT"


@dataclass(frozen=True)
class Spot:
    """A place on the sketch: a distance from the middle, and a height. One that is paired needs a side."""

    across: float
    down: float
    paired: bool = False

    def at(self, side: str) -> tuple[float, float] | None:
        if not self.paired:
            return MIDDLE + self.across, self.down
        if side not in (LEFT, RIGHT):
            return None
        return MIDDLE + (self.across if side == LEFT else -self.across), self.down


def pair(across: float, down: float) -> Spot:
    return Spot(across, down, paired=True)


# Where an organ lies by itself; in the order of the code list. The others need words that say where.
OF_ORGAN: dict[str, Spot] = {
    "LIVER": Spot(-16, 148),
    "LUNG": pair(22, 106),
    "PANCREAS": Spot(8, 167),
    "PERITONEUM": Spot(0, 204),
    "ADRENAL": pair(20, 171),
    "PLEURA": pair(33, 118),
    "BRAIN": Spot(0, 24),
    "STOMACH": Spot(20, 150),
    "BOWEL": Spot(0, 212),
    "KIDNEY": pair(22, 185),
    "SPLEEN": Spot(36, 152),
}
OF_SIDE: dict[tuple[str, str], Spot] = {
    ("LIVER", RIGHT): Spot(-20, 150),
    ("LIVER", LEFT): Spot(8, 143),
    ("BRAIN", RIGHT): Spot(-8, 22),
    ("BRAIN", LEFT): Spot(8, 22),
}
# Words of the exact site, the narrower ones first; an empty organ means any.
OF_WORDS: tuple[tuple[str, str, Spot], ...] = (
    (
        "LIVER",
        r"left lobe|左叶|左外叶|左内叶|[234]段|(?<![a-z])s(?:egment)? ?(?:[234]|iii|ii|iv)[ab]?(?![0-9a-z])",
        Spot(8, 143),
    ),
    (
        "LIVER",
        r"right lobe|右叶|右前叶|右后叶|[5-8]段|(?<![a-z])s(?:egment)? ?(?:[5-8]|viii|vii|vi|v)(?![0-9a-z])",
        Spot(-20, 150),
    ),
    ("LIVER", r"caudate|尾状叶|1段|(?<![a-z])s(?:egment)? ?(?:1|i)(?![0-9a-z])", Spot(-4, 152)),
    ("LUNG", r"upper|apex|apical|上叶|肺尖", pair(19, 88)),
    ("LUNG", r"middle|lingula|中叶|舌叶", pair(24, 108)),
    ("LUNG", r"lower|basal|下叶|基底", pair(25, 122)),
    ("PANCREAS", r"head|uncinate|头|钩突", Spot(-5, 171)),
    ("PANCREAS", r"tail|尾", Spot(26, 163)),
    ("PANCREAS", r"body|neck|体|颈", Spot(9, 166)),
    ("BOWEL", r"duoden|十二指肠", Spot(-11, 176)),
    ("BOWEL", r"(?<![a-z])rect|直肠", Spot(0, 238)),
    ("BOWEL", r"sigmoid|乙状", Spot(15, 228)),
    ("BOWEL", r"ascending|升结肠", Spot(-25, 206)),
    ("BOWEL", r"descending|降结肠", Spot(25, 206)),
    ("BOWEL", r"transverse|横结肠", Spot(0, 194)),
    ("BOWEL", r"ile|append|cec|caec|回肠|回盲|阑尾|盲肠", Spot(-20, 218)),
    ("BONE", r"skull|颅", Spot(0, 12)),
    ("BONE", r"cervical|颈椎|(?<![a-z])c[1-7](?![0-9a-z])", Spot(0, 50)),
    ("BONE", r"thoracic|胸椎|(?<![a-z])t(?:[1-9]|1[0-2])(?![0-9a-z])", Spot(0, 106)),
    ("BONE", r"lumbar|腰椎|(?<![a-z])l[1-5](?![0-9a-z])", Spot(0, 190)),
    ("BONE", r"sacr|骶|(?<![a-z])s[1-5](?![0-9a-z])", Spot(0, 226)),
    ("BONE", r"sternum|胸骨", Spot(0, 92)),
    ("BONE", r"(?<![a-z])rib|肋", pair(32, 112)),
    ("BONE", r"scapula|肩胛", pair(34, 84)),
    ("BONE", r"clavic|锁骨", pair(24, 62)),
    ("BONE", r"humer|肱骨", pair(54, 110)),
    ("BONE", r"femur|femoral|股骨", pair(26, 280)),
    ("BONE", r"(?<![a-z])ili|pelvi|acetabul|髂|骨盆|髋臼", pair(30, 226)),
    ("", r"porta|hepatic hil|肝门", Spot(-6, 158)),
    ("", r"supraclavic|锁骨上", pair(22, 58)),
    ("", r"cervical|neck|颈", pair(10, 50)),
    ("", r"axill|腋", pair(40, 88)),
    ("", r"mediastin|subcarinal|纵隔|隆突", Spot(0, 100)),
    ("", r"pulmonary hil|lung hil|hilar|肺门", pair(11, 104)),
    ("", r"inguin|groin|腹股沟", pair(24, 246)),
    ("", r"iliac|髂", pair(16, 226)),
    ("", r"retroperiton|para-?aort|腹膜后|主动脉旁", Spot(0, 182)),
    ("", r"mesenter|肠系膜", Spot(0, 202)),
    ("", r"pelvi|盆", Spot(0, 234)),
    ("", r"omentum|omental|网膜", Spot(0, 188)),
    ("", r"abdominal wall|腹壁", Spot(0, 214)),
    ("", r"chest wall|胸壁", pair(34, 104)),
    ("", r"thigh|大腿", pair(26, 290)),
    ("", r"upper arm|上臂", pair(56, 112)),
    ("", r"buttock|glute|臀", pair(28, 240)),
    ("", r"thyroid|甲状腺", Spot(0, 56)),
    ("", r"ovar|卵巢", pair(16, 230)),
    ("", r"(?<![a-z])uter|子宫", Spot(0, 236)),
    ("", r"breast|乳", pair(24, 102)),
    ("", r"heart|cardiac|心脏", Spot(8, 116)),
)


@dataclass(frozen=True)
class LesionMark:
    """One lesion: what it is called, where it lies in words, and where on the sketch, if that is known."""

    lesion: str
    kind: str
    place: str
    x: float | None
    y: float | None


@dataclass(frozen=True)
class Sketch:
    """The lesions on the sketch, and those that do not say where."""

    marks: tuple[LesionMark, ...]

    @property
    def drawn(self) -> tuple[LesionMark, ...]:
        return tuple(one for one in self.marks if one.x is not None)


def find_spot(organ: str, side: str, words: str) -> tuple[float, float] | None:
    """The place of a lesion on the sketch; None where it is not said."""
    text = words.lower()
    side = side if side in (LEFT, RIGHT) else _side_in(text)
    for of_organ, pattern, spot in OF_WORDS:
        if of_organ in ("", organ) and text and re.search(pattern, text):
            return spot.at(side)
    spot = OF_SIDE.get((organ, side)) or OF_ORGAN.get(organ)
    return spot.at(side) if spot else None


def _side_in(text: str) -> str:
    """The side as the words say it, if they say one."""
    left, right = bool(re.search(r"\bleft\b|左", text)), bool(re.search(r"\bright\b|右", text))
    return "" if left == right else LEFT if left else RIGHT


def draw_lesions(study: Study, rows: Iterable[Mapping[str, Any]], language: str) -> Sketch:
    """The sketch of rows of lesions; of several at one place each mark stands beside the other."""
    taken: list[tuple[float, float]] = []
    marks = []
    for row in rows:
        lesion, organ = str(row.get("lesion_id") or ""), str(row.get("organ") or "")
        if not lesion and not organ:
            continue
        words = str(row.get("site_detail") or "")
        spot = find_spot(organ, str(row.get("side") or ""), words)
        x, y = (None, None) if spot is None else _beside(spot, taken)
        kind = {"TARGET": "target", "NON_TARGET": "non-target"}.get(str(row.get("role")), "new")
        marks.append(LesionMark(lesion or "—", kind, _in_words(study, row, language), x, y))
    return Sketch(tuple(marks))


AROUND = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1), (2, 0), (-2, 0))
"""Where a mark goes whose place is taken, in steps."""


def _beside(spot: tuple[float, float], taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The place itself, or the nearest one beside it that is free; of very many the last ones overlap."""
    places = [(spot[0] + across * STEP, spot[1] + down * STEP) for across, down in AROUND]
    free = ((x, y) for x, y in places if all((x - a) ** 2 + (y - b) ** 2 >= STEP**2 for a, b in taken))
    place = next(free, places[len(taken) % len(places)])
    taken.append(place)
    return place


def _in_words(study: Study, row: Mapping[str, Any], language: str) -> str:
    group = study.forms["baseline_lesions"].find_group("lesions")
    assert group is not None  # the study has it, or nothing here is asked
    parts = []
    for name in ("organ", "side"):
        item, value = group.find(name), row.get(name)
        if item is not None and value and value != "NA":
            parts.append(show_value(study, item, value, language))
    separator = "，" if language == "zh" else ", "
    return separator.join([*parts, *([str(row["site_detail"])] if row.get("site_detail") else [])])
