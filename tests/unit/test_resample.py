"""Poses at the camera's times become poses on a grid."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import LONGEST_GAP_S, SAMPLE_RATE_HZ, Resampler

STEP_S = 1.0 / SAMPLE_RATE_HZ


def pose(at_s: float, weight: float = 1.0) -> NormalisedPose:
    """A pose whose every number says its time."""
    return NormalisedPose(
        at_s, np.full((17, 2), at_s), np.full(17, weight), np.full(2, 10 * at_s), 100.0 + at_s
    )


def resampled(times, resampler=None):
    resampler = resampler or Resampler()
    return [sample for at_s in times for sample in resampler.push(pose(at_s))]


def times_of(samples):
    return [sample.captured_at for sample in samples]


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 15.0, 24.0, 29.97, 30.0, 60.0])
def test_whatever_the_cameras_rate_the_samples_are_on_the_grid(rate_hz):
    frames = 7.0 + np.arange(int(4 * rate_hz)) / rate_hz
    found = times_of(resampled(frames))

    assert found == pytest.approx(7.0 + np.arange(len(found)) * STEP_S)
    assert frames[-1] - STEP_S < found[-1] <= frames[-1]


@pytest.mark.parametrize("rate_hz", [5.0, 24.0, 60.0])
def test_between_frames_a_straight_line_is_taken(rate_hz):
    """The fields here are linear in time, so each must be at its sample's time."""
    for sample in resampled(np.arange(int(3 * rate_hz)) / rate_hz):
        assert sample.xy == pytest.approx(np.full((17, 2), sample.captured_at))
        assert sample.origin_xy == pytest.approx(np.full(2, 10 * sample.captured_at))
        assert sample.torso_px == pytest.approx(100.0 + sample.captured_at)


def test_frames_exactly_on_the_grid_are_given_at_once_and_unchanged():
    resampler = Resampler()
    for index in range(300):
        at_s = 0.1 + index / SAMPLE_RATE_HZ
        (sample,) = resampler.push(pose(at_s))

        assert sample.captured_at == pytest.approx(at_s, abs=1e-9)
        assert sample.xy[0, 0] == pytest.approx(at_s)


def test_frames_with_uneven_times_give_an_even_grid():
    rng = np.random.default_rng(0)
    found = times_of(resampled(np.cumsum(rng.uniform(0.005, 0.12, 200))))

    assert np.diff(found) == pytest.approx(STEP_S)


def test_a_late_frame_brings_all_samples_since_the_one_before():
    resampler = Resampler()
    resampler.push(pose(0.0))

    assert times_of(resampler.push(pose(0.45))) == pytest.approx([STEP_S * n for n in range(1, 7)])


def test_a_sample_never_lies_behind_its_frame():
    assert all(
        sample.captured_at <= at_s
        for resampler in [Resampler()]
        for at_s in np.arange(100) / 29.97
        for sample in resampler.push(pose(at_s))
    )


def test_across_a_long_gap_nothing_is_made_up():
    found = times_of(resampled([0.0, 0.1, 3.0, 3.1]))

    assert [at_s for at_s in found if 0.1 < at_s < 3.0] == []
    assert found[-2:] == pytest.approx([3.0, 3.0 + STEP_S])


def test_a_gap_just_short_enough_is_bridged():
    assert len(resampled([0.0, LONGEST_GAP_S])) > 5
    assert len(resampled([0.0, LONGEST_GAP_S + 0.01])) == 2


def test_after_a_gap_the_grid_is_as_that_of_a_new_resampler():
    frames = 50.0 + np.arange(60) / 24.0
    used = Resampler()
    resampled(np.arange(60) / 30.0, used)

    assert times_of(resampled(frames, used)) == times_of(resampled(frames))


def test_a_clock_that_goes_back_starts_the_grid_anew():
    found = times_of(resampled([5.0, 5.1, 1.0, 1.1]))

    assert found[-2:] == pytest.approx([1.0, 1.0 + STEP_S])


def test_a_keypoint_weighs_as_its_weaker_end():
    resampler = Resampler()
    resampler.push(pose(0.0, weight=1.0))
    (sample,) = resampler.push(pose(0.1, weight=0.25))

    assert sample.weights == pytest.approx(np.full(17, 0.25))
