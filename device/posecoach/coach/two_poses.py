"""Two poses side by side: the metrics that others have named, and the coach's own score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from posecoach.coach.measure import hidden_reason, measure
from posecoach.coach.routine import TOLERANCE_FLOOR, LimbRule, Step, shown
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import viewpoint
from posecoach.motion.named_metrics import (
    cosine_distance,
    cosine_similarity,
    euclidean_distance,
    weighted_distance,
)
from posecoach.motion.normalise import confidence_weights, normalise, torso
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Limb

_ALL_ALIKE = {limb: LimbRule(1.0, TOLERANCE_FLOOR) for limb in Limb}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two poses are.

    Attributes:
        cosine_similarity, cosine_distance, euclidean_distance: As `named_metrics` has them, of all 17
            keypoints, seen or not.
        weighted_distance: The same by the confidences of the first; `None` where it is sure of none.
        score: The coach's, 0..100, of the second held against the first; `None` with a reason.
        coverage: Share of what the first shows that the second shows as well, 0..1.
        reason: Why there is no score; else empty.
        limbs: Score of each limb; `None` where not judged.
    """

    cosine_similarity: float
    cosine_distance: float
    euclidean_distance: float
    weighted_distance: float | None
    score: float | None
    coverage: float
    reason: str
    limbs: Mapping[Limb, float | None]


def likeness(wanted: PoseEstimate, shown_pose: PoseEstimate) -> Likeness:
    """Compare two poses; the first is the one that the second should be like."""
    one, other = wanted.keypoints_xy, shown_pose.keypoints_xy
    weighted = float(weighted_distance(one, wanted.keypoint_scores, other))
    score, coverage, reason, limbs = _coached(wanted, shown_pose)
    return Likeness(
        float(cosine_similarity(one, other)),
        float(cosine_distance(one, other)),
        float(euclidean_distance(one, other)),
        weighted if np.isfinite(weighted) else None,
        score,
        coverage,
        reason,
        limbs,
    )


def _coached(
    wanted: PoseEstimate, shown_pose: PoseEstimate
) -> tuple[float | None, float, str, dict[Limb, float | None]]:
    """The coach's score as of a held pose, every limb mattering alike; coverage, reason, limbs."""
    nothing: dict[Limb, float | None] = dict.fromkeys(Limb)
    sequences = [_alone(pose) for pose in (wanted, shown_pose)]
    for which, sequence in zip(("first", "second"), sequences, strict=True):
        if sequence is None:
            return None, 0.0, f"the {which} shows no shoulders or no hips", nothing
    reference, performed = (sequence for sequence in sequences if sequence is not None)
    if not shown(reference).any():
        return None, 0.0, "the first shows too little of the body", nothing
    views = [viewpoint(each.xy, each.weights) for each in (reference, performed)]
    if views[0] is not views[1]:
        sides = f"the first is seen from the {views[0]}, the second from the {views[1]}"
        return None, 0.0, f"{sides}: only poses from one side can be scored", nothing
    step = Step(StepKind.HOLD, {views[0]: reference}, _ALL_ALIKE, hold_s=1.0)
    by = yardstick(step, views[0])
    measured = measure(performed, by)
    reason = "" if measured.score is not None else hidden_reason(measured.weights, by.emphasis)
    return measured.score, measured.coverage, reason, dict(measured.limbs)


def _alone(pose: PoseEstimate) -> PoseSequence | None:
    """A pose as a sequence of one; `None` where the torso is not seen."""
    xy = np.asarray(pose.keypoints_xy, dtype=np.float64)
    weights = confidence_weights(pose.keypoint_scores)
    found = torso(xy, weights)
    return None if found is None else sequence_of([normalise(0.0, xy, weights, *found)])
