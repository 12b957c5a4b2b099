"""A session as data: frames go in with their times, stages, views and events come out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEGS,
    RIGHT_SIDE,
    arm_raise_track,
    empty_track,
    flow_track,
    front_pose,
    hold_track,
    joined,
    learned,
    performance,
    pose_of,
    routine_of,
    squat_track,
    still_track,
)
from posecoach.coach.events import Finished, PartFinished, Started
from posecoach.coach.getting_ready import FLICKER_S
from posecoach.coach.person import TWO_PEOPLE
from posecoach.coach.report import report
from posecoach.coach.session import LEFT_AFTER_S, Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import Stage, StepKind, Verdict
from posecoach.frame import Frame

OPTIONS = SessionOptions()
READY_S = OPTIONS.place_s + OPTIONS.countdown_s


@pytest.fixture(scope="module")
def arms():
    return asking(learned(arm_raise_track()), reps=3)


@pytest.fixture(scope="module")
def hold():
    return asking(learned(hold_track(), kind=StepKind.HOLD), hold_s=3.0)


@pytest.fixture(scope="module")
def flow():
    return learned(flow_track(flow_s=8.0), kind=StepKind.FLOW)


def asking(routine, **what):
    return routine_of(*(replace(step, **what) for step in routine.steps))


class Sitting:
    """A session being played a track, with a diary of what happened when."""

    def __init__(self, routine, options=None):
        self.session = Session(routine, options=options)
        self.stages = []
        self.events = []
        self.views = []
        self.now = 0.0

    def play(self, track, at_s=None):
        offset_s = self.now if at_s is None else at_s
        for frame in track:
            self.now = offset_s + frame.at_s
            self.session.advance(self.now, [frame.pose] if frame.pose else [])
            self._note()
        self.now += 1 / 30
        return self

    def _note(self):
        if not self.stages or self.stages[-1][1] is not self.session.stage:
            self.stages.append((round(self.now, 2), self.session.stage))
        view = self.session.view(self.now)
        events = self.session.take_events()
        self.events += [(self.now, event) for event in events]
        self.views.append((self.now, view, events))

    @property
    def order(self):
        return [stage for _, stage in self.stages]

    def of(self, kind):
        return [event for _, event in self.events if isinstance(event, kind)]


def standing(duration_s, **look):
    return still_track(duration_s=duration_s, **look)


# -- from idle to summary --


def test_the_instructions_of_the_routine_are_there_to_be_shown(arms):
    told = ("Face the camera.", "Raise both arms.")

    assert Session(replace(arms, instructions=told)).view(0.0).instructions == told


def test_a_session_goes_from_idle_to_summary(arms):
    sitting = Sitting(arms)
    sitting.play(empty_track(duration_s=1.0)).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=4))

    assert sitting.order == [Stage.IDLE, Stage.PLACING, Stage.COUNTDOWN, Stage.ACTIVE, Stage.SUMMARY]


def test_placing_and_countdown_take_their_times(arms):
    at = {stage: at_s for at_s, stage in Sitting(arms).play(standing(6.0)).stages}

    assert at[Stage.COUNTDOWN] - at[Stage.PLACING] == pytest.approx(OPTIONS.place_s, abs=0.05)
    assert at[Stage.ACTIVE] - at[Stage.COUNTDOWN] == pytest.approx(OPTIONS.countdown_s, abs=0.05)


def test_the_countdown_counts_down(arms):
    counted = [
        view.countdown_s
        for _, view, _ in Sitting(arms).play(standing(6.0)).views
        if view.countdown_s is not None
    ]

    assert counted[0] == pytest.approx(OPTIONS.countdown_s, abs=0.05)
    assert counted[-1] < 0.05
    assert all(after <= before for before, after in itertools.pairwise(counted))


def test_events_come_in_order(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=3))

    kinds = [type(event) for _, event in sitting.events]
    assert kinds == [Started, PartFinished, PartFinished, PartFinished, Finished]
    assert [event.part.index for event in sitting.of(PartFinished)] == [0, 1, 2]
    assert sitting.of(Finished)[0].performance.score >= 98


def test_a_repetition_is_an_event_in_the_very_step_in_which_it_appears(arms):
    """So that it can be stored before it is shown."""
    known = 0
    for _, view, events in Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=2)).views:
        known += sum(isinstance(event, PartFinished) for event in events)
        assert len(view.reps) == known
    assert known == 2


def test_reaching_the_target_ends_it(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=6))

    assert len(sitting.of(PartFinished)) == 3
    assert sitting.order[-1] is Stage.SUMMARY


def test_an_attempt_does_not_count_towards_the_target(arms):
    half = arm_raise_track(reps=2, top_deg=90.0)
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(half).play(arm_raise_track(reps=3))

    verdicts = [event.part.verdict for event in sitting.of(PartFinished)]
    assert verdicts == [Verdict.ATTEMPT] * 2 + [Verdict.GOOD] * 3


def test_open_ended_goes_on(arms):
    options = SessionOptions(open_ended=True)
    sitting = Sitting(arms, options).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=6))

    assert len(sitting.of(PartFinished)) == 6
    assert sitting.order[-1] is Stage.ACTIVE


def test_what_comes_after_the_summary_changes_nothing(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=3))
    performance = sitting.session.performance
    sitting.play(arm_raise_track(reps=2))

    assert sitting.session.performance is performance
    assert len(sitting.of(Finished)) == 1
    assert sitting.views[-1][1].summary is not None


def test_a_recording_that_is_only_scored_begins_at_once(arms):
    sitting = Sitting(arms, SessionOptions(gated=False)).play(arm_raise_track(reps=1))

    assert sitting.stages[0] == (0.0, Stage.ACTIVE)


# -- people come and go --


def test_nobody_for_ever_is_idle_for_ever(arms):
    sitting = Sitting(arms).play(empty_track(duration_s=60.0, rate_hz=10.0))

    assert sitting.order == [Stage.IDLE]
    assert sitting.events == []
    assert sitting.views[-1][1].prompt == "Step into view"


def test_a_recording_of_nobody_comes_to_no_score_and_says_why(arms):
    sitting = Sitting(arms, SessionOptions(gated=False)).play(empty_track())
    made = report(sitting.session.finish(sitting.now))

    assert made["score"] is None
    assert made["reason"] == "nobody was in view"


def test_leaving_during_the_countdown_starts_it_again(arms):
    sitting = (
        Sitting(arms).play(standing(2.0)).play(empty_track(duration_s=2.0)).play(standing(READY_S + 0.5))
    )

    assert sitting.order == [
        Stage.PLACING, Stage.COUNTDOWN, Stage.PLACING, Stage.IDLE,
        Stage.PLACING, Stage.COUNTDOWN, Stage.ACTIVE,
    ]  # fmt: skip
    assert sitting.stages[-1][0] >= 4.0 + READY_S


def test_standing_ready_counts_anew_for_the_next_person(arms):
    """What the one before had stood does not help whoever comes later."""
    sitting = Sitting(arms).play(standing(0.7)).play(empty_track(duration_s=5.0)).play(standing(3.0))

    at = {stage: at_s for at_s, stage in sitting.stages}
    assert at[Stage.COUNTDOWN] - at[Stage.PLACING] == pytest.approx(OPTIONS.place_s, abs=0.05)


@pytest.mark.parametrize("look", [{"lost": [(at, at + 0.2) for at in np.arange(0.3, 9.0, 0.5)]}])
def test_a_network_that_misses_somebody_now_and_then_does_not_keep_them_waiting(arms, look):
    sitting = Sitting(arms).play(standing(9.0, **look))

    assert sitting.stages[-1][1] is Stage.ACTIVE
    assert sitting.stages[-1][0] <= READY_S + 2 * FLICKER_S


def test_stepping_out_of_the_picture_with_the_legs_starts_the_waiting_anew(arms):
    """Ready for most of a second, then not, then ready again."""
    routine = learned(squat_track())
    whole, cut = squat_track(reps=0, rest_s=0.7), squat_track(reps=0, rest_s=3.0, hidden=LEGS)
    sitting = Sitting(routine).play(whole).play(cut)
    ready_at = sitting.now
    sitting.play(squat_track(reps=0, rest_s=3.0))

    at = {stage: at_s for at_s, stage in sitting.stages}
    assert at[Stage.COUNTDOWN] - ready_at == pytest.approx(OPTIONS.place_s, abs=0.1)


def test_leaving_for_three_seconds_does_not_end_it(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=1))
    sitting.play(empty_track(duration_s=3.0)).play(arm_raise_track(reps=2))

    assert [event.part.verdict for event in sitting.of(PartFinished)] == [Verdict.GOOD] * 3


def test_leaving_for_ten_seconds_ends_it_and_loses_nothing(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=2))
    left_at = sitting.now
    sitting.play(empty_track(duration_s=10.0))

    assert sitting.order[-1] is Stage.SUMMARY
    assert sitting.stages[-1][0] == pytest.approx(left_at + LEFT_AFTER_S, abs=0.1)
    assert len(sitting.of(Finished)[0].performance.parts) == 2


def test_legs_out_of_the_picture_keep_a_squat_from_starting_and_say_so():
    routine = learned(squat_track())
    sitting = Sitting(routine).play(squat_track(hidden=LEGS, rest_s=3.0))

    assert sitting.order == [Stage.PLACING]
    assert "Step back" in sitting.views[-1][1].prompt


@pytest.mark.parametrize("hidden", [(), RIGHT_SIDE], ids=["seen", "hidden"])
def test_the_side_behind_the_body_does_not_keep_a_squat_from_starting(hidden):
    sitting = Sitting(learned(squat_track())).play(squat_track(hidden=hidden, rest_s=5.0))

    assert sitting.order[-1] is Stage.ACTIVE


# -- time without frames --


def test_ticks_without_a_frame_let_time_go_on():
    """The screen asks thirty times a second, the network answers ten times."""
    routine = learned(arm_raise_track())
    session = Session(routine, lambda view: view)
    views = []
    for index in range(150):
        frame = None
        if index % 3 == 0:
            frame = Frame(index, index / 30, np.zeros((480, 640, 3), np.uint8))
        views.append(session.step(index / 30, frame, [pose_of(front_pose())] if frame else []))

    assert views[-1].stage is Stage.ACTIVE
    assert [view.now for view in views] == pytest.approx(np.arange(150) / 30)


def test_a_camera_that_stops_ends_a_session_in_words():
    session = Session(learned(arm_raise_track()), lambda view: view)
    for index in range(150):
        session.step(
            index / 30, Frame(index, index / 30, np.zeros((480, 640, 3), np.uint8)), [pose_of(front_pose())]
        )
    view = None
    for index in range(150, 150 + int((LEFT_AFTER_S + 1) * 30)):
        view = session.step(index / 30, None, [])

    assert view.stage is Stage.SUMMARY
    assert view.summary.reason


def test_a_session_without_a_composer_says_what_to_call(arms):
    with pytest.raises(TypeError, match="look"):
        Session(arms).step(0.0, None, [])


def test_what_is_outside_the_picture_is_not_believed(arms):
    session = Session(arms)
    pose = pose_of(front_pose())
    beside = replace(pose, keypoints_xy=pose.keypoints_xy + 5000.0)
    session.look(Frame(0, 0.0, np.zeros((480, 640, 3), np.uint8)), [beside])

    assert session.view(0.0).person.weights.max() == 0.0


# -- several steps --


def test_a_routine_of_several_steps_goes_through_them(arms, hold, flow):
    routine = routine_of(*asking(arms, reps=2).steps, *hold.steps, *flow.steps)
    sitting = Sitting(routine).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=2))
    kinds = [sitting.views[-1][1].kind]
    sitting.play(hold_track(hold_s=4.0))
    kinds.append(sitting.views[-1][1].kind)
    sitting.play(flow_track(flow_s=8.0))

    assert kinds == [StepKind.HOLD, StepKind.FLOW]
    assert sitting.order[-1] is Stage.SUMMARY
    assert [(event.step, event.part.verdict) for event in sitting.of(PartFinished)] == [
        (0, Verdict.GOOD), (0, Verdict.GOOD), (1, Verdict.GOOD), (2, Verdict.GOOD),
    ]  # fmt: skip
    performance = sitting.of(Finished)[0].performance
    assert len(performance.steps) == 3
    assert performance.score >= 97


def test_a_report_tells_the_steps_apart(arms, hold):
    routine = routine_of(*asking(arms, reps=1).steps, *hold.steps)
    sitting = Sitting(routine).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=1)).play(hold_track())
    made = report(sitting.session.finish(sitting.now))

    assert [rep["step"] for rep in made["reps"]] == [0]
    assert [held["step"] for held in made["holds"]] == [1]


def test_a_hold_under_way_when_somebody_leaves_is_kept(hold):
    sitting = Sitting(asking(hold, hold_s=60.0)).play(standing(READY_S + 0.5)).play(hold_track(hold_s=5.0))
    sitting.play(empty_track(duration_s=8.0))

    (part,) = sitting.of(Finished)[0].performance.parts
    assert part.held_s == pytest.approx(5.0, abs=1.5)
    assert part.verdict is Verdict.ATTEMPT
    assert part.reason.startswith("held ")


def test_a_hold_counts_its_seconds(hold):
    sitting = Sitting(hold).play(standing(READY_S + 0.5)).play(hold_track(hold_s=6.0))

    held = [view.hold_s for _, view, _ in sitting.views if view.stage is Stage.ACTIVE]
    assert max(held) == pytest.approx(3.0, abs=0.1)
    assert sitting.views[-1][1].stage is Stage.SUMMARY
    assert sitting.of(PartFinished)[0].part.held_s >= 3.0


# -- what the screen is told --


def test_the_reach_meter_is_alive_from_the_start(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=1))
    reaches = [view.reach for _, view, _ in sitting.views if view.stage is Stage.ACTIVE]

    assert None not in reaches
    assert min(reaches) == pytest.approx(0.0, abs=0.05)
    assert max(reaches) == pytest.approx(1.0, abs=0.05)


def test_the_ghost_stands_on_the_persons_feet_and_where_they_are(arms):
    sitting = Sitting(arms).play(standing(READY_S + 0.5, torso_px=70.0, feet_xy=(200.0, 400.0)))
    person = sitting.views[-1][1].person

    assert person.ghost_xy[[15, 16]].mean(axis=0) == pytest.approx([200.0, 400.0], abs=3.0)
    assert person.ghost_xy == pytest.approx(person.keypoints_xy, abs=12.0)


def test_praise_follows_when_a_fault_is_gone(arms):
    """One cue after a repetition that lacked something, one when it is as it should be."""
    sitting = Sitting(arms).play(standing(READY_S + 0.5)).play(arm_raise_track(reps=2, top_deg=90.0))
    correction = sitting.views[-1][1].cue
    sitting.play(arm_raise_track(reps=1))
    praise = sitting.views[-1][1].cue

    assert "both arms" in correction.text
    assert not correction.praise
    assert praise.praise


def test_the_newest_frame_is_shown(arms):
    session = Session(arms)
    frames = [Frame(index, index / 30, np.zeros((48, 64, 3), np.uint8)) for index in range(3)]
    for frame in frames:
        session.look(frame, [])

    assert session.view(0.1).frame is frames[-1]


def test_two_people_who_could_both_be_the_person_are_told_so(arms):
    """They come back together after a moment, each a little to one side of where one was."""
    sitting = Sitting(arms).play(standing(2.0))
    pose = next(iter(standing(0.1))).pose
    both = [replace(pose, keypoints_xy=pose.keypoints_xy + np.array((aside, 0.0))) for aside in (-40, 40)]
    sitting.session.advance(sitting.now + 0.7, both)

    assert sitting.session.view(sitting.now + 0.7).prompt == TWO_PEOPLE

    sitting.session.advance(sitting.now + 0.8, [pose])

    assert sitting.session.view(sitting.now + 0.8).prompt != TWO_PEOPLE


def test_two_sessions_do_not_know_of_each_other(arms):
    track = joined(standing(READY_S + 0.5), arm_raise_track(reps=2))
    first = Sitting(arms).play(track)
    second = Sitting(arms).play(track)

    assert [view.score for _, view, _ in first.views] == [view.score for _, view, _ in second.views]


def test_between_two_steps_there_is_a_rest_in_which_nothing_counts():
    arms = learned(arm_raise_track()).steps[0]
    routine = routine_of(replace(arms, reps=2, rest_s=6.0), replace(arms, reps=1))
    session = Session(routine)
    track = joined(
        still_track(duration_s=6.0),
        arm_raise_track(reps=2),
        arm_raise_track(reps=1),  # in the rest
        still_track(duration_s=5.0),
        arm_raise_track(reps=1),
        still_track(duration_s=1.0),
    )
    stages, left = [], []
    for frame in track.frames:
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
        if not stages or session.stage is not stages[-1]:
            stages.append(session.stage)
        if session.stage is Stage.REST:
            left.append(session.view(frame.at_s).countdown_s)

    assert stages[-4:] == [Stage.ACTIVE, Stage.REST, Stage.ACTIVE, Stage.SUMMARY]
    assert left[0] == pytest.approx(6.0, abs=0.1)
    assert left == sorted(left, reverse=True)
    steps = [event.step for event in session.take_events() if isinstance(event, PartFinished)]
    assert steps == [0, 0, 1]


def test_a_recording_has_its_own_rests():
    arms = learned(arm_raise_track()).steps[0]
    routine = routine_of(replace(arms, reps=2, rest_s=60.0), replace(arms, reps=1))
    done = performance(joined(arm_raise_track(reps=2), arm_raise_track(reps=1)), routine)

    assert [len(step.parts) for step in done.steps] == [2, 1]
