"""What is to be done: a routine, its steps, and how each is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.body_limits import left_out, mirrored_parts, unweighted
from posecoach.coach.cue_keys import mirrored_cues, require_cue_keys
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Keypoint, Limb

Array = NDArray[np.float64]

LEAST_MOVEMENT: Final = 0.03
"""Torso lengths that something which matters must move in a step that is not held."""

TOLERANCE_FLOOR: Final = 0.08
"""Least tolerance of a limb, in torso lengths: what one recording alone is worth."""

LEAST_SHOWN: Final = 0.3
"""Mean weight of a keypoint over a reference, from which it is part of it."""

# Within a limb not every keypoint tells as much: the hips are the origin, and the eyes and ears say
# where somebody looks.
_KEYPOINT_SHARE: Final = np.ones(NUM_KEYPOINTS)
_KEYPOINT_SHARE[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = 0.3
_KEYPOINT_SHARE[[Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]] = 0.1


class View(StrEnum):
    """Which side of the person the camera sees."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"


ACROSS: Final = {View.FRONT: View.FRONT, View.LEFT: View.RIGHT, View.RIGHT: View.LEFT}
"""From where the mirror image of what is seen from somewhere is seen."""


class Sides(StrEnum):
    """Which sides of the body a step is about."""

    BOTH = "both"
    """Both at once, or one after the other."""
    EITHER = "either"
    """The one the reference shows; it may be done with the other instead, as its mirror image."""


@dataclass(frozen=True, slots=True)
class LimbRule:
    """How one limb is judged in a step.

    Attributes:
        emphasis: How much it matters, in [0, 1].
        tolerance: Distance from the reference that is still perfect, in torso lengths.
    """

    emphasis: float
    tolerance: float

    def __post_init__(self) -> None:
        if not 0 <= self.emphasis <= 1:
            raise RoutineError(f"emphasis must be in [0, 1], got {self.emphasis}")
        if not 0 < self.tolerance <= 2:
            raise RoutineError(f"tolerance must be in (0, 2] torso lengths, got {self.tolerance}")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a step was learned from, for whoever wonders how far it can be believed.

    Attributes:
        recordings: How many it was learned from.
        performances: Repetitions, holds or sequences in them, by the side they are seen from.
        within, between: How far two performances of the same recording, and of two recordings, are usually
            apart, in torso lengths; `None` where there are no two.
    """

    recordings: int
    performances: Mapping[View, int]
    within: float | None = None
    between: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One part of a routine.

    Attributes:
        kind: A cycle that is counted, a pose that is held, or a sequence done once.
        views: The reference as seen from each side: one cycle, one held pose (or several), or the
            whole sequence.
        limbs: Every limb's rule.
        reps: How many are asked for; of `StepKind.REPS` only.
        hold_s: How long it is asked for; of `StepKind.HOLD` only.
        cues: What the coach may say instead of its generic words, by `cue_keys`.
        seated: Whether it is done sitting.
        sides: Whether it may be done as its mirror image.
        best_views: From where it is judged best, the best first; empty where nobody has said.
        without: Parts of the body that nothing is asked of, names of `PARTS`; they weigh nothing in
            `views` and have no emphasis, whatever `limbs` says.
        posture: How far somebody's own starting pose may differ from the reference's, in torso lengths,
            without costing anything; of `StepKind.REPS` only.
        rest_s: How long somebody rests after it, before the next.
        tempo: The slowest and the fastest that it was recorded, in times as fast as the reference: whoever is
            as fast as that is not told to slow down.
        origin: What it was learned from; `None` where nobody knows.
    """

    kind: StepKind
    views: Mapping[View, PoseSequence]
    limbs: Mapping[Limb, LimbRule]
    reps: int | None = None
    hold_s: float | None = None
    cues: Mapping[str, str] = field(default_factory=dict)
    seated: bool = False
    sides: Sides = Sides.BOTH
    best_views: tuple[View, ...] = ()
    without: tuple[str, ...] = ()
    posture: float = 0.0
    rest_s: float = 0.0
    tempo: tuple[float, float] = (1.0, 1.0)
    origin: Origin | None = None

    def __post_init__(self) -> None:
        if (ignored := unweighted(self.without)).any():
            views = {view: reference.unweighted(ignored) for view, reference in self.views.items()}
            object.__setattr__(self, "views", views)
        require_cue_keys(self.cues)
        for view in self.best_views:
            if view not in self.views:
                raise RoutineError(f"best_views names {view.value}, of which there is no track")
        if not self.views:
            raise RoutineError("a step needs the track of at least one view")
        if set(self.limbs) != set(Limb):
            missing = ", ".join(sorted(set(Limb) - set(self.limbs)))
            raise RoutineError(f"a step needs a rule for every limb; missing: {missing}")
        if not any(rule.emphasis > 0 for rule in self.limbs.values()):
            raise RoutineError("a step needs a limb that matters: every emphasis is 0")
        for view, reference in self.views.items():
            if not (self.emphasis() * shown(reference)).any():
                raise RoutineError(f"the {view} track shows nothing of the limbs that matter")
            if self.kind is not StepKind.HOLD and not self._moves(reference):
                raise RoutineError(
                    f"the {view} track shows no movement of the limbs that matter; a pose is of kind hold"
                )
        if not 0 <= self.posture <= 1:
            raise RoutineError(f"posture must be in [0, 1] torso lengths, got {self.posture}")
        if not 0 <= self.rest_s <= 3600:
            raise RoutineError(f"rest_s must be from 0 to 3600 seconds, got {self.rest_s}")
        if not 0.1 <= self.tempo[0] <= 1.0 <= self.tempo[1] <= 10.0:
            raise RoutineError(
                f"tempo must be two numbers around 1, from 0.1 to 10 times as fast, got {list(self.tempo)}"
            )
        if self.kind is StepKind.REPS and not (self.reps and self.reps > 0):
            raise RoutineError(f"a step of kind reps needs reps >= 1, got {self.reps}")
        if self.kind is StepKind.HOLD and not (self.hold_s and self.hold_s > 0):
            raise RoutineError(f"a step of kind hold needs hold_s > 0, got {self.hold_s}")

    def mirrored(self) -> Step:
        """The same done on the other side of the body: left and right exchanged in everything.

        What was recorded from the left is as if recorded from the right.
        """
        return replace(
            self,
            views={ACROSS[view]: reference.mirrored() for view, reference in self.views.items()},
            limbs={limb.twin: rule for limb, rule in self.limbs.items()},
            cues=mirrored_cues(self.cues),
            best_views=tuple(ACROSS[view] for view in self.best_views),
            without=mirrored_parts(self.without),
        )

    def emphasis(self) -> Array:
        """``(17,)`` how much each keypoint matters: its limb's emphasis times its share in the limb."""
        emphasis = self._by_keypoint(lambda rule: rule.emphasis) * _KEYPOINT_SHARE
        return np.where(left_out(self.without), 0.0, emphasis)

    def tolerance(self) -> Array:
        """``(17,)`` each keypoint's tolerance, in torso lengths."""
        return self._by_keypoint(lambda rule: rule.tolerance)

    def _moves(self, reference: PoseSequence) -> bool:
        """Whether something that matters is elsewhere at one time than at another, as far as it is seen."""
        seen = reference.weights > LEAST_SHOWN  # (time, 17)
        matters = (self.emphasis() * shown(reference) > 0.0) & (seen.sum(axis=0) > 1)
        return any(
            float(np.ptp(reference.xy[seen[:, keypoint], keypoint], axis=0).max()) >= LEAST_MOVEMENT
            for keypoint in np.flatnonzero(matters)
        )

    def _by_keypoint(self, of: Callable[[LimbRule], float]) -> Array:
        values = np.zeros(NUM_KEYPOINTS)
        for limb, keypoints in LIMB_KEYPOINTS.items():
            values[list(keypoints)] = of(self.limbs[limb])
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Routine:
    """A stored exercise.

    Attributes:
        id: Name of its folder: letters, digits, dash, underscore, dot.
        name: In words.
        steps: In order; at least one.
        notes: What the recordings told, a sentence each; for `routine check`.
        summary: What it is and what it is for, in one sentence.
        instructions: How it is done, a short sentence each; shown before it begins.
    """

    id: str
    name: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    summary: str = ""
    instructions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.steps:
            raise RoutineError(f"routine {self.id!r} has no step")


def shown(reference: PoseSequence) -> NDArray[np.bool_]:
    """``(17,)`` whether a reference shows each keypoint: what it does not, nobody can be measured by."""
    return np.asarray(reference.weights.mean(axis=0) > LEAST_SHOWN)


def keypoint_share() -> Array:
    """``(17,)`` how much each keypoint tells within its limb, before any emphasis."""
    return _KEYPOINT_SHARE.copy()
