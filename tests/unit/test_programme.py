"""Programmes: in a file, and what they ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planned import ANNA, PLAN
from posecoach.adapters.programme_folder import ProgrammeFolder, forget_given
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import (
    Exercise,
    Programme,
    Side,
    left_to_do,
    planned_routines,
    problems,
)
from posecoach.coach.routine import Sides
from posecoach.errors import InputMissing, ProgrammeError


@pytest.fixture
def routines(routines):
    return {routine.id: routine for routine in routines}


@pytest.fixture
def store(tmp_path):
    return ProgrammeFolder(tmp_path)


# In a file.


def test_a_programme_is_read_as_it_was_written(store):
    plan = replace(
        PLAN,
        exercises=(*PLAN.exercises, Exercise("tree", 2, side=Side.EACH, rest_s=0.0)),
        note='Slowly, "and" stop',
    )

    path = store.save(plan)

    assert store.load("knee") == plan
    assert store.load(str(path)) == plan
    assert store.ids() == ["knee"]
    assert path.read_text(encoding="utf-8").startswith("# A posecoach programme")


def test_every_mistake_is_told_at_once_with_its_key(tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(
        'format = "posecoach-programme"\nversion = 2\nnam = "x"\ndays = ["mo"]\n'
        '[[exercises]]\nroutin = "squat"\nsets = 0\nreps = true\nside = "left"\nrest_s = -1\n'
    )

    with pytest.raises(ProgrammeError) as raised:
        ProgrammeFolder(tmp_path).load(str(file))

    said = str(raised.value)
    assert str(file) in said
    for part in (
        "version: this program reads 1, got 2",
        "nam: unknown key; did you mean 'name'?",
        "name: must be words",
        "days: must be a list of mon,",
        "exercises[0].routin: unknown key; did you mean 'routine'?",
        "exercises[0].routine: must be the id",
        "exercises[0].sets: must be a whole number from 1 to 50, got 0",
        "exercises[0].reps: must be a whole number",
        "exercises[0].side: must be one of shown, other, each, free",
        "exercises[0].rest_s: must be a number from 0",
    ):
        assert part in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "exercises = 3",
        "\x00",
        "name = ",
        "exercises = [[1]]",
        "[[exercises]]\n" * 51,
        "sets = 1" * 100_000,
        '[[exercises]]\nroutine = "../../etc"\n',
        "[[exercises]]\nsets = 1e400\n",
        "exercises = " + "[" * 5000,
    ],
    ids=range(10),
)
def test_what_is_no_programme_is_refused(tmp_path, text):
    (tmp_path / "x.toml").write_text(text)

    with pytest.raises(ProgrammeError):
        ProgrammeFolder(tmp_path).load(str(tmp_path / "x.toml"))


def test_one_that_is_not_there_is_said_with_those_there_are(store):
    store.save(PLAN)

    with pytest.raises(InputMissing, match=r"there are: knee; did you mean 'knee'\?"):
        store.load("kne")
    with pytest.raises(InputMissing):
        store.load("../people/anna")


def test_who_was_given_what_is_kept_and_taken_again(store, tmp_path):
    store.save(PLAN)
    since = date(2026, 11, 16)

    assert store.give(ANNA, "knee", since)
    assert not store.give(NamedPerson("ANNA"), "knee", date(2026, 12, 1))
    assert [(each.programme, each.since) for each in store.given_to(ANNA)] == [("knee", since)]
    assert store.remove("knee") == ["anna"]
    assert store.given_to(ANNA) == []

    store.save(PLAN)
    store.give(ANNA, "knee", since)
    assert store.take(ANNA, "knee")
    assert not store.take(ANNA, "knee")
    store.give(ANNA, "knee", since)
    assert forget_given(tmp_path, ANNA)
    assert not forget_given(tmp_path, ANNA)


def test_what_the_routines_here_cannot_be_asked_is_told(routines):
    plan = replace(
        PLAN,
        exercises=(
            Exercise("arms", hold_s=3.0, side=Side.OTHER),
            Exercise("hold", reps=3),
            Exercise("hodl"),
        ),
    )

    assert problems(plan, routines, list(routines)) == [
        "exercises[0].hold_s: Arms is not held; it is of kind reps",
        "exercises[0].side: Arms is done with both sides",
        "exercises[1].reps: Hold is not counted; it is a hold",
        "exercises[2].routine: no routine 'hodl' on this box; did you mean 'hold'?",
    ]


# Its sets.


def test_the_sets_of_a_day_ask_for_what_the_programme_does(routines):
    sets = planned_routines(PLAN, routines)

    assert [each.routine.id for each in sets] == ["arms", "arms", "hold"]
    assert [each.routine.steps[0].reps for each in sets] == [2, 2, None]
    assert sets[2].routine.steps[0].hold_s == 2.0
    assert [each.set_of for each in sets] == [(1, 2), (2, 2), (1, 1)]
    assert [each.planned.number for each in sets] == [0, 1, 2]
    assert {each.planned.of for each in sets} == {3} == {PLAN.set_count}
    assert [(each.planned.asked, each.planned.kind) for each in sets] == [
        (2.0, "reps"), (2.0, "reps"), (2.0, "hold"),
    ]  # fmt: skip


def test_each_side_is_a_set_of_its_own(routines):
    arms = routines["arms"]
    either = replace(arms, steps=(replace(arms.steps[0], sides=Sides.EITHER),))
    plan = Programme("x", "X", (Exercise("arms", 2, side=Side.EACH), Exercise("arms")))

    sets = planned_routines(plan, {"arms": either})

    assert plan.set_count == len(sets) == 5
    first, second = (each.routine.steps[0] for each in sets[:2])
    assert {step.sides for step in (first, second)} == {Sides.BOTH}
    view = next(iter(first.views))
    assert second.views[view].xy == pytest.approx(first.views[view].mirrored().xy)
    assert sets[4].routine.steps[0].sides is Sides.EITHER


def test_what_is_left_of_a_set_is_asked_for(routines):
    first, _, hold = planned_routines(PLAN, routines)

    assert left_to_do(first, 1.0).routine.steps[0].reps == 1
    assert left_to_do(first, 1.0).planned == first.planned
    assert left_to_do(hold, 0.5).routine.steps[0].hold_s == 1.5


def test_a_day_that_is_not_planned_is_none():
    assert PLAN.on(date(2026, 11, 16))  # a Monday
    assert not PLAN.on(date(2026, 11, 17))
    assert replace(PLAN, days=()).on(date(2026, 11, 17))
