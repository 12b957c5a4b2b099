"""What is learned from somebody who shows a movement, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from builders import arm_raise_track, empty_track, joined, still_track
from posecoach.coach.faults import LEAST_EMPHASIS
from posecoach.coach.learn_rules import LEAST_IN_FLOW
from posecoach.coach.routine import View
from posecoach.coach.showing import (
    NOBODY,
    SMALL,
    STILL,
    UNFINISHED,
    UNLIKE,
    WALKED,
    NotShown,
    lesson_of,
)
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.skeleton import Limb
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import RAISE_RIGHT_HAND
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.synthetic.visit import SHOWN_VARIATION
from posecoach.track import PoseTrack, TrackFrame

RATE_HZ = 15.0


def performed(motion, *, view=View.FRONT, seed=5, **how):
    motion = MOTIONS.get(motion, RAISE_RIGHT_HAND)
    how = {"reps": 3, "variation": SHOWN_VARIATION, **how}
    one = Athlete(motion, camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[view]), seed=seed, **how)
    return one.truth(0.0, one.duration_s, RATE_HZ, hidden_score=0.25)


@pytest.mark.parametrize(
    ("motion", "view", "kind"),
    [
        ("squat", View.LEFT, StepKind.REPS),
        ("shoulder_abduction", View.FRONT, StepKind.REPS),
        ("knee_raise", View.FRONT, StepKind.REPS),  # one side, then the other
        ("trunk_side_bend", View.FRONT, StepKind.REPS),
        ("heel_raise", View.LEFT, StepKind.REPS),  # nothing moves but the whole body, upwards
        ("chair", View.LEFT, StepKind.HOLD),
    ],
)
def test_three_times_with_natural_variation_are_found_with_their_kind_and_view(motion, view, kind):
    lesson = lesson_of(performed(motion, view=view))

    assert (lesson.times, lesson.kind, list(lesson.learned.tracks)) == (3, kind, [view])
    assert lesson.learned.examples == 3


def test_both_sides_of_a_march_count_however_high_either_knee_came():
    """One knee just past the hip, the other just not; a hip is hidden behind its own thigh."""
    learned = lesson_of(performed("knee_raise", seed=8)).learned
    ruler = yardstick(learned.step, View.FRONT)

    assert ruler.other_turn is not None
    for one in learned.found[0].sequences:  # it is what they have in common
        assert len(one) != len(ruler.reference) or not np.allclose(one.xy, ruler.reference.xy, atol=0.01)


def test_each_time_is_found_where_it_was():
    athlete = Athlete(MOTIONS["squat"], camera=ViewCamera(yaw_deg=90.0), reps=3, seed=5)

    lesson = lesson_of(athlete.truth(0.0, athlete.duration_s, RATE_HZ, hidden_score=0.25))

    for (start_s, end_s), rep in zip(lesson.spans_s, athlete.timeline.reps, strict=True):
        assert start_s == pytest.approx(rep.start_s, abs=1.0)
        assert end_s == pytest.approx(rep.end_s, abs=1.0)


def test_a_raised_hand_behind_it_is_no_repetition():
    shown = joined(performed("squat", seed=5), performed("hand", seed=5, reps=1))

    assert lesson_of(shown).times == 3


def test_what_somebody_says_it_is_goes_before_what_it_looks_like():
    held = performed("chair", view=View.LEFT, reps=1)

    assert lesson_of(held, StepKind.REPS).kind is StepKind.REPS
    assert lesson_of(held).kind is StepKind.HOLD
    assert lesson_of(arm_raise_track(rate_hz=RATE_HZ), view=View.LEFT).learned.step.views.keys() == {
        View.LEFT
    }


def test_a_sequence_is_taken_whole_and_a_raised_hand_behind_it_is_none_of_it():
    one = Athlete(MOTIONS["half_sun_salutation"], camera=ViewCamera(yaw_deg=90.0), reps=1, seed=5)
    sequence = one.truth(0.0, one.duration_s, RATE_HZ, hidden_score=0.25)

    lesson = lesson_of(joined(sequence, performed("hand", view=View.LEFT, reps=1)), StepKind.FLOW)

    [(start_s, end_s)], [rep] = lesson.spans_s, one.timeline.reps
    assert (lesson.kind, lesson.times) == (StepKind.FLOW, 1)
    assert (start_s, end_s) == pytest.approx((rep.start_s, rep.end_s), abs=1.0)
    resting = lesson.learned.step.limbs[Limb.LEFT_LEG]  # but it carries all else
    assert resting.emphasis == LEAST_IN_FLOW > LEAST_EMPHASIS


def test_a_sequence_shown_three_times_is_three_of_it():
    assert lesson_of(performed("half_sun_salutation", view=View.LEFT, seed=31)).times == 3


@pytest.mark.parametrize("reps", [1, 2, 5])
def test_it_need_not_be_three_times(reps):
    assert lesson_of(arm_raise_track(reps=reps, rate_hz=RATE_HZ)).times == reps


def refusal(track):
    with pytest.raises(NotShown) as caught:
        lesson_of(track)
    assert str(caught.value).startswith("nothing was learned: ")
    return caught.value.why


def test_nobody_is_refused():
    assert refusal(empty_track(duration_s=30.0, rate_hz=RATE_HZ)) == NOBODY


def test_standing_still_is_refused():
    assert refusal(still_track(duration_s=30.0, rate_hz=RATE_HZ)) == STILL


def test_a_small_movement_seen_once_is_refused():
    assert refusal(arm_raise_track(reps=1, top_deg=30.0, rate_hz=RATE_HZ)) == SMALL


def test_not_coming_back_is_refused():
    whole = arm_raise_track(reps=1, rate_hz=RATE_HZ)
    half = [frame for frame in whole.frames if frame.at_s < 0.5 * whole.frames[-1].at_s]
    last = half[-1]
    stays = [TrackFrame(last.at_s + n / RATE_HZ, last.pose) for n in range(1, 150)]

    assert refusal(PoseTrack(whole.image_wh, half + stays)) == UNFINISHED


def test_three_different_movements_are_refused():
    shown = joined(*(performed(name, reps=1) for name in ("squat", "shoulder_abduction", "side_leg_raise")))

    assert refusal(shown) == UNLIKE


def test_walking_about_is_refused():
    still = still_track(duration_s=30.0, rate_hz=RATE_HZ)
    frames = []
    for frame in still.frames:
        pose = frame.pose
        aside = np.array([250.0 * np.sin(1.3 * frame.at_s) * (frame.at_s > 1.0), 0.0])
        swing = np.zeros((17, 2))
        swing[[9, 10], 0] = 40.0 * np.sin(5.0 * frame.at_s) * (frame.at_s > 1.0)
        moved = type(pose)(pose.keypoints_xy + aside + swing, pose.keypoint_scores, pose.score)
        frames.append(TrackFrame(frame.at_s, moved))

    assert refusal(PoseTrack(still.image_wh, frames)) == WALKED
