"""Framing: one thing at a time, what is so, in the person's own left and right."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from builders import Look, front_pose, pose_of
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.framing import SETTLE_S, Advice, Framing
from posecoach.coach.framing_room import overflow, placed_of, start_place
from posecoach.coach.others import others_beside
from posecoach.coach.perception import Percept, Perception
from posecoach.coach.room_needed import needed_keypoints, room_needed
from posecoach.coach.routine import Step, View
from posecoach.coach.upright import roll_deg
from posecoach.skeleton import Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.vision.brightness import mean_luminance

STARTER = Path(__file__).parents[2] / "device" / "posecoach" / "starter"
RATE_HZ = 15.0
SEEN_S = 1.2
BRIGHT = 0.5


@cache
def step_of(name: str) -> Step:
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(name).steps[0]


def people_before(camera: ViewCamera, motion: str) -> list:
    athlete = Athlete(MOTIONS[motion], camera=camera, seed=2, reps=1, lead_s=1.5)
    frames = athlete.truth(0.0, SEEN_S, RATE_HZ, hidden_score=0.25)
    return [[] if frame.pose is None else [frame.pose.within(camera.image_wh)] for frame in frames]


def told(
    motion: str = "shoulder_abduction",
    *,
    view: View = View.FRONT,
    brightness: float | None = BRIGHT,
    others: ViewCamera | None = None,
    **camera,
) -> Advice:
    """What somebody hears who stands ready for a little more than a second."""
    seen = people_before(ViewCamera(yaw_deg=VIEW_YAW_DEG[view], **camera), motion)
    beside = people_before(others, "heel_raise") if others else [[]] * len(seen)
    perception, framing = Perception(), Framing(step_of(motion))
    for number, (mine, theirs) in enumerate(zip(seen, beside, strict=True)):
        at_s, people = number / RATE_HZ, [*mine, *theirs]
        framing.update(at_s, perception.perceive(at_s, people, (1280, 720)), brightness, people, (1280, 720))
    return framing.latest.advice


@pytest.mark.parametrize("motion", MOTIONS)
def test_whoever_stands_well_is_good(motion):
    assert told(motion, view=step_of(motion).best_views[0], distance_m=3.9) is Advice.GOOD


@pytest.mark.parametrize(
    ("camera", "advice"),
    [
        ({"distance_m": 1.7}, Advice.TOO_NEAR),
        ({"distance_m": 8.5}, Advice.TOO_FAR),
        ({"tilt_deg": -12.0}, Advice.FEET_CUT),
        ({"tilt_deg": 22.0}, Advice.HEAD_CUT),
        ({"roll_deg": 12.0}, Advice.TILTED_CAMERA),
        ({"roll_deg": -12.0}, Advice.TILTED_CAMERA),
        ({"view": View.LEFT}, Advice.TURN),
        ({"brightness": 0.03}, Advice.GOOD),  # who is seen all the same need not be told
        ({"brightness": None}, Advice.GOOD),
        ({"others": ViewCamera(distance_m=4.2, aside_m=1.2)}, Advice.SECOND_PERSON),
        ({"others": ViewCamera(distance_m=9.0, aside_m=1.2)}, Advice.GOOD),  # somebody at the back
    ],
    ids=str,
)
def test_what_is_wrong_is_what_is_told(camera, advice):
    assert told("side_leg_raise", **{"distance_m": 3.9, **camera}) is advice


@pytest.mark.parametrize(("aside_m", "advice"), [(2.8, Advice.GO_LEFT), (-2.8, Advice.GO_RIGHT)])
def test_left_and_right_are_the_persons_own(aside_m, advice):
    """A camera that stands to its right has them at the left of its picture: they go to their left."""
    assert told(distance_m=3.9, aside_m=aside_m) is advice


def test_what_a_step_does_not_need_may_be_out_of_the_picture():
    legs = {Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE}
    assert not legs & set(np.flatnonzero(needed_keypoints(step_of("shoulder_press"))))
    assert legs <= set(np.flatnonzero(needed_keypoints(step_of("squat"))))
    assert told("seated_arm_raise", view=View.LEFT, distance_m=3.0, tilt_deg=-6.0) is Advice.GOOD
    assert told("sit_to_stand", view=View.LEFT, distance_m=3.0, tilt_deg=-9.0) is Advice.FEET_CUT


@pytest.mark.parametrize(("brightness", "advice"), [(BRIGHT, Advice.NOBODY), (0.05, Advice.TOO_DARK)])
def test_where_nobody_is_seen_it_may_be_too_dark(brightness, advice):
    framing = Framing(step_of("squat"))
    assert framing.update(0.0, None, brightness, (), (1280, 720)).advice is advice


def test_one_frame_does_not_change_what_is_told():
    camera = ViewCamera(distance_m=3.9)
    frames = people_before(camera, "side_leg_raise")
    perception, framing = Perception(), Framing(step_of("side_leg_raise"))
    percepts = [
        perception.perceive(number / RATE_HZ, people, (1280, 720)) for number, people in enumerate(frames)
    ]
    said = []
    for number, percept in enumerate(percepts * 2):
        gone = number % 7 == 3
        at_s = number / RATE_HZ
        said.append(framing.update(at_s, None if gone else percept, BRIGHT, (), (1280, 720)).advice)

    assert SETTLE_S > 1 / RATE_HZ
    assert said[12:] == [Advice.GOOD] * len(said[12:])


def test_whoever_stands_at_a_limit_hears_one_thing():
    """Let in at some distance, they stay in a little nearer and a little further than that."""
    step = step_of("side_leg_raise")
    near = [
        (distance_m, told("side_leg_raise", distance_m=distance_m)) for distance_m in np.arange(2.0, 3.2, 0.1)
    ]
    first = next(distance_m for distance_m, advice in near if advice is Advice.GOOD)
    perception, framing = Perception(), Framing(step)
    said = []
    for number in range(60):
        distance_m = first + (0.0 if number < 30 else -0.03)
        people = people_before(ViewCamera(distance_m=float(distance_m)), "side_leg_raise")[number % 15]
        percept = perception.perceive(number / RATE_HZ, people, (1280, 720))
        said.append(framing.update(number / RATE_HZ, percept, BRIGHT, people, (1280, 720)).advice)

    assert said[20:] == [Advice.GOOD] * 40


def upright_percept(roll: float = 0.0, **pose):
    xy = front_pose(**pose)
    turn = np.radians(roll)
    xy = xy @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Perception().perceive(0.0, [pose_of(xy, Look())], (640, 480))


@pytest.mark.parametrize("roll", [-15.0, -4.0, 0.0, 7.0])
def test_a_turned_picture_turns_all_of_a_body(roll):
    assert roll_deg(upright_percept(roll)) == pytest.approx(roll, abs=0.1)


def test_whoever_leans_stands_before_a_level_camera():
    assert roll_deg(upright_percept(lean_deg=14.0)) == pytest.approx(0.0, abs=0.5)


def test_the_room_of_a_mirrored_step_is_the_mirror_image():
    step = step_of("side_leg_raise")
    there, mirrored = room_needed(step, View.FRONT), room_needed(step.mirrored(), View.FRONT)

    assert (mirrored.left, mirrored.right) == (pytest.approx(there.right), pytest.approx(there.left))
    assert there.right > 2 * there.left  # the left leg goes to the right of the picture


@pytest.mark.parametrize("wh", [(1280, 720), (720, 1280)])
@pytest.mark.parametrize("name", ["squat", "shoulder_abduction", "warrior_two"])
def test_where_to_stand_has_room_for_all_of_it(name, wh):
    step = step_of(name)
    room = room_needed(step, View.FRONT)
    xy = start_place(room, wh)
    percept = Perception().perceive(0.0, [pose_of(np.zeros((17, 2)), Look())], wh)
    assert percept is not None
    hips = xy[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=0)
    shoulders = xy[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]].mean(axis=0)
    placed = type(placed_of(upright_percept()))(*hips, float(np.hypot(*(shoulders - hips))))
    over = overflow(placed, room, wh, 0.05)

    assert not over.higher
    assert not over.wider
    assert max(over.left, over.right, over.top, over.bottom) <= 0.0


def test_one_person_found_twice_is_one():
    once, again = (pose_of(front_pose(), Look(feet_xy=(x, 440.0), torso_px=100.0)) for x in (320.0, 335.0))
    beside = pose_of(front_pose(), Look(feet_xy=(520.0, 440.0), torso_px=90.0))

    assert not others_beside([once])
    assert not others_beside([once, again])
    assert others_beside([once, again, beside])


def test_brightness_is_a_share_of_white():
    assert mean_luminance(np.full((720, 1280, 3), 255, np.uint8)) == 1.0
    assert mean_luminance(np.zeros((1, 1, 3), np.uint8)) == 0.0
    green = np.zeros((100, 100, 3), np.uint8)
    green[..., 1] = 255
    assert mean_luminance(green) == pytest.approx(0.587, abs=1e-4)
    half = np.zeros((480, 640, 3), np.uint8)
    half[:, 320:] = 255
    assert mean_luminance(half) == pytest.approx(0.5, abs=0.02)


# -- of whom little is seen --


def seen_of(camera: ViewCamera, motion: str, keypoints: list[Keypoint]) -> Percept:
    """What is known of somebody of whom only these are found."""
    (pose,) = people_before(camera, motion)[0]
    weights = np.where(np.isin(np.arange(17), keypoints), 0.9, 0.0)
    return Percept(pose.keypoints_xy, weights, None, ())


def advised(percept: Percept, motion: str = "shoulder_flexion") -> Advice:
    framing = Framing(step_of(motion))
    for number in range(20):
        framing.update(number / RATE_HZ, percept, BRIGHT, [], (1280, 720))
    return framing.latest.advice


UPPER = [Keypoint.NOSE, Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]


def test_from_the_side_the_head_tells_the_size_that_shoulders_do_not():
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[View.LEFT], distance_m=1.8, height_m=1.6)
    placed = placed_of(seen_of(camera, "shoulder_flexion", UPPER))
    (pose,) = people_before(camera, "shoulder_flexion")[0]
    shoulders, hips = (
        pose.keypoints_xy[pair].mean(axis=0)
        for pair in (
            [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER],
            [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP],
        )
    )
    assert placed is not None
    assert placed.torso_px == pytest.approx(float(np.hypot(*(shoulders - hips))), rel=0.25)
    assert advised(seen_of(camera, "shoulder_flexion", UPPER)) is not Advice.TOO_FAR


@pytest.mark.parametrize(
    ("distance_m", "advice"), [(8.5, Advice.TOO_FAR), (1.2, Advice.TOO_NEAR), (3.0, Advice.TOO_NEAR)]
)
def test_of_whom_hardly_anything_is_found_the_size_of_that_tells_which_way_to_go(distance_m, advice):
    some = [Keypoint.NOSE, Keypoint.LEFT_EAR, Keypoint.LEFT_WRIST, Keypoint.LEFT_ANKLE]
    assert advised(seen_of(ViewCamera(distance_m=distance_m), "shoulder_flexion", some)) is advice
