"""Framing: somebody stands anywhere before a camera that is set up anyhow; is what they are told right?

200 placements at random: exercise, body, distance, place aside, camera's height, tilt and roll, which side is
turned to it, a second person, a dark room. A little more than a second is seen, with noise on every
coordinate, and keypoints that the body hides guessed. What is right follows from geometry alone: where the
keypoints that the step needs go in the picture during a real repetition by that body, how large the body is,
how the camera is turned. Advice is right if it names something that is so; *good* is right if nothing is.
Within `GREY` of a limit both are. Where it is dark and nobody is found, nothing else is right than to say so;
where somebody is found all the same, it need not be said.

*Followed*: somebody does what they are told, again and again (a step of 0.45 m; a camera that is set right; a
light turned on): do they come to stand well?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from evaluation.performances import LEAD_S, routine
from evaluation.rows import Effort, Row
from posecoach.adapters.model_store import ModelStore
from posecoach.app import open_estimator
from posecoach.coach.framing import DARK, FAR, TILTED_DEG, Advice, Framing
from posecoach.coach.perception import Perception
from posecoach.coach.room_needed import needed_keypoints
from posecoach.coach.routine import Sides, Step, View
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.vision.brightness import mean_luminance

PLACEMENTS: Final = 200
LEAST: Final = 0.97
SEEN_S: Final = 1.3
RATE_HZ: Final = 15.0
NOISE_PX: Final = 1.5
GREY: Final = 0.25
"""Torso lengths; share of a size; so much less or more than a limit is neither right nor wrong."""
GREY_DEG: Final = 2.0
BRIGHT: Final = 0.45
SHIPPED: Final = "posecoach-athlete"
STEP_M: Final = 0.45
MOST_STEPS: Final = 12


@dataclass(frozen=True, slots=True)
class Placement:
    """Somebody before a camera.

    Attributes:
        seed: Of the body.
        motion: What they are about to do.
        view: Which side they turn to the camera.
        yaw_off_deg: How far beside that.
        distance_m, aside_m, height_m, tilt_deg, roll_deg: Of the camera.
        second_m: How far aside a second person stands, and how far behind; `None` without.
        brightness: Of the picture.
    """

    seed: int
    motion: str
    view: View
    yaw_off_deg: float
    distance_m: float
    aside_m: float
    height_m: float
    tilt_deg: float
    roll_deg: float
    second_m: tuple[float, float] | None
    brightness: float

    @property
    def camera(self) -> ViewCamera:
        """The camera it is seen by."""
        yaw_deg = VIEW_YAW_DEG[self.view] + self.yaw_off_deg
        return ViewCamera(
            (1280, 720), self.distance_m, self.height_m, self.tilt_deg, yaw_deg,
            aside_m=self.aside_m, roll_deg=self.roll_deg,
        )  # fmt: skip

    @property
    def body(self) -> Body:
        """Who."""
        return Body.sample(np.random.default_rng([self.seed, 1]))


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told, and what was so.

    Attributes:
        placement: Who stood where.
        advice: What they were told.
        so: What was surely so.
        perhaps: What may be said or not.
        found: Whether anybody was found at the end.
    """

    placement: Placement
    advice: Advice
    so: frozenset[Advice]
    perhaps: frozenset[Advice]
    found: bool = True

    @property
    def right(self) -> bool:
        """Whether it was right."""
        so = self.so - {Advice.TOO_DARK} if self.found else self.so & {Advice.TOO_DARK} or self.so
        if self.advice is Advice.GOOD:
            return not so
        return self.advice in so | self.perhaps | (self.so & {Advice.TOO_DARK})


def placement(seed: int) -> Placement:
    """One at random; about every third is good."""
    rng = np.random.default_rng([seed, 81])
    motion = list(MOTIONS)[int(rng.integers(len(MOTIONS)))]
    best = routine(motion).steps[0].best_views
    view = best[int(rng.integers(len(best)))]
    kind = rng.choice(["well", "near", "far", "aside", "high", "roll", "side", "second", "dark", "any"])
    near, far = kind in ("near", "any"), kind in ("far", "any")
    if kind in ("side", "any") and rng.random() < (1.0 if kind == "side" else 0.3):
        view = list(View)[int(rng.integers(3))]
    aside_m = float(rng.uniform(-0.3, 0.3))
    if kind in ("aside", "any"):
        aside_m = float(rng.uniform(0.6, 2.4) * rng.choice([-1.0, 1.0]))
    roll_deg = float(rng.uniform(-2.5, 2.5))
    if kind == "roll":
        roll_deg = float(rng.uniform(5.0, 20.0) * rng.choice([-1.0, 1.0]))
    tilt_deg = float(rng.uniform(-1.0, 5.0))
    if kind in ("high", "any"):
        tilt_deg = float(rng.uniform(-22.0, 24.0))
    second = None
    if kind == "second":
        second = float(rng.uniform(0.7, 1.3) * rng.choice([-1.0, 1.0])), float(rng.uniform(-0.3, 1.2))
    distance_m = float(rng.uniform(3.2, 4.6))
    if near or far:
        distance_m = float(rng.uniform(1.2 if near else 5.0, 9.0 if far else 3.0))
    return Placement(
        seed,
        motion,
        view,
        float(rng.uniform(-12.0, 12.0)),
        distance_m,
        aside_m,
        float(rng.uniform(0.7, 1.7)),
        tilt_deg,
        roll_deg,
        second,
        float(rng.uniform(0.02, 0.09)) if kind == "dark" else BRIGHT,
    )


def athlete(where: Placement) -> Athlete:
    """Somebody who stands ready, and then does it once."""
    return Athlete(
        MOTIONS[where.motion], camera=where.camera, body=where.body, seed=where.seed, reps=1, lead_s=LEAD_S
    )


def second(where: Placement) -> Athlete | None:
    """The other one, in the same picture."""
    if where.second_m is None:
        return None
    aside_m, behind_m = where.second_m
    camera = replace(
        where.camera, distance_m=where.distance_m + behind_m, aside_m=where.aside_m + aside_m, yaw_deg=20.0
    )
    return Athlete(MOTIONS["heel_raise"], camera=camera, seed=where.seed + 5000, reps=1, lead_s=LEAD_S)


def told(where: Placement) -> Told:
    """What somebody at a placement is told, by keypoints."""
    perception, framing = Perception(), Framing(routine(where.motion).steps[0])
    people: list[PoseEstimate] = []
    for at_s, people in seen(where):
        _look(perception, framing, at_s, people, where.brightness, where.camera.image_wh)
    return Told(where, framing.latest.advice, *truth(where), found=bool(people))


def painted(where: Placement) -> Told:
    """The same by pictures and the network that ships; where it is dark, by as much less light."""
    perception, framing = Perception(), Framing(routine(where.motion).steps[0])
    stage, other = Stage(athlete(where), where.seed), second(where)
    assert other is None, "pictures of two people who stand are not painted"
    light = 1.0 if where.brightness == BRIGHT else where.brightness / 0.55
    poses: list[PoseEstimate] = []
    for number in range(int(SEEN_S * 8.0)):
        at_s = number / 8.0
        image = stage.picture(at_s)
        if light < 1.0:
            image = (image * light).astype(np.uint8)
        poses = [
            pose.within(where.camera.image_wh) for pose in _network().estimate(Frame(number, at_s, image))
        ]
        _look(perception, framing, at_s, poses, mean_luminance(image), where.camera.image_wh)
    return Told(where, framing.latest.advice, *truth(where), found=bool(poses))


@cache
def _network() -> PoseEstimator:
    return open_estimator(ModelStore().resolve(SHIPPED).content, SHIPPED)


def _look(
    perception: Perception,
    framing: Framing,
    at_s: float,
    people: Sequence[PoseEstimate],
    brightness: float,
    wh: tuple[int, int],
) -> None:
    framing.update(at_s, perception.perceive(at_s, people, wh), brightness, people, wh)


def seen(where: Placement) -> Iterator[tuple[float, list[PoseEstimate]]]:
    """Everybody in each frame, with noise; nobody where it is dark."""
    rng = np.random.default_rng([where.seed, 82])
    there = [each for each in (athlete(where), second(where)) if each is not None]
    tracks = [each.truth(0.0, SEEN_S, RATE_HZ, hidden_score=0.25) for each in there]
    for frames in zip(*tracks, strict=True):
        people = []
        for frame in frames:
            if frame.pose is None or where.brightness < 0.05:
                continue
            xy = frame.pose.keypoints_xy + rng.normal(0.0, NOISE_PX, (17, 2))
            scores = np.asarray(frame.pose.keypoint_scores)
            if (scores > 0.5).sum() >= 4:  # of less than that no network makes a person
                people.append(PoseEstimate(xy, scores, float(scores.mean())).within(where.camera.image_wh))
        yield frames[0].at_s, people


def truth(where: Placement) -> tuple[frozenset[Advice], frozenset[Advice]]:
    """What is surely so, and what perhaps."""
    so: set[Advice] = set()
    perhaps: set[Advice] = set()

    def weigh(advice: Advice, over: float, grey: float = GREY) -> None:
        """By how much a limit is passed."""
        if over > grey:
            so.add(advice)
        elif over > -grey:
            perhaps.add(advice)

    performer, camera, step = athlete(where), where.camera, routine(where.motion).steps[0]
    wide, high = camera.image_wh
    at_s = np.arange(LEAD_S / 2, performer.duration_s, 1 / 15)
    xy, _ = performer.keypoints(at_s)
    shoulders, hips = (xy[0, pair].mean(axis=0) for pair in (_SHOULDERS, _HIPS))
    torso_px = float(np.hypot(*(shoulders - hips)))
    places = xy[:, needed_keypoints(step)]
    (left, top), (right, bottom) = places.min(axis=(0, 1)), places.max(axis=(0, 1))
    room = np.array([-left, -top, right - wide, bottom - high]) / torso_px
    for advice, over in zip(
        (Advice.GO_LEFT, Advice.HEAD_CUT, Advice.GO_RIGHT, Advice.FEET_CUT), room, strict=True
    ):
        weigh(advice, float(over))
    for span, limit in ((bottom - top, high), (right - left, wide)):
        weigh(Advice.TOO_NEAR, (span - limit) / torso_px)
    weigh(Advice.TOO_FAR, FAR / (torso_px / high) - 1.0, 0.15)
    if room.max() > 1.0:  # of whom little is left in the picture nobody can tell more than that
        perhaps |= {Advice.TOO_NEAR, Advice.NOBODY}
    weigh(Advice.TILTED_CAMERA, abs(where.roll_deg) - TILTED_DEG, GREY_DEG)
    weigh(Advice.TOO_DARK, DARK - where.brightness, 0.01)
    if where.second_m is not None:
        so.add(Advice.SECOND_PERSON)
    _weigh_side(step, where, so, perhaps)
    return frozenset(so), frozenset(perhaps)


def _weigh_side(step: Step, where: Placement, so: set[Advice], perhaps: set[Advice]) -> None:
    best = set(step.best_views)
    if step.sides is Sides.EITHER:
        best |= set(step.mirrored().best_views)
    seen_deg = where.yaw_off_deg + np.degrees(np.arctan2(where.aside_m, where.distance_m))
    if where.view not in best:
        so.add(Advice.TURN)
    elif abs(seen_deg) > 25.0:  # whoever stands aside is seen from beside
        perhaps.add(Advice.TURN)


_SHOULDERS: Final = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


def followed(where: Placement) -> tuple[bool, list[str]]:
    """Whether somebody who does what they are told comes to stand well, and what they were told."""
    said: list[str] = []
    for _ in range(MOST_STEPS):
        advice = told(where).advice
        said.append(advice)
        if advice is Advice.GOOD:
            return not truth(where)[0] - {Advice.TOO_DARK}, said
        where = _after(where, advice)
    return False, said


def _after(where: Placement, advice: Advice) -> Placement:
    """Where somebody stands who did it."""
    if advice in (Advice.TOO_NEAR, Advice.HEAD_CUT, Advice.FEET_CUT):
        tilt_deg = where.tilt_deg + {Advice.FEET_CUT: 4.0, Advice.HEAD_CUT: -4.0}.get(advice, 0.0)
        return replace(where, distance_m=where.distance_m + STEP_M, tilt_deg=tilt_deg)
    if advice is Advice.TOO_FAR:
        return replace(where, distance_m=where.distance_m - STEP_M)
    if advice in (Advice.GO_LEFT, Advice.GO_RIGHT):
        # To one's left, as one faces the camera, is to the right of its picture: as if it went the other way.
        way = -STEP_M if advice is Advice.GO_LEFT else STEP_M
        return replace(where, aside_m=where.aside_m + way)
    if advice is Advice.TILTED_CAMERA:
        return replace(where, roll_deg=0.0)
    if advice is Advice.TURN:
        beside_deg = float(np.degrees(np.arctan2(where.aside_m, where.distance_m)))
        return replace(where, view=routine(where.motion).steps[0].best_views[0], yaw_off_deg=-beside_deg)
    if advice is Advice.SECOND_PERSON:
        return replace(where, second_m=None)
    if advice is Advice.TOO_DARK:
        return replace(where, brightness=BRIGHT)
    return replace(where, aside_m=0.0)  # into view, and out of what hides them


def rows(effort: Effort) -> Iterator[Row]:
    """Right advice by keypoints and by pictures, and what comes of following it."""
    count = 40 if effort.quick else PLACEMENTS
    places = [placement(seed) for seed in range(count)]
    yield _right("right advice", list(effort.each(told, places)))
    alone = [where for where in places if where.second_m is None]
    pictured = list(effort.each(painted, alone[: count // 5] if effort.quick else alone))
    yield _right("right advice, through pictures and the network that ships", pictured)
    done = list(effort.each(followed, places))
    share = sum(well for well, _ in done) / len(done)
    steps = [len(said) - 1 for well, said in done if well and len(said) > 1]
    yield Row(
        "who does what they are told comes to stand well",
        f"{100 * share:.1f} %, after {np.median(steps):.0f} steps or other changes, at most {max(steps)}",
        f"{len(done)}",
        f">= {100 * LEAST:.0f} %",
        share >= LEAST,
    )


def _right(measure: str, all_told: list[Told]) -> Row:
    share = sum(each.right for each in all_told) / len(all_told)
    wrong = Counter(
        f"{each.advice} where {' and '.join(sorted(each.so)) or 'nothing'} was so"
        for each in all_told
        if not each.right
    )
    kinds = Counter(str(each.advice) for each in all_told)
    grey = sum(bool(each.perhaps) for each in all_told)
    named = f"; wrong: {', '.join(f'{n} {what}' for what, n in wrong.most_common(4))}" if wrong else ""
    said = ", ".join(f"{n} {what}" for what, n in kinds.most_common())
    return Row(
        measure,
        f"{100 * share:.1f} % ({said}){named}",
        f"{len(all_told)}, {grey} of them near a limit",
        f">= {100 * LEAST:.0f} %",
        share >= LEAST,
    )
