"""Cutting a recording into what is performed in it: repetitions, a held pose, a whole sequence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.learn_reps import repetitions, rises
from posecoach.coach.reference import goes_up, reference_of
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence
from posecoach.track import PoseTrack

Array = NDArray[np.float64]

STILL_SPEED: Final = 0.25
"""Mean speed of the keypoints, in torso lengths per second, up to which somebody holds still."""
LEAST_DISPLACEMENT: Final = 0.12
"""How far some keypoint comes within a second, in torso lengths, while a sequence goes on, however slowly."""
LEAST_STILL_S: Final = 1.0
LONGEST_FLOW_S: Final = 180.0


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One performance in a recording.

    Attributes:
        track: It alone, from 0 s; of a held pose one frame.
        start_s, end_s: Where it is in the recording.
    """

    track: PoseTrack
    start_s: float
    end_s: float


def cut_reps(track: PoseTrack, samples: PoseSequence) -> list[Cut]:
    """Every complete repetition of a recording that `watch` has looked at.

    Raises:
        RoutineError: There is none.
    """
    spans = repetitions(samples)
    if not spans:
        raise RoutineError(
            "no complete repetition found: start and end in the starting pose with all of you in view, "
            "and do it at least once (three times is better)"
        )
    return [Cut(track.between(start_s, end_s), start_s, end_s) for start_s, end_s in spans]


def cut_rises(track: PoseTrack, poses: Sequence[NormalisedPose]) -> list[Cut]:
    """Every repetition in which nothing moves but the whole body, upwards; none where there is none."""
    cuts = [Cut(track.between(start_s, end_s), start_s, end_s) for start_s, end_s in rises(poses)]
    return [cut for cut in cuts if goes_up(reference_of(cut.track))]


def cut_holds(track: PoseTrack, samples: PoseSequence) -> list[Cut]:
    """The pose that is held longest.

    Raises:
        RoutineError: None is held.
    """
    first, last = _longest_still(samples)
    start_s, end_s = float(samples.at_s[first]), float(samples.at_s[last])
    if end_s - start_s < LEAST_STILL_S:
        raise RoutineError(f"no pose is held for {LEAST_STILL_S:.0f} s; hold still for a few seconds")
    middle = np.median(samples.xy[first : last + 1], axis=0)
    nearest = first + int(np.argmin(np.abs(samples.xy[first : last + 1] - middle).sum(axis=(1, 2))))
    moment_s = min(
        (frame.at_s for frame in track if frame.pose), key=lambda at_s: abs(at_s - samples.at_s[nearest])
    )
    return [Cut(track.between(moment_s, moment_s), start_s, end_s)]


def cut_flows(track: PoseTrack, samples: PoseSequence) -> list[Cut]:
    """All from where it begins to move to where it stops.

    Raises:
        RoutineError: Nothing moves, or it is too long.
    """
    moving = np.flatnonzero(_displacement(samples) > LEAST_DISPLACEMENT)
    if len(moving) < 2:
        raise RoutineError("nothing moves; record the whole sequence once")
    start_s, end_s = float(samples.at_s[moving[0]]), float(samples.at_s[moving[-1]])
    if end_s - start_s > LONGEST_FLOW_S:
        raise RoutineError(
            f"lasts {end_s - start_s:.0f} s, a flow at most {LONGEST_FLOW_S:.0f} s; "
            "cut it into several routines"
        )
    return [Cut(track.between(start_s, end_s), start_s, end_s)]


CUTS: Final[Mapping[StepKind, Callable[[PoseTrack, PoseSequence], list[Cut]]]] = {
    StepKind.REPS: cut_reps,
    StepKind.HOLD: cut_holds,
    StepKind.FLOW: cut_flows,
}
"""How a recording of each kind is cut."""


def _speed(samples: PoseSequence) -> Array:
    """``(time,)`` mean speed of the seen keypoints over half a second, in torso lengths per second."""
    moved = np.diff(samples.xy, axis=0, prepend=samples.xy[:1])
    step_s = np.maximum(np.diff(samples.at_s, prepend=samples.at_s[0] - 1.0), 1e-3)
    weights = samples.weights + 1e-9
    speed = np.average(np.sqrt((moved * moved).sum(axis=-1)), axis=-1, weights=weights) / step_s
    window = np.ones(7) / 7.0
    return np.convolve(np.pad(speed, 3, mode="edge"), window, mode="valid")


def _displacement(samples: PoseSequence) -> Array:
    """``(time,)`` how far the keypoint that moves most comes within the second around each sample."""
    time, half = np.arange(len(samples)), round(SAMPLE_RATE_HZ / 2)
    before, after = np.maximum(time - half, 0), np.minimum(time + half, time[-1])
    apart = np.linalg.norm(samples.xy[after] - samples.xy[before], axis=-1)
    seen = np.minimum(samples.weights[before], samples.weights[after]) >= 0.5
    return np.asarray((apart * seen).max(axis=-1))


def _longest_still(samples: PoseSequence) -> tuple[int, int]:
    """First and last sample of the longest time that somebody holds still; the first of equals."""
    still = np.concatenate(([False], _speed(samples) <= STILL_SPEED, [False])).astype(int)
    starts, ends = np.flatnonzero(np.diff(still) == 1), np.flatnonzero(np.diff(still) == -1) - 1
    if len(starts) == 0:
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])
