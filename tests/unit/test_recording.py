"""When a recording ends, and what of it is learned from."""

from __future__ import annotations

import numpy as np
import pytest

from builders import joined
from guests import RATE_HZ, raises, stands
from posecoach.coach.gesture import SHOWING, Listening
from posecoach.coach.gesture_reader import GestureReader
from posecoach.coach.recording import BEFORE_S, Asked, Recording
from posecoach.coach.showing import lesson_of
from posecoach.coach.view import Stage
from posecoach.frame import Frame
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import RAISE_RIGHT_HAND
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.track import PoseTrack, TrackFrame

STANDS_S = 5.0
"""Until the countdown is over."""


def recorded(*tracks, asked=None):
    """A recording of them, one after the other, and when it ended, in seconds behind the countdown."""
    recording, began_s = Recording(asked), None
    for number, frame in enumerate(joined(*tracks, gap_s=1 / RATE_HZ)):
        image = np.full((*tracks[0].image_wh[::-1], 3), 120, np.uint8)
        recording.look(Frame(number, 100.0 + frame.at_s, image), [frame.pose] if frame.pose else [])
        if recording.stage is Stage.ACTIVE and began_s is None:
            began_s = frame.at_s
        if recording.over:
            return recording, frame.at_s - began_s
    return recording, None


def length_s(*tracks):
    return sum(track.frames[-1].at_s for track in tracks)


@pytest.mark.parametrize(("reps", "most_s"), [(3, 2.0), (2, 8.0)])
def test_standing_still_ends_it_sooner_where_enough_was_shown(reps, most_s):
    recording, after_s = recorded(stands(STANDS_S), raises(reps), stands(10.0))

    assert recording.times == reps
    assert after_s - length_s(raises(reps)) == pytest.approx(most_s, abs=1.0)


def test_pauses_between_do_not_end_it():
    recording, _ = recorded(
        stands(STANDS_S), raises(1), stands(4.0), raises(1), stands(4.0), raises(1), stands(5.0)
    )

    assert recording.over
    assert lesson_of(recording.track()).times == 3


def test_as_often_as_was_asked_for_is_enough():
    recording, after_s = recorded(stands(STANDS_S), raises(1), stands(4.0), asked=Asked(times=1))

    assert recording.over
    assert after_s < length_s(raises(1)) + 3.5


def test_nothing_for_half_a_minute_ends_it():
    _, after_s = recorded(stands(STANDS_S), stands(40.0))

    assert after_s == pytest.approx(30.0, abs=1.0)


def test_moving_without_an_end_does_not_go_on_for_ever():
    way = raises(1)
    top = max(way.frames, key=lambda frame: -frame.pose.keypoints_xy[9, 1])
    half = [frame for frame in way.frames if frame.at_s <= top.at_s]
    up = PoseTrack(way.image_wh, half)
    stays = PoseTrack(way.image_wh, [TrackFrame(n / RATE_HZ, top.pose) for n in range(round(70 * RATE_HZ))])
    recording, after_s = recorded(stands(STANDS_S), up, stays)

    assert after_s == pytest.approx(60.0, abs=1.0)
    assert recording.times == 0


def test_it_begins_with_how_somebody_stands_and_ends_where_they_stood_last():
    recording, _ = recorded(stands(STANDS_S), raises(3), stands(3.0))
    track = recording.track()
    first = [frame for frame in track if frame.at_s < BEFORE_S - 0.2]

    assert first[0].at_s == 0.0
    apart = np.ptp([frame.pose.keypoints_xy for frame in first], axis=0).max()
    assert apart < 3.0, "pixels"


def test_the_hand_that_ends_a_small_movement_is_no_part_of_it():
    camera = ViewCamera(yaw_deg=90.0)  # a heel raise: the hand goes much further than all of it
    acts = [
        Athlete(MOTIONS["heel_raise"], camera=camera, reps=3, seed=5, lead_s=STANDS_S),
        Athlete(RAISE_RIGHT_HAND, camera=camera, reps=1, seed=5),
    ]
    acts[0].duration_s -= STANDS_S - 1.0
    seen = joined(
        *(act.truth(0.0, act.duration_s, RATE_HZ, hidden_score=0.3) for act in acts), gap_s=1 / RATE_HZ
    )
    recording, reader = Recording(), GestureReader()
    image = np.full((720, 1280, 3), 120, np.uint8)
    ended_by_hand = False
    for number, frame in enumerate(seen):
        now = 100.0 + frame.at_s
        recording.look(Frame(number, now, image), [frame.pose])
        active = recording.stage is Stage.ACTIVE
        wishes = {gesture: wish for gesture, wish in SHOWING.items() if gesture not in recording.unheard}
        if reader.update(now, recording.percept, Listening(wishes if active else {})) is not None:
            ended_by_hand = True
            recording.end()
        if recording.over:
            break

    assert ended_by_hand
    track = recording.track()
    wrist_px = np.array([frame.pose.keypoints_xy[10] for frame in track])
    assert np.ptp(wrist_px, axis=0).max() < 60.0
    assert lesson_of(track).times == 3
