"""Cutting a stream of reaches into repetitions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from posecoach.coach.reps import AT_REST, SETTLED, UNDER_WAY, RepCounter

RATE_HZ = 15.0


def rep(seconds=3.0, best=1.0, low=0.0):
    """One repetition from rest to rest, as samples."""
    share = np.linspace(0.0, 1.0, int(seconds * RATE_HZ) + 1)
    return low + (best - low) * (0.5 - 0.5 * np.cos(2 * np.pi * share))


def rest(seconds=1.0, reach=0.0):
    return np.full(int(seconds * RATE_HZ), reach)


def cut(*parts, **options):
    """The spans in a stream, with what is left when it ends."""
    counter = RepCounter()
    stream = np.concatenate(parts)
    found = [counter.push(sample, float(reach), **options) for sample, reach in enumerate(stream)]
    return [span for span in (*found, counter.close()) if span is not None]


def test_full_repetitions_are_counted_with_their_reach():
    spans = cut(rest(), rep(), rest(), rep(best=1.2), rest())

    assert [round(span.best_reach, 2) for span in spans] == [1.0, 1.2]


def test_a_repetition_is_cut_from_rest_to_rest():
    """Within two samples at either end: its duration is the whole of it."""
    start, end = 15, 15 + 45
    (span,) = cut(rest(1.0), rep(3.0), rest(1.0))

    assert abs(span.start - start) <= 3
    assert abs(span.end - end) <= 3
    assert span.turn == pytest.approx((start + end) / 2, abs=1)


@pytest.mark.parametrize("seconds", [0.8, 1.5, 3.0, 6.0, 12.0])
def test_slow_and_fast_repetitions_are_cut_at_the_same_height(seconds):
    stream = np.concatenate([rest(), rep(seconds), rest()])
    (span,) = cut(stream)

    assert stream[span.start] <= 0.06
    assert stream[span.end] <= AT_REST


def test_a_repetition_is_known_as_soon_as_the_starting_pose_is_found_again():
    counter, stream = RepCounter(), np.concatenate([rest(), rep(3.0), rest(3.0)])
    finished_at = next(
        sample for sample, reach in enumerate(stream) if counter.push(sample, float(reach)) is not None
    )

    assert finished_at <= 15 + 45 + 1


def test_a_partial_repetition_is_one_too_with_its_reach():
    (span,) = cut(rest(), rep(best=0.5), rest())

    assert span.best_reach == pytest.approx(0.5, abs=0.01)


def test_fidgeting_is_no_repetition():
    assert cut(rest(), *[rep(0.7, best=UNDER_WAY - 0.02)] * 5, rest()) == []


def test_touch_and_go_is_counted_every_time():
    """Nobody has to stand still between two."""
    assert len(cut(rest(), *[rep()] * 6, rest())) == 6


@pytest.mark.parametrize("low", [0.2, 0.3, 0.4])
def test_whoever_never_quite_comes_back_is_counted_all_the_same(low):
    """Turning back at less than half of the way begins the next."""
    spans = cut(rest(), rep(low=0.0)[:23], *[rep(low=low)[22:], rep(low=low)[:23]] * 4, rep()[22:], rest())

    assert len(spans) == 5


def test_a_bounce_at_the_turning_point_is_not_two():
    bounce = np.concatenate([rep()[:23], rep(0.6, best=1.0, low=0.7)[5:], rep()[22:]])

    assert len(cut(rest(), bounce, rest())) == 1


@pytest.mark.parametrize("reach", [0.18, 0.25, 0.33])
def test_a_rest_of_ones_own_ends_a_repetition(reach):
    """Somebody whose arms hang a little higher than the reference's settles there."""
    spans = cut(rest(), *[rep(low=reach), rest(1.5, reach)] * 3)

    assert len(spans) == 3


def test_a_rest_of_ones_own_that_sinks_by_next_to_nothing_ends_it_all_the_same():
    """As a filter does that comes to rest; the recording ends meanwhile."""
    sinking = AT_REST + 0.01 * np.exp(-np.arange(20) / 10.0)
    (span,) = cut(rest(), rep(low=sinking[0]), sinking)

    assert span.best_reach == pytest.approx(1.0, abs=0.01)


def test_a_long_rest_of_ones_own_is_not_part_of_the_next_repetition():
    """Neither at the bottom nor a little above it."""
    stream = np.concatenate([rest(), rep(low=0.0), rest(20.0, 0.25), rep(low=0.25), rest(1.0, 0.25)])
    spans = cut(stream)

    assert len(spans) == 2
    assert spans[1].start > len(stream) - 15 - 46 - 10


def test_a_long_wait_is_not_part_of_the_repetition():
    (span,) = cut(rest(60.0), rep(), rest())

    assert abs(span.start - 60 * 15) <= 3


def test_nothing_counts_before_the_starting_pose_was_seen():
    """Walking into place with the arms up is no repetition."""
    assert cut(rest(1.0, 0.8), rep(best=0.9, low=0.4), rest(1.0, 0.5)) == []
    assert len(cut(rest(1.0, 0.8), rest(), rep(), rest())) == 1


def test_another_pose_at_the_height_of_the_starting_pose_does_not_arm():
    assert cut(rest(), rep(), rest(), in_starting_pose=False) == []


def test_noise_at_the_thresholds_counts_nothing_twice():
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0.0, 0.02, 1000)
        stream = np.concatenate([rest(), rep(), rest(), rep(), rest(), rep(), rest()])

        assert len(cut(stream + noise[: len(stream)])) == 3, seed


def test_noise_around_each_threshold_alone_counts_nothing():
    for height in (0.0, AT_REST):
        noise = np.random.default_rng(1).normal(0.0, 0.02, 600)

        assert cut(rest(), np.full(600, height) + noise) == []


def test_a_held_turning_point_is_one_repetition():
    held = np.concatenate([rep()[:23], rest(5.0, 1.0), rep()[23:]])

    assert len(cut(rest(), held, rest())) == 1


def test_a_repetition_that_is_back_when_the_recording_ends_is_counted():
    """A video may end the moment the arms are down."""
    assert len(cut(rest(), rep())) == 1


def test_a_repetition_that_is_not_back_when_the_recording_ends_is_not():
    assert cut(rest(), rep()[:35]) == []


def test_spans_follow_each_other_without_overlap():
    spans = cut(rest(), *[rep(1.5)] * 4, rest(), rep(best=0.6), rest())

    assert len(spans) == 5
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert all(span.start < span.turn < span.end for span in spans)


def test_the_counter_says_what_is_under_way():
    counter = RepCounter()
    counter.push(0, 0.5)
    assert not counter.armed
    assert not counter.under_way
    counter.push(1, 0.0)
    assert counter.armed
    counter.push(2, 0.5)
    counter.push(3, 0.9)
    counter.push(4, 0.7)
    assert counter.under_way
    assert counter.best_reach == 0.9


def test_missing_samples_are_no_rest_and_no_movement():
    """Sample numbers may jump where nothing could be seen."""
    counter = RepCounter()
    stream = {sample: float(reach) for sample, reach in enumerate(np.concatenate([rest(), rep(), rest()]))}
    del stream[37]
    spans = [counter.push(sample, reach) for sample, reach in stream.items()]

    assert len([span for span in spans if span]) == 1
    assert SETTLED > 1
