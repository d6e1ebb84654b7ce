"""How long a subject is at risk of a treatment-emergent event, and what ends that time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grevy.results.frames import AnalysisData
from grevy.stats.arrays import FloatArray

GOES_ON, STOPPED, DIED = 0, 1, 2
"""What ended the time at risk: nothing yet, the end of treatment (and of its window), death."""


@dataclass(frozen=True)
class Risk:
    """One entry per subject of ADSL: days at risk (0 untreated), what ended them, when last seen."""

    days: FloatArray
    cause: NDArray[np.int64]
    last_seen: NDArray[np.datetime64]


def find_end_of_risk(data: AnalysisData) -> Risk:
    """Days from first dose to the end of the window, death, last contact or cut-off; 0 untreated.

    Where events from new therapy on are not treatment-emergent, the time at risk ends on the day before it.
    Death on the last day of the window is death.
    """
    start = _dates(data, "TRTSDT")
    window = np.timedelta64(int(data.plan.value("te.days_after_last_dose")), "D")
    stop = _dates(data, "TRTEDT") + window
    if data.plan.value("te.end_at_new_therapy"):
        stop = np.fmin(stop, _dates(data, "NWTRSDT") - np.timedelta64(1, "D"))
    death = _dates(data, "DTHDT")
    # who died is followed to the death, though last seen alive before it
    followed = np.where(np.isnat(death), _dates(data, "LSTALVDT"), death)
    last_seen = np.fmin(followed, _dates(data, "CUTDT"))
    end = np.fmin(stop, last_seen)
    days = (end - start).astype("timedelta64[D]").astype(float) + 1
    cause = np.where(end == death, DIED, np.where(end == stop, STOPPED, GOES_ON))
    known = ~(np.isnat(start) | np.isnat(end))
    return Risk(np.where(known, np.maximum(days, 1.0), 0.0), np.where(known, cause, GOES_ON), last_seen)


def _dates(data: AnalysisData, name: str) -> NDArray[np.datetime64]:
    return data.subjects[name].to_numpy("datetime64[D]")
