"""Every screen around a session, with plausible things on it: for tests and for the gallery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import kept_sessions as kept
import screen_views as views
from posecoach.cli.recordings import routines
from posecoach.coach.gesture import Gesture, GestureView
from posecoach.coach.layout import lay_out
from posecoach.coach.look import PLAIN
from posecoach.coach.scene import Ink, Shape
from posecoach.coach.trend import trend
from posecoach.face.brought import Brought, Standing, Trust
from posecoach.face.compose_choose import compose_choose
from posecoach.face.compose_history import compose_history
from posecoach.face.compose_pause import compose_pause
from posecoach.face.compose_result import compose_result
from posecoach.face.compose_rows import Row, compose_rows
from posecoach.face.compose_stick import compose_stick
from posecoach.face.gesture_sign import with_gesture
from posecoach.face.menu import Marked, Tile
from posecoach.face.place import Place
from posecoach.face.settings import SETTINGS, Wishes

CHECKS = (
    Row("Camera", "30 frames/s", Shape.TICK, Ink.GOOD),
    Row("Storage", "200 MB left on the card: delete what is old", Shape.POINTER, Ink.FAIR),
)


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
    return (*exercises, Tile("How it went before", Place.TREND), Tile("Settings", Place.SETTINGS))


@cache
def trend_of(weeks=11):
    def day_of(unix_s):
        return datetime.fromtimestamp(unix_s, UTC).date()

    return trend(kept.ANNA, kept.practised(weeks), day_of, day_of(kept.BEGAN_UNIX_S))


def all_scenes(aspect, look=PLAIN):
    """By name."""
    view = views.view()
    layout = lay_out(aspect, 16 / 9)
    words = look.words

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
        "result": compose_result(replace(view, reps=views.reps(10)), aspect, look),
        "result_one": compose_result(replace(view, reps=views.reps(1)), aspect, look),
        "result_many": compose_result(replace(view, reps=views.reps(40)), aspect, look),
        "history": compose_history(trend_of(), 0, aspect, look),
        "history_hold": compose_history(trend_of(), 1, aspect, look),
        "history_first": compose_history(trend_of(1), 0, aspect, look),
        "history_none": compose_history(replace(trend_of(), routines=()), 0, aspect, look),
        "history_no_name": compose_history(None, 0, aspect, look),
        "settings": compose_rows(
            words.settings,
            [*(setting.told(Wishes(look)) for setting in SETTINGS), Row(words.check)],
            1,
            aspect,
            look,
        ),
        "checks": compose_rows(words.check, CHECKS, None, aspect, look),
    }
