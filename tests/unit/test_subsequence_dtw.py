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


def spotted(stream, reference=REFERENCE, most_mean_cost=0.2, **options):
    """Every match in a stream of numbers, on absolute distance."""
    dtw = SubsequenceDtw(len(reference), most_mean_cost, **options)
    found = [dtw.advance(np.abs(reference - value)) for value in stream]
    return [match for match in (*found, dtw.close()) if match is not None]


def every_path(cost, start, now, row, max_advance, closed=()):
    """The cost of each path from the first row at a start to a row now: each sample counts, of both."""

    def onwards(i, j):
        if (i, j) in closed:
            return
        if (i, j) == (now, row):
            yield 0.0
        if i < now:
            for advance in range(max_advance + 1):
                if j + advance <= row:
                    here = cost[i + 1, j + advance] + cost[i + 1, j + 1 : j + advance + 1].sum()
                    for rest in onwards(i + 1, j + advance):
                        yield here + rest

    for rest in onwards(start, 0):
        yield 2.0 * cost[start, 0] + rest


def exhaustive(cost, most_mean_cost, max_advance):
    """SPRING's disjoint queries by trying every start and every path of every cell.

    What a reported match has begun is closed from then on: nothing goes on through it.
    """
    length, rows = cost.shape
    found, best, closed = [], None, set()

    def cheapest(now, row):
        return min(
            (min(every_path(cost, start, now, row, max_advance, closed), default=np.inf), start)
            for start in range(now + 1)
        )

    for now in range(length):
        cells = [cheapest(now, row) for row in range(rows)]
        if best and all(total >= best[0] or start > best[2] for total, start in cells):
            found.append(best)
            closed |= {(now, row) for row, (_, start) in enumerate(cells) if start <= best[2]}
            best = None
        total, start = cheapest(now, rows - 1)
        if total / (2 * rows) <= most_mean_cost and (best is None or total < best[0]):
            best = (total, start, now)
    return [*found, best] if best else found


def test_a_reference_is_found_wherever_it_goes_by():
    stream = [9, 9, *REFERENCE, 9, 9, 9, *REFERENCE, 9]

    assert spotted(stream) == [Match(2, 6, 0.0, 0.0), Match(10, 14, 0.0, 0.0)]


@pytest.mark.parametrize("repeats", [1, 2, 4])
def test_at_any_pace(repeats):
    stream = [9, *np.repeat(REFERENCE, repeats), 9]

    [match] = spotted(stream)
    assert match.total_cost == 0.0
    assert 1 <= match.start <= repeats
    assert 1 + 4 * repeats <= match.end <= 5 * repeats


def test_standing_still_at_the_end_makes_nothing_better():
    """It costs nothing, and were the mean taken over it, a poor match would become a good one."""
    half = [0, 1, 2, 1, 0]

    assert spotted([9, *half, 9], most_mean_cost=0.4) == []
    assert spotted([9, *half, *([0] * 50), 9], most_mean_cost=0.4) == []


def test_nothing_is_found_where_nothing_is():
    assert spotted(np.full(40, 9.0)) == []
    assert spotted([0, 2, 2, 0] * 3) == []
    assert spotted([]) == []


def test_a_match_is_told_as_soon_as_it_is_certain():
    dtw = SubsequenceDtw(len(REFERENCE), 0.2)
    told = [dtw.advance(np.abs(REFERENCE - value)) for value in [*REFERENCE, 9.0]]

    assert told == [None] * 5 + [Match(0, 4, 0.0, 0.0)]
    assert dtw.close() is None


def test_of_two_that_overlap_the_cheaper_one_is_told():
    assert spotted([0, 2, 4, 2, 0, 2, 5, 2, 0]) == [Match(4, 8, 0.0, 0.0)]


def test_the_last_one_waits_for_the_end():
    dtw = SubsequenceDtw(len(REFERENCE), 0.2)
    for value in REFERENCE:
        assert dtw.advance(np.abs(REFERENCE - value)) is None

    assert dtw.close() == Match(0, 4, 0.0, 0.0)
    assert dtw.close() is None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 3).flatmap(
        lambda rows: st.lists(
            st.lists(st.integers(0, 4), min_size=rows, max_size=rows), min_size=1, max_size=7
        )
    ),
    st.integers(1, 3),
)
def test_the_cheapest_end_is_that_of_exhaustive_search_at_every_sample(rows, max_advance):
    """Whole numbers: ties are many, and sums are exact."""
    cost = np.array(rows, dtype=float) + 1.0  # nothing is cheap enough to be reported
    dtw = SubsequenceDtw(cost.shape[1], 0.0, max_advance=max_advance)
    for now, column in enumerate(cost):
        dtw.advance(column)
        each = [
            min(every_path(cost, start, now, cost.shape[1] - 1, max_advance), default=np.inf)
            for start in range(now + 1)
        ]

        if dtw.cheapest_end is None:
            assert min(each) == np.inf
        else:
            assert dtw.cheapest_end.total_cost == min(each) == each[dtw.cheapest_end.start]
            assert dtw.cheapest_end.end == now


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 4),
    st.integers(1, 8),
    st.floats(0.1, 0.9),
    st.integers(1, 3),
)
def test_matches_are_those_of_exhaustive_search(seed, rows, length, most_mean_cost, max_advance):
    """Random costs: no two paths cost the same."""
    cost = np.random.default_rng(seed).random((length, rows))
    dtw = SubsequenceDtw(rows, most_mean_cost, max_advance=max_advance)
    found = [dtw.advance(column) for column in cost]
    found = [match for match in (*found, dtw.close()) if match is not None]

    expected = exhaustive(cost, most_mean_cost, max_advance)
    assert [(match.start, match.end) for match in found] == [(start, end) for _, start, end in expected]
    assert [match.total_cost for match in found] == pytest.approx([total for total, _, _ in expected])
    for match in found:
        assert match.mean_cost == pytest.approx(match.total_cost / (2 * rows))


def test_standing_still_is_not_all_of_it():
    """Without a limit one sample would be held against the whole reference."""
    flat = np.array([0.0, 0.1, 0.2, 0.1, 0.0, 0.1, 0.2, 0.1, 0.0])

    assert spotted([9, 0, 9, 9, 0, 0, 9], flat, 0.3) == []
    assert spotted([9, *flat[::3], 0.1, 9], flat, 0.3, max_advance=3) != []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 1.5))
def test_no_match_begins_before_what_was_promised(seed, most_cost):
    stream = np.random.default_rng(seed).integers(0, 6, 60).astype(float)
    dtw, promised = SubsequenceDtw(len(REFERENCE), most_cost), []
    for value in stream:
        match = dtw.advance(np.abs(REFERENCE - value))
        assert match is None or match.start >= max(promised)
        promised.append(dtw.earliest_start)
    match = dtw.close()
    assert match is None or match.start >= max(promised)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 1.5))
def test_matches_do_not_overlap_and_cost_what_they_may(seed, most_cost):
    stream = np.random.default_rng(seed).integers(0, 6, 80).astype(float)
    found = spotted(stream, most_mean_cost=most_cost)

    for match in found:
        assert 0 <= match.start <= match.end < len(stream)
        assert match.mean_cost <= most_cost
    for before, after in itertools.pairwise(found):
        assert before.end < after.start


def test_an_endless_stream_costs_the_same_at_every_sample():
    """Nothing grows: after very many samples it finds what it finds at first."""
    dtw = SubsequenceDtw(len(REFERENCE), 0.1)
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
    with pytest.raises(ShapeError, match="most_mean_cost"):
        SubsequenceDtw(3, float("nan"))
