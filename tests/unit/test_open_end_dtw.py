"""Open-end DTW: known alignments, then agreement with an exhaustive search."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from posecoach.errors import ShapeError
from posecoach.motion.open_end_dtw import OpenEnd, OpenEndDtw

REFERENCE = np.array([0.0, 1.0, 3.0, 6.0, 10.0, 15.0])


def follow(query, reference=REFERENCE, **options):
    """The alignment after each sample of `query`, on one-dimensional absolute distance."""
    dtw = OpenEndDtw(len(reference), **options)
    return [dtw.advance(np.abs(reference - value)) for value in query]


def exhaustive(cost, max_advance):
    """Cheapest mean cost of a path to each end, by trying every allowed path."""
    length, end = cost.shape
    best = np.full(end, np.inf)
    for advances in itertools.product(range(max_advance + 1), repeat=length - 1):
        path = np.cumsum((0, *advances))
        if path[-1] < end:
            best[path[-1]] = min(best[path[-1]], cost[np.arange(length), path].sum() / length)
    return best


@pytest.mark.parametrize(
    ("query", "expected_end"),
    [
        pytest.param(REFERENCE, 5, id="same speed"),
        pytest.param(np.repeat(REFERENCE, 2), 5, id="half speed"),
        pytest.param(REFERENCE[::2], 4, id="double speed"),
        pytest.param(REFERENCE[:3], 2, id="stopped half way"),
    ],
)
def test_a_perfect_performance_costs_nothing(query, expected_end):
    assert follow(query)[-1] == OpenEnd(expected_end, 0.0)


def test_skipping_ahead_faster_than_max_advance_costs():
    assert follow(REFERENCE[::3], max_advance=2)[-1].mean_cost > 0.0
    assert follow(REFERENCE[::3], max_advance=3)[-1].mean_cost == 0.0


@pytest.mark.parametrize("max_advance", [1, 2, 3])
@pytest.mark.parametrize(("length", "end"), [(1, 1), (1, 5), (5, 1), (4, 6), (5, 3)])
@pytest.mark.parametrize("tied", [False, True])
def test_agrees_with_exhaustive_search_at_every_sample(length, end, max_advance, tied):
    """With whole numbers many paths cost the same; then the earliest end is the answer."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        cost = rng.integers(0, 3, (length, end)).astype(float) if tied else rng.random((length, end))
        dtw = OpenEndDtw(end, max_advance=max_advance)
        for sample in range(length):
            found = dtw.advance(cost[sample])
            best = exhaustive(cost[: sample + 1], max_advance)

            assert found.mean_cost == pytest.approx(best.min())
            assert found.reference_index == np.flatnonzero(np.isclose(best, best.min()))[0]


def test_the_start_is_anchored():
    """Whoever begins at the end of the reference has not done what is before it."""
    first, second = follow(REFERENCE[4:])[:2]

    assert first == OpenEnd(0, 10.0)
    assert second.reference_index <= 3


def test_a_second_performance_is_followed_as_the_first():
    dtw = OpenEndDtw(len(REFERENCE))
    first = [dtw.advance(np.abs(REFERENCE - value)) for value in REFERENCE]
    dtw.reset()

    assert [dtw.advance(np.abs(REFERENCE - value)) for value in REFERENCE] == first


def test_a_cost_of_the_wrong_length_is_refused_with_both_shapes():
    with pytest.raises(ShapeError, match=r"\(6,\), got \(5,\)"):
        OpenEndDtw(6).advance(np.zeros(5))


@pytest.mark.parametrize(("length", "max_advance"), [(0, 1), (1, 0)])
def test_a_reference_of_nothing_and_a_step_of_nothing_are_refused(length, max_advance):
    with pytest.raises(ShapeError, match="at least 1"):
        OpenEndDtw(length, max_advance=max_advance)
