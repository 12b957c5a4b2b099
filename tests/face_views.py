"""Every screen around a session, with plausible things on it: for tests and for the gallery."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import numpy as np

import kept_sessions as kept
import screen_views as views
from builders import arm_raise_track
from posecoach.cli.checking import rows_of
from posecoach.cli.recordings import routines
from posecoach.coach.adherence import week_of
from posecoach.coach.gesture import Gesture, GestureView
from posecoach.coach.layout import lay_out
from posecoach.coach.look import PLAIN
from posecoach.coach.perception import Percept
from posecoach.coach.programme import Exercise, Programme, Side, planned_routines
from posecoach.coach.progress import Part
from posecoach.coach.recording import TITLE
from posecoach.coach.routine import View
from posecoach.coach.showing import UNFINISHED, lesson_of
from posecoach.coach.summary import Performance, StepOutcome
from posecoach.coach.trend import trend
from posecoach.coach.view import RepView, TroubleView, Verdict
from posecoach.face.brought import Brought, Standing, Trust
from posecoach.face.compose_choose import compose_choose
from posecoach.face.compose_history import compose_history
from posecoach.face.compose_mirror import compose_mirror
from posecoach.face.compose_pause import compose_pause
from posecoach.face.compose_programme import compose_programme
from posecoach.face.compose_record import compose_learning, compose_question, compose_showing
from posecoach.face.compose_result import compose_result
from posecoach.face.compose_rows import Row, compose_rows
from posecoach.face.compose_stick import compose_stick
from posecoach.face.compose_visit import compose_ended
from posecoach.face.gesture_sign import with_gesture
from posecoach.face.hands import hands_at
from posecoach.face.menu import Marked, Tile
from posecoach.face.mirroring import MirrorView, NamedPicture
from posecoach.face.place import Place
from posecoach.face.pose_picture import PosePicture
from posecoach.face.questions import learned, question_at, refused
from posecoach.face.recorder import NO_ROOM, Recorder
from posecoach.face.settings import SETTINGS, Wishes
from posecoach.face.walk import OfferedProgramme, Walk

WRONG_HERE = {"camera-there": "fail", "tpu-there": "fail", "sound": "warn", "disk-space": "warn"}
TROUBLE = TroubleView("C1", "The camera gives no picture. Check its cable")


def mirrored(name):
    """Somebody, and who stands like them."""
    view = views.view()
    person = view.person
    twin = np.zeros((320, 240, 3), np.uint8)
    twin[::2] = 160
    scale = (240 / view.frame.wh[0], 320 / view.frame.wh[1])
    picture = PosePicture(twin, person.keypoints_xy * scale, person.weights)
    percept = Percept(person.keypoints_xy, person.weights, None, ())
    return MirrorView(view.frame, percept, 0.0, NamedPicture(picture, name), 0.7)


def _wh(aspect):
    return round(1000 * aspect), 1000


STICK = (
    Brought("Knee rehab", Standing.NEW, "knee", "A. Meyer", Trust.KNOWN, "meyer@praxis.example"),
    Brought("Shoulder, weeks three to six", Standing.UPDATE, "arm", "A. Meyer", Trust.UNKNOWN),
    Brought("Balance", Standing.NEW, "balance"),
    Brought("Squat", Standing.HERE, "squat", "posecoach"),
    Brought("Chair", Standing.OTHER, "chair", "B. Roth"),
    Brought("notes.posecoach", Standing.BROKEN),
)


@cache
def tiles():
    store = routines()
    exercises = (Tile(routine.name, Place.SESSION, routine) for routine in map(store.load, store.ids()))
    others = {"How it went before": Place.TREND, "Settings": Place.SETTINGS}
    others["Record a new movement"] = Place.RECORD
    return (*exercises, *(Tile(title, place) for title, place in others.items()))


@cache
def lesson(times=3):
    """What the arm raise of the tests has taught."""
    return lesson_of(arm_raise_track(reps=times, rest_s=1.0, rate_hz=15.0))


def showing(seen=2):
    """Somebody who shows a movement."""
    view = views.view()
    reps = tuple(RepView(Verdict.GOOD, None, "", view.now - 2.0 * n) for n in range(seen, 0, -1))
    return replace(view, routine_name=TITLE, reps=reps, reps_target=3, reach=0.6, best_reach=1.0, cue=None)


def questions(aspect, look):
    """What is asked after a recording, by name."""
    words = look.words
    recorder = Recorder(None)
    recorder.lesson, recorder.kept = lesson(), routines().load("squat")
    asked = {
        "record_review": learned(lesson(), words),
        "record_review_once": learned(lesson(1), words),
        "record_review_full": learned(lesson(), words, problem=words.say(NO_ROOM)),
        "record_refused": refused(words.say(UNFINISHED), words),
        "record_kept": question_at(Place.KEPT, recorder, look),
    }
    return {
        name: compose_question(each, len(each.answers) - 1, 1.6, aspect, look) for name, each in asked.items()
    }


def checks(words):
    """As doctor tells of a box that lacks a few things."""
    found = [{"id": check, "state": state} for check, state in WRONG_HERE.items()]
    return rows_of(json.dumps({"checks": found}).encode(), words)


@cache
def trend_of(weeks=11):
    def day_of(unix_s):
        return datetime.fromtimestamp(unix_s, UTC).date()

    return trend(kept.ANNA, kept.practised(weeks), day_of, day_of(kept.BEGAN_UNIX_S))


@cache
def programme():
    """A day of eight sets, on a Wednesday of a week in which Monday was done in part."""
    plan = Programme(
        "knee",
        "After the knee",
        (
            Exercise("squat", 3, reps=10, rest_s=45.0),
            Exercise("tree", 2, hold_s=20.0, side=Side.EACH),
            Exercise("half_sun_salutation"),
        ),
        ("mon", "wed", "sat"),
        "Slowly, and stop if it hurts",
    )
    store = routines()
    found = {each.routine: store.load(each.routine) for each in plan.exercises}
    week = week_of({date(2026, 11, 16): 5, date(2026, 11, 17): 8}, date(2026, 11, 18), plan)
    return plan, planned_routines(plan, found), week


def walk(done, *, last=True):
    """Through it, with so many sets done."""
    plan, sets, week = programme()
    found = Walk(
        OfferedProgramme(
            plan,
            sets,
            lambda: {
                each.planned.number: each.planned.asked for each in sets[: max(done - 1, 0) if last else done]
            },
            lambda: week,
        )
    )
    if last and done:
        planned = found.begin()
        step = planned.routine.steps[0]
        parts = tuple(
            Part(i, 3.0 * i, 3.0 * i + 2.0, Verdict.GOOD, 87.0, "", 1.0, (), {}, 1.0, {}, ())
            for i in range(step.reps or 1)
        )
        outcome = StepOutcome(step, parts, "", 1.0, True, ())
        found.end(Performance(planned.routine, View.FRONT, (outcome,), 31.0))
    return found


def all_scenes(aspect, look=PLAIN):
    """By name."""
    view = views.view()
    layout = lay_out(aspect, 16 / 9)
    words = look.words
    waiting = walk(3)
    waiting.waits = True

    def choosing(at, gesture=None):
        scene = compose_choose(tiles(), Marked(len(tiles()), at), 1.6, aspect, look)
        return scene if gesture is None else with_gesture(scene, gesture, aspect, mirrored=True)

    def stick(brought, at=0, *, unread=False):
        return compose_stick(brought, Marked(max(1, len(brought)), at), aspect, look, unread=unread)

    taken = [replace(STICK[0], standing=Standing.TAKEN), replace(STICK[1], standing=Standing.TAKING)]
    brings = compose_choose((Tile(words.on_the_stick, Place.STICK), *tiles()), Marked(18), 1.6, aspect, look)
    return {
        "choose_stick": brings,
        "stick": stick(STICK, 1),
        "stick_many": stick(STICK * 3, 7),
        "stick_long": stick([replace(STICK[0], name="Knie " * 40, author="A. " * 33)], 0),
        "stick_taken": stick([*taken, replace(STICK[2], standing=Standing.UNSIGNED)]),
        "stick_unread": stick((), unread=True),
        "choose": choosing(0),
        "choose_pointing": choosing(1, GestureView(Gesture.HOVER, 0.6, (0.5, 0.35), 1)),
        "choose_corner": choosing(2, GestureView(Gesture.HOVER, 0.0, (1.0, 1.0))),
        "choose_last": choosing(len(tiles()) - 1, GestureView(Gesture.RIGHT_HAND, 0.6)),
        "paused": compose_pause(view, layout, look, away=False),
        "away": compose_pause(replace(view, person=None), layout, look, away=True),
        "result": compose_result(
            replace(view, reps=views.reps(10)), aspect, look, hands_at(Place.RESULT, words)
        ),
        "summary": compose_ended(
            views.all_stages()["summary_compared"], aspect, look, hands_at(Place.SUMMARY, words)
        ),
        "result_one": compose_result(replace(view, reps=views.reps(1)), aspect, look),
        "result_many": compose_result(replace(view, reps=views.reps(40)), aspect, look),
        "history": compose_history(trend_of(), 0, aspect, look, hands_at(Place.TREND, words)),
        "history_hold": compose_history(trend_of(), 1, aspect, look),
        "history_first": compose_history(trend_of(1), 0, aspect, look),
        "history_none": compose_history(
            replace(trend_of(), routines=()), 0, aspect, look, hands_at(Place.TREND, words, several=False)
        ),
        "history_no_name": compose_history(None, 0, aspect, look),
        "settings": compose_rows(
            words.settings,
            [*(setting.told(Wishes(look)) for setting in SETTINGS), Row(words.check)],
            1,
            aspect,
            look,
        ),
        "mirror_nobody": compose_mirror(MirrorView(view.frame, None), _wh(aspect), look),
        "mirror": compose_mirror(mirrored("tree"), _wh(aspect), look),
        "mirror_long": compose_mirror(
            replace(mirrored("warrior two on a very small island"), mirrored=True), _wh(aspect), look
        ),
        "mirror_trouble": compose_mirror(mirrored("tree"), _wh(aspect), look, (TROUBLE,)),
        "record_first": compose_showing(showing(0), layout, look, hands=False),
        "record": compose_showing(showing(2), layout, look, hands=True),
        "record_enough": compose_showing(showing(3), layout, look, hands=True),
        "record_nobody": compose_showing(replace(showing(1), person=None), layout, look, hands=True),
        "record_learning": compose_learning(showing(3), layout, look),
        **questions(aspect, look),
        "checks": compose_rows(words.check, checks(words), None, aspect, look),
        "programme_begins": compose_programme(walk(0), 2.0, aspect, look),
        "programme_rests": compose_programme(walk(2), 14.0, aspect, look),
        "programme_waits": compose_programme(waiting, 14.0, aspect, look),
        "programme_done": compose_programme(walk(8, last=False), 2.0, aspect, look),
        "choose_programme": compose_choose(
            (Tile("After the knee", Place.PROGRAMME, programme()[1][0].routine, walk(0).offered), *tiles()),
            Marked(len(tiles()) + 1, 0),
            1.6,
            aspect,
            look,
        ),
    }
