"""What a session has to show at one moment, before anything is laid out.

`Session` makes a `SessionView`, `compose` lays it out as a `Scene`, a display draws the scene.
Everything anchored to the person is in frame pixels and never mirrored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.fault import Fault
from posecoach.coach.scene import Box
from posecoach.frame import Frame
from posecoach.skeleton import Limb


class Stage(StrEnum):
    """Where a session is."""

    IDLE = "idle"  # nobody in view
    PLACING = "placing"  # somebody in view, not yet ready to start
    COUNTDOWN = "countdown"
    ACTIVE = "active"
    REST = "rest"  # between two steps
    SUMMARY = "summary"


class StepKind(StrEnum):
    """How a step is performed and counted."""

    REPS = "reps"
    HOLD = "hold"
    FLOW = "flow"


class Verdict(StrEnum):
    """What became of one repetition."""

    GOOD = "good"
    ATTEMPT = "attempt"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True, eq=False)
class PersonView:
    """The person being coached, in frame pixels.

    Attributes:
        keypoints_xy: ``(17, 2)`` smoothed keypoints.
        weights: ``(17,)`` in [0, 1]; what to draw faintly or not at all.
        limb_scores: 0..100 per limb now; `None` where the limb cannot be judged.
        ghost_xy: ``(17, 2)`` where the reference would have them, scaled and placed on this person.
        ghost_weights: ``(17,)`` in [0, 1].
    """

    keypoints_xy: NDArray[np.floating]
    weights: NDArray[np.floating]
    limb_scores: Mapping[Limb, float | None] = field(default_factory=dict)
    ghost_xy: NDArray[np.floating] | None = None
    ghost_weights: NDArray[np.floating] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PlaceView:
    """Where to stand before it begins.

    Attributes:
        start_xy: ``(17, 2)`` the pose it begins with, in frame pixels: to be filled.
        weights: ``(17,)`` in [0, 1].
        good: Whether somebody stands well; then it is on them.
    """

    start_xy: NDArray[np.floating]
    weights: NDArray[np.floating]
    good: bool


@dataclass(frozen=True, slots=True)
class CueView:
    """The one thing to change now, or the praise that it is fixed.

    Attributes:
        text: Words a person can act on while moving.
        limb: The limb it is about, if one.
        since: When it was given, session seconds.
        praise: Whether it confirms instead of correcting.
        about: The fault that it corrects; `None` of praise.
    """

    text: str
    limb: Limb | None
    since: float
    praise: bool = False
    about: Fault | None = None


@dataclass(frozen=True, slots=True)
class RepView:
    """One finished repetition, as the screen shows it.

    Attributes:
        verdict: What became of it.
        score: 0..100, or `None` where it was not judged.
        reason: Why it was an attempt or not judged, in words; empty for a good one.
        finished_at: Session seconds.
    """

    verdict: Verdict
    score: float | None
    reason: str
    finished_at: float


@dataclass(frozen=True, slots=True)
class LastTime:
    """How the same person did the same routine the time before.

    Attributes:
        score: 0..100, or `None` where there was none.
        tempo: 1 is the reference's pace; `None` where unknown.
        range_of_motion_deg: On average, by joint as `Joint` names it.
    """

    score: float | None
    tempo: float | None = None
    range_of_motion_deg: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The end of a session, in a few facts.

    Attributes:
        score: 0..100, or `None` with `reason`.
        reason: Why there is no score, in words.
        coverage: Share of the time and limbs that could be judged, 0..1.
        limb_scores: 0..100 per limb; `None` where not judged.
        range_of_motion_deg: Largest minus smallest angle of the joints that matter, by readable name.
        best, worst: Limbs in words, or `None` where there is nothing to compare.
        advice: The one thing to work on next time; empty if nothing.
        duration_s: How long the exercise took.
        tempo: 1 is the reference's pace, 2 twice as fast; `None` where it moved in nothing.
        reference_deg: How far the joints of `range_of_motion_deg` go in the reference, where it shows them.
        last: The time before; `None` where there is none, or nobody said who it is.
        last_deg: How far the same joints went then.
    """

    score: float | None
    reason: str
    coverage: float
    limb_scores: Mapping[Limb, float | None]
    range_of_motion_deg: Mapping[str, float]
    best: str | None
    worst: str | None
    advice: str
    duration_s: float
    tempo: float | None = None
    reference_deg: Mapping[str, float] = field(default_factory=dict)
    last: LastTime | None = None
    last_deg: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TroubleView:
    """Something that is wrong with the box, while the coach goes on as well as it can.

    Attributes:
        code: Short, for whoever is asked for help.
        text: What has happened, and what is being done or to be done, in plain words.
    """

    code: str
    text: str


class Flash(StrEnum):
    """What a flash of the screen tells those who do not hear its sign."""

    WELL = "well"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True, eq=False)
class SessionView:
    """Everything the screen can say at one moment.

    Attributes:
        now: Session seconds; animation is a function of it.
        stage: Where the session is; `stage_since` is when that began.
        frame: The newest camera frame, or `None` before the first.
        person: The person being coached in that frame, if any.
        routine_name: In words.
        kind: How this step is counted.
        prompt: What the person should do to get on ("Step into view"); empty when coaching.
        countdown_s: Seconds left until the start, or of the rest; `None` outside these.
        score: 0..100 so far, or `None` before anything was judged.
        reps: Finished repetitions, oldest first.
        reps_target: How many are asked for; `None` where open.
        hold_s, hold_target_s: Seconds held and asked for; `None` where the step is no hold.
        phase: Position in the repetition or flow, 0..1; `None` while not following.
        reach: How far into the movement the person is now, 0 at rest, 1 at the reference's turning
            point, may exceed 1; the always-alive range-of-motion meter. `None` while nobody is followed.
        best_reach: The furthest of the repetition under way.
        pace: How fast they move, 1 as the reference, 2 twice as fast; of the repetition under way, and
            between two of the one before. `None` until somebody has moved, and of a hold.
        cue: The one cue, if any.
        summary: The end of the session; only in `Stage.SUMMARY`.
        instructions: How the routine is done, a sentence each; for before it begins.
        late_s: How much older than `frame` the person is that is drawn on it; 0 where they belong together.
        troubles: What is wrong with the box.
        step: Number of the step under way, from 0.
        place: Where to stand; only before it begins.
        close_up: What is needed of the frame to see the exercise, in fractions of it; it changes slowly.
        flash: A sign that is heard just now, for those who do not hear it; `None` most of the time.
    """

    now: float
    stage: Stage
    stage_since: float
    frame: Frame | None
    person: PersonView | None
    routine_name: str
    kind: StepKind
    prompt: str = ""
    countdown_s: float | None = None
    score: float | None = None
    reps: tuple[RepView, ...] = ()
    reps_target: int | None = None
    hold_s: float | None = None
    hold_target_s: float | None = None
    phase: float | None = None
    reach: float | None = None
    best_reach: float | None = None
    pace: float | None = None
    cue: CueView | None = None
    summary: SummaryView | None = None
    instructions: tuple[str, ...] = ()
    late_s: float = 0.0
    troubles: tuple[TroubleView, ...] = ()
    step: int = 0
    flash: Flash | None = None
    place: PlaceView | None = None
    close_up: Box | None = None
