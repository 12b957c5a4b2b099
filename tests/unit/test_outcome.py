"""What a stored session comes to, and sessions in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

import kept_sessions as kept
from builders import learned, performance, squat_track
from posecoach.coach.asked import asked_of
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.outcome import Outcome, count_faults, last_time
from posecoach.coach.records import AskedStep, SessionRecord, SessionStart, SessionSummary, rep_record
from posecoach.coach.trend import monday_of, trend
from posecoach.coach.view import Verdict
from posecoach.errors import PersonError
from posecoach.skeleton import Limb

TODAY = date(2026, 9, 21)  # a Monday


def day_of(unix_s):
    return datetime.fromtimestamp(unix_s, UTC).date()


def test_the_figures_are_those_of_what_was_judged():
    outcome = kept.outcome([kept.rep(i) for i in range(6)])

    assert [part.index for part in outcome.judged] == [0, 1, 2, 3, 5]
    assert outcome.good == 4
    assert outcome.limbs[Limb.LEFT_ARM] == 94.0
    assert outcome.limbs[Limb.RIGHT_ARM] is None
    assert outcome.tempo == pytest.approx(sum(part.tempo for part in outcome.judged) / 5)
    own_s, wanted_s = outcome.seconds_each
    assert wanted_s == pytest.approx(own_s * outcome.tempo, rel=0.02)


def test_ranges_are_of_the_joints_the_movement_is_about_in_pairs():
    found = kept.outcome().ranges

    assert [each.joint for each in found] == [
        "left_knee", "right_knee", "left_hip", "right_hip", "left_shoulder", "right_shoulder",
    ]  # fmt: skip
    knee = found[0]
    assert knee.reference_deg == 112.0
    assert knee.least_deg < knee.mean_deg < knee.most_deg


def test_without_a_reference_the_widest_joints_are_told_alone():
    assert {each.reference_deg for each in kept.outcome(asked=()).ranges} == {None}
    assert kept.outcome(asked=()).ranges[0].joint == "left_knee"


def test_a_joint_that_hardly_moved_but_should_have_is_told():
    still = replace(kept.rep(0), range_of_motion_deg={"left_knee": 3.0, "left_elbow": 4.0})
    (only,) = kept.outcome([still]).ranges

    assert (only.joint, only.mean_deg, only.reference_deg) == ("left_knee", 3.0, 112.0)


def test_the_best_limb_and_the_one_to_improve_are_of_those_that_matter():
    assert kept.outcome().best_and_worst == (Limb.LEFT_ARM, Limb.LEFT_LEG)
    legs = (replace(kept.ASKED, emphasis={"left_leg": 1.0, "right_leg": 1.0}),)
    assert kept.outcome(asked=legs).best_and_worst == (Limb.RIGHT_LEG, Limb.LEFT_LEG)
    alike = [replace(kept.rep(0), limbs=dict.fromkeys((limb.value for limb in Limb), 90.0))]
    assert kept.outcome(alike).best_and_worst is None


def test_the_same_fault_is_one_line_however_often():
    worse = {**kept.DEEPER, "degrees": 21.0, "text": "bend your left knee 21 degrees more at the bottom"}
    parts = [
        replace(kept.rep(0), faults=(kept.DEEPER,)),
        replace(kept.rep(1), faults=(worse, kept.UPRIGHT)),
        replace(kept.rep(2), faults=(kept.DEEPER, kept.DEEPER)),
    ]
    first, second = count_faults(parts)

    assert (first.text, first.degrees, first.times, first.limb) == (worse["text"], 21.0, 3, "left_leg")
    assert (second.text, second.times) == (kept.UPRIGHT["text"], 1)


def test_faults_of_a_history_that_kept_only_words_are_told_apart_by_them():
    parts = [replace(kept.rep(0), faults=({"text": "slower"}, {"text": "deeper"}))]

    assert [count.text for count in count_faults(parts)] == ["deeper", "slower"]


def test_reasons_are_counted():
    reasons = kept.outcome().reasons

    assert reasons[0] == ("14 degrees short at the bottom", Verdict.ATTEMPT, 2)
    assert reasons[1][1:] == (Verdict.NOT_JUDGED, 1)


def test_a_session_that_was_cut_off_has_the_score_of_what_was_judged_until_then():
    cut_off = kept.outcome([kept.rep(0), kept.rep(4)], summary=None)

    assert cut_off.score == kept.rep(0).score
    assert cut_off.limbs_that_matter == set(Limb) - {Limb.HEAD}


def test_holds_have_seconds_and_no_tempo_or_range():
    held = kept.outcome([kept.hold(0), kept.hold(1)])

    assert (held.held_s, held.tempo, held.seconds_each, held.ranges) == (24.5, None, None, ())


def test_the_last_time_is_what_the_next_is_compared_with():
    last = last_time(kept.outcome())

    assert last.score == 84.0
    assert last.range_of_motion_deg["left_knee"] == kept.outcome().ranges[0].mean_deg


def test_what_was_asked_is_kept_as_it_was_done():
    """From a performance through records to the figures: the reference beside what was done."""
    done = performance(squat_track(reps=2), learned(squat_track(reps=1)))
    (asked,) = asked_of(done)
    start = SessionStart("squat", done.view, 1.8e9, "boot", "1", kept.ANNA, "Squat")
    summary = SessionSummary(done.score, 1.0, "", done.duration_s, (asked,))
    parts = tuple(rep_record(0, part) for part in done.parts)
    outcome = Outcome(SessionRecord(1, "uuid", start, summary, 2, 2), parts)

    assert (asked.kind, asked.reps) == ("reps", 10)
    assert asked.emphasis.keys() == {limb.value for limb in Limb}
    for each in outcome.ranges:
        assert each.mean_deg == pytest.approx(each.reference_deg, abs=2.0)
    assert outcome.limbs[Limb.LEFT_LEG] == pytest.approx(done.limbs()[Limb.LEFT_LEG], abs=0.1)


def test_a_trend_has_every_session_oldest_first_by_routine_most_often_first():
    outcomes = kept.practised(4)
    found = trend(kept.ANNA, outcomes, day_of, TODAY)
    squats, warrior = found.routines

    assert (squats.name, warrior.name) == ("Squat", "Warrior II")
    assert (squats.joint, squats.reference_deg) == ("knee", 112.0)
    assert (warrior.joint, warrior.points[0].held_s) == (None, 24.5)
    assert [point.session_id for point in squats.points] == sorted(
        point.session_id for point in squats.points
    )
    assert len(squats.points) + len(warrior.points) == found.sessions == len(outcomes)
    assert sum(found.days.values()) == found.sessions
    assert found.without_date == 0


def test_sessions_without_a_clock_are_counted_and_on_no_day():
    unset = kept.outcome(days=-20_000)
    found = trend(kept.ANNA, [unset, kept.outcome(days=-1)], day_of, TODAY)

    assert (found.sessions, found.without_date, list(found.days.values())) == (2, 1, [1])
    assert found.routines[0].points[0].day is None


def test_a_routine_without_a_name_is_called_by_its_id():
    found = trend(kept.ANNA, [kept.outcome(name="", routine="sit-to-stand")], day_of, TODAY)

    assert found.routines[0].name == "Sit to stand"


def test_weeks_begin_on_monday_and_the_current_one_counts():
    assert monday_of(date(2026, 9, 27)) == TODAY
    outcomes = [kept.outcome(number=i, days=days) for i, days in enumerate((-14, -8, -7, 0))]
    until = day_of(kept.BEGAN_UNIX_S)
    found = trend(kept.ANNA, outcomes, day_of, until)

    in_two_weeks = sum(
        day >= monday_of(until).fromordinal(monday_of(until).toordinal() - 7) for day in found.days
    )
    assert found.days_in(2) == in_two_weeks
    assert found.days_in(52) == 4


@pytest.mark.parametrize("name", ["Anna", "Zoë  Müller ", "O'Neil", "Jean-Luc", "山田 太郎", "M. Weiß 2"])
def test_a_name_is_what_people_are_called(name):
    assert NamedPerson(name).name == " ".join(name.split())


def test_the_same_person_is_known_however_they_are_written():
    composed, decomposed = "Zoë", "Zoe\N{COMBINING DIAERESIS}"

    assert NamedPerson(composed) == NamedPerson(decomposed)
    assert NamedPerson("ANNA weiss").key == NamedPerson(" Anna  Weiß ").key
    assert NamedPerson("Anna").key != NamedPerson("Anne").key


@pytest.mark.parametrize(
    "name", ["", "  ", ".hidden", "../up", "a/b", "a\\b", "a\nb\x00", "x" * 61, "\U0001f9d8" * 60, "a\u202eb"]
)
def test_what_is_no_name_or_no_name_of_a_file_is_refused(name):
    with pytest.raises(PersonError):
        NamedPerson(name)


def test_a_step_that_was_asked_for_can_be_of_any_kind():
    assert AskedStep("hold", hold_s=30.0).range_of_motion_deg == {}
