"""Which of the people in view is coached, that it stays that one, and that nothing of one goes to another."""

from __future__ import annotations

import numpy as np
import pytest

from builders import (
    Look,
    arm_raise,
    arm_raise_track,
    cycles,
    front_pose,
    learned,
    performance,
    pose_of,
    side_pose,
)
from passing import crossing
from posecoach.coach.perception import Perception
from posecoach.coach.person import PATIENCE_S, TWO_PEOPLE, PersonChoice
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.motion.repair import Standing
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.pose import PoseEstimate
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.track import PoseTrack, TrackFrame

RATE_HZ = 30.0


def somebody(x=320.0, torso_px=100.0, score=0.9, **pose) -> PoseEstimate:
    return pose_of(
        front_pose(**pose), Look(torso_px=torso_px, feet_xy=(x, 440.0), image_wh=(2000, 1000)), score=score
    )


def walker(x=320.0, torso_px=120.0, at_s=0.0) -> PoseEstimate:
    """Somebody who walks through, seen from the side."""
    xy = side_pose(faces_left=False)
    swing = 0.3 * np.sin(2.0 * np.pi * 0.9 * at_s)
    xy[[13, 15], 0] += swing
    xy[[14, 16], 0] -= swing
    return pose_of(xy, Look(torso_px=torso_px, feet_xy=(x, 470.0), image_wh=(2000, 1000)))


def chosen_x(scenes, rate_hz=RATE_HZ, wh=None):
    """Middle of the hips of the one chosen at each frame, `None` for nobody."""
    choice = PersonChoice()
    found = []
    for index, poses in enumerate(scenes):
        chosen = choice.choose(index / rate_hz, poses, wh)
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


def test_at_first_the_one_in_the_middle_is_chosen_over_one_slightly_larger_at_the_edge():
    scene = [[somebody(150, 110), somebody(1000, 100)]]

    assert chosen_x(scene) == [pytest.approx(150)]
    assert chosen_x(scene, wh=(2000, 1000)) == [pytest.approx(1000)]


def test_at_first_whoever_raises_a_hand_is_chosen():
    scene = [[somebody(300, 110), somebody(1000, 80, right_arm_deg=170)]]

    assert chosen_x(scene) == [pytest.approx(1000)]


def test_a_hand_raised_later_steals_nobody():
    scenes = [[somebody(300)]] * 5 + [[somebody(300), somebody(1000, right_arm_deg=170)]] * 60

    assert chosen_x(scenes) == pytest.approx([300.0] * 65)


@pytest.mark.parametrize("hidden_s", [0.5, 2.0])
def test_who_passes_in_front_and_hides_the_person_is_not_taken_for_them(hidden_s):
    """The person is not found at all while the other is before them, for up to two seconds."""
    speed = 250.0
    scenes, waiting = [], int(hidden_s * RATE_HZ)
    for index, x in enumerate(np.arange(300.0, 1500.0, speed / RATE_HZ)):
        near = abs(x - 900.0) < 0.5 * 250.0 * min(hidden_s, 1.0)
        scenes.append([walker(x, at_s=index / RATE_HZ)] + ([] if near else [somebody(900)]))
        if abs(x - 900.0) < speed / RATE_HZ / 2:  # stops there for a moment
            scenes += [[walker(x, at_s=index / RATE_HZ)]] * max(waiting - int(RATE_HZ), 0)

    found = chosen_x([[somebody(900)]] * 10 + scenes)

    assert {round(x) for x in found if x is not None} == {900}
    assert found[-1] is not None
    assert found.count(None) <= waiting + 3


def test_who_passes_in_front_without_having_been_seen_to_come_is_not_taken_for_them():
    scenes = [[somebody(900)]] * 30 + [[walker(930, 170)]] * 10 + [[somebody(900)]] * 10

    assert chosen_x(scenes) == [*[pytest.approx(900)] * 30, *[None] * 10, *[pytest.approx(900)] * 10]


def test_one_bad_pose_of_the_person_makes_nobody_else_of_them():
    scenes = [[somebody(900)]] * 30 + [[walker(930, 170)]] * 3 + [[somebody(900)]] * 10

    assert chosen_x(scenes)[33:] == pytest.approx([900.0] * 10)


def test_who_stops_beside_the_person_stays_somebody_else():
    path = [*np.linspace(100, 780, 60), *[780.0] * 60, *np.linspace(780, 100, 60)]
    scenes = [[walker(x, 110, index / RATE_HZ), somebody(900)] for index, x in enumerate(path)]

    assert chosen_x([[somebody(900)], *scenes]) == pytest.approx([900.0] * 181)


def test_the_same_person_is_known_after_two_seconds_away():
    scenes = [[somebody(900)]] * 10 + [[]] * int(2.0 * RATE_HZ) + [[somebody(920)]]

    choice = PersonChoice()
    for index, poses in enumerate(scenes):
        chosen = choice.choose(index / RATE_HZ, poses)
    assert chosen is not None
    assert not choice.newcomer


def test_somebody_much_larger_who_comes_to_the_place_is_not_taken_for_who_was_there():
    scenes = [[somebody(900, 100)]] * 10 + [[]] * 30 + [[somebody(900, 165)]]

    assert chosen_x(scenes)[-1] is None


def test_of_two_who_could_both_be_the_person_neither_is_chosen():
    """They come back together after a moment: both alike, each a little to one side of where one was."""
    choice = PersonChoice()
    for index in range(10):
        choice.choose(index / RATE_HZ, [somebody(900)])
    both = [somebody(860), somebody(940)]

    assert choice.choose(1.5, both) is None
    assert choice.unsure == TWO_PEOPLE
    assert choice.choose(1.6, [somebody(900)]) is not None
    assert choice.unsure is None


def test_of_two_who_could_be_the_person_by_place_the_limbs_tell():
    choice = PersonChoice()
    for index in range(10):
        choice.choose(index / RATE_HZ, [somebody(900)])

    chosen = choice.choose(11 / RATE_HZ, [walker(890, 140), somebody(905)])

    assert chosen is not None
    assert chosen.keypoints_xy[[11, 12], 0].mean() == pytest.approx(905)


def test_being_unsure_does_not_last():
    """Two who stay in one place are not waited for: after a while one of them is taken up."""
    scenes = [[somebody(900)]] * 10 + [[]] * 40 + [[somebody(860), somebody(940)]] * 120

    found = chosen_x(scenes)

    assert found[51] is None
    assert found[-1] is not None


@pytest.mark.parametrize("before_m", [1.2, 0.6, -0.8])
def test_an_athlete_is_kept_while_somebody_walks_through(before_m):
    scene = crossing(before_m=before_m, reps=2, start_s=1.5, rate_hz=15.0)
    perception = Perception()
    wrong, nobody = 0, 0
    frames = dict(scene.both())
    for index, (at_s, poses) in enumerate(frames.items()):
        percept = perception.perceive(at_s, poses)
        nobody += percept is None
        if percept is None:
            continue
        trunk = [5, 6, 11, 12]
        off = percept.keypoints_xy[trunk].mean(axis=0) - scene.xy[0, index, trunk].mean(axis=0)
        wrong += bool(np.abs(off).max() > 40.0)

    assert sum(len(poses) == 2 for poses in frames.values()) > 20
    assert wrong == 0
    assert nobody <= 6


def test_the_score_is_the_same_as_if_nobody_had_walked_through():
    scene = crossing(before_m=1.2, reps=2, start_s=1.5, rate_hz=15.0)
    athlete = Athlete(MOTIONS["squat"], camera=ViewCamera(), seed=500, reps=2)
    routine = learned(athlete.truth(0.0, athlete.duration_s, 15.0))
    session = Session(routine, options=SessionOptions(gated=False, open_ended=True))
    for at_s, poses in scene.both():
        session.advance(at_s, poses)
    done, alone = session.finish(scene.end_s), performance(scene.alone(), routine)

    assert len(done.parts) == len(alone.parts) == 2
    assert done.score == pytest.approx(alone.score, abs=1.0)


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


def test_what_a_keypoint_rests_on_is_said():
    perception, pose = Perception(), somebody()
    hidden = PoseEstimate(pose.keypoints_xy, pose.keypoint_scores * (np.arange(17) != 9), pose.score)
    said = []
    for index in range(30):
        percept = perception.perceive(index / RATE_HZ, [pose if index < 10 else hidden])
        said.append((percept.standing[9], percept.standing[10], percept.weights[9] > 0))

    assert said[9] == (Standing.MEASURED, Standing.MEASURED, True)
    assert said[11] == (Standing.UNCERTAIN, Standing.MEASURED, True)
    assert said[29] == (Standing.ABSENT, Standing.MEASURED, False)


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
    exact[20].keypoints_xy[10] += 80.0  # what is repaired is repaired alike
    exact[30].keypoints_xy[[15, 16]] = exact[30].keypoints_xy[[16, 15]]
    stored = [
        PoseEstimate(pose.keypoints_xy.round(2), pose.keypoint_scores.round(4), pose.score) for pose in exact
    ]

    one = samples_of([(index / RATE_HZ, [pose]) for index, pose in enumerate(exact)])
    other = samples_of([(index / RATE_HZ, [pose]) for index, pose in enumerate(stored)])
    assert all(
        np.array_equal(a.xy, b.xy) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
    )
