"""Stick figures: poses from joint angles, and tracks of them, for tests of everything behind the network.

A `Body` says how long the bones are, a pose function turns joint angles into keypoints, a movement is
a function of time, and a `Look` is how the camera sees it: rate, size, place, noise, what is hidden.
Body units are torso lengths, with the middle between the feet at the origin, x right, y down.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.learn import learn
from posecoach.coach.routine import Routine, Step
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.summary import Performance
from posecoach.coach.view import StepKind
from posecoach.motion.normalise import NormalisedPose
from posecoach.pose import PoseEstimate
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Keypoint, Limb
from posecoach.track import PoseTrack, TrackFrame

Array = NDArray[np.float64]
Movement = Callable[[float], Array]
"""From seconds to ``(17, 2)`` in body units."""

_K = Keypoint
LEFT_SIDE = tuple(keypoint for keypoint in Keypoint if keypoint.name.startswith("LEFT"))
RIGHT_SIDE = tuple(keypoint for keypoint in Keypoint if keypoint.name.startswith("RIGHT"))
LEGS = LIMB_KEYPOINTS[Limb.LEFT_LEG] + LIMB_KEYPOINTS[Limb.RIGHT_LEG]


@dataclass(frozen=True)
class Body:
    """Lengths of bones, in torso lengths of an average adult."""

    torso: float = 1.0
    head: float = 0.45
    shoulder: float = 0.37  # from the spine
    hip: float = 0.2
    upper_arm: float = 0.6
    forearm: float = 0.52
    thigh: float = 0.85
    shin: float = 0.82


ADULT = Body()
LONG_LIMBED = Body(upper_arm=0.66, forearm=0.57, thigh=0.935, shin=0.9)
SHORT_LIMBED = Body(upper_arm=0.54, forearm=0.47, thigh=0.765, shin=0.74)


@dataclass(frozen=True)
class Look:
    """How a camera sees a movement.

    Attributes:
        rate_hz: Frames a second.
        torso_px: Size of the person.
        feet_xy: Where the middle between the feet is, in pixels.
        image_wh: Size of the picture; what is outside it has score 0.
        score: Score of every keypoint that is seen.
        noise_px: Standard deviation of each coordinate.
        seed: Of the noise.
        hidden: Keypoints with score 0, reported at a useless place, another one in every frame.
        jitter_s: Standard deviation of the frames' times.
        walk_in_s: Seconds of walking into place before the movement, from `walk_from` torso lengths
            aside and `walk_scale` times as large.
        lost: Times between which nobody is found.
    """

    rate_hz: float = 30.0
    torso_px: float = 100.0
    feet_xy: tuple[float, float] = (320.0, 440.0)
    image_wh: tuple[int, int] = (640, 480)
    score: float = 0.9
    noise_px: float = 0.0
    seed: int = 0
    hidden: Collection[Keypoint] = field(default=())
    jitter_s: float = 0.0
    walk_in_s: float = 0.0
    walk_from: float = 2.0
    walk_scale: float = 1.0
    lost: Sequence[tuple[float, float]] = field(default=())


def front_pose(
    body: Body = ADULT,
    *,
    left_arm_deg: float = 10.0,
    right_arm_deg: float = 10.0,
    left_elbow_deg: float = 180.0,
    right_elbow_deg: float = 180.0,
    left_leg_deg: float = 8.0,
    right_leg_deg: float = 8.0,
    left_knee_deg: float = 180.0,
    right_knee_deg: float = 180.0,
    lean_deg: float = 0.0,
) -> Array:
    """Somebody who faces the camera: their left is on the right of the picture.

    Arms are lifted sideways from hanging (0) to overhead (180), legs from straight down; elbows and
    knees are 180 where straight; leaning is to their left.
    """
    up = _turned(-1j, lean_deg)
    across = 1j * up
    neck = up * body.torso
    points = {_K.NOSE: neck + up * body.head}
    for side, sign, arm_deg, elbow_deg, leg_deg, knee_deg in (
        ("LEFT", 1.0, left_arm_deg, left_elbow_deg, left_leg_deg, left_knee_deg),
        ("RIGHT", -1.0, right_arm_deg, right_elbow_deg, right_leg_deg, right_knee_deg),
    ):
        shoulder, hip = neck + sign * body.shoulder * across, sign * body.hip
        upper = _turned(-up, -sign * arm_deg)
        elbow = shoulder + body.upper_arm * upper
        knee = hip + body.thigh * _turned(1j, -sign * leg_deg)
        shin = _turned(1j, -sign * (leg_deg - (180.0 - knee_deg)))
        points |= {
            _K[f"{side}_SHOULDER"]: shoulder,
            _K[f"{side}_ELBOW"]: elbow,
            _K[f"{side}_WRIST"]: elbow + body.forearm * _turned(upper, -sign * (180.0 - elbow_deg)),
            _K[f"{side}_HIP"]: hip,
            _K[f"{side}_KNEE"]: knee,
            _K[f"{side}_ANKLE"]: knee + body.shin * shin,
            _K[f"{side}_EYE"]: neck + up * body.head * 1.15 + sign * 0.07 * across,
            _K[f"{side}_EAR"]: neck + up * body.head * 1.05 + sign * 0.15 * across,
        }
    return _on_the_floor(_xy(points))


def side_pose(
    body: Body = ADULT,
    *,
    shin_deg: float = 0.0,
    thigh_deg: float = 0.0,
    trunk_deg: float = 0.0,
    arm_deg: float = 0.0,
    faces_left: bool = True,
) -> Array:
    """Somebody seen from the side, both legs doing the same.

    Angles are from upright: the shin forward, the thigh backward from the knee, the trunk forward; the
    arm forward from hanging along the trunk.
    """
    forward = -1.0 if faces_left else 1.0
    knee = body.shin * _turned(-1j, forward * shin_deg)
    hip = knee + body.thigh * _turned(-1j, -forward * thigh_deg)
    spine = _turned(-1j, forward * trunk_deg)
    neck = hip + body.torso * spine
    arm = _turned(-spine, -forward * arm_deg)
    ahead = 1j * spine * forward
    head = neck + body.head * spine
    points = {_K.NOSE: head + 0.2 * ahead}
    near = "LEFT" if faces_left else "RIGHT"
    for side in ("LEFT", "RIGHT"):
        # The far side is seen a little higher, and ahead.
        shift = 0.0 if side == near else 0.05 * forward - 0.03j
        points |= {
            _K[f"{side}_ANKLE"]: shift,
            _K[f"{side}_KNEE"]: knee + shift,
            _K[f"{side}_HIP"]: hip + shift,
            _K[f"{side}_SHOULDER"]: neck + shift,
            _K[f"{side}_ELBOW"]: neck + body.upper_arm * arm + shift,
            _K[f"{side}_WRIST"]: neck + (body.upper_arm + body.forearm) * arm + shift,
            _K[f"{side}_EYE"]: head + 0.14 * ahead + 0.08 * spine + shift,
            _K[f"{side}_EAR"]: head + shift,
        }
    return _xy(points)


def pose_of(
    xy: Array, look: Look | None = None, rng: np.random.Generator | None = None, *, score: float | None = None
) -> PoseEstimate:
    """What a network would report of ``(17, 2)`` body units."""
    look = look or Look()
    seen_xy = xy * look.torso_px + look.feet_xy
    if rng is not None and look.noise_px > 0:
        seen_xy = seen_xy + rng.normal(0.0, look.noise_px, seen_xy.shape)
    scores = np.full(NUM_KEYPOINTS, look.score)
    hidden = list(look.hidden)
    scores[hidden] = 0.0
    seen_xy[hidden] = (3.0, 5.0) if rng is None else rng.uniform(0.0, 400.0, (len(hidden), 2))
    pose = PoseEstimate(seen_xy, scores, float(scores.mean()) if score is None else score)
    return pose.within(look.image_wh)


def track_of(movement: Movement, duration_s: float, **look_options: object) -> PoseTrack:
    """A track of a movement; `look_options` are the fields of a `Look`."""
    look = Look(**look_options)  # type: ignore[arg-type]
    rng = np.random.default_rng(look.seed)
    count = round((duration_s + look.walk_in_s) * look.rate_hz) + 1
    times_s = np.arange(count) / look.rate_hz
    if look.jitter_s > 0:
        times_s = np.sort(times_s + rng.normal(0.0, look.jitter_s, count))
        times_s -= times_s[0]
        times_s += 1e-4 * np.arange(count)  # strictly rising
    frames = []
    for at_s in times_s:
        since_s = at_s - look.walk_in_s
        xy, here = movement(max(since_s, 0.0)), look
        if since_s < 0:
            xy, here = _walking(since_s, look)
        pose = None if any(a <= at_s < b for a, b in look.lost) else pose_of(xy, here, rng)
        frames.append(TrackFrame(float(at_s), pose))
    return PoseTrack(look.image_wh, frames)


def _walking(since_s: float, look: Look) -> tuple[Array, Look]:
    left = min(-since_s / look.walk_in_s, 1.0)
    swing = 25.0 * np.sin(2.0 * np.pi * 1.8 * since_s)
    xy = front_pose(
        left_arm_deg=10 + swing * 0.4, right_arm_deg=10 - swing * 0.4, left_leg_deg=5, right_leg_deg=5
    )
    xy[[_K.LEFT_KNEE, _K.LEFT_ANKLE], 1] += 0.004 * swing
    xy[[_K.RIGHT_KNEE, _K.RIGHT_ANKLE], 1] -= 0.004 * swing
    scale = 1.0 + (look.walk_scale - 1.0) * left
    feet_x, feet_y = look.feet_xy
    return xy, replace(
        look, torso_px=look.torso_px * scale, feet_xy=(feet_x + left * look.walk_from * look.torso_px, feet_y)
    )


# -- movements --


def cycles(reps: int, rep_s: float, rest_s: float, pause_s: float = 0.0) -> Callable[[float], float]:
    """0 at rest, 1 at the turning point: `reps` cycles of `rep_s`, a rest before each and after the last.

    `pause_s` is spent at the turning point, within `rep_s`.
    """

    def share(at_s: float) -> float:
        number, into_s = divmod(at_s - rest_s, rep_s + rest_s)
        if at_s < rest_s or number >= reps or into_s >= rep_s:
            return 0.0
        moving_s = 0.5 * (rep_s - pause_s)
        if into_s > moving_s + pause_s:
            into_s = rep_s - into_s
        return 0.5 - 0.5 * math.cos(math.pi * min(into_s / moving_s, 1.0))

    return share


def cycles_s(reps: int, rep_s: float, rest_s: float) -> float:
    return reps * (rep_s + rest_s) + rest_s


def arm_raise(share: float, body: Body = ADULT, *, top_deg: float = 170.0, **pose: float) -> Array:
    """Both arms sideways up and down; `pose` is what else is different."""
    arm_deg = 10.0 + (top_deg - 10.0) * share
    return front_pose(body, **{"left_arm_deg": arm_deg, "right_arm_deg": arm_deg, **pose})


def squat(share: float, body: Body = ADULT, *, depth: float = 1.0, faces_left: bool = True) -> Array:
    """A squat seen from the side, arms coming forward; `depth` 1 is thighs level."""
    down = share * depth
    return side_pose(
        body,
        shin_deg=32.0 * down,
        thigh_deg=88.0 * down,
        trunk_deg=42.0 * down,
        arm_deg=110.0 * share,
        faces_left=faces_left,
    )


def knee_lift(share: float, body: Body = ADULT) -> Array:
    """One knee out to the side and up: another exercise from the front."""
    return front_pose(body, left_leg_deg=8 + 70 * share, left_knee_deg=180 - 90 * share)


def lunge(share: float, body: Body = ADULT) -> Array:
    """Bending forward with straight legs: another exercise from the side."""
    return side_pose(body, trunk_deg=80.0 * share, arm_deg=20.0 * share)


def arm_raise_track(
    *,
    reps: int = 3,
    top_deg: float = 170.0,
    rep_s: float = 3.0,
    rest_s: float = 1.0,
    pause_s: float = 0.0,
    body: Body = ADULT,
    pose: dict[str, float] | None = None,
    **look: object,
) -> PoseTrack:
    """Arms sideways up and down, from the front."""
    share = cycles(reps, rep_s, rest_s, pause_s)
    return track_of(
        lambda at_s: arm_raise(share(at_s), body, top_deg=top_deg, **(pose or {})),
        cycles_s(reps, rep_s, rest_s),
        **look,
    )


def squat_track(
    *,
    reps: int = 3,
    depth: float = 1.0,
    rep_s: float = 3.0,
    rest_s: float = 1.0,
    pause_s: float = 0.0,
    body: Body = ADULT,
    faces_left: bool = True,
    **look: object,
) -> PoseTrack:
    """Squats from the side."""
    share = cycles(reps, rep_s, rest_s, pause_s)
    return track_of(
        lambda at_s: squat(share(at_s), body, depth=depth, faces_left=faces_left),
        cycles_s(reps, rep_s, rest_s),
        **look,
    )


def cycle_track(
    movement: Callable[[float], Array],
    *,
    reps: int = 3,
    rep_s: float = 3.0,
    rest_s: float = 1.0,
    **look: object,
) -> PoseTrack:
    """Any movement of a share 0..1, as repetitions."""
    share = cycles(reps, rep_s, rest_s)
    return track_of(lambda at_s: movement(share(at_s)), cycles_s(reps, rep_s, rest_s), **look)


def hold_pose(body: Body = ADULT, *, arms_deg: float = 90.0) -> Array:
    """A wide stance with both arms out."""
    return front_pose(body, left_arm_deg=arms_deg, right_arm_deg=arms_deg, left_leg_deg=25, right_leg_deg=25)


def hold_track(
    *, hold_s: float = 6.0, way_s: float = 1.5, body: Body = ADULT, arms_deg: float = 90.0, **look: object
) -> PoseTrack:
    """Into a held pose, and out of it again."""

    start, end = front_pose(body), hold_pose(body, arms_deg=arms_deg)

    def movement(at_s: float) -> Array:
        share = min(at_s, way_s, 2 * way_s + hold_s - at_s) / way_s
        share = 0.5 - 0.5 * math.cos(math.pi * min(max(share, 0.0), 1.0))
        return _on_the_floor(start + share * (end - start))

    return track_of(movement, hold_s + 2 * way_s, **look)


FLOW = (
    {},
    {"left_arm_deg": 170.0, "right_arm_deg": 170.0},
    {"left_arm_deg": 170.0, "right_arm_deg": 60.0, "lean_deg": 25.0},
    {"left_arm_deg": 90.0, "right_arm_deg": 90.0, "left_leg_deg": 30.0, "right_leg_deg": 25.0},
    {"left_arm_deg": 60.0, "right_arm_deg": 170.0, "lean_deg": -25.0},
    {"left_arm_deg": 120.0, "right_arm_deg": 120.0, "left_elbow_deg": 90.0, "right_elbow_deg": 90.0},
    {},
)
"""The poses of a sequence, as joint angles for `front_pose`."""


@cache
def _flow_poses(body: Body) -> list[Array]:
    return [front_pose(body, **angles) for angles in FLOW]


def flow_pose(share: float, body: Body = ADULT) -> Array:
    """The sequence at a share of its duration, 0..1."""
    place = min(max(share, 0.0), 1.0) * (len(FLOW) - 1)
    first = min(int(place), len(FLOW) - 2)
    eased = 0.5 - 0.5 * math.cos(math.pi * (place - first))
    before, after = _flow_poses(body)[first : first + 2]
    return _on_the_floor(before + eased * (after - before))


def flow_track(
    *, flow_s: float = 8.0, rest_s: float = 1.0, until: float = 1.0, body: Body = ADULT, **look: object
) -> PoseTrack:
    """The sequence once through, standing still before and after; `until` is where it is given up."""
    return track_of(
        lambda at_s: flow_pose(min((at_s - rest_s) / flow_s, until), body), flow_s + 2 * rest_s, **look
    )


def still_track(xy: Array | None = None, *, duration_s: float = 10.0, **look: object) -> PoseTrack:
    """Somebody who only stands there."""
    pose = front_pose() if xy is None else xy
    return track_of(lambda at_s: pose, duration_s, **look)


def empty_track(*, duration_s: float = 5.0, rate_hz: float = 30.0) -> PoseTrack:
    """Nobody."""
    count = int(duration_s * rate_hz) + 1
    return PoseTrack((640, 480), [TrackFrame(index / rate_hz, None) for index in range(count)])


def joined(*tracks: PoseTrack, gap_s: float = 1 / 30) -> PoseTrack:
    """One track after the other."""
    frames: list[TrackFrame] = []
    for track in tracks:
        offset_s = frames[-1].at_s + gap_s if frames else 0.0
        frames += [TrackFrame(offset_s + frame.at_s, frame.pose) for frame in track]
    return PoseTrack(tracks[0].image_wh, frames)


def normalised_poses(poses_xy: Sequence[Array], rate_hz: float = 15.0) -> list[NormalisedPose]:
    """Body units as normalised poses, all seen: what `RepsRun` and the like take."""
    made = []
    for index, xy in enumerate(poses_xy):
        origin = xy[[_K.LEFT_HIP, _K.RIGHT_HIP]].mean(axis=0)
        length = float(np.hypot(*(xy[[_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER]].mean(axis=0) - origin)))
        made.append(
            NormalisedPose(
                index / rate_hz,
                (xy - origin) / length,
                np.ones(NUM_KEYPOINTS),
                origin * 100.0,
                length * 100.0,
            )
        )
    return made


def _turned(vector: complex, deg: float) -> complex:
    """Clockwise in the picture, where y goes down."""
    return vector * cmath.rect(1.0, math.radians(deg))


def _xy(points: dict[Keypoint, complex]) -> Array:
    """``(17, 2)`` of points that are x + iy: small sums are ten times as quick in Python as in numpy."""
    return np.array([points[keypoint] for keypoint in _K], dtype=complex).view(np.float64).reshape(-1, 2)


def _on_the_floor(xy: Array) -> Array:
    """The same pose with the lower foot on the floor and the middle between the feet at the origin."""
    (left_x, left_y), (right_x, right_y) = xy[[_K.LEFT_ANKLE, _K.RIGHT_ANKLE]].tolist()
    return xy - (0.5 * (left_x + right_x), max(left_y, right_y))


# -- learning and performing --


def learned(*recordings: PoseTrack, kind: StepKind = StepKind.REPS) -> Routine:
    """A routine of one step, learned from recordings."""
    return routine_of(learn(recordings, kind).step)


def routine_of(*steps: Step) -> Routine:
    return Routine("routine", "A routine", steps)


def performance(track: PoseTrack, routine: Routine) -> Performance:
    """A track performed as a routine, as `posecoach score` does it."""
    session = Session(routine, options=SessionOptions(gated=False, open_ended=True))
    for frame in track:
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
    return session.finish(track.frames[-1].at_s)


def score_of(track: PoseTrack, routine: Routine) -> float | None:
    return performance(track, routine).score
