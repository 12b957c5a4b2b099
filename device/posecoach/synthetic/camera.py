"""The athlete as a camera."""

from __future__ import annotations

import time
from collections.abc import Iterator

from posecoach.errors import CameraError
from posecoach.frame import Frame
from posecoach.ports import Closes
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.scenario import Scenario
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.visit import VisitStage


class SyntheticCamera(Closes):
    """Frames of a `Scenario`; the same scenario gives the same bytes, everywhere.

    ``captured_at`` lies on the grid of the frame rate. By itself it plays as fast as it is read, once; with
    ``live=1`` it keeps to the clock, leaves out frames that come too late, and begins again at the end, or
    stops at ``duration``.
    """

    def __init__(self, options: str = "") -> None:
        """Set the scene.

        Args:
            options: See `Scenario.parse`.

        Raises:
            RoutineError: There is no such motion or fault.
            CameraError: An option is unknown or has a wrong value.
        """
        self._scenario = Scenario.parse(options)
        self._visit = self._scenario.visit()
        self._athlete = self._scenario.athlete() if self._visit is None else self._visit.athlete
        self._performed_s = self._athlete.duration_s if self._visit is None else self._visit.duration_s
        self._state = "open"

    @property
    def live(self) -> bool:
        """Whether frames come at their own time."""
        return self._scenario.live

    @property
    def duration_s(self) -> float | None:
        """Length in seconds; `None` where it is live."""
        return None if self.live else self._length_s

    @property
    def athlete(self) -> Athlete:
        """Who performs, for the truth about it."""
        return self._athlete

    def frames(self) -> Iterator[Frame]:
        """Yield the frames; may be called once.

        Raises:
            CameraError: Called twice, or the camera is closed.
        """
        if self._state != "open":
            raise CameraError(f"the synthetic camera is {self._state}, it gives no frames; open another")
        self._state = "already read"
        return self._painted()

    def close(self) -> None:
        """End the frames; a second call does nothing."""
        self._state = "closed"

    @property
    def _length_s(self) -> float:
        given = self._scenario.duration
        return self._performed_s if given is None else given

    def _painted(self) -> Iterator[Frame]:
        if self._visit is None:
            stage: Stage | VisitStage = Stage(self._athlete, self._scenario.seed)
        else:
            stage = VisitStage(self._visit)
        rate = self._scenario.rate
        count = round(self._length_s * rate)
        index = number = 0
        since = self._scenario.since
        begun = time.monotonic() if since is None else since
        while self._endless or number < count:
            if self._state == "closed":
                raise CameraError("the synthetic camera was closed while its frames were being read")
            if self.live:
                # The newest frame that is due, or the next one in its time: what is late is left out.
                number = max(number, int((time.monotonic() - begun) * rate))
                time.sleep(max(begun + number / rate - time.monotonic(), 0.0))
            at_s = number / rate
            within_s = at_s % self._performed_s if self._endless else at_s
            yield Frame(index, at_s + (since or 0.0), stage.picture(within_s))
            index, number = index + 1, number + 1

    @property
    def _endless(self) -> bool:
        return self.live and self._scenario.duration is None
