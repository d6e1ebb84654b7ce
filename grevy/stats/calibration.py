"""Whether predicted risks come true: predicted and observed risk by groups of the predicted."""

from typing import NamedTuple

import numpy as np

from grevy.stats.arrays import BoolArray, FloatArray, IntArray


class Calibration(NamedTuple):
    """Mean predicted and observed risk of each model, group and horizon; NaN where there is none."""

    predicted: FloatArray
    observed: FloatArray

    @property
    def error(self) -> FloatArray:
        """What is observed beyond the predicted."""
        return np.asarray(self.observed - self.predicted)


def group_by_risk(predictor: FloatArray, weight: FloatArray, groups: int) -> IntArray:
    """Group of each row by the predictor of each model, from 0: of equal size but for equal risks.

    A limit is the smallest risk that so many of the weighted rows do not pass; it belongs to the lower group.
    """
    order = np.argsort(predictor, axis=1)
    running = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    group = np.zeros(predictor.shape, dtype=np.intp)
    for number in range(1, groups):
        reached = running >= running[:, -1:] * number / groups
        place = np.take_along_axis(order, reached.argmax(axis=1)[:, None], axis=1)
        group += predictor > np.take_along_axis(predictor, place, axis=1)
    return group


def estimate_risks(
    time: FloatArray, event: BoolArray, weight: FloatArray, horizons: FloatArray
) -> FloatArray:
    """Share with the event by each horizon under each row of weights, by Kaplan-Meier.

    NaN where nobody of some weight was followed as long and the curve has not come down to 0.
    """
    order = np.argsort(time, kind="stable")
    times, first = np.unique(time[order], return_index=True)
    own = weight[:, order]
    left = np.add.reduceat(own, first, axis=1)
    died = np.add.reduceat(own * event[order], first, axis=1)
    nobody = np.zeros((len(weight), 1))
    gone = np.concatenate([nobody, np.cumsum(left, axis=1)], axis=1)
    at_risk = gone[:, -1:] - gone[:, :-1]
    share = np.divide(died, at_risk, out=np.zeros_like(died), where=at_risk > 0)
    survival = np.concatenate([nobody + 1, np.cumprod(1 - share, axis=1)], axis=1)
    found = survival[:, np.searchsorted(times, horizons, side="right")]
    still = gone[:, -1:] - gone[:, np.searchsorted(times, horizons, side="left")]
    return np.asarray(np.where((still > 0) | ((found == 0) & (gone[:, -1:] > 0)), 1 - found, np.nan))


def calibrate_times(
    predicted: FloatArray,
    group: IntArray,
    groups: int,
    time: FloatArray,
    event: BoolArray,
    weight: FloatArray,
    horizons: FloatArray,
) -> Calibration:
    """Of risks by horizons: (models, rows, horizons) in, (models, groups, horizons) out."""
    parts = [weight * (group == number) for number in range(groups)]
    observed = [estimate_risks(time, event, part, horizons) for part in parts]
    return Calibration(_average(predicted, parts), np.stack(observed, axis=1))


def calibrate_answers(
    predicted: FloatArray, group: IntArray, groups: int, event: BoolArray, weight: FloatArray
) -> Calibration:
    """Of the risk of a yes, with one horizon, which is none."""
    parts = [weight * (group == number) for number in range(groups)]
    happened = np.broadcast_to(event[None, :, None], predicted.shape).astype(float)
    return Calibration(_average(predicted, parts), _average(happened, parts))


def _average(values: FloatArray, parts: list[FloatArray]) -> FloatArray:
    found = []
    for part in parts:
        total = part.sum(axis=1)[:, None]
        sums = np.matmul(part[:, None, :], values)[:, 0]
        found.append(np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0))
    return np.stack(found, axis=1)
