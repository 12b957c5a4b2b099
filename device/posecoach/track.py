"""A pose track: what a recording keeps of a movement instead of its pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import TrackError
from posecoach.pose import PoseEstimate


@dataclass(frozen=True, slots=True, eq=False)
class TrackFrame:
    """One moment of a track.

    Attributes:
        at_s: Seconds from the start of the recording.
        pose: The person, or `None` where nobody was found.
    """

    at_s: float
    pose: PoseEstimate | None


class StoredFrames(Sequence[TrackFrame]):
    """The frames of a long track, each made when it is asked for: an hour at 30 Hz is 50 MB, not 500."""

    def __init__(
        self, at_s: NDArray[np.float64], values: NDArray[np.float64], present: Sequence[int]
    ) -> None:
        """Keep what was read; the values are rounded as `track_pose` does it.

        Args:
            at_s: ``(time,)`` seconds from the start of the recording.
            values: ``(time, 17, 3)`` of x, y and score, finite, scores in [0, 1].
            present: ``(time)`` whether the person was found, 0 or 1.
        """
        self.at_s: list[float] = at_s.tolist()
        self._xy = values[..., :2].round(2)
        self._scores = values[..., 2].round(4)
        self._score: list[float] = self._scores.mean(axis=1).tolist()
        self._present = present

    def __len__(self) -> int:
        return len(self.at_s)

    @property
    def found(self) -> list[int]:
        """The numbers of the frames in which the person was found; none of them is made for that."""
        return [number for number, present in enumerate(self._present) if present]

    @overload
    def __getitem__(self, index: int) -> TrackFrame: ...
    @overload
    def __getitem__(self, index: slice) -> list[TrackFrame]: ...
    def __getitem__(self, index: int | slice) -> TrackFrame | list[TrackFrame]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if not self._present[index]:
            return TrackFrame(self.at_s[index], None)
        pose = PoseEstimate(self._xy[index], self._scores[index], self._score[index])
        return TrackFrame(self.at_s[index], pose)


@dataclass(frozen=True, slots=True, eq=False)
class PoseTrack:
    """One person's poses over time.

    Attributes:
        image_wh: Size of the pictures that the keypoints are in, in pixels.
        frames: In order of time; at least one.
    """

    image_wh: tuple[int, int]
    frames: Sequence[TrackFrame]

    def __post_init__(self) -> None:
        if not self.frames:
            raise TrackError("a track needs at least one frame, got none")
        if min(self.image_wh) < 1:
            raise TrackError(f"image_size must be two numbers of at least 1, got {list(self.image_wh)}")
        for index, (before, after) in enumerate(pairwise(self.at_s), 1):
            if not after > before:
                raise TrackError(f"frame {index}: t is {after} after {before}; times must rise")

    def __iter__(self) -> Iterator[TrackFrame]:
        return iter(self.frames)

    @property
    def at_s(self) -> list[float]:
        """The time of every frame."""
        frames = self.frames
        return frames.at_s if isinstance(frames, StoredFrames) else [frame.at_s for frame in frames]

    @property
    def found(self) -> list[int]:
        """The numbers of the frames in which the person was found."""
        frames = self.frames
        if isinstance(frames, StoredFrames):
            return frames.found
        return [number for number, frame in enumerate(frames) if frame.pose is not None]

    def between(self, start_s: float, end_s: float) -> PoseTrack:
        """The part from one time to another, both included, with times from 0."""
        kept = [frame for frame in self.frames if start_s - 1e-6 <= frame.at_s <= end_s + 1e-6]
        if not kept:
            raise TrackError(f"no frame between {start_s:.2f} and {end_s:.2f} s")
        first_s = kept[0].at_s
        return PoseTrack(self.image_wh, [TrackFrame(frame.at_s - first_s, frame.pose) for frame in kept])


def track_pose(xy: NDArray[np.floating], scores: NDArray[np.floating]) -> PoseEstimate:
    """A pose as a track keeps it: hundredths of a pixel, scores to four decimals."""
    rounded = np.asarray(scores, dtype=np.float64).round(4)
    return PoseEstimate(np.asarray(xy, dtype=np.float64).round(2), rounded, float(rounded.mean()))
