"""Finding the repetitions in a recording of a movement that nobody has described yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.reps import RepCounter
from posecoach.coach.routine import keypoint_share
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.local_cost import cost_matrix
from posecoach.motion.pose_distance import bone_directions
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import warping_path

Array = NDArray[np.float64]

LEAST_MOVEMENT: Final = 0.25
"""Distance between the two ends of a movement, in torso lengths, that some keypoint must cover: a curl of
one arm is a movement, the noise of a network is none."""
COMPLETE: Final = 0.75
"""Reach of a repetition, against the furthest in the recording, to be a model for others."""
MOST_COMPARED: Final = 16
"""Repetitions compared with each other to find the most typical; of more, an even choice."""


def repetitions(samples: PoseSequence) -> list[tuple[float, float]]:
    """Start and end of every complete repetition, in seconds.

    The movement runs along its first principal component; the end of it where the recording starts is
    the starting pose. The repetitions are then cut exactly as they will be when somebody does them.
    """
    ends = _ends_of_movement(samples)
    if ends is None:
        return []
    scale = _between(*ends)
    reaches = [scale.reach(xy, weights) for xy, weights in zip(samples.xy, samples.weights, strict=True)]
    counter = RepCounter()
    found = [counter.push(sample, reach) for sample, reach in enumerate(reaches) if reach is not None]
    spans = [span for span in (*found, counter.close()) if span is not None]
    furthest = max((span.best_reach for span in spans), default=0.0)
    return [
        (float(samples.at_s[span.start]), float(samples.at_s[span.end]))
        for span in spans
        if span.best_reach >= COMPLETE * furthest
    ]


def most_typical(sequences: Sequence[PoseSequence]) -> int:
    """Index of the sequence with the least DTW distance to all others; the first of equals."""
    chosen = np.unique(
        np.linspace(0, len(sequences) - 1, min(len(sequences), MOST_COMPARED)).round().astype(int)
    )
    if len(chosen) < 3:
        return 0
    emphasis = keypoint_share()
    apart = np.zeros((len(chosen), len(chosen)))
    for row, one in enumerate(chosen):
        for column, other in enumerate(chosen[:row]):
            path = warping_path(cost_matrix(sequences[one], sequences[other], emphasis))
            apart[row, column] = apart[column, row] = path.mean_cost
    return int(chosen[np.argmin(apart.sum(axis=0).round(9))])


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
