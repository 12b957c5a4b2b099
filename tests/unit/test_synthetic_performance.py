"""What the athlete does: cycles that close, faults that change what they say by what they say."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.errors import RoutineError
from posecoach.skeleton import Keypoint
from posecoach.synthetic.angles import Angle
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.motion import eased_share
from posecoach.synthetic.motions import MOTIONS, motion_named
from posecoach.synthetic.view_camera import ViewCamera


def athlete(name: str, *faults: str, **options) -> Athlete:
    options = {"variation": 0.0, "reps": 3, **options}
    return Athlete(
        MOTIONS[name], camera=ViewCamera(), faults=[Fault.parse(text) for text in faults], **options
    )


def turning(performance: Athlete, number: int) -> np.ndarray:
    """Angles at the turning point of a repetition, from 1."""
    rep = performance.timeline.reps[number - 1]
    return performance.angles(np.array([rep.start_s + performance.motion.turning_s * rep.tempo]))[0]


def knee_deg(performance: Athlete, at_s: float, side: str) -> float:
    """Measured between the keypoints in space, 180 straight."""
    points = keypoints_in_space(performance.body, performance.posture(np.array([at_s])))[0]
    hip, knee, ankle = (points[Keypoint[f"{side}_{part}"]] for part in ("HIP", "KNEE", "ANKLE"))
    return angle_deg(hip - knee, ankle - knee)


def angle_deg(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.degrees(np.arccos(one @ other / np.linalg.norm(one) / np.linalg.norm(other))))


def test_the_sixteen_motions_are_there():
    assert list(MOTIONS) == [
        "squat", "sit_to_stand", "lunge", "side_leg_raise", "shoulder_abduction", "shoulder_flexion",
        "shoulder_press", "knee_raise", "trunk_side_bend", "heel_raise", "tree", "warrior_two", "chair",
        "half_sun_salutation", "seated_arm_raise", "seated_knee_extension",
    ]  # fmt: skip


@pytest.mark.parametrize("name", MOTIONS)
def test_a_cycle_ends_as_it_began(name):
    motion = MOTIONS[name]

    np.testing.assert_array_equal(*motion.angles(np.array([0.0, motion.period_s])))
    assert 0 < motion.turning_s < motion.period_s


@pytest.mark.parametrize("name", MOTIONS)
def test_the_turning_point_is_where_it_is_furthest_from_its_start(name):
    motion = MOTIONS[name]
    away = np.abs(motion.angles(np.linspace(0, motion.period_s, 400)) - motion.start).sum(axis=1)

    assert np.abs(motion.angles(np.array([motion.turning_s])) - motion.start).sum() == pytest.approx(
        away.max(), rel=0.01
    )


@pytest.mark.parametrize("name", MOTIONS)
def test_nothing_moves_faster_than_a_body_or_jumps(name):
    performance = athlete(name, variation=1.0, reps=2)
    step_s = 1 / 120
    points = keypoints_in_space(
        performance.body, performance.posture(np.arange(0, performance.duration_s, step_s))
    )
    speeds = np.linalg.norm(np.diff(points, axis=0), axis=-1) / step_s
    changes = np.linalg.norm(np.diff(points, 2, axis=0), axis=-1) / step_s**2

    assert speeds.max() < 5.0, f"{speeds.max():.1f} m/s"
    assert changes.max() < 120.0, f"{changes.max():.0f} m/s2"


def test_easing_starts_and_ends_at_rest():
    assert eased_share(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert eased_share(np.array([0.01]))[0] < 1e-4


def test_a_squat_bends_the_knees_as_authored():
    performance = athlete("squat")
    rep = performance.timeline.reps[0]
    straight, bent = (
        knee_deg(performance, rep.start_s + share * performance.motion.turning_s * rep.tempo, "LEFT")
        for share in (0, 1)
    )

    assert straight > 170
    assert bent == pytest.approx(180 - 103, abs=6)


def test_repetitions_vary_a_little_and_by_their_seed_only():
    one, same, other = (athlete("squat", variation=1.0, seed=seed) for seed in (1, 1, 2))
    reps = np.stack([turning(one, number) for number in (1, 2, 3)])

    np.testing.assert_array_equal(reps[0], turning(same, 1))
    assert not np.array_equal(reps[0], turning(other, 1))
    spread = np.ptp(reps[:, Angle.LEFT_KNEE_FLEX])
    assert 0.2 < spread < 10


def test_shallow_depth_takes_its_share_of_the_movement_in_its_rep_alone():
    good, faulty = athlete("squat"), athlete("squat", "shallow:0.4@2")

    np.testing.assert_allclose(turning(faulty, 1), turning(good, 1), atol=1e-9)
    np.testing.assert_allclose(turning(faulty, 3), turning(good, 3), atol=1e-9)
    assert turning(faulty, 2)[Angle.LEFT_KNEE_FLEX] == pytest.approx(0.6 * 103, abs=0.5)


@pytest.mark.parametrize("amount", [15, 30])
def test_a_bent_knee_is_bent_by_as_much_in_space(amount):
    good = athlete("side_leg_raise")
    faulty = athlete("side_leg_raise", f"bent_knee.left:{amount}@2")
    rep = good.timeline.reps[1]
    at_s = rep.start_s + good.motion.turning_s * rep.tempo

    bent = knee_deg(good, at_s, "LEFT") - knee_deg(faulty, at_s, "LEFT")
    assert bent == pytest.approx(amount, abs=1.0)
    assert knee_deg(good, at_s, "RIGHT") == pytest.approx(knee_deg(faulty, at_s, "RIGHT"), abs=1.0)


def test_a_bent_standing_knee_is_bent_while_its_foot_stays_on_the_floor():
    faulty = athlete("shoulder_abduction", "bent_knee.left:25@2")
    rep = faulty.timeline.reps[1]
    at_s = (rep.start_s + rep.end_s) / 2

    assert 180 - knee_deg(faulty, at_s, "LEFT") == pytest.approx(25, abs=5)
    assert 180 - knee_deg(faulty, at_s, "RIGHT") < 10


@pytest.mark.parametrize("amount", [15, 40])
def test_a_low_arm_is_lower_by_as_many_degrees(amount):
    good, faulty = athlete("shoulder_abduction"), athlete("shoulder_abduction", f"low_arm.right:{amount}@1")
    drop = turning(good, 1) - turning(faulty, 1)

    assert drop[Angle.RIGHT_SHOULDER_ABDUCT] == pytest.approx(amount, abs=1.0)
    assert drop[Angle.LEFT_SHOULDER_ABDUCT] == 0


@pytest.mark.parametrize(
    ("fault", "axis", "sign"), [("lean:18", 0, 1), ("lean.left:18", 1, 1), ("lean.right:18", 1, -1)]
)
def test_a_lean_tilts_the_trunk_by_as_much_and_leaves_the_feet(fault, axis, sign):
    good, faulty = athlete("shoulder_flexion"), athlete("shoulder_flexion", f"{fault}@2")
    rep = good.timeline.reps[1]
    at_s = np.array([(rep.start_s + rep.end_s) / 2])
    points = [keypoints_in_space(one.body, one.posture(at_s))[0] for one in (good, faulty)]
    trunk = [p[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=0) for p in points]
    trunk = [
        p[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]].mean(axis=0) - low
        for p, low in zip(points, trunk, strict=True)
    ]

    assert angle_deg(*trunk) == pytest.approx(18, abs=1.5)
    assert np.sign((trunk[1] - trunk[0])[axis]) == sign
    ankles = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
    np.testing.assert_allclose(points[0][ankles], points[1][ankles], atol=1e-3)


def test_asymmetry_holds_one_side_back():
    faulty = athlete("shoulder_press", "asymmetry.left:0.5")
    start, top = faulty.motion.start, turning(faulty, 2)

    gone = top - start
    assert gone[Angle.LEFT_SHOULDER_ABDUCT] == pytest.approx(0.5 * gone[Angle.RIGHT_SHOULDER_ABDUCT])


def test_twice_as_fast_takes_half_the_time():
    good, fast = (athlete("squat", *faults).timeline.reps[1] for faults in ((), ("fast:2@2",)))

    assert fast.end_s - fast.start_s == pytest.approx((good.end_s - good.start_s) / 2)


def test_a_pause_stays_at_the_turning_point_for_as_long():
    good, faulty = athlete("squat"), athlete("squat", "pause:1.5@2")
    rep = faulty.timeline.reps[1]
    turn_s = rep.start_s + faulty.motion.turning_s * rep.tempo
    rows = faulty.angles(np.array([turn_s, turn_s + 1.49]))

    assert faulty.duration_s == pytest.approx(good.duration_s + 1.5)
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-9)


def test_a_skipped_rep_takes_its_time_and_does_nothing():
    faulty = athlete("squat", "skip@2")
    rep = faulty.timeline.reps[1]
    rows = faulty.angles(np.linspace(rep.start_s, rep.end_s, 20))

    np.testing.assert_allclose(rows, np.broadcast_to(faulty.motion.start, rows.shape), atol=1e-9)
    assert turning(faulty, 3)[Angle.LEFT_KNEE_FLEX] > 90


def test_stopping_half_way_stays_there_for_good():
    faulty = athlete("squat", "stop:0.6@2")
    rep = faulty.timeline.reps[1]
    rows = faulty.angles(np.array([rep.end_s, faulty.duration_s]))

    assert 20 < rows[0, Angle.LEFT_KNEE_FLEX] < 90
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-9)


def test_turning_turns_by_as_much():
    good, turned = athlete("squat"), athlete("squat", "turn:40@2s")
    points = [keypoints_in_space(one.body, one.posture(np.array([6.0])))[0] for one in (good, turned)]
    across = [p[Keypoint.LEFT_HIP] - p[Keypoint.RIGHT_HIP] for p in points]

    assert angle_deg(*across) == pytest.approx(40, abs=0.5)


def test_somebody_crossing_hides_the_athlete_for_a_while():
    alone, crossed = athlete("squat"), athlete("squat", "crossing@2s")
    at_s = np.arange(0, 9, 0.1)
    missing = alone.keypoints(at_s)[1].sum(axis=1) - crossed.keypoints(at_s)[1].sum(axis=1)

    assert missing[:20].max() == 0
    assert missing.max() >= 6
    assert missing[-5:].max() == 0


def test_faults_compose():
    both = athlete("shoulder_abduction", "low_arm.left:20@2", "bent_knee.right:25@2")
    row = turning(both, 2)

    assert row[Angle.LEFT_SHOULDER_ABDUCT] == pytest.approx(144, abs=1)
    assert row[Angle.RIGHT_KNEE_FLEX] == pytest.approx(25, abs=1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("shallow", Fault(FaultKind.SHALLOW, 0.4)),
        ("shallow:0.25@2", Fault(FaultKind.SHALLOW, 0.25, reps=(2, 2))),
        ("bent-knee.left:20@2-4", Fault(FaultKind.BENT_KNEE, 20, "left", (2, 4))),
        ("turn:-30@5s-9s", Fault(FaultKind.TURN, -30, seconds=(5, 9))),
    ],
)
def test_a_fault_is_read_from_a_word(text, fault):
    assert Fault.parse(text) == fault


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shalow", "did you mean 'shallow'"),
        ("shallow:7", "expected 0 to 1"),
        ("shallow:much", "expected a number"),
        ("bent_knee.middle", "expected the side left or right, got 'middle'"),
        ("!", "not understood"),
    ],
)
def test_a_fault_that_is_none_says_so(text, message):
    with pytest.raises(RoutineError, match=message):
        Fault.parse(text)


def test_a_motion_that_is_not_known_suggests_one():
    assert motion_named("Warrior two") is MOTIONS["warrior_two"]
    with pytest.raises(RoutineError, match="did you mean 'squat'"):
        motion_named("sqat")
