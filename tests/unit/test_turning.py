"""Where a movement turns that does not go straight there, and when it is over."""

from __future__ import annotations

import numpy as np
import pytest

from builders import performance, routine_of
from posecoach.coach.routine import View
from posecoach.coach.showing import lesson_of
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.turning import turn_of
from posecoach.coach.view import Verdict
from posecoach.motion.joint_angles import JOINTS, joint_angles_deg
from posecoach.motion.pose_distance import bone_directions
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Joint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.synthetic.visit import SHOWN_VARIATION


def turn_along(*places, by=20):
    """Where it turns when all of a body goes from one place to the next."""
    stops = np.array(places, dtype=float)
    count = (len(stops) - 1) * by + 1
    way = np.stack(
        [np.interp(np.arange(count) / by, np.arange(len(stops)), axis) for axis in stops.T], axis=1
    )
    spread = np.arange(34.0).reshape(17, 2)
    xy = spread + way[:, None]
    sequence = PoseSequence(np.arange(count) / 15.0, xy, np.ones((count, 17)), bone_directions(xy))
    return turn_of(sequence, np.hypot(*(way - way[0]).T), np.ones((count, 17))) / by


@pytest.mark.parametrize(
    ("places", "turns_at"),
    [
        pytest.param([(0, 0), (1, 0), (0, 0)], 1, id="there and back"),
        pytest.param([(0, 0), (1, 0), (1, 0), (0, 0)], 1, id="stays there"),
        pytest.param([(0, 0), (0.3, 1), (0.9, 0), (0.3, 1), (0, 0)], 2, id="by way of a place further off"),
        pytest.param([(0, 0), (1, 0), (0.5, 0), (1, 0), (0, 0)], 1, id="back half of the way in between"),
        pytest.param([(0, 0), (1, 0), (0, 0), (1, 0), (0, 0)], 1, id="twice"),
        pytest.param([(0, 0), (1, 0), (0.9, 1), (0, 1), (0, 0)], 2, id="round about"),
    ],
)
def test_it_turns_where_it_comes_by_once(places, turns_at):
    assert turn_along(*places) == turns_at


def sits_and_stands(seed, **how):
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[View.LEFT])
    one = Athlete(MOTIONS["sit_to_stand"], camera=camera, reps=3, seed=seed, **how)
    return one.truth(0.0, one.duration_s, 15.0, hidden_score=0.25)


@pytest.fixture(scope="module")
def getting_up():
    """A step learned from somebody who leans forward, stands, leans forward and sits, three times."""
    return lesson_of(sits_and_stands(5, variation=SHOWN_VARIATION)).learned.step


def test_getting_up_from_a_chair_turns_where_somebody_stands(getting_up):
    ruler = yardstick(getting_up, View.LEFT)

    knee_deg = joint_angles_deg(ruler.reference.xy)[:, JOINTS.index(Joint.LEFT_KNEE)]

    assert knee_deg[ruler.turn] > 150.0
    assert knee_deg[np.argmax(ruler.share)] < 120.0  # leaning is further from sitting than standing is


def test_it_is_over_only_when_somebody_sits_again(getting_up):
    done = performance(sits_and_stands(11), routine_of(getting_up))

    assert [part.verdict for part in done.parts] == [Verdict.GOOD] * 3
    assert min(part.score for part in done.parts) >= 95.0
