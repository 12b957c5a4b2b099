"""A step as it is demonstrated: its poses standing where the feet stay, and its phases in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.extent import joint_extents
from posecoach.coach.gauges import GAUGES, gauges_of
from posecoach.coach.instruct import turn_in_words
from posecoach.coach.phases import TURN_SHARE
from posecoach.coach.routine import Step, View
from posecoach.coach.scene import Box
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import JOINT_LIMB, Joint, Keypoint

Array = NDArray[np.float64]

SEEN: Final = 0.15
"""Weight from which a keypoint is drawn."""
USUALLY: Final = 0.5
"""Mean weight from which it is known where a keypoint is while something hides it for a moment."""
LEAST_DEG: Final = 10.0
"""Degrees that a joint must go through to be worth a number."""
START_SHARE: Final = 0.2
"""Share of the way up to which a pose is the starting pose."""
HEAD: Final = 0.3
"""Torso lengths that a head reaches beyond its keypoints."""
MOST_KEYS: Final = 6
FAR_SIDE: Final = {View.FRONT: ("-",), View.LEFT: ("right",), View.RIGHT: ("left",)}
"""How the names of what the body itself hides begin."""
_ANKLES: Final = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
_SAME_HEIGHT: Final = 0.12
"""Torso lengths up to which a foot that is higher than the other still stands."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a step.

    Attributes:
        name: ``start``, ``out``, ``turn``, ``back`` or ``hold``.
        start_s, end_s: From when to when it lasts.
    """

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Demonstrated:
    """A step in one view, ready to be drawn.

    Attributes:
        step: What is to be done.
        view: The side it is seen from.
        at_s: ``(time,)`` from 0.
        xy: ``(time, 17, 2)`` in torso lengths, as the camera sees it; feet stay where they are.
        weights: ``(time, 17)`` in [0, 1].
        reach: ``(time,)`` how far into the movement, 0..1.
        phases: In order of time.
        keys: Indices of the poses that tell it best, in order of time, and the name of the phase of each.
        joint: The joint that goes furthest, of what matters; `None` where none does.
        angle_deg: ``(time,)`` its angle.
        turn: Where it turns, in the coach's words.
        stands: The ankles that stand all the time; empty where none does, or none is seen.
    """

    step: Step
    view: View
    at_s: Array
    xy: Array
    weights: Array
    reach: Array
    phases: tuple[Phase, ...]
    keys: tuple[tuple[int, str], ...]
    joint: Joint | None
    angle_deg: Array
    turn: str = ""
    stands: tuple[Keypoint, ...] = ()

    @property
    def duration_s(self) -> float:
        """How long it lasts; 0 of a held pose."""
        return float(self.at_s[-1])

    def box(self) -> Box:
        """Where the body is at any time, in torso lengths."""
        seen = self.weights >= SEEN
        places = self.xy[seen]
        (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
        return Box(left, top - HEAD, right - left, bottom - top + HEAD)

    def at(self, at_s: float) -> tuple[Array, Array, int]:
        """Places and weights between two poses, and the index of the nearer one."""
        index = float(np.interp(at_s, self.at_s, np.arange(len(self.at_s))))
        low = int(index)
        high, share = min(low + 1, len(self.at_s) - 1), index - low
        xy = (1 - share) * self.xy[low] + share * self.xy[high]
        return xy, np.minimum(self.weights[low], self.weights[high]), round(index)

    def phase_at(self, at_s: float) -> Phase:
        """The phase under way."""
        return next((phase for phase in self.phases if at_s <= phase.end_s), self.phases[-1])


def demonstrated(step: Step, view: View) -> Demonstrated:
    """Make a step ready to be drawn."""
    ruler = yardstick(step, view)
    reference = ruler.reference
    at_s = reference.at_s - reference.at_s[0]
    if step.kind is StepKind.HOLD:
        reach = np.ones(len(reference))
        phases: tuple[Phase, ...] = (Phase("hold", 0.0, float(at_s[-1])),)
    else:
        reach = np.clip(ruler.reaches(reference), 0.0, 1.0)
        phases = _phases(at_s, reach)
    extents = joint_extents(reference, ruler)
    emphasis = {joint: step.limbs[JOINT_LIMB[joint]].emphasis for joint in extents}
    extents = {
        joint: each
        for joint, each in extents.items()
        if each.range_deg >= LEAST_DEG and not joint.startswith(FAR_SIDE[view])
    }
    joint = max(extents, key=lambda each: (emphasis[each] * extents[each].range_deg, each), default=None)
    angles = gauges_of(reference, ruler)
    stands = _standing(reference)
    return Demonstrated(
        step=step,
        view=view,
        at_s=at_s,
        xy=_grounded(reference, stands, rises=bool(ruler.rise)),
        weights=np.where(reference.weights.mean(axis=0) >= USUALLY, 1.0, reference.weights),
        reach=reach,
        phases=phases,
        keys=_keys(step.kind, reach, ruler.turns),
        joint=joint if len(reference) > 1 else None,
        angle_deg=np.zeros(len(reference)) if joint is None else angles[:, list(GAUGES).index(joint)],
        stands=stands,
        turn=turn_in_words(ruler) if step.kind is StepKind.REPS else "",
    )


def _phases(at_s: Array, reach: Array) -> tuple[Phase, ...]:
    """Start, out, turn, back, and so on for each turning point."""
    names: list[str] = []
    for share in reach:
        if share <= START_SHARE:
            names.append("start")
        elif share >= TURN_SHARE:
            names.append("turn")
        else:
            names.append("way")
    found: list[Phase] = []
    begin = 0
    last = "start"
    for end in range(1, len(names) + 1):
        if end < len(names) and names[end] == names[begin]:
            continue
        name = names[begin]
        if name == "way":
            name = "back" if last == "turn" else "out"
        else:
            last = name
        until = at_s[min(end, len(at_s) - 1)]
        found.append(Phase(name, float(at_s[begin]), float(until)))
        begin = end
    return tuple(found)


def _keys(kind: StepKind, reach: Array, turns: tuple[int, ...]) -> tuple[tuple[int, str], ...]:
    """The poses that tell it best."""
    if kind is StepKind.HOLD:
        return ((0, "hold"),)
    if kind is StepKind.FLOW:
        return tuple(
            (int(index), "way") for index in np.linspace(0, len(reach) - 1, MOST_KEYS).round().astype(int)
        )
    keys: list[tuple[int, str]] = [(0, "start")]
    before = 0
    for turn in turns:
        keys += [(_half_way(reach, before, turn), "out"), (turn, "turn")]
        before = turn
    if len(turns) == 1:
        keys.append((_half_way(reach[::-1], 0, len(reach) - 1 - turns[0], end=len(reach) - 1), "back"))
    return tuple(dict(keys).items())


def _half_way(reach: Array, first: int, last: int, end: int | None = None) -> int:
    """Where half of the way is reached last before a turning point; from `end` backwards where given."""
    below = np.flatnonzero(reach[first : last + 1] <= 0.5)
    found = first + (int(below[-1]) if len(below) else 0)
    return found if end is None else end - found


def _standing(reference: PoseSequence) -> tuple[Keypoint, ...]:
    """The ankles that are never much higher than the lowest one."""
    known = [ankle for ankle in _ANKLES if (reference.weights[:, ankle] >= SEEN).mean() > 0.5]
    low = reference.xy[:, known, 1].max(axis=1, initial=-np.inf)
    return tuple(ankle for ankle in known if float((low - reference.xy[:, ankle, 1]).max()) <= _SAME_HEIGHT)


def _grounded(reference: PoseSequence, stands: tuple[Keypoint, ...], *, rises: bool) -> Array:
    """The poses, moved so that the foot that stands stays: they are measured from the hips."""
    if rises:
        return reference.xy
    if stands:
        anchor = reference.xy[:, list(stands)].mean(axis=1)
    else:  # one foot after the other, as in a march; or none is seen
        known = [ankle for ankle in _ANKLES if (reference.weights[:, ankle] >= SEEN).mean() > 0.5]
        if not known:
            return reference.xy
        anchor = np.stack([np.zeros(len(reference)), reference.xy[:, known, 1].max(axis=1)], axis=1)
    return np.asarray(reference.xy + (anchor[0] - anchor)[:, None])
