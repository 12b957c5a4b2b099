"""What is tried when a part fails, as tables: what fell when, and what is to be done."""

from __future__ import annotations

import pytest

from posecoach.service.ladder import (
    CAMERA_LADDER,
    ESTIMATOR_LADDER,
    SETTLED_S,
    STORM_FALLS,
    STORM_PAUSE_S,
    TPU_LADDER,
    Cause,
    Climb,
    Remedy,
)

LADDERS = [CAMERA_LADDER, TPU_LADDER, ESTIMATOR_LADDER]


def codes(climb, causes, apart_s=100.0, stands=False, start_s=0.0):
    """The code of each step, where a fall follows the one before after so long, never having worked."""
    found = []
    for number, cause in enumerate(causes):
        now = start_s + number * apart_s
        found.append(climb.fell(now, cause).rung.code)
        if stands:
            climb.stood(now)
    return found


@pytest.mark.parametrize(
    ("ladder", "possible", "expected"),
    [
        (TPU_LADDER, frozenset(Remedy), "T1 T1 T2 T3 T4 T4 T5 T5 T5"),
        (TPU_LADDER, frozenset(Remedy) - {Remedy.PORT_POWER}, "T1 T1 T2 T4 T4 T5 T5"),
        (TPU_LADDER, {Remedy.NEW_CHILD, Remedy.OTHER_MODEL}, "T1 T1 T4 T4 T5 T5"),
        (TPU_LADDER, {Remedy.NEW_CHILD}, "T1 T1 T5 T5"),
        (CAMERA_LADDER, frozenset(Remedy), "C1 C1 C1 C1 C2 C3 C3 C3"),
        (ESTIMATOR_LADDER, frozenset(Remedy), "E1 E1 E1 E1 E1 E2 E2"),
    ],
)
def test_what_does_not_help_is_followed_by_what_helps_more(ladder, possible, expected):
    climb = Climb(ladder, possible=frozenset(possible))

    assert codes(climb, [Cause.HUNG] * len(expected.split())) == expected.split()


def test_whoever_has_worked_for_long_begins_at_the_foot_again():
    climb = Climb(TPU_LADDER)
    assert codes(climb, [Cause.DIED] * 3, apart_s=1.0) == ["T1", "T1", "T2"]
    climb.stood(10.0)

    assert climb.fell(10.0 + SETTLED_S, Cause.DIED).rung.code == "T1"


def test_whoever_has_worked_for_a_moment_does_not():
    climb = Climb(TPU_LADDER)
    codes(climb, [Cause.DIED] * 3, apart_s=1.0)
    climb.stood(10.0)
    climb.stood(10.0 + SETTLED_S - 2)  # told at each answer; the first counts

    assert climb.fell(10.0 + SETTLED_S - 1, Cause.DIED).rung.code == "T3"


def test_a_first_fall_is_healed_at_once_and_the_next_with_a_pause():
    climb = Climb(CAMERA_LADDER)

    waits = [climb.fell(at_s, Cause.DIED).wait_s for at_s in (0.0, 1.0, 2.0, 3.0)]
    assert waits == [0.0, 0.5, 2.0, 5.0]


def test_who_worked_between_is_healed_at_once():
    climb = Climb(CAMERA_LADDER)
    waits = []
    for at_s in (0.0, 5.0, 10.0):
        waits.append(climb.fell(at_s, Cause.DIED).wait_s)
        climb.stood(at_s + 1.0)

    assert waits == [0.0, 0.0, 0.0]


def test_what_falls_every_quarter_of_a_minute_is_healed_each_time():
    climb, found = Climb(CAMERA_LADDER), []
    for number in range(40):
        step = climb.fell(15.0 * number, Cause.HUNG)
        found.append((step.rung.code, step.wait_s))
        climb.stood(15.0 * number + 1.0)

    assert set(found) == {("C1", 0.0)}


def test_what_falls_still_more_often_is_not_helped_by_the_same():
    climb, found = Climb(TPU_LADDER), []
    for number in range(20):
        found.append(climb.fell(11.5 * number, Cause.HUNG).rung.code)
        climb.stood(11.5 * number + 1.0)

    assert found[:5] == ["T1"] * 5
    assert "T4" in found


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: ladder.part)
def test_a_storm_is_braked_and_ends(ladder):
    climb = Climb(ladder)
    waits = []
    for number in range(STORM_FALLS + 3):
        at_s = 5.0 * number
        waits.append(climb.fell(at_s, Cause.DIED).wait_s)
        climb.stood(at_s + 0.5)

    assert min(waits[STORM_FALLS:]) >= STORM_PAUSE_S
    climb.stood(at_s + 1.0)
    assert climb.fell(at_s + 500.0, Cause.DIED).wait_s == ladder.rungs[0].pauses_s[0]


@pytest.mark.parametrize(
    ("ladder", "code", "remedy"),
    [(CAMERA_LADDER, "C4", Remedy.ASK), (TPU_LADDER, "T6", Remedy.OTHER_MODEL)],
)
def test_what_is_not_there_is_waited_for_without_climbing(ladder, code, remedy):
    climb = Climb(ladder)
    steps = [climb.fell(float(number), Cause.ABSENT) for number in range(20)]

    assert {(step.rung.code, step.rung.remedy) for step in steps} == {(code, remedy)}
    assert steps[-1].wait_s == ladder.absent.pauses_s[-1]
    first = climb.fell(30.0, Cause.HUNG)
    assert (first.rung, first.wait_s) == (ladder.rungs[0], 0.0), "waiting was no storm"


@pytest.mark.parametrize(("ladder", "code"), [(CAMERA_LADDER, "C2"), (TPU_LADDER, "T2")])
def test_a_process_that_cannot_be_killed_gets_no_second_beside_it(ladder, code):
    assert Climb(ladder).fell(0.0, Cause.STUCK).rung.code == code


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: ladder.part)
def test_every_rung_says_something_short_in_plain_words(ladder):
    for rung in (*ladder.rungs, ladder.absent):
        assert 10 < len(rung.words) <= 64, rung
        assert rung.code[0] in "CTE"
        assert not {"process", "child", "USB", "estimator", "inference"} & set(rung.words.split())
    assert [bool(rung.tries) for rung in ladder.rungs] == [True] * (len(ladder.rungs) - 1) + [False] or (
        ladder is TPU_LADDER
    )
    assert ladder.rungs[-1].tries == 0, "the last rung is for ever"


def test_codes_are_of_one_rung_each():
    rungs = [rung for ladder in LADDERS for rung in (*ladder.rungs, ladder.absent)]

    assert len({(rung.code, rung.words) for rung in rungs}) == len({rung.code for rung in rungs})
