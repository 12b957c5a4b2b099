"""A live camera and whoever looks, each in a thread of its own, and a screen that waits for neither."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from posecoach.frame import Frame
from posecoach.newest import Ended
from posecoach.pacing import Pacing
from posecoach.ports import Camera
from posecoach.pose import PoseEstimate

STOP_WITHIN_S: Final = 5.0
_MOST_ANSWERS: Final = 64  # whoever draws so slowly has other troubles

Look = Callable[[Frame], list[PoseEstimate] | None]


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A frame, and the people in it."""

    frame: Frame
    poses: list[PoseEstimate]


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """One drawing of the screen.

    Attributes:
        now: Seconds on the clock of the frames.
        looked: What was looked at since the turn before, in order of time.
        frame: The picture to show; `None` before the first.
        late_s: How much older than it the newest of what was looked at is; 0 where they are the same.
        frame_at: When the newest frame came, `None` before the first.
        looked_at: When the newest answer came, `None` before the first.
    """

    now: float
    looked: tuple[Looked, ...]
    frame: Frame | None
    late_s: float
    frame_at: float | None
    looked_at: float | None


class Live:
    """The newest frame and the newest answer, for a screen with a rate of its own."""

    def __init__(
        self,
        camera: Camera,
        look: Look,
        *,
        prepare: Callable[[], None] = lambda: None,
        pacing: Pacing | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start both threads.

        Args:
            camera: Live, with times on the monotonic clock.
            look: Finds the people in a frame; `None` where it cannot for now. Called in one thread.
            prepare: Called in that thread before.
            pacing: What is drawn when.
            clock: Of the frames.
        """
        self._camera, self._look, self._prepare = camera, look, prepare
        self._pacing = pacing or Pacing()
        self._clock = clock
        self._changed = threading.Condition()
        self._newest: Frame | None = None  # not looked at yet
        self._answers: deque[Looked] = deque(maxlen=_MOST_ANSWERS)
        self._frame_at: float | None = None
        self._looked_at: float | None = None
        self._error: BaseException | None = None
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._guarded, args=(target,), name=name, daemon=True)
            for target, name in ((self._watch, "live camera"), (self._looking, "live looking"))
        ]
        for thread in self._threads:
            thread.start()

    def turns(self) -> Iterator[Turn]:
        """One turn for each drawing that is due, until the camera ends.

        Raises:
            Exception: Whatever camera or look have raised.
        """
        while True:
            with self._changed:
                drawn = None
                while drawn is None:
                    if self._error is not None:
                        if isinstance(self._error, Ended):
                            return
                        raise self._error
                    now = self._clock()
                    drawn = self._pacing.draw(now)
                    if drawn is None:
                        self._changed.wait(max(self._pacing.due_at() - now, 0.0005))
                looked = tuple(self._answers)
                self._answers.clear()
                turn = Turn(now, looked, drawn.frame, drawn.late_s, self._frame_at, self._looked_at)
            yield turn

    def stop(self) -> bool:
        """Let the threads end; whether they did. The camera and whoever looks are to be closed before."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(STOP_WITHIN_S)
        return not any(thread.is_alive() for thread in self._threads)

    def _guarded(self, target: Callable[[], None]) -> None:
        try:
            target()
        except BaseException as error:  # raised again in the thread that draws
            with self._changed:
                self._error = self._error or error
                self._changed.notify_all()

    def _watch(self) -> None:
        for frame in self._camera.frames():
            with self._changed:
                if self._stopping:
                    return
                self._newest = frame
                self._frame_at = self._clock()
                self._pacing.came(frame, self._frame_at)
                self._changed.notify_all()
        raise Ended

    def _looking(self) -> None:
        self._prepare()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._newest is not None)
                if self._stopping:
                    return
                frame, self._newest = self._newest, None
                assert frame is not None
                asked_at = self._clock()
            poses = self._look(frame)
            if poses is None:
                continue
            with self._changed:
                self._looked_at = self._clock()
                self._answers.append(Looked(frame, poses))
                self._pacing.answered(frame, self._looked_at, self._looked_at - asked_at)
                self._changed.notify_all()
