"""Recording: somebody shows a movement to the coach, another body does it, with and without a fault.

*Shown*: a body walks in, stands, is counted in, shows a starter motion three times with 5 degrees of natural
variation (standard deviation at every joint that moves), raises a hand, walks out; all of it goes through the
recording as at the screen, which ends by itself where somebody stands still. Another body then does it well,
and with each fault that the motion and the view know, in the second repetition, so large that a joint is off
by 20 degrees: of a knee that stands straight that takes more than 20 degrees of bending.

*Nothing*: 30 s of an empty room, of somebody who stands there, every second with fidgets, and of one who
walks about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np

from evaluation.cues import FAULTS
from evaluation.performances import athlete, parts_of, routine, sight, track
from evaluation.rows import Effort, Row
from evaluation.truth import largest_deg, shows, told_of
from posecoach.cli.score import scored
from posecoach.coach.gesture import SHOWING, Listening
from posecoach.coach.gesture_reader import GestureReader
from posecoach.coach.routine import Routine, View
from posecoach.coach.showing import NOBODY, Lesson, NotShown, lesson_of
from posecoach.coach.view import Stage, StepKind
from posecoach.coach.words import Words
from posecoach.errors import RoutineError
from posecoach.face.recorder import Recorder, Records
from posecoach.frame import Frame
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.fidgets import Fidget, FidgetKind
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import RAISE_RIGHT_HAND
from posecoach.synthetic.naming import named_by
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.synthetic.visit import SHOWN_VARIATION
from posecoach.synthetic.walking import walking
from posecoach.track import PoseTrack, TrackFrame, track_pose

PEOPLE, QUICK_PEOPLE = 5, 2
FIRST: Final = 200
"""Bodies that nobody has looked at while this was made."""
OTHERS: Final = (3, 7)
"""How much higher the numbers of those are who do what one has shown."""
TIMES: Final = 3
WELL: Final = 85.0
BY_20: Final = (
    "lean:20", "lean.left:20", "lean.right:20", "low_arm:20", "low_arm.left:20", "low_arm.right:20",
    "bent_knee:20",
)  # fmt: skip
MOST_DEG: Final = 40.0
NEARLY_20_DEG: Final = 19.0
NOTHING: Final = "nothing"
"""What to choose instead of a motion, where the refusals are to be tried."""
NOTHING_S: Final = 30.0
STANDS_S: Final = 6.0
"""From having come in until the countdown is over, for whoever is in view at once."""
PICTURE: Final = np.full((720, 1280, 3), 120, np.uint8)


@dataclass(frozen=True, slots=True)
class Showing:
    """One body that shows one motion."""

    motion: str
    person: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it.

    Attributes:
        showing: Who showed what.
        times: How often it was seen; 0 where nothing was learned.
        kind: What it was taken for; of nothing, why.
        scores: Of other bodies that do it well.
        named: Of each fault, whether it was named.
        good: Of those bodies together, how many performances counted as good, of how many done.
    """

    showing: Showing
    times: int
    kind: str
    scores: tuple[float | None, ...] = ()
    named: tuple[tuple[str, bool], ...] = ()
    good: tuple[int, int] = (0, 0)


def rows(effort: Effort) -> Iterator[Row]:
    """What is learned, what it is worth, and what is refused."""
    if motions := [each for each in effort.motions or MOTIONS if each in MOTIONS]:
        yield from _learned(effort, motions)
    if not effort.motions or NOTHING in effort.motions:
        yield from _refused(effort)


def _learned(effort: Effort, motions: list[str]) -> Iterator[Row]:
    people = QUICK_PEOPLE if effort.quick else PEOPLE
    showings = [Showing(motion, FIRST + person) for motion in motions for person in range(people)]
    outcomes = list(effort.each(shown, showings))
    learned = [each for each in outcomes if each.times]
    refused = [f"{each.showing.motion}: {each.kind}" for each in outcomes if not each.times]
    yield Row(
        "shown three times, became a routine",
        f"{len(learned) / len(outcomes):.1%}{_worst(refused)}",
        f"{len(outcomes)} showings, {len(motions)} motions",
        "all",
        not refused,
    )
    counted = [each for each in learned if MOTIONS[each.showing.motion].kind is not StepKind.FLOW]
    exact = [each.times == TIMES for each in counted]
    wrong = [f"{each.showing.motion} {each.times}" for each in counted if each.times != TIMES]
    yield Row("and every time was found, no more", f"{np.mean(exact):.1%}{_worst(wrong)}", f"{len(exact)}")
    right = [each.kind == MOTIONS[each.showing.motion].kind for each in counted]
    yield Row("repetitions told from what is held", f"{np.mean(right):.1%}", f"{len(right)}")
    scores = [(each.showing.motion, score) for each in learned for score in each.scores]
    low = [f"{motion}" for motion, score in scores if score is None or score < WELL]
    good = 1.0 - len(low) / max(len(scores), 1)
    median = np.median([score or 0.0 for _, score in scores])
    yield Row(
        f"another body doing it right scores at least {WELL:.0f}",
        f"{good:.1%}, median {median:.1f}{_worst(low)}",
        f"{len(scores)}",
        "all",
        not low,
    )
    fine, done = np.sum([each.good for each in learned], axis=0)
    lost = [each.showing.motion for each in learned if each.good[0] < each.good[1]]
    yield Row("and all that they do counts as good", f"{fine / done:.1%}{_worst(lost)}", f"{done}")
    named = [(each.showing.motion, fault, was) for each in learned for fault, was in each.named]
    missed = [f"{motion} {fault.partition(':')[0]}" for motion, fault, was in named if not was]
    yield Row(
        "a 20 degree fault is named, limb and direction",
        f"{1.0 - len(missed) / max(len(named), 1):.1%}{_worst(missed)}",
        f"{len(named)}",
        "all",
        not missed,
    )


def _refused(effort: Effort) -> Iterator[Row]:
    for what, task in (("nobody", nobody), ("somebody who stands there", stands), ("walking about", walks)):
        said = list(effort.each(task, range(FIRST, FIRST + (4 if effort.quick else 20))))
        yield Row(
            f"{NOTHING_S:.0f} s of {what}: refused with advice",
            f"{np.mean([bool(each) for each in said]):.1%} ('{max(set(said), key=said.count)}')",
            f"{len(said)}",
            "all",
            all(said),
        )


def _worst(cases: list[str]) -> str:
    if not cases:
        return ""
    counted = sorted({case: cases.count(case) for case in cases}.items(), key=lambda item: -item[1])
    return f" ({', '.join(f'{n} {case}' for case, n in counted[:6])})"


def shown(showing: Showing) -> Outcome:
    """Have it shown, learned, and done by others."""
    motion, view = MOTIONS[showing.motion], routine(showing.motion).steps[0].best_views[0]
    kind = StepKind.FLOW if motion.kind is StepKind.FLOW else None
    try:
        lesson = _lesson(recorded(showing, view), kind)
    except RoutineError as error:
        return Outcome(showing, 0, str(error))
    own = Routine(id="recorded", name="Recorded", steps=(lesson.learned.step,))
    reps = 3 if motion.kind is StepKind.REPS else None
    well = [_report(showing, view, showing.person + by, own, reps=reps) for by in OTHERS]
    verdicts = [part["verdict"] for report in well for part in parts_of(report)]
    good = verdicts.count("good"), max(len(verdicts), len(OTHERS) * (reps or 1))
    kinds = {fault.partition(":")[0].partition(".")[0] for fault in FAULTS[showing.motion]}
    named = []
    for text in BY_20:
        fault = Fault.parse(text)
        if fault.kind in kinds and shows(showing.motion, view, fault):
            given = replace(by_20(fault, showing.motion, view), reps=(2, 2) if reps else None)
            report = _report(showing, view, showing.person + OTHERS[0], own, [given], reps=reps)
            told = [told_of(each) for part in parts_of(report) for each in part["faults"]]
            told += [told_of(cue["about"]) for cue in report["cues"] if not cue["praise"] and not reps]
            named.append((text, named_by(told, fault, view) is not None))
    scores = tuple(report["score"] for report in well)
    return Outcome(showing, lesson.times, lesson.kind, scores, tuple(named), good)


@cache
def by_20(fault: Fault, motion: str, view: View) -> Fault:
    """A fault so large that the joint which it changes most is off by 20 degrees."""
    while largest_deg(motion, view, fault) < NEARLY_20_DEG and fault.amount < MOST_DEG:
        fault = replace(fault, amount=fault.amount + 1.0)
    return fault


def _report(
    showing: Showing, view: View, person: int, own: Routine, faults: Any = (), *, reps: int | None
) -> dict[str, Any]:
    performer = athlete(showing.motion, view, person, faults, reps=reps)
    return scored(track(performer, sight(person), person), own)


def recorded(showing: Showing, view: View) -> PoseTrack:
    """Everything that is seen of a showing: coming in, standing, the movement, a raised hand, going."""
    motion = MOTIONS[showing.motion]
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[view])
    acts = (
        Athlete(
            motion,
            camera=camera,
            reps=1 if motion.kind is StepKind.FLOW else TIMES,
            seed=showing.person,
            variation=SHOWN_VARIATION,
            lead_s=STANDS_S,
            walk_in_s=3.0,
        ),
        Athlete(RAISE_RIGHT_HAND, camera=camera, reps=1, seed=showing.person, walk_out_s=3.0),
    )
    acts[0].duration_s -= STANDS_S - 0.8  # the hand goes up at once
    frames: list[TrackFrame] = []
    start_s = 0.0
    for act in acts:
        seen = track(act, sight(showing.person), showing.person)
        frames += [TrackFrame(start_s + frame.at_s, frame.pose) for frame in seen]
        start_s = frames[-1].at_s + 1.0 / sight(showing.person).rate_hz
    return PoseTrack(camera.image_wh, frames)


def _lesson(seen: PoseTrack, kind: StepKind | None = None) -> Lesson:
    """As the screen has it: placed, counted in, shown, ended; and learned."""
    recorder, reader = Recorder(Records(_not_asked)), GestureReader()
    recorder.begin()
    recording = recorder.recording
    assert recording is not None
    for number, frame in enumerate(seen):
        now = 100.0 + frame.at_s
        percept = recorder.look(Frame(number, now, PICTURE), [frame.pose] if frame.pose else [])
        if reader.update(now, percept, Listening(recorder.heard(SHOWING))) is not None:
            recording.end()
        if recording.over:
            break
    if recording.stage not in (Stage.ACTIVE, Stage.SUMMARY):
        raise NotShown(NOBODY)
    recording.end()
    recorded_track = recording.track()
    if recorded_track is None:
        raise NotShown(NOBODY)
    return lesson_of(recorded_track, kind)


def _not_asked(lesson: Lesson, words: Words) -> Routine:
    raise AssertionError("nobody here chooses to keep what was learned")


def refusal(seen: PoseTrack) -> str:
    """Why nothing is learned from what is seen; empty where something is."""
    try:
        _lesson(seen)
    except NotShown as error:
        return error.why
    return ""


def nobody(person: int) -> str:
    """An empty room."""
    del person
    rate_hz = 15.0
    return refusal(PoseTrack((1280, 720), [TrackFrame(n / rate_hz, None) for n in range(450)]))


def stands(person: int) -> str:
    """Somebody who stands there; every second one looks round, and shifts from one leg to the other."""
    kinds = (FidgetKind.STAND, FidgetKind.LOOK, FidgetKind.SHIFT)
    fidgets = [
        Fidget(kinds[(person + n) % 3], 1, 4.0, ("left", "right")[n % 2]) for n in range(6 * (person % 2))
    ]
    motion = MOTIONS["heel_raise" if person % 4 < 2 else "trunk_side_bend"]
    performer = Athlete(
        motion,
        camera=ViewCamera(),
        seed=person,
        reps=1,
        faults=[Fault.parse("shallow:1")],
        lead_s=STANDS_S,
        fidgets=fidgets,
        variation=SHOWN_VARIATION,
    )
    return refusal(track(performer, sight(person), person, until_s=STANDS_S + NOTHING_S))


def walks(person: int) -> str:
    """Somebody who stands until the countdown is over, and then walks about before the camera."""
    camera, rate_hz = ViewCamera(), 15.0
    rng = np.random.default_rng([person, 17])
    body = Body.sample(np.random.default_rng([person, 1]))
    at_s = np.arange(round((STANDS_S + NOTHING_S) * rate_hz)) / rate_hz
    corners_s = np.concatenate(([0.0, STANDS_S], STANDS_S + np.cumsum(rng.uniform(1.5, 3.5, 24))))
    corners = rng.uniform((-0.9, -1.2), (0.9, 1.2), (len(corners_s), 2))
    corners[:2] = 0.0
    places = np.column_stack([np.interp(at_s, corners_s, corners[:, axis]) for axis in range(2)])
    going = np.gradient(places, at_s, axis=0)
    heading = np.degrees(np.arctan2(going[:, 1], going[:, 0])) * (at_s > STANDS_S)
    xy, _ = camera.project(keypoints_in_space(body, walking(body, places, heading)))
    xy = xy + rng.normal(0.0, 1.0, xy.shape)
    frames = [
        TrackFrame(float(at), track_pose(points, np.full(17, 0.9)))
        for at, points in zip(at_s, xy, strict=True)
    ]
    return refusal(PoseTrack(camera.image_wh, frames))
