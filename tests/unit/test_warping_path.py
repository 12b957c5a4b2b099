"""Banded DTW against exhaustive search: cost, path, ties, bands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.errors import ShapeError
from posecoach.motion.warping_path import warping_path

SHAPES = [(1, 1), (1, 5), (5, 1), (2, 2), (4, 4), (3, 6), (6, 3), (5, 4)]
BANDS = [None, 0.0, 1.0, 1.5, 2.0, 3.0, 50.0]


def inside(n: int, m: int, band_radius: float | None, i: int, j: int) -> bool:
    """The inequality of the module's docstring."""
    return band_radius is None or abs(i * (m - 1) - j * (n - 1)) <= max(band_radius, 1.0) * max(n - 1, m - 1)


@cache
def every_path(n: int, m: int, band_radius: float | None) -> tuple[tuple[tuple[int, int], ...], ...]:
    def onwards(i: int, j: int) -> Iterator[tuple[tuple[int, int], ...]]:
        if not inside(n, m, band_radius, i, j):
            return
        if (i, j) == (n - 1, m - 1):
            yield ((i, j),)
            return
        for di, dj in ((1, 1), (1, 0), (0, 1)):
            if i + di < n and j + dj < m:
                yield from (((i, j), *rest) for rest in onwards(i + di, j + dj))

    return tuple(onwards(0, 0))


@pytest.mark.parametrize("band_radius", BANDS)
@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_finds_what_exhaustive_search_finds(n, m, band_radius):
    paths = every_path(n, m, band_radius)
    for seed in range(6):
        cost = np.random.default_rng(seed).random((n, m))
        best = min(sum(cost[cell] for cell in path) for path in paths)

        assert warping_path(cost, band_radius=band_radius).total_cost == pytest.approx(best)


@pytest.mark.parametrize("band_radius", BANDS)
@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_the_path_is_one_of_those_allowed_and_costs_what_it_says(n, m, band_radius):
    for seed in range(6):
        cost = np.random.default_rng(seed).integers(0, 3, (n, m)).astype(float)
        found = warping_path(cost, band_radius=band_radius)
        cells = tuple(zip(found.query.tolist(), found.reference.tolist(), strict=True))

        assert cells in every_path(n, m, band_radius)
        assert sum(cost[cell] for cell in cells) == found.total_cost
        assert found.mean_cost == found.total_cost / len(cells)


@given(
    n=st.integers(1, 60),
    m=st.integers(1, 60),
    band_radius=st.one_of(st.none(), st.floats(0.0, 70.0, allow_nan=False)),
    seed=st.integers(0, 9),
)
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_a_band_always_leaves_a_path(n, m, band_radius, seed):
    """Whatever the two lengths, and however narrow it is asked to be; and the path stays inside it."""
    found = warping_path(np.random.default_rng(seed).random((n, m)), band_radius=band_radius)
    steps = np.stack([np.diff(found.query), np.diff(found.reference)], axis=1)

    assert np.isfinite(found.total_cost)
    assert (found.query[0], found.reference[0]) == (0, 0)
    assert (found.query[-1], found.reference[-1]) == (n - 1, m - 1)
    assert set(map(tuple, steps.tolist())) <= {(1, 1), (1, 0), (0, 1)}
    assert all(inside(n, m, band_radius, i, j) for i, j in zip(found.query, found.reference, strict=True))


def test_of_equal_ways_the_diagonal_one_is_taken():
    found = warping_path(np.zeros((5, 5)))

    assert found.query.tolist() == found.reference.tolist() == [0, 1, 2, 3, 4]


def test_of_equal_ways_without_a_diagonal_the_query_goes_on():
    """Seen from the end, where the path is made: both sides cost 1, the diagonal 5."""
    cost = np.array([[0.0, 1.0], [1.0, 0.0]])
    cost_with_dear_diagonal = np.array([[5.0, 1.0, 9.0], [1.0, 5.0, 1.0], [9.0, 1.0, 0.0]])

    assert warping_path(cost).query.tolist() == [0, 1]
    assert warping_path(cost_with_dear_diagonal).query.tolist()[-2:] == [1, 2]
    assert warping_path(cost_with_dear_diagonal).reference.tolist()[-2:] == [2, 2]


def test_a_pause_of_the_query_costs_nothing_more():
    reference = np.array([0.0, 1.0, 2.0, 3.0])
    query = np.array([0.0, 1.0, 1.0, 1.0, 2.0, 3.0])

    assert warping_path(np.abs(query[:, None] - reference)).total_cost == 0.0


def test_a_band_forbids_what_it_is_for():
    """A detour along the edge is free; the band makes it pay for the middle."""
    cost = np.ones((9, 9))
    cost[0, :] = cost[:, 8] = 0.0

    assert warping_path(cost).total_cost == 0.0
    assert warping_path(cost, band_radius=2).total_cost > 3.0


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (3,)])
def test_a_matrix_without_a_cell_is_refused(shape):
    with pytest.raises(ShapeError, match="at least one cell"):
        warping_path(np.zeros(shape))


def test_the_cost_may_lie_in_memory_in_any_way():
    cost = np.random.default_rng(3).random((7, 5))

    assert (
        warping_path(cost.T.copy().T, band_radius=2.0).total_cost
        == warping_path(cost, band_radius=2.0).total_cost
    )
