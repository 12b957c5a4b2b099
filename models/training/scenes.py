"""What the network learns from: pictures of the athlete, at random, each with all that is true of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.anatomy import bare_solids
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.kinematics import Part, Posture
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.picture import Scenery
from posecoach.synthetic.room import Room
from posecoach.synthetic.solids import Shape
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.visibility import hidden_behind, visible_keypoints
from visits import ARMS, anyhow, gesture

INPUT_WH: Final = (513, 289)
"""The network's input: nearly 16:9, and both sides 1 more than a multiple of the stride."""

CAMERA_WH: Final = (1280, 720)
"""Of the pictures that the product gets."""

HELD_OUT_SEED: Final = 10_000_000
"""Seeds from here on are for the evaluation: training takes smaller ones only."""

_MOMENTS: Final = 5  # pictures of one athlete in one room: setting them up costs as much as four
_EMPTY_SHARE: Final = 0.08
_HARD: Final = (
    "half_sun_salutation",
    "half_sun_salutation",
    "warrior_two",
    "tree",
    "chair",
    "trunk_side_bend",
)
_FAULTS: Final = (
    "shallow:0.4", "bent_knee.left:30", "bent_knee.right:30", "low_arm.left:35", "low_arm.right:35",
    "lean:20", "lean.left:18", "lean.right:18",
    "asymmetry.left:0.5", "asymmetry.right:0.5", "turn:35", "turn:-35",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture and who is in it.

    Attributes:
        pixels: ``(height, width, 3)`` uint8 RGB.
        xy: ``(people, 17, 2)`` keypoints in pixels, also those outside the picture.
        seen: ``(people, 17)`` whether each can be seen.
        size_px: ``(people,)`` from the middle of the hips to that of the eyes, standing.
    """

    pixels: NDArray[np.uint8]
    xy: NDArray[np.float64]
    seen: NDArray[np.bool_]
    size_px: NDArray[np.float64]


def scenes(
    seed: int,
    wh: tuple[int, int] = INPUT_WH,
    *,
    mixed: bool = True,
    hard_share: float = 0.0,
    visit_share: float = 0.0,
) -> Iterator[Scene]:
    """Scenes of one seed: one athlete, one room, a few moments; or the room alone.

    Args:
        seed: Of everything.
        wh: Size of the pictures.
        mixed: Whether some motions get the arms of another, which the athlete himself never does.
        hard_share: Of scenes with a motion that networks find hard, beside those that come up anyway.
        visit_share: Of scenes beside exercise: somebody who stands anywhere, or makes a gesture.
    """
    rng = np.random.default_rng([seed, 77])
    camera = random_camera(rng, wh)
    if rng.random() < _EMPTY_SHARE:
        yield empty(seed, camera)
        return
    body = Body.sample(np.random.default_rng([seed, 1]))
    motion = _motion(rng, mixed, hard_share)
    if visit_share and rng.random() < visit_share:
        if rng.random() < 0.5:  # gestures are made to whoever looks
            camera = replace(camera, yaw_deg=float(rng.normal(0.0, 18.0)))
            motion = gesture(rng, body, camera)
        if rng.random() < 0.6:
            camera = anyhow(rng, camera)
    faults = [Fault.parse(_FAULTS[rng.integers(len(_FAULTS))])] if rng.random() < 0.4 else []
    if rng.random() < 0.2:  # somebody walks through: the network must tell two people apart
        faults.append(Fault.parse(f"crossing:{rng.uniform(-1.2, 1.2):.2f}@0s"))
    walks = rng.random() < 0.15
    athlete = Athlete(
        motion, camera=camera, body=body, faults=faults, seed=seed, reps=2,
        variation=float(rng.uniform(0.5, 2.5)), walk_in_s=2.5 if walks else 0.0,
    )  # fmt: skip
    stage = Stage(athlete, seed)
    for at_s in rng.uniform(0.0, min(athlete.duration_s, 5.0) if walks else athlete.duration_s, _MOMENTS):
        yield scene_of(stage, float(at_s))


def empty(seed: int, camera: ViewCamera) -> Scene:
    """A room with nobody in it."""
    room = Room.sample(np.random.default_rng([seed, 5]))
    return Scene(
        Scenery(room, camera).picture([]), np.zeros((0, 17, 2)), np.zeros((0, 17), dtype=bool), np.zeros(0)
    )


def scene_of(stage: Stage, at_s: float) -> Scene:
    """What the camera of a stage sees at one moment, and everybody's keypoints."""
    athlete, camera = stage.athlete, stage.athlete.camera
    now = np.array([at_s])
    xy, seen = athlete.keypoints(now)
    people = [(xy[0], seen[0], _size_px(athlete.body, athlete.posture(now), camera))]
    for passer in athlete.passers:
        if passer.present(now)[0]:
            posture = passer.posture(now)
            points = keypoints_in_space(passer.body, posture)
            at_xy, depth = camera.project(points)
            visible = visible_keypoints(passer.body, posture, points, camera)
            outline = Shape(bare_solids(athlete.body)).outline(athlete.posture(now), camera)
            visible &= ~hidden_behind(outline, at_xy, depth, 0.0)
            people.append((at_xy[0], visible[0], _size_px(passer.body, posture, camera)))
    pixels = stage.picture(at_s)
    return Scene(pixels, *(np.array(column) for column in zip(*people, strict=True)))


def _size_px(body: Body, posture: Posture, camera: ViewCamera) -> float:
    """Torso and head, from the middle of the hips to that of the eyes, as if upright: 0.41 of the stature."""
    pelvis_m = float(camera.seen(posture.origins[0, Part.PELVIS])[2])
    return 0.41 * body.stature_m * camera.focal / max(pelvis_m, 0.3)


def random_camera(rng: np.random.Generator, wh: tuple[int, int]) -> ViewCamera:
    """A camera somewhere around the athlete, more often than not about where a view is recorded from."""
    yaw_deg = float(rng.choice([0.0, 90.0, 270.0]) + rng.normal(0.0, 15.0))
    if rng.random() < 0.4:
        yaw_deg = float(rng.uniform(0.0, 360.0))
    distance_m = float(rng.uniform(2.4, 4.4))
    height_m = float(rng.uniform(0.6, 1.8))
    # It looks at somebody's middle, more or less.
    tilt_deg = float(np.degrees(np.arctan2(height_m - 0.95, distance_m)) + rng.normal(0.0, 3.0))
    focal_px = 1.097 * wh[1] * float(rng.uniform(0.9, 1.3))
    return ViewCamera(wh, distance_m, height_m, tilt_deg, yaw_deg, focal_px)


def _motion(rng: np.random.Generator, mixed: bool, hard_share: float) -> Motion:
    """One of the motions; sometimes with the arms of another: neither shall tell where the other is."""
    names = list(MOTIONS)
    some = _HARD if hard_share and rng.random() < hard_share else names
    motion = MOTIONS[some[rng.integers(len(some))]]
    if rng.random() < 0.35 and mixed:
        other = MOTIONS[names[rng.integers(len(names))]]
        rows = motion.rows.copy()
        lively = other.rows[rng.integers(len(other.rows), size=len(rows))]
        rows[:, ARMS] = lively[:, ARMS]
        motion = replace(motion, rows=rows)
    return motion
