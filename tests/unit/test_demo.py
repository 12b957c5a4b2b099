"""The demonstration: what is put in, what is said of it, and what is left of it; without a network."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from posecoach.cli import main
from posecoach.cli.demo import ACTS, RATE_HZ, starter
from posecoach.cli.moments import Moments
from posecoach.cli.transcript import Act, fault_words, transcript, transcript_lines
from posecoach.coach.fault import Change
from posecoach.coach.fault import Fault as Told
from posecoach.coach.routine import View
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import CueView, Stage
from posecoach.skeleton import Joint, Limb
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.naming import limbs_of, named_by
from posecoach.synthetic.scenario import Scenario

SEED = 11
SPOKEN = {
    "low_arm": ("left_arm", "left arm"),
    "shallow": (None, "degrees"),
    "lean": ("trunk", "less to the right"),
    "asymmetry": ("right_arm", "right arm"),
}
"""Of every kind of fault in the demonstration: the limb that must be named, and words that must be said."""


def told(act, seed=SEED, noise_px=0.0):
    """The transcript of an act as a network that makes no mistakes would see it."""
    scenario = act.scenario(seed, RATE_HZ)
    athlete = Scenario.parse(scenario).athlete()
    session = Session(starter(act), options=SessionOptions(gated=False))
    rng = np.random.default_rng(seed)
    for frame in athlete.truth(0.0, athlete.duration_s, RATE_HZ, hidden_score=0.25):
        xy = frame.pose.keypoints_xy + rng.normal(0.0, noise_px, (17, 2))
        session.advance(frame.at_s, [replace(frame.pose, keypoints_xy=xy)])
    return transcript(act, scenario, athlete, session.finish(athlete.duration_s), 0.0)


@pytest.fixture(scope="module", params=[(11, 0.0), (12, 1.5)], ids=["exact", "noisy"])
def acts(request):
    return [told(act, *request.param) for act in ACTS]


# -- what the coach makes of it --


def test_one_routine_is_done_well_and_one_with_a_fault_in_every_repetition():
    good, bad = ACTS

    assert good.given() == []
    assert len(bad.given()) == bad.reps


def test_every_repetition_is_counted_once(acts):
    assert [act["reps_counted"] for act in acts] == [act["reps_done"] for act in acts] == [3, 4]


def test_nothing_is_corrected_where_nothing_is_wrong(acts):
    good = acts[0]["report"]

    assert good["cues"] == []
    assert [rep["verdict"] for rep in good["reps"]] == ["good"] * 3
    assert good["score"] >= 90


def test_every_fault_is_named_with_limb_and_direction_right_after_it(acts):
    faults = acts[1]["faults"]

    assert [fault["kind"] for fault in faults] == ["low_arm", "shallow", "lean", "asymmetry"]
    for fault in faults:
        limb, words = SPOKEN[fault["kind"]]
        assert limb in (None, fault["named"]["limb"])
        assert words in fault["named"]["text"]
        assert fault["named"]["limb"] in fault["limbs"]
        assert 0 < fault["named"]["said_at_s"] - fault["start_s"] < 5.0


def test_the_degrees_are_those_that_were_put_in(acts):
    """What is told is an angle in the picture, averaged over the turning point."""
    by_kind = {fault["kind"]: fault["named"]["degrees"] for fault in acts[1]["faults"]}

    assert by_kind["low_arm"] == pytest.approx(35.0, abs=10.0)
    assert by_kind["lean"] == pytest.approx(20.0, abs=7.0)


def test_a_faulty_performance_scores_less(acts):
    assert acts[1]["report"]["score"] <= acts[0]["report"]["score"] - 10


def test_the_transcript_is_plain_json(acts):
    assert json.loads(json.dumps(acts)) == acts
    assert {"routine", "name", "scenario", "reps_done", "reps_counted", "faults", "report"} == set(acts[0])


def test_its_scenario_gives_the_same_again(acts):
    athlete = Scenario.parse(acts[1]["scenario"]).athlete()

    assert len(athlete.faults) == 4
    assert [round(rep.start_s, 3) for rep in athlete.timeline.reps] == [
        fault["start_s"] for fault in acts[1]["faults"]
    ]


def test_for_people_there_is_a_line_for_every_repetition(acts):
    lines = list(transcript_lines(acts[1]))

    assert lines[0].startswith("Side arm raise, seen from the front: ")
    assert "left arm 35 degrees low" in lines[1]
    assert "left arm" in lines[1].split("low")[1]
    assert lines[-2:] == ["  4 done, 4 counted", "  4 faults put in, 4 named"]
    assert [line.split()[0] for line in lines[1:5]] == ["1", "2", "3", "4"]


def test_a_fault_that_was_not_named_is_told_to_be_missing():
    """An athlete who did nothing wrong, as if it had."""
    act = Act("squat", View.LEFT, 2)
    clean = told(act)
    faulty = Scenario.parse(replace(act, faults=("lean:20",)).scenario(SEED, RATE_HZ)).athlete()
    session = Session(starter(act), options=SessionOptions(gated=False))
    for frame in Scenario.parse(clean["scenario"]).athlete().truth(0.0, 9.0, RATE_HZ, hidden_score=0.25):
        session.advance(frame.at_s, [frame.pose])
    missed = transcript(act, "", faulty, session.finish(9.0), 0.0)

    assert [fault["named"] for fault in missed["faults"]] == [None, None]
    assert "  2 faults put in, 0 named" in transcript_lines(missed)


# -- what is asked of the athlete --


def test_a_longer_time_holds_more_repetitions_and_the_faults_begin_again():
    act = Act("shoulder_abduction", View.FRONT, 4, ("low_arm.left:30", "lean.right:20"))

    assert act.lasting(1.0).reps == 1
    assert act.lasting(60.0).reps > 10
    assert replace(act, reps=3).given() == ["low_arm.left:30@1", "lean.right:20@2", "low_arm.left:30@3"]


def test_the_routine_asks_for_as_many_repetitions_as_are_done():
    assert [starter(act).steps[0].reps for act in ACTS] == [3, 4]
    assert all(act.view in starter(act).steps[0].views for act in ACTS)


@pytest.mark.parametrize(
    ("fault", "motion", "limbs"),
    [
        ("low_arm.left:30", "shoulder_abduction", {Limb.LEFT_ARM}),
        ("shallow:0.4", "shoulder_abduction", {Limb.LEFT_ARM, Limb.RIGHT_ARM}),
        ("shallow:0.4", "squat", {Limb.LEFT_LEG, Limb.RIGHT_LEG, Limb.LEFT_ARM, Limb.RIGHT_ARM}),
        ("shallow:0.4", "side_leg_raise", {Limb.LEFT_LEG}),
        ("asymmetry.right:0.4", "shoulder_press", {Limb.RIGHT_ARM}),
        ("bent_knee.right:20", "squat", {Limb.RIGHT_LEG}),
        ("lean.left:20", "squat", {Limb.TRUNK}),
        ("fast:2", "squat", set()),
    ],
)
def test_a_fault_is_seen_at_some_limbs(fault, motion, limbs):
    assert limbs_of(Fault.parse(fault), MOTIONS[motion]) == limbs


ARM = Told(Limb.LEFT_ARM, "turn", 30.0, "raise your left arm", 30.0, Change.RAISE, Joint.LEFT_SHOULDER)
BOTH = replace(ARM, both=True)
LEAN = Told(Limb.TRUNK, "turn", 20.0, "lean 20 degrees less to the left", 20.0, Change.LEAN_LESS)


@pytest.mark.parametrize(
    ("fault", "told", "named"),
    [
        ("low_arm.left:30", ARM, True),
        ("low_arm.right:30", ARM, False),
        ("low_arm.left:30", replace(ARM, change=Change.LOWER), False),
        ("low_arm.left:30", BOTH, False),
        ("low_arm:30", BOTH, True),
        ("bent_knee.left:30", ARM, False),
        ("asymmetry.right:0.4", ARM, False),
        ("shallow:0.4", BOTH, True),
        ("lean.left:20", LEAN, True),
        ("lean.right:20", LEAN, False),
        ("lean:20", LEAN, False),
        ("fast:2", ARM, False),
        ("turn:30", ARM, False),
    ],
)
def test_a_fault_is_named_by_its_limb_and_its_direction(fault, told, named):
    assert (named_by([told], Fault.parse(fault), View.FRONT) is told) is named


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("low_arm.left:30", "left arm 30 degrees low"),
        ("bent_knee:20", "both knees 20 degrees bent"),
        ("shallow:0.35", "35% of the way missing"),
        ("lean:20", "leaning 20 degrees forward"),
        ("asymmetry.right:0.3", "right side 30% short"),
        ("fast:2", "2 times as fast"),
        ("stop:0.5", "stop"),
    ],
)
def test_a_fault_in_words(text, words):
    fault = Fault.parse(text)

    assert fault_words({"kind": fault.kind.value, "side": fault.side, "amount": fault.amount}) == words


# -- the picture that is kept --


class _Screen:
    """Shows which moment it is."""

    def __init__(self):
        self.moment = 0

    def pixels(self):
        return np.full((2, 2, 3), self.moment, np.uint8)


def moment_kept(*moments):
    """Each is the stage, the reach, and since when which limb is corrected."""
    kept, screen = Moments(), _Screen()
    for number, (stage, reach, cue) in enumerate(moments, 1):
        screen.moment = number
        view = SimpleNamespace(now=float(number), cue=cue, reach=reach, person=object())
        kept.watch(SimpleNamespace(stage=stage, now=float(number), view=lambda now, view=view: view), screen)
    return None if kept.pixels is None else int(kept.pixels[0, 0, 0])


def cue(since, limb=Limb.LEFT_ARM, *, praise=False):
    return CueView("Raise it.", limb, since, praise)


def test_without_a_correction_the_furthest_reach_is_kept():
    assert moment_kept((Stage.ACTIVE, 0.2, None), (Stage.ACTIVE, 0.9, None), (Stage.ACTIVE, 0.5, None)) == 2


def test_a_correction_that_can_be_read_is_worth_more():
    said = cue(2.0)

    assert moment_kept((Stage.ACTIVE, 0.9, None), (Stage.ACTIVE, 0.1, said), (Stage.ACTIVE, 0.3, said)) == 3


def test_the_first_correction_counts_and_praise_is_none():
    assert moment_kept((Stage.ACTIVE, 0.5, cue(0.0)), (Stage.ACTIVE, 0.9, cue(1.0))) == 1
    assert moment_kept((Stage.ACTIVE, 0.5, cue(0.0, praise=True)), (Stage.ACTIVE, 0.9, None)) == 2


def test_only_the_exercise_itself_is_looked_at():
    assert moment_kept((Stage.COUNTDOWN, 0.9, None), (Stage.SUMMARY, 0.9, None)) is None


# -- the command --


def test_a_routine_without_a_camera_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--routine", "squat", "--output", str(tmp_path / "demo")])

    assert ended.value.code == 2
    assert "--routine goes with --camera" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("seconds", ["0", "-3", "soon"])
def test_a_time_that_is_none_is_refused(seconds, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--duration", seconds])

    assert ended.value.code == 2
    assert "--duration" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("")

    assert main(["demo", "--output", str(tmp_path / "file" / "demo")]) == 74
    assert "cannot make the folder" in capsys.readouterr().err


def test_a_model_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["demo", "--model", "none.tflite", "--output", str(tmp_path)]) == 66
    assert "none.tflite" in capsys.readouterr().err
