"""One scale: what is more wrong scores less, by as much everywhere, whatever a movement is about."""

from __future__ import annotations

from itertools import pairwise

import pytest

from builders import arm_raise, cycle_track, learned, score_of, squat, squat_track
from posecoach.coach.judge_rep import _most_of
from posecoach.coach.worst_limb import _alike

LEANS_DEG = (0.0, 10.0, 20.0, 35.0, 50.0)


@pytest.fixture(scope="module")
def leaning(arms):
    """Points of somebody whose trunk leans more and more aside while the arms are raised."""
    return [
        score_of(cycle_track(lambda share, to=lean: arm_raise(share, lean_deg=to * share), reps=2), arms)
        for lean in LEANS_DEG
    ]


def test_a_lean_of_twenty_degrees_is_a_fault_and_not_nothing(leaning):
    assert 40 <= leaning[LEANS_DEG.index(20.0)] <= 80


def test_a_lean_never_stops_costing(leaning):
    assert all(after < before - 1.0 for before, after in pairwise(leaning))


@pytest.mark.parametrize("reach", [0.55, 0.65, 0.75, 0.79])
def test_a_shorter_range_is_worth_less_however_far_it_reached(reach):
    worth = [_most_of(done, reach) for done in (0.9, 0.7, 0.5, 0.3)]

    assert worth[0] == 1.0
    assert all(after < before for before, after in pairwise(worth))


def test_there_is_no_step_between_a_full_repetition_and_a_short_one():
    worth = [_most_of(0.7, 0.5 + 0.01 * step) for step in range(40)]

    assert worth[-1] == 1.0
    assert worth[0] == pytest.approx(0.7 / 0.9)
    assert max(abs(after - before) for before, after in pairwise(worth)) < 0.02


def test_of_two_other_exercises_the_one_that_is_further_off_has_less():
    left = [_alike(beyond) for beyond in (0.4, 0.5, 0.6, 0.8, 1.2)]

    assert left[0] == 1.0
    assert left[2] == pytest.approx(0.2)
    assert all(0.0 < after < before for before, after in pairwise(left))


def test_deeper_than_the_reference_is_told_by_how_far_off_it_is():
    """Going too far costs as other errors of that size do: no cap of its own."""
    routine = learned(squat_track())
    deeper = [
        score_of(cycle_track(lambda share, to=depth: squat(share * to), reps=2), routine)
        for depth in (1.0, 1.15, 1.3)
    ]

    assert all(after <= before for before, after in pairwise(deeper))
    assert deeper[-1] >= 40
