"""Which routine is this: told from the first repetition on, and none of these where it is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.candidates import CandidateRows, candidates_of
from posecoach.coach.explained import explained
from posecoach.coach.named_scores import samples_of
from posecoach.coach.recognise import Recogniser
from posecoach.coach.routine import Sides, View
from posecoach.errors import RoutineError, ShapeError
from posecoach.motion.body_vectors import COUNT, NAMES, body_vectors
from posecoach.motion.many_subsequences import ManySubsequences
from posecoach.motion.resample import LONGEST_GAP_S
from posecoach.motion.subsequence_dtw import SubsequenceDtw
from posecoach.skeleton import MIRROR
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.fidgets import Fidget, FidgetKind
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import GESTURES
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera

NAMES_HERE = ("squat", "shoulder_abduction", "side_leg_raise", "tree", "heel_raise")


@pytest.fixture(scope="module")
def routines():
    store = RoutineFolders(Path(), read_track=read_track, write_track=write_track, shipped=STARTER)
    return {name: store.load(name) for name in NAMES_HERE}


@pytest.fixture(scope="module")
def candidates(routines):
    return candidates_of(routines.values())


def samples(motion, view=View.FRONT, *, seed=71, reps=2, **options):
    athlete = Athlete(
        motion, camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[view]), seed=seed, reps=reps, lead_s=1.5, **options
    )
    seen = athlete.truth(0.0, athlete.duration_s, 15.0, hidden_score=0.25)
    return samples_of(seen), athlete.timeline.reps


def told(recogniser, stream):
    return [found for sample in stream if (found := recogniser.look(sample)) is not None]


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("squat", View.LEFT),
        ("shoulder_abduction", View.FRONT),
        ("side_leg_raise", View.FRONT),
        ("heel_raise", View.RIGHT),
    ],
)
def test_a_movement_is_told_within_its_first_repetition(candidates, name, view):
    stream, reps = samples(MOTIONS[name], view)

    found = told(Recogniser(candidates), stream)

    assert [(each.candidate.routine.id, each.candidate.view) for each in found] == [(name, view)] * 2
    assert reps[0].start_s < found[0].at_s <= reps[0].end_s
    assert reps[1].start_s < found[1].at_s <= reps[1].end_s
    assert found[0].from_s == pytest.approx(reps[0].start_s, abs=0.9)
    assert 0.5 < found[0].confidence <= 1.0


def test_a_pose_is_told_once_while_it_is_held(candidates):
    stream, (rep,) = samples(MOTIONS["tree"], reps=1)

    (found,) = told(Recogniser(candidates), stream)

    assert (found.candidate.routine.id, found.candidate.mirrored) == ("tree", False)
    assert rep.start_s + 1.5 < found.at_s < rep.start_s + 5.5


def test_a_pose_that_is_only_passed_through_is_not_held(candidates):
    tree = MOTIONS["tree"]
    longest = int(np.diff(tree.times_s).argmax())
    shorter_s = tree.times_s[longest + 1] - tree.times_s[longest] - 0.8
    times_s = np.where(np.arange(len(tree.times_s)) > longest, tree.times_s - shorter_s, tree.times_s)
    stream, _ = samples(replace(tree, times_s=times_s), reps=1)

    assert told(Recogniser(candidates), stream) == []


def test_the_other_side_of_the_body_is_told(candidates):
    stream, _ = samples(MOTIONS["side_leg_raise"])
    mirrored = [
        replace(each, xy=each.xy[MIRROR] * np.array([-1.0, 1.0]), weights=each.weights[MIRROR])
        for each in stream
    ]

    found = told(Recogniser(candidates), mirrored)

    assert [each.candidate.mirrored for each in found] == [True, True]


@pytest.mark.parametrize(
    "stream",
    [
        lambda: samples(MOTIONS["knee_raise"])[0],
        lambda: samples(MOTIONS["squat"], reps=1, walk_in_s=4.0, walk_out_s=4.0)[0][:70],
        lambda: samples(
            MOTIONS["squat"],
            reps=1,
            fidgets=[Fidget(kind, 0, 3.0) for kind in (FidgetKind.SCRATCH, FidgetKind.APPROACH)],
        )[0][:135],
        *[lambda gesture=gesture: samples(gesture)[0] for gesture in GESTURES.values()],
    ],
    ids=["another movement", "walking in", "fidgeting", *GESTURES],
)
def test_none_of_these_is_an_answer(candidates, stream):
    recogniser = Recogniser(candidates)

    assert told(recogniser, stream()) == []
    assert recogniser.best is None


def test_one_arm_is_not_taken_for_two(candidates):
    stream, _ = samples(GESTURES["raise_right_hand"])
    recogniser = Recogniser(candidates)
    told(recogniser, stream)

    thought = {each.candidate.routine.id: each for each in recogniser.ranking}

    assert "shoulder_abduction" not in thought or thought["shoulder_abduction"].against


def test_two_routines_that_are_the_same_are_told_as_two(routines):
    twin = replace(routines["squat"], id="my_squat", name="My squat")
    recogniser = Recogniser(candidates_of([routines["squat"], twin]))

    assert told(recogniser, samples(MOTIONS["squat"], View.LEFT)[0]) == []
    first, second = recogniser.ranking[:2]
    assert {first.candidate.routine.id, second.candidate.routine.id} == {"squat", "my_squat"}
    assert any("fits nearly as well" in each for each in first.against)
    assert first.confidence == pytest.approx(0.5, abs=0.1)


def test_what_was_begun_before_somebody_was_gone_is_nothing(candidates):
    stream, reps = samples(MOTIONS["squat"], View.LEFT, reps=1)
    middle_s = (reps[0].start_s + reps[0].end_s) / 2
    away = [
        each if each.captured_at < middle_s
        else replace(each, captured_at=each.captured_at + LONGEST_GAP_S + 1.0)
        for each in stream
    ]  # fmt: skip

    assert told(Recogniser(candidates), stream) != []
    assert told(Recogniser(candidates), away) == []


def test_memory_and_time_are_bounded(routines):
    stream, _ = samples(MOTIONS["squat"], View.LEFT, reps=1)
    recogniser = Recogniser(candidates_of([routines["squat"]]))
    step_s = stream[1].captured_at - stream[0].captured_at
    length_s = stream[-1].captured_at + step_s
    found = []
    for lap in range(9):  # longer than what is remembered
        for each in stream:
            found += told(recogniser, [replace(each, captured_at=each.captured_at + lap * length_s)])

    assert len(found) == 9
    assert recogniser.ranking[0].times == 9
    assert len(recogniser._at_s) * step_s < 9 * length_s


def test_a_body_that_cannot_do_a_routine_is_not_told_of_it(routines):
    without = BodyDifferences(without=("left_leg", "right_leg"))

    found = {each.routine.id for each in candidates_of(routines.values(), without)}

    assert "squat" not in found
    assert "shoulder_abduction" in found


def test_nothing_to_choose_from_is_refused():
    with pytest.raises(RoutineError, match="expected 1 to"):
        Recogniser(())


def test_either_side_makes_two_candidates_of_a_view(routines, candidates):
    for name, routine in routines.items():
        sides = {each.mirrored for each in candidates if each.routine is routine}
        assert sides == ({False, True} if routine.steps[0].sides is Sides.EITHER else {False}), name


def test_all_costs_at_once_are_the_costs_one_by_one(candidates):
    rows = CandidateRows(candidates)
    rng = np.random.default_rng(5)
    vectors, known = rng.normal(0.0, 0.6, (COUNT, 2)), rng.random(COUNT)

    found = rows.costs(vectors, known)

    for first, candidate in zip(rows.first, candidates, strict=True):
        both = candidate.known * known
        off = (both * ((candidate.vectors - vectors) ** 2).sum(axis=-1)).sum(axis=1) / both.sum(axis=1)
        assert found[first : first + len(off)] == pytest.approx(off, abs=1e-9)


def test_many_references_are_followed_as_each_alone():
    rng = np.random.default_rng(3)
    lengths = [1, 4, 2, 7]
    many = ManySubsequences(lengths)
    alone = [SubsequenceDtw(length, 0.0, max_advance=2) for length in lengths]
    for _ in range(40):
        costs = [rng.random(length) for length in lengths]
        many.advance(np.concatenate(costs))
        for which, (each, cost) in enumerate(zip(alone, costs, strict=True)):
            each.advance(cost)
            last = many.first[which] + lengths[which] - 1
            expected = each.cheapest_end
            if expected is None:
                assert not np.isfinite(many.accumulated[last])
            else:
                assert many.accumulated[last] == pytest.approx(expected.total_cost)
                assert many.starts[last] == expected.start


@pytest.mark.parametrize("lengths", [[], [3, 0]])
def test_references_without_length_are_refused(lengths):
    with pytest.raises(ShapeError):
        ManySubsequences(lengths)


def test_a_cost_for_other_references_is_refused():
    with pytest.raises(ShapeError):
        ManySubsequences([3, 4]).advance(np.zeros(6))


def test_vectors_do_not_mind_where_somebody_stands_nor_hidden_keypoints():
    rng = np.random.default_rng(8)
    xy, weights = rng.normal(0.0, 1.0, (3, 17, 2)), np.ones((3, 17))
    weights[1, 9] = 0.0  # the left wrist

    vectors, known = body_vectors(xy, weights, np.array([0.0, 0.1, 0.2]))
    moved, _ = body_vectors(xy + 3.0, weights, np.array([0.0, 0.1, 0.2]))

    assert vectors == pytest.approx(moved)
    assert vectors.shape == (3, COUNT, 2)
    assert [NAMES[i] for i in np.flatnonzero(known[1] == 0.0)] == ["left_forearm"]
    assert vectors[:, -1, 1].tolist() == pytest.approx([0.0, 0.3, 0.6])


def test_a_limb_that_does_something_else_speaks_against_it(candidates):
    wanted = next(
        each for each in candidates if each.routine.id == "shoulder_abduction" and each.view is View.FRONT
    )
    done = wanted.vectors.copy()
    last = len(done) - 1
    assert explained(wanted, last, done, wanted.known).good

    arm = [NAMES.index("left_upper_arm"), NAMES.index("left_forearm")]
    done[:, arm] = done[0, arm]
    found = explained(wanted, last, done, wanted.known)

    assert not found.good
    assert set(found.against) == {"left_upper_arm", "left_forearm"}
    assert found.left == pytest.approx(0.5, abs=0.1)


def test_a_repetition_at_its_turning_point_is_not_back(candidates):
    wanted = next(each for each in candidates if each.routine.id == "squat" and each.view is View.LEFT)
    half = len(wanted.vectors) // 2

    assert not explained(wanted, half, wanted.vectors[: half + 1], wanted.known[: half + 1]).back
