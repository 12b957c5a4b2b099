"""An estimator that needs no library and sees one person in every picture, for tests of processes."""

from __future__ import annotations

import time

import numpy as np

from posecoach.pose import PoseEstimate
from posecoach.service.faults import Injection
from posecoach.service.faulty import Faults, FaultyEstimator


class BlindEstimator:
    """Says that somebody stands in the middle."""

    model_id = "blind"

    def estimate(self, frame):
        return [PoseEstimate(np.full((17, 2), frame.wh[1] / 2), np.full(17, 0.9), 0.9)]

    def close(self):
        """Nothing is held."""


class SlowEstimator(BlindEstimator):
    """Takes its time, always the same."""

    def estimate(self, frame):
        time.sleep(0.2)
        return super().estimate(frame)


class FickleEstimator(BlindEstimator):
    """Never says the same twice."""

    def __init__(self):
        self._asked = 0

    def estimate(self, frame):
        self._asked += 1
        return super().estimate(frame) * (self._asked % 2)


def soon_faulty(kind):
    """The same, with a fault that strikes a moment after it was opened, however long that took."""
    return FaultyEstimator(BlindEstimator(), Faults([Injection("estimator", kind, 0.2)], time.monotonic()))
