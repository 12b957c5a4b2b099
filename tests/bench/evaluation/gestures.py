"""Gestures: is one that is wanted taken, and soon; is one ever taken that nobody made?

*Wanted*: the athlete walks in, makes a gesture once, seen from the front and from 30 degrees beside it, with
and without noise. The time runs from when the arms begin to move (of leaving: from when nothing of the person
is left in the picture), so it holds the way to the posture (0.6 s) and how long that must be held.
A gesture is right if it alone is taken, once, for what it says.

*False*: somebody walks in, fidgets, exercises twice with a pause at the turning point, fidgets, comes to the
camera, walks out, while the coach listens as it does during an exercise. Leaving at the end is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from evaluation.performances import sight, track
from evaluation.rows import Effort, Row
from posecoach.adapters.model_store import ModelStore
from posecoach.app import open_estimator
from posecoach.coach.gesture import ASKED, CHOOSING, EXERCISING, Gesture, Listening
from posecoach.coach.gesture_reader import HOLD_S, GestureReader
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.perception import Perception
from posecoach.coach.routine import View
from posecoach.coach.scene import Box
from posecoach.coach.view import StepKind
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.fidgets import Fidget, FidgetKind
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import GESTURES
from posecoach.synthetic.pointing import pointing
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame

BODIES: Final = 20
YAWS_DEG: Final = (0.0, 30.0, -30.0)
TILES: Final = tuple(Box(x, y, 0.3, 0.4) for y in (0.06, 0.54) for x in (0.02, 0.35, 0.68))
"""Six to choose from."""
SOON_S: Final = 1.5
LEAST: Final = 0.97
SETTLED_S: Final = 0.2
"""How long a motion rests before it begins."""
HANDS: Final = {"raise_left_hand": Wish.BACK, "raise_right_hand": Wish.CHOOSE}
CROSSED: Final = ("cross_arms", "fold_arms")
LEAVE: Final = "leave"
SMALL: Final = (FidgetKind.SHIFT, FidgetKind.LOOK, FidgetKind.SCRATCH, FidgetKind.STRETCH, FidgetKind.ADJUST)
WALK_S: Final = 4.0
PICTURES_HZ: Final = 15.0
SHIPPED: Final = "posecoach-athlete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A gesture to be made.

    Attributes:
        name: Of a motion, ``leave``, or ``point``.
        person: Who.
        yaw_deg: From where they are seen.
        tile: Which one they point at.
        left: With which hand.
        pictures: Whether it is painted and seen by a network.
    """

    name: str
    person: int
    yaw_deg: float
    tile: int = 0
    left: bool = False
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Got:
    """What came of it.

    Attributes:
        wanted: What was made.
        right: Whether it was taken for what it was, once, and nothing else was.
        after_s: How long after it began; 0 where it was not taken.
    """

    wanted: Wanted
    right: bool
    after_s: float


def rows(effort: Effort) -> Iterator[Row]:
    """Wanted gestures by kind, and false ones."""
    bodies = 4 if effort.quick else BODIES
    got = list(effort.each(made, wanted(bodies)))
    for name, words in (
        ("all", "all but leaving"),
        *((name, f"of these: {name.replace('_', ' ')}") for name in (*HANDS, *CROSSED, "point")),
    ):
        some = [each for each in got if each.wanted.name in ((name,) if name != "all" else NOT_LEAVING)]
        yield _row(f"wanted gesture taken within {SOON_S} s of its beginning, {words}", some, SOON_S)
    most_s = HOLD_S[Gesture.LEAVE] + 0.5
    gone = [each for each in got if each.wanted.name == LEAVE]
    yield _row(f"leaving taken within {most_s} s of being gone", gone, most_s)
    pictured = list(effort.each(made, in_pictures(1 if effort.quick else 4)))
    yield _row(
        f"wanted gesture taken within {SOON_S} s, pictures and the network that ships", pictured, SOON_S
    )
    tasks = [
        Exercise(motion, view, person) for motion in MOTIONS for person in range(bodies) for view in View
    ]
    false: Counter[str] = Counter()
    seconds = 0.0
    for task, (taken, length_s) in zip(tasks, effort.each(taken_in_set, tasks), strict=True):
        seconds += length_s
        false.update(f"{task.motion} {task.view}: {wish}" for wish in taken)
    named = f" ({', '.join(f'{n} {what}' for what, n in false.most_common(4))})" if false else ""
    yield Row(
        "false gestures while exercising",
        f"{false.total()}{named}",
        f"{len(tasks)} sets, {seconds / 3600:.1f} h",
        "0",
        not false,
    )


NOT_LEAVING: Final = (*HANDS, *CROSSED, "point")


def _row(measure: str, got: list[Got], most_s: float) -> Row:
    taken = [each for each in got if each.right and each.after_s <= most_s]
    share = len(taken) / max(len(got), 1)
    after_s = sorted(each.after_s for each in got if each.right)
    slow = f", p50 {np.median(after_s):.2f} s, p95 {np.quantile(after_s, 0.95):.2f} s" if after_s else ""
    wrong = sum(not each.right for each in got)
    return Row(
        measure,
        f"{100 * share:.1f} %{slow}, {wrong} not taken or taken for another",
        f"{len(got)}",
        f">= {100 * LEAST:.0f} %",
        share >= LEAST,
    )


def wanted(bodies: int) -> Iterator[Wanted]:
    """Every gesture by all bodies from all sides; tiles with the nearer hand."""
    for person in range(bodies):
        for yaw_deg in YAWS_DEG:
            for name in (*HANDS, *CROSSED, LEAVE):
                yield Wanted(name, person, yaw_deg)
            for tile in range(len(TILES)):
                column = tile % 3
                left = column == 0 or (column == 1 and person % 2 == 0)
                yield Wanted("point", person, yaw_deg, tile, left)


def in_pictures(bodies: int) -> Iterator[Wanted]:
    """A few of them, painted."""
    for person in range(bodies):
        for yaw_deg in YAWS_DEG:
            for name in (*HANDS, *CROSSED):
                yield Wanted(name, 100 + person, yaw_deg, pictures=True)
            for tile in (0, 5):
                yield Wanted("point", 100 + person, yaw_deg, tile, tile == 0, pictures=True)


def through_pictures(athlete: Athlete, seed: int) -> PoseTrack:
    """What the network that ships sees of somebody from when they have come in."""
    stage = Stage(athlete, seed)
    frames = []
    count = int((athlete.duration_s - WALK_S) * PICTURES_HZ)
    for number in range(count):
        at_s = WALK_S + number / PICTURES_HZ
        found = _network().estimate(Frame(number, at_s, stage.picture(at_s)))
        frames.append(TrackFrame(at_s, found[0] if found else None))
    return PoseTrack(athlete.camera.image_wh, frames)


@cache
def _network() -> PoseEstimator:
    return open_estimator(ModelStore().resolve(SHIPPED).content, SHIPPED)


def made(gesture: Wanted) -> Got:
    """Have a gesture made, and read it."""
    camera = ViewCamera(yaw_deg=gesture.yaw_deg)
    body = Body.sample(np.random.default_rng([gesture.person, 1]))
    motion, listening, expected = _asked(gesture, body, camera)
    athlete = Athlete(
        motion,
        camera=camera,
        body=body,
        seed=gesture.person,
        reps=1,
        walk_in_s=WALK_S,
        walk_out_s=WALK_S if gesture.name == LEAVE else 0.0,
    )
    if gesture.pictures:
        seen = through_pictures(athlete, gesture.person)
    else:
        seen = track(athlete, sight(gesture.person), gesture.person)
    begun_s = athlete.timeline.reps[0].start_s + SETTLED_S
    if gesture.name == LEAVE:
        seen = longer(seen, 4.0)
        begun_s = max(frame.at_s for frame in seen if frame.pose is not None)
    taken = list(read(seen, listening))
    right = [intent for _, intent in taken] == [expected] and taken[0][0] >= begun_s
    return Got(gesture, right, taken[0][0] - begun_s if right else 0.0)


def _asked(gesture: Wanted, body: Body, camera: ViewCamera) -> tuple[Motion, Listening, Intent]:
    if gesture.name == "point":
        centre = TILES[gesture.tile].centre
        motion = pointing(centre, body=body, camera=camera, left=gesture.left)
        return motion, Listening(CHOOSING, TILES), Intent(Wish.POINT, centre)
    if gesture.name == LEAVE:
        return MOTIONS["squat"], Listening(EXERCISING), Intent(Wish.PAUSE)
    if gesture.name in CROSSED:
        return GESTURES[gesture.name], Listening(EXERCISING), Intent(Wish.PAUSE)
    return GESTURES[gesture.name], Listening(ASKED), Intent(HANDS[gesture.name])


def longer(seen: PoseTrack, by_s: float) -> PoseTrack:
    """The same, and an empty room after it."""
    frames = list(seen)
    last, step_s = frames[-1].at_s, frames[1].at_s - frames[0].at_s
    nobody = [TrackFrame(last + step_s * number, None) for number in range(1, int(by_s / step_s))]
    return PoseTrack(seen.image_wh, frames + nobody)


def read(seen: PoseTrack, listening: Listening, until_s: float = np.inf) -> Iterator[tuple[float, Intent]]:
    """Every gesture taken, with its time, as the coach reads a track."""
    perception, reader = Perception(), GestureReader()
    for frame in seen:
        if frame.at_s > until_s:
            return
        poses = [] if frame.pose is None else [frame.pose.within(seen.image_wh)]
        percept = perception.perceive(frame.at_s, poses, seen.image_wh)
        intent = reader.update(frame.at_s, percept, listening)
        if intent is not None:
            yield frame.at_s, intent


@dataclass(frozen=True, slots=True)
class Exercise:
    """Somebody who exercises and means nothing by it: what, from where, who."""

    motion: str
    view: View
    person: int


def taken_in_set(task: Exercise) -> tuple[list[str], float]:
    """What was taken for a gesture, and how long it was looked at."""
    rng = np.random.default_rng([task.person, list(MOTIONS).index(task.motion), 91])
    motion = MOTIONS[task.motion]
    kinds = [SMALL[int(number)] for number in rng.permutation(len(SMALL))[:3]]
    side = ("left", "right")[task.person % 2]
    fidgets = [Fidget(kind, after, 2.4, side) for after, kind in zip((0, 1, 2), kinds, strict=True)]
    if motion.stance.seat_height is None and task.person % 4 == 0:
        fidgets.append(Fidget(FidgetKind.APPROACH, 2, 5.0))
    reps = 2 if motion.kind is StepKind.REPS else 1
    athlete = Athlete(
        motion,
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[task.view]),
        seed=task.person,
        faults=[Fault(FaultKind.PAUSE, 2.0, reps=(1, 1))] if motion.kind is StepKind.REPS else (),
        reps=reps,
        walk_in_s=3.0,
        walk_out_s=3.0,
        fidgets=[fidget for fidget in fidgets if fidget.after_rep <= reps],
    )
    seen = track(athlete, replace(sight(task.person), rate_hz=15.0), task.person)
    there = [frame.at_s for frame in seen if frame.pose is not None]
    taken = read(seen, Listening(EXERCISING), there[-1])
    return [f"{intent.wish} at {at_s:.1f} s" for at_s, intent in taken], there[-1] - there[0]
