"""One model in one process, with a spare beside it, and where it stands on its ladder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import PosecoachError
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.service.child_estimator import ChildEstimator, EstimatorHangs, EstimatorLost
from posecoach.service.ladder import Cause, Climb, Step
from posecoach.service.spawned import Gone, Spawned, usable
from posecoach.service.verify import Doubt, known_frame, known_picture, require_known

StartEstimator = Callable[[Spawned | None, NDArray[np.uint8]], ChildEstimator]


class KeptModel:
    """Starts, asks, doubts and ends the processes of one model.

    Attributes:
        due: When the next process may be started, on the clock that `fell` is told.
        picture: The known picture that a new process is asked about.
    """

    def __init__(
        self,
        model_id: str,
        start: StartEstimator,
        climb: Climb,
        *,
        spare: Callable[[], Spawned] | None = None,
        present: Callable[[], bool] = lambda: False,
    ) -> None:
        """Start nothing yet.

        Args:
            model_id: What to call it.
            start: Makes the process, of a spare one if there is any, and asks it about a picture.
            climb: Its ladder.
            spare: Makes a spare process, so that the next one is quick; the quickest has opened the model.
            present: Whether what it needs is to be seen, though it cannot be opened.
        """
        self.model_id = model_id
        self.due = float("-inf")
        self.picture = known_picture()
        self._start, self._make_spare, self._climb = start, spare, climb
        self._present = present
        self._lock = threading.Lock()  # who makes a process, and who ends them all
        self._closed = False
        self._child: ChildEstimator | None = None
        self._spare: Spawned | None = None
        self._expected: Sequence[PoseEstimate] | None = None
        self._doubt = Doubt()

    @property
    def ready(self) -> bool:
        """Whether there is a process that was believed."""
        return self._child is not None

    def start(self) -> None:
        """Have a process, and see that it answers a known picture as the one before did.

        Raises:
            ModelUnavailable: It cannot be had.
            ModelError: It cannot be used or believed.
        """
        spare, self._spare = self._spare, None
        child = self._start(usable(spare), self.picture)
        expected, self._expected = self._expected, None  # if two disagree, the third decides
        try:
            if expected is not None:
                require_known(child.known_answer, expected, self.model_id)
        except PosecoachError:
            child.close()
            raise
        with self._lock:
            if self._closed:
                child.close()
                return
            self._expected, self._child = child.known_answer, child
        self._doubt.forget()

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The people in `frame`.

        Raises:
            PosecoachError: The process has failed and is ended.
        """
        child = self._child
        if child is None:
            raise EstimatorLost(f"{self.model_id} is not running")
        poses = child.estimate(frame)
        if self._doubt.doubts(frame.captured_at, poses, frame.wh) and self._expected is not None:
            self._doubt.forget()
            require_known(child.estimate(known_frame(self.picture)), self._expected, self.model_id)
        return poses

    def fell(self, now: float, error: PosecoachError) -> Step:
        """It has failed: end its process, and say what the ladder says."""
        child, self._child = self._child, None
        if child is not None:
            child.close()
        step = self._climb.fell(now, self._cause(error, child))
        self.due = now + step.wait_s
        return step

    def stood(self, now: float) -> None:
        """It works."""
        self._climb.stood(now)

    def have_spare(self) -> None:
        """Have a spare process, if there shall be any."""
        with self._lock:
            if self._spare is None and self._make_spare is not None and not self._closed:
                with suppress(Gone):  # then there is none for now
                    self._spare = self._make_spare()

    def rest(self) -> None:
        """End the processes; it may be started again."""
        child, self._child = self._child, None
        spare, self._spare = self._spare, None
        for part in (child, spare):
            if part is not None:
                part.close()

    def close(self) -> None:
        """End the processes, from any thread; a second call does nothing."""
        with self._lock:
            self._closed = True
            child, spare = self._child, self._spare
            self._spare = None
        if child is not None:
            child.kill()
        if spare is not None:
            spare.close()

    def _cause(self, error: PosecoachError, child: ChildEstimator | None) -> Cause:
        if child is not None and not child.gone:
            return Cause.STUCK
        if isinstance(error, EstimatorHangs):
            return Cause.HUNG
        if isinstance(error, ValueError):
            return Cause.NONSENSE
        if child is None and not isinstance(error, EstimatorLost) and not self._present():
            return Cause.ABSENT  # the estimator itself has said why: no stick, no library
        return Cause.DIED
