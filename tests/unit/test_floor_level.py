"""A movement of the whole body up and down, which poses measured from the hips cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from builders import (
    ADULT,
    Body,
    cycle_track,
    cycles,
    front_pose,
    performance,
    routine_of,
    side_pose,
    squat,
    squat_track,
    track_of,
)
from posecoach.coach.reference import reference_of
from posecoach.coach.report import report
from posecoach.coach.routine import LimbRule, Step, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind, Verdict
from posecoach.motion.floor_level import MOVED_ON, FloorLevel, raised, risen
from posecoach.motion.normalise import NormalisedPose
from posecoach.skeleton import Keypoint, Limb

TORSO_PX = 100.0
HEIGHT = 0.14


def on_toes(share, height=HEIGHT):
    return side_pose() - (0.0, height * share)


def normalised(xy, at_s, *, weights=None, scale=1.0):
    """A pose of body units, as a camera sees it."""
    px = xy * TORSO_PX * scale + (320.0, 440.0)
    origin = px[[11, 12]].mean(axis=0)
    length = TORSO_PX * scale
    return NormalisedPose(
        at_s, (px - origin) / length, np.ones(17) if weights is None else weights, origin, length
    )


def rises(movement, duration_s=4.0, **how):
    level = FloorLevel()
    return np.array(
        [level.rise(normalised(movement(at_s), at_s, **how)) for at_s in np.arange(0, duration_s, 1 / 15)]
    )


def toes_track(*, reps=3, height=HEIGHT, **look):
    return cycle_track(lambda share: on_toes(share, height), reps=reps, rest_s=1.0, rep_s=2.5, **look)


@pytest.fixture(scope="module")
def routine():
    share = cycles(1, 2.5, 0.2)
    model = track_of(lambda at_s: on_toes(share(at_s)), 2.9, rate_hz=15.0)
    legs = {Limb.LEFT_LEG: 1.0, Limb.RIGHT_LEG: 1.0, Limb.TRUNK: 0.5}
    rules = {limb: LimbRule(legs.get(limb, 0.1), 0.08) for limb in Limb}
    cues = {"go_further": "rise higher"}
    return routine_of(Step(StepKind.REPS, {View.LEFT: reference_of(model)}, rules, reps=5, cues=cues))


def test_standing_is_no_rise_and_rising_is_all_of_it():
    share = cycles(1, 3.0, 0.5, pause_s=1.0)
    found = rises(lambda at_s: on_toes(share(at_s)))

    assert found[:5] == pytest.approx(0.0, abs=1e-9)
    assert found.max() == pytest.approx(HEIGHT, rel=0.08)
    assert found[-1] == pytest.approx(0.0, abs=0.005)


def test_the_level_does_not_follow_somebody_who_stays_up():
    found = rises(lambda at_s: on_toes(min(at_s, 1.0)), duration_s=4.0)

    assert found[-1] >= 0.8 * HEIGHT


def test_getting_up_from_a_squat_is_no_rise():
    found = rises(lambda at_s: squat(1.0 if at_s < 3.0 else max(1.0 - (at_s - 3.0), 0.0)), duration_s=5.0)

    assert found.max() < 0.02


def test_lifting_one_foot_is_no_rise():
    found = rises(lambda at_s: front_pose(left_leg_deg=8 + 40 * np.sin(at_s) ** 2))

    assert found.max() < 0.02


def test_going_away_from_the_camera_is_no_rise():
    """Feet go up in the picture, shoulders down: the camera looks at the height of the hips."""

    def going(at_s):
        smaller = 1.0 - 0.04 * min(at_s, 1.0)
        return (front_pose() - (0.0, -1.65)) * smaller + (0.0, -1.65)

    assert rises(going).max() < 0.02


def test_walking_aside_starts_anew():
    walked = rises(lambda at_s: on_toes(min(at_s, 1.0)) - (2 * MOVED_ON * (at_s > 2.0), 0.0))

    assert walked[29] > 0.1
    assert walked[31] == 0.0


def test_without_ankles_it_stays_what_it_was():
    hidden = np.ones(17)
    hidden[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = 0.0
    level = FloorLevel()
    level.rise(normalised(on_toes(0.0), 0.0))
    for number in range(1, 16):
        level.rise(normalised(on_toes(1.0), number / 15))
    before = level.risen

    assert level.rise(normalised(on_toes(0.0), 1.1, weights=hidden)) == before > 0.1
    assert risen(on_toes(0.0), hidden) is None


def test_a_raised_pose_tells_how_far_by_its_hips():
    pose = normalised(on_toes(0.0), 0.0)

    assert risen(pose.xy, pose.weights) == pytest.approx(0.0, abs=1e-9)
    assert risen(raised(pose, 0.11).xy, pose.weights) == pytest.approx(0.11)


def test_only_a_reference_that_does_nothing_else_is_about_it(routine):
    def rise_of(track):
        rules = {limb: LimbRule(1.0, 0.08) for limb in Limb}
        reference = reference_of(track)
        return yardstick(Step(StepKind.REPS, {View.LEFT: reference}, rules, reps=5), View.LEFT).rise

    reach = cycle_track(lambda share: side_pose(arm_deg=170.0 * share) - (0.0, HEIGHT * share), reps=1)
    assert yardstick(routine.steps[0], View.LEFT).rise == pytest.approx(HEIGHT, rel=0.08)
    assert rise_of(squat_track(reps=1)) == 0.0
    assert rise_of(reach) == 0.0


@pytest.mark.parametrize("look", [{}, {"noise_px": 1.5}, {"hidden": [Keypoint.RIGHT_ANKLE]}], ids=str)
def test_rising_is_counted_and_good(routine, look):
    done = performance(toes_track(**look), routine)

    assert [part.verdict for part in done.parts] == [Verdict.GOOD] * 3
    assert done.score >= 95


@pytest.mark.parametrize("longer", [0.85, 1.15])
def test_legs_of_another_length_cost_nothing(routine, longer):
    """They differ by more than anybody rises."""
    body = Body(thigh=longer * ADULT.thigh, shin=longer * ADULT.shin)
    rising = cycle_track(lambda share: side_pose(body) - (0.0, HEIGHT * share), reps=3, rest_s=1.0, rep_s=2.5)

    done = performance(rising, routine)

    assert [part.verdict for part in done.parts] == [Verdict.GOOD] * 3
    assert done.score >= 95


@pytest.mark.parametrize(
    "look", [{"torso_px": 50.0}, {"feet_xy": (250.0, 400.0)}], ids=["smaller", "shifted"]
)
def test_size_and_place_do_not_matter(routine, look):
    here, there = (report(performance(toes_track(**each), routine)) for each in ({}, look))

    assert [rep["verdict"] for rep in there["reps"]] == [rep["verdict"] for rep in here["reps"]]
    assert there["score"] == pytest.approx(here["score"], abs=0.5)


def test_half_as_high_is_an_attempt_and_the_words_say_so(routine):
    done = performance(toes_track(height=0.5 * HEIGHT), routine)

    assert [part.verdict for part in done.parts] == [Verdict.ATTEMPT] * 3
    assert all(40 <= part.score <= 65 for part in done.parts)
    assert done.parts[0].faults[0].text.startswith("rise higher: that was ")


@pytest.mark.parametrize("what", ["standing", "swaying", "bending the knees", "walking in"])
def test_what_does_not_rise_is_not_counted(routine, what):
    def sway(at_s):
        return side_pose(shin_deg=3 * np.sin(2 * at_s), trunk_deg=4 * np.sin(3 * at_s))

    track = {
        "standing": lambda: track_of(lambda _: side_pose(), 8.0, noise_px=1.5),
        "swaying": lambda: track_of(sway, 8.0, noise_px=1.5),
        "bending the knees": lambda: squat_track(reps=2, depth=0.4),
        "walking in": lambda: track_of(lambda _: side_pose(), 3.0, walk_in_s=3.0, walk_scale=0.8),
    }[what]()

    assert performance(track, routine).parts == ()


def test_the_ghost_rises_from_the_floor_of_whoever_stays_down(routine):
    from posecoach.coach.placing import ghost

    reference = yardstick(routine.steps[0], View.LEFT).reference
    top = int(np.argmin(reference.xy[:, 11, 1]))
    pose = normalised(side_pose(), 0.0)
    rise = risen(reference.xy[top], reference.weights[top])

    drawn = ghost(pose, reference.xy[top], rise)
    assert drawn[:, 1] == pytest.approx(side_pose()[:, 1] * TORSO_PX + 440.0 - rise * TORSO_PX, abs=3.0)
