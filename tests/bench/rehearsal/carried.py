"""A camera whose pictures carry the pose in their pixels, and an estimator that reads it there.

Painting a person and finding one again takes a hundred times as long as all that is tried here: processes,
shared memory, deadlines, ladders, session, history, screen. The picture in the slot is real, and what it says
is all that the estimator's process gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters.silent_voice import SilentVoice
from posecoach.coach.utterance import Said
from posecoach.frame import Frame
from posecoach.ports import Camera, Closes, PoseEstimator, Voice
from posecoach.pose import PoseEstimate
from posecoach.service.faults import Injection
from posecoach.service.faulty import Faults, FaultyEstimator, FaultyVoice, open_faulty_camera
from posecoach.skeleton import NUM_KEYPOINTS
from rehearsal.shutter import Moments

WH: Final = (320, 180)
_NUMBERS: Final = np.dtype("<f4")
_ROWS: Final = (NUM_KEYPOINTS, 3)
_SIZE: Final = NUM_KEYPOINTS * 3 * _NUMBERS.itemsize
_MARK: Final = b"pose"


def painted(xy_and_score: NDArray[np.float32] | None) -> NDArray[np.uint8]:
    """A picture, grey but for its first row, which carries a pose; `None` for nobody."""
    picture = np.full((WH[1], WH[0], 3), 96, np.uint8)
    if xy_and_score is not None:
        row = picture[0].reshape(-1)
        row[: len(_MARK)] = np.frombuffer(_MARK, np.uint8)
        row[len(_MARK) : len(_MARK) + _SIZE] = np.frombuffer(
            np.ascontiguousarray(xy_and_score, _NUMBERS).tobytes(), np.uint8
        )
    return picture


def found(picture: NDArray[np.uint8]) -> list[PoseEstimate]:
    """The person in a picture."""
    row = np.ascontiguousarray(picture[0]).reshape(-1)
    if row[: len(_MARK)].tobytes() != _MARK:
        return []
    numbers = row[len(_MARK) : len(_MARK) + _SIZE].tobytes()
    rows = np.frombuffer(numbers, _NUMBERS).reshape(_ROWS).astype(np.float64)
    return [PoseEstimate(rows[:, :2], rows[:, 2], float(rows[:, 2].max()))]


class _Seen:
    """The day's time as a process knows it: by the pictures it has seen."""

    def __init__(self, opened_at: float) -> None:
        self.at = opened_at

    def __call__(self) -> float:
        return self.at

    def see(self, at: float) -> None:
        self.at = max(self.at, at)


class CarriedCamera(Closes):
    """Takes a picture of a performance whenever the shutter says so."""

    live = True
    duration_s = None

    def __init__(self, moments: Path, poses: Path, begun_at: float, rate_hz: float, seen: _Seen) -> None:
        """Open the performance: ``(frame, 17, 3)`` x, y, score; all zero for nobody."""
        self._moments = Moments(moments)
        self._poses = np.load(poses, mmap_mode="r")
        self._begun_at, self._rate_hz, self._seen = begun_at, rate_hz, seen

    def frames(self) -> Iterator[Frame]:
        """Yield frames, one each time."""
        index = 0
        while True:
            at = self._moments.next()
            self._seen.see(at)
            number = round((at - self._begun_at) * self._rate_hz)
            rows = np.asarray(self._poses[number % len(self._poses)])
            yield Frame(index, at, painted(rows if rows.any() else None))
            index += 1

    def close(self) -> None:
        """Nothing is to be let go: the process ends."""


class CarriedEstimator(Closes):
    """Reads the pose that a picture carries."""

    model_id = "carried"

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The person in `frame`."""
        return found(frame.image)

    def close(self) -> None:
        """Nothing to let go."""


class _FaultyByFrames(FaultyEstimator):
    """Whose faults strike by the time of the frames."""

    def __init__(self, estimator: PoseEstimator, injections: Sequence[Injection], begun_at, seen) -> None:
        super().__init__(estimator, Faults(injections, begun_at, seen))
        self._seen = seen

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        self._seen.see(frame.captured_at)
        return super().estimate(frame)


class _FaultyBySayings(FaultyVoice):
    """Whose faults strike by the time of what is said."""

    def __init__(self, injections: Sequence[Injection], begun_at: float, seen: _Seen) -> None:
        super().__init__(SilentVoice(), Faults(injections, begun_at, seen))
        self._seen = seen

    def say(self, said: Said) -> None:
        self._seen.see(said.at_s)
        super().say(said)


def open_voice(begun_at: float, opened_at: float, injections: Sequence[Injection]) -> Voice:
    """In the voice's process."""
    return _FaultyBySayings(injections, begun_at, _Seen(opened_at))


def open_camera(
    moments: Path,
    poses: Path,
    begun_at: float,
    rate_hz: float,
    opened_at: float,
    injections: Sequence[Injection],
) -> Camera:
    """In the camera's process."""
    seen = _Seen(opened_at)

    def make() -> Camera:
        return CarriedCamera(moments, poses, begun_at, rate_hz, seen)

    return open_faulty_camera(make, injections, begun_at, seen)


def open_estimator(begun_at: float, opened_at: float, injections: Sequence[Injection]) -> PoseEstimator:
    """In the estimator's process."""
    return _FaultyByFrames(CarriedEstimator(), injections, begun_at, _Seen(opened_at))


def ready() -> None:
    """What a process imports while it waits: to find this function it has to import it all."""
