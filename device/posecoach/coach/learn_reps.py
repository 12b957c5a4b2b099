"""Finding the repetitions in a recording of a movement that nobody has described yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.reference import LEAST_RISE
from posecoach.coach.reps import RepCounter, RepSpan
from posecoach.coach.routine import keypoint_share
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.floor_level import rises_of
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import bone_directions, weighted_mean
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]

LEAST_SEEN: Final = 0.5
"""Weight of a keypoint of which it can be told how far it went."""
LEAST_MOVEMENT: Final = 0.25
"""Distance between the two ends of a movement, in torso lengths, that some keypoint must cover: a curl of
one arm is a movement, the noise of a network is none."""
CAME_BACK: Final = 0.35
"""Distance from the starting pose, as a share of the furthest, up to which all of the body is back in it."""
LONGEST_SINGLE_S: Final = 10.0
"""A recording up to this long may be of one repetition and nothing else."""
SHORTEST_S: Final = 0.4
"""Nobody goes there and back in less."""
RETURNED: Final = 0.5
"""Share of the furthest that a keypoint which moves for the movement's sake may still be away at its end."""
SET_OUT: Final = 0.1
"""Share of the furthest from which such a movement has begun, or is not over."""
COMPLETE: Final = 0.75
"""Reach of a repetition, against the furthest in the recording, to be a model for others."""


def repetitions(samples: PoseSequence) -> list[tuple[float, float]]:
    """Start and end of every complete repetition, in seconds.

    The movement runs along its first principal component; the end of it where the recording starts is
    the starting pose. The repetitions are then cut exactly as they will be when somebody does them; what
    passes by the starting pose without coming back to it is no end of one. A short recording without a
    complete one may be a single one that was cut closely: it is all that goes away from its first pose and
    comes back.
    """
    return _complete(samples) or _single(samples)


def rises(poses: Sequence[NormalisedPose]) -> list[tuple[float, float]]:
    """The same of a movement that only raises the whole body, as a heel raise does.

    Poses are measured from the hips, so it is seen against the floor alone.
    """
    risen = rises_of(poses)
    top = float(np.percentile(risen, 98))
    if top < LEAST_RISE:
        return []
    counter = RepCounter()
    found = [counter.push(number, float(rise) / top) for number, rise in enumerate(risen)]
    spans = [span for span in (*found, counter.close()) if span is not None]
    times = [(poses[span.start].captured_at, poses[span.end].captured_at) for span in spans]
    return [
        (start_s, end_s)
        for span, (start_s, end_s) in zip(spans, times, strict=True)
        if span.best_reach >= COMPLETE and end_s - start_s >= SHORTEST_S
    ]


def _complete(samples: PoseSequence) -> list[tuple[float, float]]:
    ends = _ends_of_movement(samples)
    if ends is None:
        return []
    scale = _between(*ends)
    reaches = [scale.reach(xy, weights) for xy, weights in zip(samples.xy, samples.weights, strict=True)]
    counter = RepCounter()
    found = [counter.push(sample, reach) for sample, reach in enumerate(reaches) if reach is not None]
    spans = _whole([span for span in (*found, counter.close()) if span is not None], samples, ends[0])
    furthest = max((span.best_reach for span in spans), default=0.0)
    return [
        (float(samples.at_s[span.start]), float(samples.at_s[span.end]))
        for span in spans
        if span.best_reach >= COMPLETE * furthest
        and samples.at_s[span.end] - samples.at_s[span.start] >= SHORTEST_S
    ]


def _whole(spans: Sequence[RepSpan], samples: PoseSequence, rest: Array) -> list[RepSpan]:
    """The repetitions, those joined between which not all of the body was back in the starting pose."""
    away = weighted_mean(np.hypot(*np.moveaxis(samples.xy - rest, -1, 0)), samples.weights * keypoint_share())
    joined: list[RepSpan] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is None or last.end != span.start or away[span.start] <= CAME_BACK * away.max():
            joined.append(span)
            continue
        further = max(last, span, key=lambda each: each.best_reach)
        joined[-1] = RepSpan(last.start, further.turn, span.end, further.best_reach)
    return joined


def _single(samples: PoseSequence) -> list[tuple[float, float]]:
    """Start and end of the only repetition of a short recording; none where nothing goes and comes back."""
    if samples.duration_s > LONGEST_SINGLE_S:
        return []
    away = np.hypot(*np.moveaxis(samples.xy - samples.xy[0], -1, 0))  # (time, 17)
    away = away * (samples.weights * samples.weights[0] >= LEAST_SEEN)
    furthest, last = away.max(axis=0), away[-1]
    there_and_back = (furthest >= LEAST_MOVEMENT) & (last <= RETURNED * furthest) & (keypoint_share() >= 1.0)
    if not there_and_back.any():
        return []
    moving = (away[:, there_and_back] >= SET_OUT * furthest[there_and_back]).any(axis=1)
    first, end = np.flatnonzero(moving)[[0, -1]]
    start = max(int(first) - 1, 0)
    return [(float(samples.at_s[start]), float(samples.at_s[min(int(end) + 1, len(samples) - 1)]))]


def _ends_of_movement(samples: PoseSequence) -> tuple[Array, Array, Array] | None:
    """Starting pose, turning pose ``(17, 2)`` and weights ``(17,)``; `None` where nothing moves."""
    weights = samples.weights.mean(axis=0) * keypoint_share()
    flat = (samples.xy * np.sqrt(weights)[None, :, None]).reshape(len(samples), -1)
    centred = flat - np.median(flat, axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    low, high = np.percentile(along, [2, 98])
    if high - low < 1e-9:
        return None
    share = (along - low) / (high - low)
    if share[: max(len(share) // 30, 3)].mean() > 0.5:
        share = 1.0 - share
    rest = np.median(samples.xy[share <= 0.2], axis=0)
    turn = np.median(samples.xy[share >= 0.8], axis=0)
    moved = np.sqrt(((turn - rest) ** 2).sum(axis=-1))
    if float((moved * (weights > 0.15)).max()) < LEAST_MOVEMENT:
        return None
    return rest, turn, weights


def _between(rest: Array, turn: Array, weights: Array) -> Yardstick:
    """A yardstick that knows only the two ends of a movement, for its reach."""
    xy = np.stack([rest, turn])
    ends = PoseSequence(
        np.array([0.0, 1.0]), xy, np.tile((weights > 0.05).astype(float), (2, 1)), bone_directions(xy)
    )
    none = np.zeros(len(weights))
    return Yardstick(StepKind.REPS, ends, weights, none, none, share=np.ones(2), turn=1)
