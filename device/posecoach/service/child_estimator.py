"""A pose estimator in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ModelUnavailable
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.pose import PoseEstimate
from posecoach.service.child_part import ChildPart
from posecoach.service.spawned import Gone, Spawned
from posecoach.service.verify import known_frame, known_picture, require_known, require_sane
from posecoach.service.wire import OPEN, POSES, FrameNote, unpacked_poses

OPEN_WITHIN_S: Final = 60.0
"""Firmware, weights and a slow port take less (C1, C8)."""
FIRST_WITHIN_S: Final = 20.0
DEADLINE_S: Final = 1.0
"""Of a call, at the least."""
USUAL_TIMES: Final = 6.0
"""A network that needs long gets so many times what it took to answer the known picture,"""
DEADLINE_MOST_S: Final = 5.0
"""but no more than this."""


class EstimatorLost(ModelUnavailable):
    """The process of an estimator has ended, hangs, or cannot be believed; it is killed."""


class EstimatorHangs(EstimatorLost):
    """The process of an estimator gave no answer in time; it is killed."""


class ChildEstimator(ChildPart):
    """Runs an estimator in a child process. One process: when it fails, this fails, and another is made.

    Attributes:
        known_answer: What it said to the known picture, before it was trusted.
    """

    failure = ModelUnavailable

    def __init__(
        self,
        make: Callable[[], PoseEstimator],
        *,
        child: Spawned | None = None,
        picture: NDArray[np.uint8] | None = None,
        deadline_s: float = DEADLINE_S,
        open_within_s: float = OPEN_WITHIN_S,
        first_within_s: float = FIRST_WITHIN_S,
    ) -> None:
        """Open the estimator, and see that it answers.

        Args:
            make: Opens the real one, in the child; picklable.
            child: A process that was prepared for it, or has opened it already.
            picture: A known picture, for the first question.
            deadline_s: The longest a call may take; then the process is killed. More for a slow network.
            open_within_s: The longest `make` may take.
            first_within_s: The longest the first call may take.

        Raises:
            ModelUnavailable: The estimator cannot be opened, or does not answer (`EstimatorLost`).
            ModelError: It is no model that can be used.
        """
        super().__init__(child)
        self._deadline_s = deadline_s
        self._number = 0
        try:
            if not self._child.opened:
                self._child.open(make)
            self.model_id = self._told(open_within_s, OPEN)[1:].decode()
            frame = known_frame(known_picture() if picture is None else picture)
            self.known_answer: Sequence[PoseEstimate] = self._asked(frame, first_within_s)
            asked_at = time.monotonic()  # the first call is several times slower than all others (C8)
            require_known(self._asked(frame, first_within_s), self.known_answer, self.model_id)
            usual_s = time.monotonic() - asked_at
            self._deadline_s = max(deadline_s, min(USUAL_TIMES * usual_s, DEADLINE_MOST_S))
        except Gone as error:
            raise self._lost(f"could not be opened: {error}") from error
        except BaseException:
            self.close()
            raise

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The people in `frame`, best instance score first; empty when there is nobody.

        Raises:
            EstimatorLost: The process has ended, gives no answer in time, or not one that can be true.
            ModelUnavailable: The estimator is closed, or has said so itself.
        """
        if self._closed:
            raise ModelUnavailable(f"estimator of {self.model_id} is closed")
        return self._asked(frame, self._deadline_s)

    def _asked(self, frame: Frame, within_s: float) -> list[PoseEstimate]:
        picture = frame.image if frame.lores is None else frame.lores
        self._number += 1
        self._child.slot.write(self._number, picture)
        note = FrameNote(
            self._number,
            frame.captured_at,
            frame.index,
            (frame.wh[1], frame.wh[0]),
            ((picture.shape[0], picture.shape[1]),),
        )
        try:
            self._child.send(note.packed())
            number, poses = unpacked_poses(self._told(within_s, POSES))
            require_sane(poses, frame.wh)
        except Gone as error:
            raise self._lost(f"stopped: {error}") from error
        except ValueError as error:  # poses that are none
            raise self._lost(f"answers nonsense: {error}") from error
        if number != self._number:
            raise self._lost(f"answered frame {number} when it was asked for frame {self._number}")
        return poses

    def _hangs(self, within_s: float) -> EstimatorHangs:
        return EstimatorHangs(str(super()._hangs(within_s)))

    def _lost(self, why: str) -> EstimatorLost:
        self.close()
        name = getattr(self, "model_id", "the pose network")
        return EstimatorLost(f"the process of {name} {why}; it was killed")


def opened_warm(make: Callable[[], PoseEstimator]) -> PoseEstimator:
    """Open an estimator, and have its slow first call behind it: for a process that stands by."""
    estimator = make()
    estimator.estimate(known_frame(known_picture()))
    return estimator
