"""What is believed of a movement once it is over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import arm_raise, arm_raise_track, learned, normalised_poses
from posecoach.coach.routine import View
from posecoach.coach.step_yardstick import yardstick
from posecoach.motion.hindsight import LASTING_S, in_hindsight
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import sequence_of
from posecoach.skeleton import Keypoint

WRIST = Keypoint.LEFT_WRIST
LASTING = round(LASTING_S * SAMPLE_RATE_HZ)


def with_wrist(*weights):
    """Somebody who raises their arms, one wrist seen this well in each sample."""
    poses = normalised_poses([arm_raise(share) for share in np.linspace(0.0, 1.0, len(weights))])
    seen = np.ones((len(weights), 17))
    seen[:, WRIST] = weights
    return replace(sequence_of(poses), weights=seen)


def test_what_was_never_doubted_stays_as_it_was():
    clear = with_wrist(*[0.7] * 20)

    assert in_hindsight(clear) is clear


def test_what_was_believed_only_for_a_moment_between_two_doubts_is_doubtful():
    flickers = with_wrist(*[1.0] * 12, 0.2, *[1.0] * (LASTING - 1), 0.4, *[1.0] * 12)

    found = in_hindsight(flickers).weights

    np.testing.assert_allclose(found[12 : 13 + LASTING, WRIST], [0.2, *[0.4] * LASTING])
    np.testing.assert_array_equal(np.delete(found, WRIST, axis=1), 1.0)


def test_what_was_believed_for_long_enough_is_believed():
    stays = with_wrist(*[1.0] * 12, 0.2, *[1.0] * LASTING, 0.2, *[1.0] * 12)

    np.testing.assert_array_equal(in_hindsight(stays).weights, stays.weights)


@pytest.mark.parametrize("samples", [1, 2, 5])
def test_what_a_movement_begins_and_ends_with_was_seen_before_and_is_seen_after(samples):
    shows = with_wrist(*[1.0] * samples, 0.2, *[1.0] * samples)

    np.testing.assert_array_equal(in_hindsight(shows).weights, shows.weights)


def test_a_keypoint_that_the_reference_doubts_for_a_while_tells_much_less():
    (step,) = learned(arm_raise_track()).steps
    clear = step.views[View.FRONT]
    weights = clear.weights.copy()
    turn = yardstick(step, View.FRONT).turn
    weights[turn - 3 : turn + 4, WRIST] = 0.0
    doubted = replace(step, views={View.FRONT: replace(clear, weights=weights)})

    before, after = (yardstick(each, View.FRONT).weight for each in (step, doubted))

    assert after[WRIST] < 0.6 * before[WRIST]
    assert after[Keypoint.RIGHT_WRIST] == pytest.approx(before[Keypoint.RIGHT_WRIST])
