"""Whether recordings show the same movement: what is another one is left out, and said."""

from __future__ import annotations

from typing import Final

import numpy as np

from posecoach.coach.learn_examples import POSTURE_CEILING
from posecoach.coach.learn_rules import TOLERANCE_CEILING, learned_emphasis, rules
from posecoach.coach.likeness import another, unlikeness
from posecoach.coach.measure import measure
from posecoach.coach.own_posture import allowed_offset, shifted
from posecoach.coach.routine import Step, View, keypoint_share
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import warping_path
from posecoach.skeleton import Limb

LEAST_POINTS: Final = 35.0
"""Of a sequence, measured with the widest tolerance: fewer are another one."""
LEAST_LIMB: Final = 60.0
"""Of each limb of a held pose, likewise: there is nothing else that it is made of."""
OTHER_HEIGHTS: Final = 0.85
"""How far heights may differ in two views of a movement, as a share of how far they change."""
LEAST_HEIGHTS: Final = 0.08
"""Torso lengths that heights must change by, on average, to tell anything of that."""
LIKELY_SEEN: Final = 0.5
"""Weight from which a keypoint is compared between two views."""


def ruler_of(model: PoseSequence, kind: StepKind, view: View) -> Yardstick:
    """A yardstick that is as kind as one can be: for telling the same from another."""
    emphasis = learned_emphasis({view: (model, ())}, kind)
    step = Step(
        kind=kind,
        views={view: model},
        limbs=rules(emphasis, dict.fromkeys(Limb, TOLERANCE_CEILING)),
        reps=1 if kind is StepKind.REPS else None,
        hold_s=1.0 if kind is StepKind.HOLD else None,
    )
    return yardstick(step, view)


def is_same(performed: PoseSequence, ruler: Yardstick) -> bool:
    """Whether a performance is the movement of a model, better or worse."""
    offset = allowed_offset(performed.xy[0], ruler.reference.xy[0], POSTURE_CEILING)
    placed = shifted(performed, offset)
    if ruler.kind is StepKind.HOLD:
        limbs = measure(placed, ruler).limbs
        return all(
            points is None or points >= LEAST_LIMB for limb, points in limbs.items() if limb != Limb.HEAD
        )
    if ruler.kind is StepKind.FLOW:
        return (measure(placed, ruler).score or 0.0) >= LEAST_POINTS
    reach = float(ruler.reaches(placed).max())
    home = NormalisedPose(0.0, placed.xy[0], placed.weights[0], np.zeros(2), 1.0)
    off = unlikeness(placed, home, ruler, reach)
    return off is not None and not another(off, reach)


def same_from_aside(one: PoseSequence, other: PoseSequence) -> bool:
    """Whether two views may be of one movement: heights are the same from every side.

    Two held poses are compared as they are, movements by how heights change in them.
    """
    known = np.minimum(np.median(one.weights, axis=0), np.median(other.weights, axis=0))
    share = np.where(known >= LIKELY_SEEN, keypoint_share(), 0.0)
    if share.sum() <= 0.0:
        return True  # nothing says that they are not
    heights, others = (
        each.xy[..., 1] - (each.xy[:1, :, 1] if len(each) > 1 else 0.0) for each in (one, other)
    )
    cost = weighted_mean(np.abs(heights[:, None] - others[None]), np.tile(share, (len(one), len(other), 1)))
    path = warping_path(np.ascontiguousarray(cost))
    far = max(
        float((np.abs(each) @ share).mean() / share.sum())
        for each in (heights[path.query], others[path.reference])
    )
    return far < LEAST_HEIGHTS or path.mean_cost <= OTHER_HEIGHTS * far
