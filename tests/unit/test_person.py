"""Which of the people in view is coached, and that nothing of one is taken over for the next."""

from __future__ import annotations

import numpy as np
import pytest

from builders import Look, arm_raise, arm_raise_track, cycles, front_pose, learned, performance, pose_of
from posecoach.coach.perception import Perception
from posecoach.coach.person import PATIENCE_S, PersonChoice
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.pose import PoseEstimate
from posecoach.track import PoseTrack, TrackFrame

RATE_HZ = 30.0


def somebody(x=320.0, torso_px=100.0, score=0.9, **pose) -> PoseEstimate:
    return pose_of(
        front_pose(**pose), Look(torso_px=torso_px, feet_xy=(x, 440.0), image_wh=(2000, 1000)), score=score
    )


def chosen_x(scenes, rate_hz=RATE_HZ):
    """Middle of the hips of the one chosen at each frame, `None` for nobody."""
    choice = PersonChoice()
    found = []
    for index, poses in enumerate(scenes):
        chosen = choice.choose(index / rate_hz, poses)
        found.append(None if chosen is None else float(chosen.keypoints_xy[[11, 12], 0].mean()))
    return found


def test_at_first_the_largest_is_chosen():
    assert chosen_x([[somebody(200, 60), somebody(900, 110), somebody(500, 80)]]) == [pytest.approx(900)]


def test_somebody_larger_who_arrives_later_is_a_bystander():
    scenes = [[somebody(300, 80)]] * 10 + [[somebody(900, 200), somebody(300, 80)]] * 90

    assert chosen_x(scenes) == pytest.approx([300.0] * 100)


@pytest.mark.parametrize("torso_px", [70.0, 100.0, 140.0])
def test_a_bystander_who_crosses_in_front_is_not_followed_away(torso_px):
    crossing = [[somebody(x, torso_px), somebody(900)] for x in np.linspace(50, 1800, 120)]

    assert chosen_x([[somebody(900)], *crossing]) == pytest.approx([900.0] * 121)


def test_a_bystander_is_not_taken_while_the_person_is_missed_for_a_moment():
    """A frame in which the network finds only somebody two strides away."""
    scenes = (
        [[somebody(900), somebody(1200)]] * 5 + [[somebody(1200)]] * 2 + [[somebody(900), somebody(1200)]]
    )

    assert chosen_x(scenes) == [*[pytest.approx(900.0)] * 5, None, None, pytest.approx(900.0)]


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 30.0])
def test_somebody_who_walks_is_followed(rate_hz):
    """1.4 m/s is two and a half torso lengths a second."""
    walk = [[somebody(x)] for x in np.arange(100, 1700, 250.0 / rate_hz)]

    assert None not in chosen_x(walk, rate_hz)


def test_a_place_is_kept_for_a_while():
    frames = int((PATIENCE_S - 0.2) * RATE_HZ)
    scenes = [[somebody(900)]] + [[somebody(200)]] * frames + [[somebody(200), somebody(900)]]

    assert chosen_x(scenes)[1:] == [None] * frames + [pytest.approx(900.0)]


def test_a_place_is_not_kept_for_ever():
    scenes = [[somebody(900)]] + [[somebody(200)]] * int((PATIENCE_S + 0.5) * RATE_HZ)

    assert chosen_x(scenes)[-1] == pytest.approx(200.0)


def test_a_child_in_the_same_place_is_not_taken_for_the_adult():
    assert chosen_x([[somebody(900, 120)], [somebody(900, 40)]])[1] is None


def test_a_pose_that_is_hardly_one_is_nobody():
    assert chosen_x([[somebody(score=0.1)], []]) == [None, None]


def test_moving_in_place_is_staying():
    share = cycles(5, 1.0, 0.0)
    scenes = [[pose_of(arm_raise(share(index / RATE_HZ)))] for index in range(150)]

    assert None not in chosen_x(scenes)


# -- what is known of one person --


def samples_of(frames):
    perception = Perception()
    found = []
    for at_s, poses in frames:
        percept = perception.perceive(at_s, poses)
        found.append(() if percept is None else percept.samples)
    return found


def test_nothing_of_an_adult_is_taken_over_for_a_child():
    """Who comes when the place is free is seen as if nobody had been there before."""
    adult = [(index / RATE_HZ, [somebody(900, 160)]) for index in range(60)]
    gone = [(2.0 + index / RATE_HZ, []) for index in range(90)]
    child = [(5.0 + index / RATE_HZ, [somebody(300, 60, left_arm_deg=index)]) for index in range(60)]

    after = [sample for samples in samples_of(adult + gone + child) for sample in samples][-29:]
    alone = [sample for samples in samples_of(child) for sample in samples][-29:]
    assert [sample.captured_at for sample in after] == [sample.captured_at for sample in alone]
    assert all(np.array_equal(one.xy, other.xy) for one, other in zip(after, alone, strict=True))


def test_a_child_who_comes_after_an_adult_is_scored_as_well():
    routine = learned(arm_raise_track(torso_px=100.0))
    adult = [TrackFrame(index / RATE_HZ, somebody(400, 170)) for index in range(60)]
    child = [
        TrackFrame(5.0 + frame.at_s, frame.pose)
        for frame in arm_raise_track(torso_px=60.0, feet_xy=(250, 420))
    ]

    done = performance(PoseTrack((640, 480), [*adult, *child]), routine)
    assert len(done.parts) == 3
    assert done.score >= 98


def test_while_the_hips_are_hidden_there_are_keypoints_but_no_pose():
    pose = somebody()
    hidden = PoseEstimate(
        pose.keypoints_xy, pose.keypoint_scores * ~np.isin(np.arange(17), [11, 12]), pose.score
    )
    percept = Perception().perceive(0.0, [hidden])

    assert percept is not None
    assert percept.pose is None
    assert percept.samples == ()


def test_nobody_is_nobody():
    assert Perception().perceive(0.0, []) is None


@pytest.mark.parametrize("rate_hz", [5.0, 24.0, 60.0])
def test_samples_come_at_the_common_rate(rate_hz):
    found = samples_of([(index / rate_hz, [somebody()]) for index in range(int(2 * rate_hz))])
    times = [sample.captured_at for samples in found for sample in samples]

    assert np.diff(times) == pytest.approx(1 / SAMPLE_RATE_HZ)


def test_live_and_replayed_the_same_frames_give_the_same_numbers():
    """A track keeps hundredths of a pixel; a network reports more."""
    rng = np.random.default_rng(0)
    exact = [pose_of(front_pose(left_arm_deg=index), Look(noise_px=1.0), rng) for index in range(40)]
    stored = [
        PoseEstimate(pose.keypoints_xy.round(2), pose.keypoint_scores.round(4), pose.score) for pose in exact
    ]

    one = samples_of([(index / RATE_HZ, [pose]) for index, pose in enumerate(exact)])
    other = samples_of([(index / RATE_HZ, [pose]) for index, pose in enumerate(stored)])
    assert all(
        np.array_equal(a.xy, b.xy) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
    )
