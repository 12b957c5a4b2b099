"""Recognising: which routine, from which side, with which side of the body, told from the first repetition.

*Known*: every starter routine by bodies that were not asked when it was made, from its three views, and
mirrored where it may be done with either side; with and without noise. First of the list is right only with
view and side. *None of these*: people who stand, sit, walk in and out, fidget, come to the camera, make the
gestures of the screen and point; movements that no routine is about; and each routine by candidates without
it. What would begin a session by itself is what was decided on from a side that the routine is judged from.
*Pictures*: painted, and seen by the network that ships.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from evaluation.gestures import TILES
from evaluation.performances import LEAD_S, athlete, mirror_image, routine, sight, track
from evaluation.rows import Effort, Row
from posecoach.adapters.model_store import ModelStore
from posecoach.app import open_estimator
from posecoach.coach.candidates import Candidate, candidates_of
from posecoach.coach.named_scores import samples_of
from posecoach.coach.recognise import Recogniser
from posecoach.coach.routine import Sides, View
from posecoach.coach.view import StepKind
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.authoring import there_and_back
from posecoach.synthetic.body import Body
from posecoach.synthetic.fidgets import Fidget, FidgetKind
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import GESTURES
from posecoach.synthetic.pointing import pointing
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame

BODIES: Final = 6
FIRST_BODY: Final = 500
LEAST_TOP: Final = 0.97
LEAST_SOON: Final = 0.9
ACROSS: Final = {View.FRONT: View.FRONT, View.LEFT: View.RIGHT, View.RIGHT: View.LEFT}
PICTURES_HZ: Final = 15.0
SHIPPED: Final = "posecoach-athlete"
BESIDE_DEG: Final = (15.0, 30.0)
WALK_S: Final = 4.0
OTHERS: Final = {
    motion.name: motion
    for motion in (
        there_and_back("biceps_curl", {"both_elbow_flex": 135}, there_s=1.1),
        there_and_back(
            "good_morning", {"pelvis_tilt": 60, "both_hip_flex": 60, "neck_flex": -20}, there_s=1.4
        ),
        there_and_back(
            "trunk_twist", {"spine_turn": 45, "both_shoulder_flex": 70, "both_elbow_flex": 70}, there_s=1.0
        ),
        there_and_back(
            "front_kick", {"left_planted": 0, "left_hip_flex": 75, "left_knee_flex": 8}, there_s=0.9
        ),
        there_and_back("one_arm_raise", {"left_shoulder_abduct": 120}, there_s=1.2),
        there_and_back(
            "open_arms",
            {"both_shoulder_flex": 0, "both_shoulder_abduct": 90},
            rest={"both_shoulder_flex": 88, "both_elbow_flex": 5},
            there_s=1.0,
        ),
        there_and_back("hamstring_curl", {"left_planted": 0, "left_knee_flex": 95}, there_s=1.0),
        there_and_back(
            "upright_row",
            {"both_shoulder_abduct": 80, "both_elbow_flex": 115, "both_shoulder_rotate": -70},
            there_s=1.0,
        ),
    )
}
"""Movements that no starter routine is about."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Somebody to be recognised.

    Attributes:
        motion: What they do.
        view: From where they are seen, as it is recorded.
        person: Who.
        mirrored: Whether the recording is mirrored: another view, and the other side of the body.
        without: The routine that is no candidate.
        pictures: Whether it is painted and seen by a network.
        off_deg: How far beside the view the camera stands.
    """

    motion: str
    view: View
    person: int
    mirrored: bool = False
    without: str = ""
    pictures: bool = False
    off_deg: float = 0.0

    @property
    def right(self) -> tuple[str, View, bool]:
        """What is to be told."""
        return self.motion, ACROSS[self.view] if self.mirrored else self.view, self.mirrored


@dataclass(frozen=True, slots=True)
class Told:
    """What was told.

    Attributes:
        trial: Of whom.
        first: Of the list, also where it is none of these.
        believed: Whether it is one of these.
        decided: What was decided on first; `None` where nothing was.
        judged: Whether the coach judges that from there.
        at: When, as a share of the first repetition, hold or flow.
        length_s: How long the recording is.
    """

    trial: Trial
    first: tuple[str, View, bool] | None
    believed: bool
    decided: tuple[str, View, bool] | None
    judged: bool
    at: float
    length_s: float


def rows(effort: Effort) -> Iterator[Row]:
    """Known ones, none of these, pictures, and what it costs."""
    people = range(FIRST_BODY, FIRST_BODY + (2 if effort.quick else BODIES))
    done = list(effort.each(tried, known(people)))
    yield from _known_rows("", done)
    hard = Counter(f"{told.trial.motion} {told.trial.right[1]}" for told in done if told.decided is None)
    yield Row("... never decided on: seen from where they hardly show", _most(hard), f"{hard.total()}")
    views = [told for told in done if told.trial.right[1] in _best_views(told.trial)]
    yield from _known_rows(", from where it is judged best", views)
    for off_deg in BESIDE_DEG:
        aside = list(effort.each(tried, beside(people, off_deg)))
        yield from _known_rows(f", {off_deg:.0f} degrees beside the best view", aside)
    for what, trials in (
        ("standing, sitting, walking, fidgeting", nothing_done(people)),
        ("gestures and pointing", gestures_made(people)),
        ("another movement, done three times", others_done(people)),
    ):
        yield from _none_rows(what, list(effort.each(tried, trials)))
    left_out = [replace(trial, without=trial.motion) for trial in known(people[: 2 if effort.quick else 4])]
    yield from _none_rows("a routine that is no candidate", list(effort.each(tried, left_out)))
    pictures = [replace(trial, pictures=True) for trial in known([FIRST_BODY + 40])]
    pictures = pictures[:: 9 if effort.quick else 1]
    yield from _known_rows(", painted and seen by the network that ships", list(effort.each(tried, pictures)))
    number, spent_ms, worst_ms = cost()
    yield Row(
        f"processor's time per sample with {number} candidates, mean and 99th of 100",
        f"{spent_ms:.2f}, {worst_ms:.2f} ms",
        "15 samples a second",
        "< 2 ms",
        spent_ms < 2.0,
    )


def known(people: Sequence[int]) -> list[Trial]:
    """Every routine from each of its views, with either side where it may be."""
    return [
        Trial(name, view, person, other)
        for name in MOTIONS
        for view in View
        for person in people
        for other in ((False, True) if routine(name).steps[0].sides is Sides.EITHER else (False,))
    ]


def beside(people: Sequence[int], off_deg: float) -> list[Trial]:
    """Every routine from beside its best view, on either side in turn."""
    return [
        Trial(name, routine(name).steps[0].best_views[0], person, off_deg=off_deg * (1.0, -1.0)[person % 2])
        for name in MOTIONS
        for person in people
    ]


def nothing_done(people: Sequence[int]) -> list[Trial]:
    """People who do nothing in particular."""
    names = ("stand", "sit_still", *(f"fidget {kind}" for kind in FidgetKind))
    return [Trial(name, view, person) for name in names for view in View for person in people]


def gestures_made(people: Sequence[int]) -> list[Trial]:
    """People who talk to the box with their hands."""
    names = (*GESTURES, *(f"point {number}" for number in range(len(TILES))))
    return [Trial(name, view, person) for name in names for view in View for person in people]


def others_done(people: Sequence[int]) -> list[Trial]:
    """People who do what is no routine."""
    return [Trial(name, view, person) for name in OTHERS for view in View for person in people]


def tried(trial: Trial) -> Told:
    """Have somebody recognised."""
    performer = _performer(trial)
    if trial.pictures:
        seen = _through_pictures(performer, trial.person)
    else:
        seen = track(performer, sight(trial.person + len(trial.motion)), trial.person)
    if trial.mirrored:
        seen = mirror_image(seen)
    recogniser = Recogniser(_candidates(trial.without))
    decided, judged, at_s = None, False, 0.0
    for sample in samples_of(seen):
        found = recogniser.look(sample)
        if found is not None and decided is None:
            decided, judged, at_s = _told(found.candidate), found.candidate.judged, sample.captured_at
    rep = performer.timeline.reps[0]
    ranking = recogniser.ranking
    return Told(
        trial,
        _told(ranking[0].candidate) if ranking else None,
        recogniser.best is not None,
        decided,
        judged,
        (at_s - rep.start_s) / (rep.end_s - rep.start_s),
        seen.frames[-1].at_s,
    )


def cost() -> tuple[int, float, float]:
    """Number of candidates, and milliseconds of the processor for a sample, with every routine mirrored."""
    either = [
        replace(routine(name), steps=(replace(routine(name).steps[0], sides=Sides.EITHER),))
        for name in MOTIONS
    ]
    candidates = candidates_of(either)
    samples = samples_of(track(athlete("squat", View.LEFT, FIRST_BODY, reps=8), sight(0), FIRST_BODY))
    recogniser = Recogniser(candidates)
    spent = []
    for sample in samples:
        begun = time.process_time()
        recogniser.look(sample)
        spent.append(1e3 * (time.process_time() - begun))
    return len(candidates), float(np.mean(spent)), float(np.quantile(spent, 0.99))


def _known_rows(where: str, done: Sequence[Told]) -> Iterator[Row]:
    top = sum(told.first == told.trial.right for told in done)
    soon = sum(told.decided == told.trial.right and told.at <= 1.0 for told in done)
    wrong = Counter(
        f"{told.trial.motion} {told.trial.right[1]} as {told.decided[0]} {told.decided[1]}"
        for told in done
        if told.decided is not None and told.decided != told.trial.right
    )
    at = sorted(told.at for told in done if told.decided == told.trial.right)
    of = f"{len(done)}"
    share = top / len(done)
    bars = not where
    yield Row(
        f"first of the list is right, with view and side{where}",
        f"{share:.1%}",
        of,
        f">= {LEAST_TOP:.0%}" if bars else "",
        share >= LEAST_TOP if bars else None,
    )
    share = soon / len(done)
    yield Row(
        f"... and decided on within the first repetition, hold or flow{where}",
        f"{share:.1%}, after {np.median(at):.0%} of it in the middle" if at else "0 %",
        of,
        f">= {LEAST_SOON:.0%}" if bars else "",
        share >= LEAST_SOON if bars else None,
    )
    yield Row(f"... decided on wrongly{where}", f"{wrong.total()}{_named(wrong)}", of)


def _none_rows(what: str, done: Sequence[Told]) -> Iterator[Row]:
    minutes = sum(told.length_s for told in done) / 60
    of = f"{len(done)} recordings, {minutes:.0f} min"
    taken = Counter(
        f"{told.trial.motion} {told.trial.view} for {told.decided[0]}" for told in done if told.decided
    )
    begun = Counter(
        f"{told.trial.motion} {told.trial.view} for {told.decided[0]}"
        for told in done
        if told.decided and told.judged
    )
    none = sum(not told.believed for told in done)
    yield Row(f"{what}: 'none of these'", f"{none / len(done):.1%}", of)
    yield Row(f"... taken for a routine: {what}", f"{taken.total()}{_named(taken)}", of)
    yield Row(f"... would begin a session: {what}", f"{begun.total()}{_named(begun)}", of)


def _named(counts: Counter[str]) -> str:
    return f" ({_most(counts)})" if counts else ""


def _most(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.most_common(8)) or "none"


def _best_views(trial: Trial) -> tuple[View, ...]:
    step = routine(trial.motion).steps[0]
    return (step.mirrored() if trial.mirrored else step).best_views


def _told(candidate: Candidate) -> tuple[str, View, bool]:
    return candidate.routine.id, candidate.view, candidate.mirrored


@cache
def _candidates(without: str = "") -> tuple[Candidate, ...]:
    return candidates_of(routine(name) for name in MOTIONS if name != without)


def _performer(trial: Trial) -> Athlete:
    name, person = trial.motion, trial.person
    if name in MOTIONS:
        reps = 2 if MOTIONS[name].kind is StepKind.REPS else None
        if trial.off_deg:
            yaw_deg = VIEW_YAW_DEG[trial.view] + trial.off_deg
            camera = ViewCamera(yaw_deg=yaw_deg)
            return Athlete(MOTIONS[name], camera=camera, seed=person, reps=reps, lead_s=LEAD_S)
        if trial.pictures:  # one is what there is time for
            return athlete(name, trial.view, person, reps=1)
        return athlete(name, trial.view, person, reps=reps)
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[trial.view])
    body = Body.sample(np.random.default_rng([person, 1]))
    kind, _, which = name.partition(" ")
    fidgets: list[Fidget] = []
    motion, reps, walk_s = _still("shoulder_abduction"), 1, WALK_S
    if kind == "sit_still":
        motion, walk_s = _still("seated_arm_raise"), 0.0
    elif kind == "fidget":
        length_s = 5.0 if which in ("sit", "approach") else 2.6
        fidgets = [Fidget(FidgetKind(which), 0, length_s, side) for side in ("left", "right")]
    elif kind == "point":
        at = TILES[int(which)].centre
        motion, reps = pointing(at, body=body, camera=camera, left=at[0] < 0.4), 2
    elif name in GESTURES:
        motion, reps = GESTURES[name], 2
    elif name in OTHERS:
        motion, reps, walk_s = OTHERS[name], 3, 0.0
    return Athlete(
        motion,
        camera=camera,
        body=body,
        seed=person,
        reps=reps,
        walk_in_s=walk_s,
        walk_out_s=walk_s,
        fidgets=fidgets,
    )


def _still(like: str) -> Motion:
    """Twenty seconds of standing, or sitting, as before a motion."""
    rows = np.stack([MOTIONS[like].start] * 3)
    return replace(MOTIONS[like], name="still", times_s=np.array([0.0, 10.0, 20.0]), rows=rows)


def _through_pictures(performer: Athlete, seed: int) -> PoseTrack:
    stage = Stage(performer, seed)
    frames = []
    for number in range(int(performer.duration_s * PICTURES_HZ)):
        at_s = number / PICTURES_HZ
        found = _network().estimate(Frame(number, at_s, stage.picture(at_s)))
        frames.append(TrackFrame(at_s, found[0] if found else None))
    return PoseTrack(performer.camera.image_wh, frames)


@cache
def _network() -> PoseEstimator:
    return open_estimator(ModelStore().resolve(SHIPPED).content, SHIPPED)
