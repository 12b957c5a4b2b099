"""The One Euro filter: calm at rest, quick in motion, the same on its second use."""

from __future__ import annotations

import math

import numpy as np
import pytest

from posecoach.motion.one_euro import OneEuroFilter, OneEuroOptions

SCALE_PX = 100.0
RATE_HZ = 30.0
ALL = np.ones(3, dtype=bool)


def smoothed(positions, *, scale_px=SCALE_PX, rate_hz=RATE_HZ, options=None, used=None, seen=None):
    """``(time, keypoints, 2)`` through one filter."""
    smoother = used or OneEuroFilter(options)
    return np.array(
        [
            smoother.smooth(index / rate_hz, xy, ALL[: len(xy)] if seen is None else seen[index], scale_px)
            for index, xy in enumerate(positions)
        ]
    )


def wandering(seed=0, time=60):
    rng = np.random.default_rng(seed)
    return 300.0 + rng.normal(0.0, 4.0, (time, 3, 2)).cumsum(axis=0)


def by_the_paper(values, times, options, scale):
    """One coordinate, step by step as Casiez, Roussel and Vogel write it, with our speed of rest."""

    def alpha(cutoff, step):
        tau = 1.0 / (2.0 * math.pi * cutoff)
        return 1.0 / (1.0 + tau / step)

    out, speed = [values[0]], 0.0
    for index in range(1, len(values)):
        step = times[index] - times[index - 1]
        raw_speed = (values[index] - values[index - 1]) / (step * scale)
        a = alpha(options.derivative_cutoff_hz, step)
        speed = a * raw_speed + (1 - a) * speed
        brisk = max(abs(speed) - options.rest_speed, 0.0)
        a = alpha(options.min_cutoff_hz + options.beta * brisk, step)
        out.append(a * values[index] + (1 - a) * out[-1])
    return out


@pytest.mark.parametrize("options", [OneEuroOptions(), OneEuroOptions(2.0, 3.0, 1.5, rest_speed=0.0)])
def test_one_coordinate_is_smoothed_as_the_paper_says(options):
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.uniform(0.02, 0.08, 80))
    values = 200 + 40 * np.sin(times * 3) + rng.normal(0, 2, 80)
    smoother = OneEuroFilter(options)

    found = [
        smoother.smooth(at_s, np.array([[value, 7.0]]), ALL[:1], SCALE_PX)[0, 0]
        for at_s, value in zip(times, values, strict=True)
    ]

    assert found == pytest.approx(by_the_paper(values, times, options, SCALE_PX))


def test_after_a_reset_it_is_as_new():
    smoother = OneEuroFilter()
    first = smoothed(wandering(0), used=smoother)
    smoothed(500.0 - wandering(7), used=smoother)
    smoother.reset()

    assert np.array_equal(smoothed(wandering(0), used=smoother), first)


def test_the_first_keypoints_are_taken_as_they_are():
    positions = wandering()

    assert np.array_equal(smoothed(positions[:1])[0], positions[0])


def test_a_time_of_zero_is_a_time():
    """An implementation that asks `if self._time` would take the second frame for the first."""
    positions = wandering()

    assert not np.array_equal(smoothed(positions[:2])[1], positions[1])


def test_somebody_who_stands_still_jitters_less_than_half():
    rng = np.random.default_rng(2)
    still = 300.0 + rng.normal(0.0, 2.0, (300, 3, 2))

    assert smoothed(still)[30:].std() < 0.5 * still[30:].std()


def test_a_fast_arm_lags_less_than_two_frames():
    """Half a turn of 1.1 torso lengths in half a second, the speed of a brisk arm raise."""
    at_s = np.arange(60) / RATE_HZ
    moving = np.zeros((60, 3, 2))
    moving[:, :, 0] = 300.0 + (1.1 * SCALE_PX * 2.0 * at_s)[:, None]
    px_per_frame = 1.1 * SCALE_PX * 2.0 / RATE_HZ

    lag_px = (moving - smoothed(moving))[30:, :, 0].max()

    assert 0.0 < lag_px < 2.0 * px_per_frame


@pytest.mark.parametrize("factor", [0.25, 3.0])
def test_a_person_near_or_far_is_smoothed_alike(factor):
    """The same movement in a picture of another scale gives the same movement, scaled."""
    positions = wandering()

    assert smoothed(positions * factor, scale_px=SCALE_PX * factor) == pytest.approx(
        smoothed(positions) * factor
    )


def test_each_keypoint_is_smoothed_by_its_own_speed():
    """One that rests beside one that flies is as calm as alone."""
    positions = wandering()
    calm = positions[:, :1] * 0 + 300.0 + np.random.default_rng(5).normal(0, 1, (60, 1, 2))
    together = np.concatenate([calm, positions[:, 1:] * 3.0], axis=1)

    assert smoothed(together)[:, :1] == pytest.approx(smoothed(calm))


def test_uneven_times_are_minded():
    """After a long step a value is believed more than after a short one."""
    short, long = OneEuroFilter(), OneEuroFilter()
    for smoother in (short, long):
        smoother.smooth(0.0, np.zeros((1, 2)), ALL[:1], SCALE_PX)
    new = np.full((1, 2), 5.0)

    assert (
        0
        < short.smooth(0.02, new, ALL[:1], SCALE_PX)[0, 0]
        < long.smooth(0.2, new, ALL[:1], SCALE_PX)[0, 0]
        < 5
    )


def test_a_frame_at_the_same_time_changes_nothing():
    smoother = OneEuroFilter()
    before = smoothed(wandering()[:5], used=smoother)[-1]

    assert np.array_equal(smoother.smooth(4 / RATE_HZ, wandering()[9], ALL, SCALE_PX), before)


def test_a_keypoint_that_is_not_seen_keeps_its_last_place():
    positions = wandering()
    seen = np.ones((60, 3), dtype=bool)
    seen[20:30, 1] = False
    found = smoothed(positions, seen=seen)

    assert np.array_equal(found[20:30, 1], np.broadcast_to(found[19, 1], (10, 2)))
    assert np.array_equal(found[:, [0, 2]], smoothed(positions)[:, [0, 2]])


def test_where_an_unseen_keypoint_is_reported_does_not_matter():
    one, other = wandering(), wandering()
    seen = np.ones((60, 3), dtype=bool)
    seen[20:30, 1] = False
    other[20:30, 1] = -9999.0

    assert np.array_equal(smoothed(one, seen=seen), smoothed(other, seen=seen))


def test_a_keypoint_seen_for_the_first_time_is_taken_where_it_is():
    """Not dragged from the useless place at which it was reported before."""
    positions = wandering()
    positions[:10, 2] = 0.0
    seen = np.ones((60, 3), dtype=bool)
    seen[:10, 2] = False

    assert np.array_equal(smoothed(positions, seen=seen)[10, 2], positions[10, 2])


def test_what_is_returned_may_be_changed():
    """The filter's own past is not handed out."""
    smoother = OneEuroFilter()
    for index, xy in enumerate(wandering()[:3]):
        smoother.smooth(index / RATE_HZ, xy, ALL, SCALE_PX)[:] = 0.0

    assert smoother.smooth(3 / RATE_HZ, wandering()[3], ALL, SCALE_PX).min() > 200.0
