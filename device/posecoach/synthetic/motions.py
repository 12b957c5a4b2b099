"""The motions the athlete knows."""

from __future__ import annotations

import difflib
from typing import Final

from posecoach.errors import RoutineError
from posecoach.synthetic import motions_seated, motions_standing, motions_yoga
from posecoach.synthetic.motion import Motion

MOTIONS: Final[dict[str, Motion]] = {
    motion.name: motion
    for motion in (
        motions_standing.SQUAT,
        motions_seated.SIT_TO_STAND,
        motions_standing.LUNGE,
        motions_standing.SIDE_LEG_RAISE,
        motions_standing.SHOULDER_ABDUCTION,
        motions_standing.SHOULDER_FLEXION,
        motions_standing.SHOULDER_PRESS,
        motions_standing.KNEE_RAISE,
        motions_standing.TRUNK_SIDE_BEND,
        motions_standing.HEEL_RAISE,
        motions_yoga.TREE,
        motions_yoga.WARRIOR_TWO,
        motions_yoga.CHAIR,
        motions_yoga.HALF_SUN_SALUTATION,
        motions_seated.SEATED_ARM_RAISE,
        motions_seated.SEATED_KNEE_EXTENSION,
    )
}
"""Every motion by its name."""


def motion_named(name: str) -> Motion:
    """The motion of a name; dashes and spaces may stand for underscores.

    Raises:
        RoutineError: There is none.
    """
    known = MOTIONS.get(name.strip().lower().replace("-", "_").replace(" ", "_"))
    if known is not None:
        return known
    near = difflib.get_close_matches(name, MOTIONS, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(MOTIONS)}"
    raise RoutineError(f"the athlete knows no motion {name!r}; {hint}")
