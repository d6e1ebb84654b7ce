"""The worked censoring examples P1 to P18: assessments, what else happened, and both rule sets' answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CensoringCase:
    """Elapsed days throughout; an outcome is (day, is event)."""

    id: str
    assessments: tuple[tuple[str, int], ...]
    fda: tuple[int, bool]
    ema: tuple[int, bool]
    death: int | None = None
    new_therapy: int | None = None
    clinical_progression: int | None = None
    lost: int | None = None
    cutoff: int | None = None
    has_baseline: bool = True
    doubtful_from: int | None = None  # a new lesion was equivocal on this day and proven at the PD


def censored(day: int) -> tuple[int, bool]:
    return day, False


def event(day: int) -> tuple[int, bool]:
    return day, True


CENSORING_CASES = (
    CensoringCase("P1", (("SD", 56), ("SD", 112), ("PD", 168)), event(168), event(168)),
    CensoringCase("P2", (("SD", 56), ("SD", 112)), censored(112), censored(112), cutoff=180),
    CensoringCase("P3", (("SD", 56),), event(100), event(100), death=100),
    CensoringCase("P4", (("SD", 56),), censored(56), event(200), death=200),
    CensoringCase("P5", (), event(60), event(60), death=60),
    CensoringCase("P6", (), censored(0), event(130), death=130),
    CensoringCase("P7", (("PR", 56), ("PR", 112), ("PD", 280)), censored(112), event(280), new_therapy=150),
    CensoringCase("P8", (("SD", 56), ("PD", 112)), event(112), event(112), new_therapy=112),
    CensoringCase("P9", (("SD", 56), ("NE", 112), ("PD", 168)), event(168), event(168)),
    CensoringCase("P10", (("SD", 56), ("NE", 112), ("NE", 168), ("PD", 224)), censored(56), event(224)),
    CensoringCase("P11", (("SD", 56),), censored(56), event(400), clinical_progression=90, death=400),
    CensoringCase("P12", (("PD", 60),), censored(0), event(60), has_baseline=False),
    CensoringCase("P13", (("SD", 56),), censored(56), censored(56), lost=70),
    CensoringCase("P14", (("SD", 56), ("PD", 112)), event(56), event(56), doubtful_from=56),
    CensoringCase("P15", (("SD", 56),), event(100), event(100), clinical_progression=90, death=100),
    CensoringCase("P16", (("SD", 20),), censored(20), event(130), death=130),
    CensoringCase("P17", (("SD", 56),), censored(56), event(100), new_therapy=60, death=100),
    CensoringCase("P18", (), event(60), event(60), death=60, has_baseline=False),
)

# (last adequate assessment or None, last day on which a death is still an event)
TWO_MISSED_LIMITS = ((56, 175), (None, 119), (336, 511))
