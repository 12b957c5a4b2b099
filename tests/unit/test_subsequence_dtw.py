"""Subsequence DTW: spotting a reference in a stream, against exhaustive search."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.errors import ShapeError
from posecoach.motion.subsequence_dtw import Match, SubsequenceDtw

REFERENCE = np.array([0.0, 2.0, 5.0, 2.0, 0.0])


def spotted(stream, reference=REFERENCE, most_cost=1.0):
    """Every match in a stream of numbers, on absolute distance."""
    dtw = SubsequenceDtw(len(reference), most_cost)
    found = [dtw.advance(np.abs(reference - value)) for value in stream]
    return [match for match in (*found, dtw.close()) if match is not None]


def every_path(cost, start, now, row, closed=()):
    """The cost of each path of classic steps from the first row at a start to a row now."""

    def onwards(i, j):
        if (i, j) in closed:
            return
        if (i, j) == (now, row):
            yield cost[i, j]
            return
        for di, dj in ((1, 1), (1, 0), (0, 1)):
            if i + di <= now and j + dj <= row:
                for rest in onwards(i + di, j + dj):
                    yield cost[i, j] + rest

    return onwards(start, 0)


def exhaustive(cost, most_cost):
    """SPRING's disjoint queries by trying every start and every path of every cell.

    What a reported match has begun is closed from then on: nothing goes on through it.
    """
    length, rows = cost.shape
    found, best, closed = [], None, set()

    def cheapest(now, row):
        starts = (
            (min(every_path(cost, start, now, row, closed), default=np.inf), start)
            for start in range(now + 1)
        )
        return min(starts)

    for now in range(length):
        cells = [cheapest(now, row) for row in range(rows)]
        if best and all(total >= best[0] or start > best[2] for total, start in cells):
            found.append(best)
            closed |= {(now, row) for row, (_, start) in enumerate(cells) if start <= best[2]}
            best = None
        total, start = cheapest(now, rows - 1)
        if total <= most_cost and (best is None or total < best[0]):
            best = (total, start, now)
    return [*found, best] if best else found


def test_a_reference_is_found_wherever_it_goes_by():
    stream = [9, 9, *REFERENCE, 9, 9, 9, *REFERENCE, 9]

    assert spotted(stream) == [Match(2, 6, 0.0), Match(10, 14, 0.0)]


@pytest.mark.parametrize("repeats", [1, 2, 4])
def test_at_any_pace(repeats):
    stream = [9, *np.repeat(REFERENCE, repeats), 9]

    [match] = spotted(stream)
    assert match.total_cost == 0.0
    assert 1 <= match.start <= repeats
    assert 1 + 4 * repeats <= match.end <= 5 * repeats


def test_nothing_is_found_where_nothing_is():
    assert spotted(np.full(40, 9.0)) == []
    assert spotted([0, 2, 2, 0] * 3) == []
    assert spotted([]) == []


def test_a_match_is_told_as_soon_as_it_is_certain():
    dtw = SubsequenceDtw(len(REFERENCE), 1.0)
    told = [dtw.advance(np.abs(REFERENCE - value)) for value in [*REFERENCE, 9.0]]

    assert told == [None] * 5 + [Match(0, 4, 0.0)]
    assert dtw.close() is None


def test_of_two_that_overlap_the_cheaper_one_is_told():
    assert spotted([0, 2, 4, 2, 0, 2, 5, 2, 0]) == [Match(4, 8, 0.0)]


def test_the_last_one_waits_for_the_end():
    dtw = SubsequenceDtw(len(REFERENCE), 1.0)
    for value in REFERENCE:
        assert dtw.advance(np.abs(REFERENCE - value)) is None

    assert dtw.close() == Match(0, 4, 0.0)
    assert dtw.close() is None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 3).flatmap(
        lambda rows: st.lists(
            st.lists(st.integers(0, 4), min_size=rows, max_size=rows), min_size=1, max_size=7
        )
    )
)
def test_the_cheapest_end_is_that_of_exhaustive_search_at_every_sample(rows):
    """Whole numbers: ties are many, and sums are exact."""
    cost = np.array(rows, dtype=float)
    dtw = SubsequenceDtw(cost.shape[1], most_cost=0.0)
    for now, column in enumerate(cost + 1.0):  # nothing is cheap enough to be reported
        dtw.advance(column)
        each = [min(every_path(cost + 1.0, start, now, cost.shape[1] - 1)) for start in range(now + 1)]

        assert dtw.cheapest_end.total_cost == min(each)
        assert each[dtw.cheapest_end.start] == min(each)
        assert dtw.cheapest_end.end == now


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 9), st.floats(0.2, 3.0))
def test_matches_are_those_of_exhaustive_search(seed, rows, length, most_cost):
    """Random costs: no two paths cost the same."""
    cost = np.random.default_rng(seed).random((length, rows))
    dtw = SubsequenceDtw(rows, most_cost)
    found = [dtw.advance(column) for column in cost]
    found = [match for match in (*found, dtw.close()) if match is not None]

    expected = exhaustive(cost, most_cost)
    assert [(match.start, match.end) for match in found] == [(start, end) for _, start, end in expected]
    assert [match.total_cost for match in found] == pytest.approx([total for total, _, _ in expected])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 12.0))
def test_matches_do_not_overlap_and_cost_what_they_may(seed, most_cost):
    stream = np.random.default_rng(seed).integers(0, 6, 80).astype(float)
    found = spotted(stream, most_cost=most_cost)

    for match in found:
        assert 0 <= match.start <= match.end < len(stream)
        assert match.total_cost <= most_cost
    for before, after in itertools.pairwise(found):
        assert before.end < after.start


def test_an_endless_stream_costs_the_same_at_every_sample():
    """Nothing grows: after very many samples it finds what it finds at first."""
    dtw = SubsequenceDtw(len(REFERENCE), 0.5)
    stream = np.tile([9.0, 7.3, *REFERENCE, 8.1], 2000)
    found = [dtw.advance(np.abs(REFERENCE - value)) for value in stream]
    found = [match for match in (*found, dtw.close()) if match is not None]

    assert [match.start for match in found] == [2 + 8 * number for number in range(2000)]
    assert {match.total_cost for match in found} == {0.0}


def test_it_refuses_what_is_no_column():
    with pytest.raises(ShapeError, match="local_cost"):
        SubsequenceDtw(3, 1.0).advance(np.zeros(4))
    with pytest.raises(ShapeError, match="reference_length"):
        SubsequenceDtw(0, 1.0)
    with pytest.raises(ShapeError, match="most_cost"):
        SubsequenceDtw(3, float("nan"))
