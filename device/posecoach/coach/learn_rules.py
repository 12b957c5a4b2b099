"""What a model and other performances of it say of each limb: how much it matters, how much it may vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.learn_examples import most_of
from posecoach.coach.measure import measure
from posecoach.coach.own_posture import allowed_offset, shifted
from posecoach.coach.reference import goes_up
from posecoach.coach.routine import TOLERANCE_FLOOR, LimbRule, Step, View, keypoint_share, shown
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.turning import goes_down, stands_up, turn_of
from posecoach.coach.view import StepKind
from posecoach.coach.way import from_start
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, Limb

Array = NDArray[np.float64]

TOLERANCE_CEILING: Final = 0.35
"""Most tolerance of a limb, in torso lengths: more would forgive everything."""
LEAST_EMPHASIS: Final = 0.25
LEAST_IN_FLOW: Final = 0.5
"""The same in a sequence: it is one pose after another, and in each the limbs that rest carry the others."""
LIFTING: Final = (Limb.LEFT_LEG, Limb.RIGHT_LEG)
"""What does it where the body is lifted, or goes down and up on both feet, however far the arms move."""
HEAD_EMPHASIS: Final = 0.3
"""Of the head in a held pose: where somebody looks is hardly ever what it is about."""


def learned_emphasis(
    views: Mapping[View, tuple[PoseSequence, Sequence[PoseSequence]]], kind: StepKind
) -> dict[Limb, float]:
    """How much each limb matters: how much it moves, as most performances have it, where it is seen to.

    A limb that no model shows does not matter.

    Args:
        views: The model of each view, and other performances seen from there.
        kind: What the movement is.
    """
    moved = dict.fromkeys(Limb, 0.0)
    seen: set[Limb] = set()
    for model, others in views.values():
        found = np.median([_moved(each) for each in (model, *others)], axis=0)
        for limb, keypoints in LIMB_KEYPOINTS.items():
            if mine := [k for k in keypoints if shown(model)[k]]:
                seen.add(limb)
                moved[limb] = max(moved[limb], float(found[mine].mean()))
    most = max(moved.values())
    carried = kind is StepKind.REPS and any(_on_both_feet(model) for model, _ in views.values())
    lifted = kind is StepKind.REPS and any(goes_up(model) for model, _ in views.values())
    emphasis = {}
    for limb in Limb:
        if limb not in seen:
            emphasis[limb] = 0.0
        elif lifted:
            emphasis[limb] = 1.0 if limb in LIFTING else LEAST_EMPHASIS
        elif kind is not StepKind.HOLD:
            least = LEAST_IN_FLOW if kind is StepKind.FLOW else LEAST_EMPHASIS
            share = float(np.clip(moved[limb] / max(most, 1e-9), least, 1.0))
            emphasis[limb] = 1.0 if carried and limb in LIFTING else round(share, 2)
        else:
            emphasis[limb] = HEAD_EMPHASIS if limb is Limb.HEAD else 1.0
    return emphasis


def rules(emphasis: Mapping[Limb, float], tolerance: Mapping[Limb, float]) -> dict[Limb, LimbRule]:
    """The rule of every limb."""
    return {limb: LimbRule(emphasis[limb], tolerance[limb]) for limb in Limb}


def learned_tolerances(step: Step, others: Mapping[View, Sequence[PoseSequence]]) -> dict[Limb, float]:
    """How far other performances of the same are off, in torso lengths, limb by limb.

    It is what `most_of` the performances are not above, their postures left out as far as the step allows it,
    on average over what is mostly seen of the limb; of the view in which that is most; from `TOLERANCE_FLOOR`
    to `TOLERANCE_CEILING`.

    Args:
        step: What they are measured by.
        others: Performances seen from each side; none of a view says nothing.
    """
    widest = dict.fromkeys(Limb, TOLERANCE_FLOOR)
    for view, performances in others.items():
        ruler = yardstick(step, view)
        off: dict[Limb, list[float]] = {limb: [] for limb in Limb}
        for performed in performances:
            offset = allowed_offset(performed.xy[0], ruler.reference.xy[0], step.posture)
            measured = measure(shifted(performed, offset), ruler)
            for limb, keypoints in LIMB_KEYPOINTS.items():
                share = keypoint_share() * (measured.weights >= 0.5)
                mine = [k for k in keypoints if share[k] > 0]
                if mine:
                    off[limb].append(float(np.average(measured.steady[mine], weights=share[mine])))
        widest = {limb: max(wide, most_of(off[limb])) for limb, wide in widest.items()}
    return {limb: round(min(varied, TOLERANCE_CEILING), 3) for limb, varied in widest.items()}


def _on_both_feet(model: PoseSequence) -> bool:
    """Whether the hips go down and up between both feet, as in a squat."""
    known = model.weights * model.weights[0] * keypoint_share()
    turn = turn_of(model, weighted_mean(from_start(model), known), known)
    return goes_down(model, turn) or stands_up(model, turn)


def _moved(performance: PoseSequence) -> Array:
    return np.asarray(np.average(from_start(performance), axis=0, weights=performance.weights + 1e-9))
