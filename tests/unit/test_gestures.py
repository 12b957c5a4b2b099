"""Gestures: what is meant is taken once and in time; what is exercise, or began unheard, is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from builders import Look, front_pose, learned, pose_of
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.gesture import ASKED, AWAY, CHOOSING, DEAF, EXERCISING, PAUSED, Gesture, Listening
from posecoach.coach.gesture_reader import HOLD_S, GestureReader
from posecoach.coach.gesture_shapes import Arm, Arms, Crossing, crossing, cursor
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.own_gestures import heard_in
from posecoach.coach.perception import Percept, Perception
from posecoach.coach.scene import Box
from posecoach.skeleton import MIRROR, Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import GESTURES
from posecoach.synthetic.pointing import pointing
from posecoach.synthetic.view_camera import ViewCamera

RATE_HZ = 15.0
TILES = (Box(0.0, 0.05, 0.45, 0.4), Box(0.55, 0.05, 0.45, 0.4), Box(0.0, 0.55, 0.45, 0.4))
EVERYTHING = Listening({**EXERCISING, **CHOOSING}, TILES)


def percepts(motion: Motion, *, body=None, yaw_deg=0.0, reps=1, **options) -> Iterator[tuple[float, Percept]]:
    """Somebody who does it once, as the coach sees them; times run from when they begin."""
    camera = ViewCamera(yaw_deg=yaw_deg)
    athlete = Athlete(motion, camera=camera, body=body, reps=reps, seed=3, **options)
    perception, begun_s = Perception(), athlete.timeline.reps[0].start_s + 0.2
    for frame in athlete.truth(0.0, athlete.duration_s, RATE_HZ, hidden_score=0.25):
        poses = [] if frame.pose is None else [frame.pose.within(camera.image_wh)]
        yield frame.at_s - begun_s, perception.perceive(frame.at_s, poses, camera.image_wh)


def taken(seen, listening: Listening, reader: GestureReader | None = None) -> list[tuple[float, Intent]]:
    reader = reader or GestureReader()
    found = ((at_s, reader.update(at_s, percept, listening)) for at_s, percept in seen)
    return [(at_s, intent) for at_s, intent in found if intent is not None]


def held(seconds: float, start_s: float = 0.0, **pose) -> Iterator[tuple[float, Percept]]:
    """A stick figure that stays as it is."""
    perception = Perception()
    for number in range(round(seconds * RATE_HZ) + 1):
        at_s = start_s + number / RATE_HZ
        yield at_s, perception.perceive(at_s, [pose_of(front_pose(**pose), Look())])


@pytest.mark.parametrize(
    ("name", "meant", "wish"),
    [
        ("raise_left_hand", ASKED, Wish.BACK),
        ("raise_right_hand", ASKED, Wish.CHOOSE),
        ("raise_left_hand", CHOOSING, Wish.PREVIOUS),
        ("cross_arms", EXERCISING, Wish.PAUSE),
        ("fold_arms", PAUSED, Wish.RESUME),
    ],
)
@pytest.mark.parametrize("yaw_deg", [0.0, 30.0])
def test_a_gesture_is_taken_once_and_soon(name, meant, wish, yaw_deg):
    found = taken(percepts(GESTURES[name], yaw_deg=yaw_deg), Listening(meant))

    assert [intent for _, intent in found] == [Intent(wish)]
    assert 0.0 < found[0][0] <= 1.5


@pytest.mark.parametrize("left", [True, False], ids=["left", "right"])
@pytest.mark.parametrize("tile", range(len(TILES)))
def test_a_hand_chooses_what_it_points_at(tile, left):
    body, camera = Body.average(), ViewCamera()
    motion = pointing(TILES[tile].centre, body=body, camera=camera, left=left)
    found = taken(percepts(motion, body=body), Listening(CHOOSING, TILES))

    assert [intent for _, intent in found] == [Intent(Wish.POINT, TILES[tile].centre)]
    assert 0.0 < found[0][0] <= 1.5


@pytest.mark.parametrize("name", MOTIONS)
@pytest.mark.parametrize("yaw_deg", [0.0, 90.0])
def test_no_exercise_is_a_gesture(name, yaw_deg):
    assert taken(percepts(MOTIONS[name], yaw_deg=yaw_deg), Listening(EXERCISING)) == []


@pytest.mark.parametrize("name", GESTURES)
def test_what_nobody_listens_to_is_not_taken(name):
    assert taken(percepts(GESTURES[name]), Listening(DEAF)) == []
    others = {gesture: wish for gesture, wish in AWAY.items() if gesture is Gesture.LEAVE}
    assert taken(percepts(GESTURES[name]), Listening(others)) == []


def listener(listening: Listening) -> GestureReader:
    """A reader before whom somebody has stood with hanging arms."""
    reader = GestureReader()
    taken(held(0.5, -1.0), listening, reader)
    return reader


def test_both_hands_up_are_no_hand_up():
    asked = Listening(ASKED)
    assert taken(held(3.0, left_arm_deg=170, right_arm_deg=170), asked, listener(asked)) == []
    found = taken(held(3.0, left_arm_deg=170), asked, listener(asked))
    assert [intent.wish for _, intent in found] == [Wish.BACK]


def test_a_hand_that_stays_up_says_it_once_and_again_only_after_it_came_down():
    asked = Listening(ASKED)
    reader = listener(asked)
    found = taken(held(4.0, right_arm_deg=170), asked, reader)
    found += taken(held(0.6, 4.1), asked, reader)
    found += taken(held(2.0, 4.8, right_arm_deg=170), asked, reader)

    assert len(found) == 2


def test_a_hand_that_was_up_before_anybody_asked_is_no_answer():
    reader = GestureReader()
    assert taken(held(1.0, right_arm_deg=170), Listening(DEAF), reader) == []
    assert taken(held(2.0, 1.1, right_arm_deg=170), Listening(ASKED), reader) == []
    assert taken(held(0.6, 3.2), Listening(ASKED), reader) == []
    assert len(taken(held(2.0, 3.9, right_arm_deg=170), Listening(ASKED), reader)) == 1


def test_who_is_gone_for_two_seconds_has_left_and_is_told_once():
    reader = GestureReader()
    taken(held(1.0), Listening(EXERCISING), reader)
    nobody = [(1.1 + number / RATE_HZ, None) for number in range(90)]
    found = taken(nobody, Listening(EXERCISING), reader)

    assert [intent for _, intent in found] == [Intent(Wish.PAUSE)]
    assert found[0][0] == pytest.approx(1.0 + HOLD_S[Gesture.LEAVE], abs=0.1)


def test_who_was_never_there_has_not_left():
    assert taken([(number / RATE_HZ, None) for number in range(90)], Listening(EXERCISING)) == []


def test_who_is_missed_for_a_moment_has_not_left():
    reader = GestureReader()
    taken(held(1.0), Listening(EXERCISING), reader)
    assert (
        taken([(1.1 + number / RATE_HZ, None) for number in range(25)], Listening(EXERCISING), reader) == []
    )
    assert taken(held(1.0, 2.8), Listening(EXERCISING), reader) == []
    assert (
        taken([(3.9 + number / RATE_HZ, None) for number in range(25)], Listening(EXERCISING), reader) == []
    )


def test_who_comes_back_and_stands_goes_on():
    reader = GestureReader()
    taken(held(1.0), Listening(EXERCISING), reader)
    taken([(1.1 + number / RATE_HZ, None) for number in range(45)], Listening(EXERCISING), reader)
    found = taken(held(2.0, 5.0), Listening(AWAY), reader)

    assert found[0][1] == Intent(Wish.RESUME)
    assert found[0][0] - 5.0 == pytest.approx(HOLD_S[Gesture.RETURN], abs=0.1)


def test_standing_there_does_not_end_a_pause_that_was_asked_for():
    assert taken(held(5.0), Listening(PAUSED)) == []


def test_what_is_under_way_can_be_shown():
    reader = listener(Listening(ASKED))
    for at_s, percept in held(0.3, right_arm_deg=170):
        reader.update(at_s, percept, Listening(ASKED))

    assert reader.view.gesture is Gesture.RIGHT_HAND
    assert 0.3 < reader.view.share < 1.0
    assert reader.view.cursor is None


def test_the_cursor_goes_the_way_the_hand_does_in_a_mirror():
    """In the picture the right hand is at the left; who moves it to their right moves it to the left."""
    near, far = (Arm(elbow=(-0.4, 0.4), wrist=(x, 0.0)) for x in (-0.2, -0.8))
    assert cursor(near, left=False, mirrored=True)[0] < cursor(far, left=False, mirrored=True)[0]
    assert cursor(near, left=False, mirrored=False)[0] > cursor(far, left=False, mirrored=False)[0]


def test_left_and_right_are_each_others_mirror_image():
    for x in (-0.9, -0.3, 0.1):
        right = Arm(elbow=(-0.4, 0.4), wrist=(x, 0.1))
        left = Arm(elbow=(0.4, 0.4), wrist=(-x, 0.1))
        across, down = cursor(right, left=False, mirrored=True)
        assert cursor(left, left=True, mirrored=True) == (pytest.approx(1.0 - across), pytest.approx(down))


def crossed(apart=0.7, wrists=-0.3, elbows=0.5, height=0.2) -> Arms:
    return Arms(
        Arm((0.5 * elbows, 0.45), (0.5 * wrists, height)),
        Arm((-0.5 * elbows, 0.45), (-0.5 * wrists, height)),
        apart,
    )


@pytest.mark.parametrize(
    ("arms", "is_so"),
    [
        (crossed(), Crossing.SURE),
        (crossed(apart=-0.7, wrists=0.3, elbows=-0.5), Crossing.SURE),  # from behind
        (crossed(wrists=0.1), Crossing.LIKELY),
        (crossed(wrists=0.5), Crossing.NONE),
        (crossed(apart=0.2), Crossing.NONE),  # from the side
        (crossed(height=-0.6), Crossing.NONE),  # over the head
        (crossed(height=1.1), Crossing.NONE),  # hanging
    ],
)
def test_forearms_that_cross_before_the_chest(arms, is_so):
    assert crossing(arms) is is_so


def test_crossed_arms_are_crossed_in_the_mirror_image_as_well():
    body = Athlete(GESTURES["cross_arms"], camera=ViewCamera(), reps=1, variation=0.0, lead_s=0.5)
    xy, _ = body.keypoints(np.array([body.timeline.reps[0].start_s + 1.2]))
    as_in_a_mirror = (np.array([1280.0, 0.0]) + np.array([-1.0, 1.0]) * xy[0])[MIRROR]
    for keypoints in (xy[0], as_in_a_mirror):
        left, right = Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST
        assert keypoints[left, 0] < keypoints[right, 0]


@pytest.fixture(scope="module")
def crossing_routine():
    """An exercise in which the arms are crossed."""
    athlete = Athlete(GESTURES["cross_arms"], camera=ViewCamera(), reps=4, seed=1)
    return learned(athlete.truth(0.0, athlete.duration_s, RATE_HZ, hidden_score=0.25))


def test_an_exercise_with_crossed_arms_is_not_paused_by_them(crossing_routine):
    heard = heard_in(crossing_routine, EXERCISING)

    assert heard == {Gesture.LEAVE: Wish.PAUSE}
    assert taken(percepts(GESTURES["cross_arms"]), Listening(heard)) == []
    assert heard_in(crossing_routine, ASKED) is ASKED


def test_no_starter_routine_has_a_gesture_of_its_own():
    folder = Path(__file__).parents[2] / "device" / "posecoach" / "starter"
    store = RoutineFolders(folder, read_track=read_track, write_track=write_track)

    assert all(heard_in(store.load(name), EXERCISING) is EXERCISING for name in MOTIONS)
