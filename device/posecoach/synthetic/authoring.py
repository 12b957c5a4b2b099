"""Short ways to author a motion, and the postures that several share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posecoach.coach.view import StepKind
from posecoach.synthetic.kinematics import Stance
from posecoach.synthetic.motion import STANDING, Motion

Angles = Mapping[str, float]

HANDS_ON_HIPS: Final = {
    "both_shoulder_abduct": 42,
    "both_shoulder_flex": -18,
    "both_shoulder_rotate": -62,
    "both_elbow_flex": 98,
    "both_wrist_flex": -25,
}
HANDS_TOGETHER_ABOVE: Final = {
    "both_shoulder_abduct": 165,
    "both_shoulder_flex": 0,
    "both_shoulder_rotate": 85,
    "both_elbow_flex": 22,
}


def feet(half_width: float, *, out_deg: float = 8.0, split: float = 0.0) -> Stance:
    """Both feet turned out alike; shares of the stature, see `Stance`."""
    return Stance(half_width=half_width, split=split, toes_out_deg=(out_deg, out_deg))


def there_and_back(
    name: str,
    pose: Angles,
    *,
    there_s: float,
    hold_s: float = 0.3,
    back_s: float | None = None,
    rest: Angles | None = None,
    stance: Stance = STANDING,
) -> Motion:
    """A repetition, or from three seconds of holding on a held pose.

    Args:
        name: Of the motion.
        pose: Where it goes.
        there_s: How long it takes to get there.
        hold_s: How long it stays.
        back_s: How long it takes back; by default as long as there.
        rest: Where it starts, over standing at ease.
        stance: Where the feet stand.
    """
    reached = 0.2 + there_s
    left = reached + hold_s
    back = left + (there_s if back_s is None else back_s)
    keys: list[tuple[float, Angles]] = [(0.0, {}), (0.2, {}), (reached, pose), (left, pose)]
    keys += [(back, {}), (back + 0.3, {})]
    kind = StepKind.HOLD if hold_s >= 3.0 else StepKind.REPS
    return Motion.of(name, kind, keys, rest=rest, stance=stance)
