"""What is measured of a pose in degrees: the angles at the joints, and how far the trunk leans."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import View
from posecoach.coach.turning import goes_down
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.joint_angles import JOINTS, joint_angles_deg, joint_weights
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import JOINT_LIMB, Joint, Keypoint, Limb

Array = NDArray[np.float64]

GAUGES: Final[tuple[Joint | None, ...]] = (*JOINTS, None)
"""What each column is; `None` is the lean of the trunk."""
GAUGE_LIMB: Final = tuple(JOINT_LIMB[joint] if joint else Limb.TRUNK for joint in GAUGES)
"""The limb each is about."""

_FLAT: Final = 0.85
"""Share of its full length from which a bone is taken to lie in the picture."""
# The least a bone is long that ends here, in torso lengths: nine tenths of what Winter, Biomechanics and
# Motor Control of Human Movement, figure 4.1, gives an average adult.
_LEAST_LENGTH: Final = {
    Keypoint[f"{side}_{name}"]: length
    for side in ("LEFT", "RIGHT")
    for name, length in (("KNEE", 0.77), ("ANKLE", 0.77), ("ELBOW", 0.54))
}
LEAST_TRUNK: Final = 0.6
"""Torso lengths of a trunk in the picture, below which it is bent more than half way towards the camera."""
_SHOULDERS: Final = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
NEARLY_STRAIGHT_DEG: Final = 150.0
"""Angle of a knee from which the distance of its hip and ankle does not tell it."""
_KNEES: Final = [GAUGES.index(joint) for joint in (Joint.LEFT_KNEE, Joint.RIGHT_KNEE)]
_ON_TRUNK: Final = [
    column for column, joint in enumerate(GAUGES) if joint is None or joint.endswith(("hip", "shoulder"))
]
_TURNING: Final = tuple(
    (
        Keypoint[f"{side}_{start}"],
        Keypoint[f"{side}_{end}"],
        [GAUGES.index(Joint[f"{side}_{name}"]) for name in (start, end)],
    )
    for side in ("LEFT", "RIGHT")
    for start, end in (("HIP", "KNEE"), ("SHOULDER", "ELBOW"))
)
"""The bones that may point at the camera, and the joints at their ends."""


def gauges_deg(xy: Array, weights: Array, view: View, *, on_both_feet: bool = False) -> Array:
    """``(time, 9)`` degrees, in the order of `GAUGES`.

    The trunk's lean is 0 upright; from the front positive to the subject's left, from a side positive
    forward. A hidden shoulder or hip leaves its twin to stand for both.

    Args:
        xy: ``(time, 17, 2)`` normalised.
        weights: ``(time, 17)``.
        view: The side it is seen from.
        on_both_feet: Whether it is somebody who goes down and up on both feet.
    """
    up = _middle(xy, weights, _SHOULDERS) - _middle(xy, weights, _HIPS)
    across = -up[:, 0] if view is View.LEFT else up[:, 0]
    lean = np.degrees(np.arctan2(across, -up[:, 1]))
    angles = joint_angles_deg(xy)
    if view is View.FRONT:
        _turn_out_of_picture(angles, xy, weights, on_both_feet=on_both_feet)
    return np.concatenate([angles, lean[:, None]], axis=1)


def _turn_out_of_picture(angles: Array, xy: Array, weights: Array, *, on_both_feet: bool) -> None:
    """Mend the joint angles of somebody seen from the front: a thigh that points at the camera is short.

    How short tells how far thighs and upper arms turn out of the picture; shins, forearms and the trunk
    are taken as they are seen. The knees of somebody on both feet follow from how near the hips are to
    the ankles.
    """
    for side in ("LEFT", "RIGHT"):
        hip, knee, ankle, shoulder, elbow = (
            Keypoint[f"{side}_{name}"] for name in ("HIP", "KNEE", "ANKLE", "SHOULDER", "ELBOW")
        )
        thigh, thigh_length = _in_space(xy, weights, hip, knee)
        arm, _ = _in_space(xy, weights, shoulder, elbow)
        shin, shin_length = _in_space(xy, weights, knee, ankle)
        shin[:, 2] = 0.0
        up = np.concatenate([xy[:, shoulder] - xy[:, hip], np.zeros((len(xy), 1))], axis=1)
        angles[:, JOINTS.index(Joint[f"{side}_HIP"])] = _between_deg(up, thigh)
        angles[:, JOINTS.index(Joint[f"{side}_SHOULDER"])] = _between_deg(-up, arm)
        knee_deg = _between_deg(-thigh, shin)
        if on_both_feet:
            apart = np.hypot(*(xy[:, ankle] - xy[:, hip]).T)
            cosine = (thigh_length**2 + shin_length**2 - apart**2) / (2.0 * thigh_length * shin_length)
            knee_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
        angles[:, JOINTS.index(Joint[f"{side}_KNEE"])] = knee_deg


def _in_space(xy: Array, weights: Array, start: Keypoint, end: Keypoint) -> tuple[Array, float]:
    """``(time, 3)`` a bone, the third axis out of the picture, and its full length."""
    bone = xy[:, end] - xy[:, start]
    length = np.hypot(bone[:, 0], bone[:, 1])
    seen = (weights[:, end] >= 0.5) & (weights[:, start] >= 0.5)
    longest = _nearly_longest(length[seen]) if seen.any() else 0.0
    full = max(longest, _LEAST_LENGTH[end])
    flat = np.minimum(length / (_FLAT * full), 1.0)
    return np.concatenate([bone, (full * np.sqrt(1.0 - flat**2))[:, None]], axis=1), full


def _nearly_longest(lengths: Array) -> float:
    """The 95th percentile."""
    ascending = np.sort(lengths)
    place = 0.95 * (len(ascending) - 1)
    below = int(place)
    above = min(below + 1, len(ascending) - 1)
    return float(ascending[below] + (place - below) * (ascending[above] - ascending[below]))


def _between_deg(one: Array, other: Array) -> Array:
    (x, y, z), (u, v, w) = one.T, other.T
    cross_x, cross_y, cross_z = y * w - z * v, z * u - x * w, x * v - y * u
    cross = np.sqrt(cross_x * cross_x + cross_y * cross_y + cross_z * cross_z)
    return np.asarray(np.degrees(np.arctan2(cross, x * u + y * v + z * w)))


def gauge_weights(weights: Array, view: View) -> Array:
    """``(time, 9)`` how far each can be trusted, in [0, 1].

    From the front the lean needs both shoulders and both hips, from a side one of each.
    """
    one = np.min if view is View.FRONT else np.max
    trunk = np.minimum(one(weights[:, _SHOULDERS], axis=1), one(weights[:, _HIPS], axis=1))
    return np.concatenate([joint_weights(weights), trunk[:, None]], axis=1)


@lru_cache(maxsize=8)
def gauge_trust(sequence: PoseSequence, yardstick: Yardstick) -> Array:
    """``(time, 9)`` how far each can be trusted in a performance, in [0, 1], as a step is measured.

    From the front a trunk that is bent towards the camera has no lean, and no angle with arms and legs. Of
    a pose that is held nothing tells how long a thigh or an upper arm is that points at the camera, and so
    not how far it does; nor, of somebody who gets up from a chair, how long the legs are that the knees
    follow from. Not to be written to.
    """
    trust = gauge_weights(sequence.weights, yardstick.view)
    if yardstick.view is View.FRONT:
        _distrust_what_is_turned(trust, sequence, yardstick)
    trust.setflags(write=False)
    return trust


def _distrust_what_is_turned(trust: Array, sequence: PoseSequence, yardstick: Yardstick) -> None:
    """Take away the trust in what points at the camera."""
    xy, weights = sequence.xy, sequence.weights
    bent = np.hypot(*(_middle(xy, weights, _SHOULDERS) - _middle(xy, weights, _HIPS)).T) < LEAST_TRUNK
    trust[np.ix_(bent, _ON_TRUNK)] = 0.0
    if yardstick.on_both_feet and not goes_down(yardstick.reference, yardstick.turn):
        trust[:, _KNEES] = 0.0
    if yardstick.kind is StepKind.HOLD:
        for start, end, columns in _TURNING:
            short = np.hypot(*(xy[:, end] - xy[:, start]).T) < _FLAT * _LEAST_LENGTH[end]
            trust[np.ix_(short, columns)] = 0.0


def _middle(xy: Array, weights: Array, pair: list[Keypoint]) -> Array:
    shares = weights[:, pair] + 1e-6
    return np.asarray((xy[:, pair] * shares[..., None]).sum(axis=1) / shares.sum(axis=1)[:, None])


def compared_deg(sequence: PoseSequence, yardstick: Yardstick) -> Array:
    """``(time, 9)`` the same, to be held against another's: what cannot be told apart is alike.

    The knees of somebody on both feet follow from the distance of hips and ankles, which hardly changes
    when a leg is nearly straight: one hundredth of it is 16 degrees.
    """
    angles = gauges_of(sequence, yardstick).copy()
    if yardstick.view is View.FRONT and yardstick.on_both_feet:
        angles[:, _KNEES] = np.minimum(angles[:, _KNEES], NEARLY_STRAIGHT_DEG)
    return angles


@lru_cache(maxsize=8)  # judging asks for those of the performance and of the reference again and again
def gauges_of(sequence: PoseSequence, yardstick: Yardstick) -> Array:
    """``(time, 9)`` the same of a performance, as a step is measured. Not to be written to."""
    degrees = gauges_deg(sequence.xy, sequence.weights, yardstick.view, on_both_feet=yardstick.on_both_feet)
    degrees.setflags(write=False)
    return degrees
