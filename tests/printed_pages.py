"""Every page to print, with plausible things on it: for tests and for the gallery."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import kept_sessions as kept
from posecoach.adapters.languages import words_in
from posecoach.adapters.paper_language import paper_catalogue
from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.adherence import Adherence, PlannedDay
from posecoach.coach.demonstrated import demonstrated
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.paper.poster_page import poster_page
from posecoach.coach.paper.session_page import session_page
from posecoach.coach.paper.trend_page import trend_page
from posecoach.coach.paper.words import ENGLISH_PAPER, PaperWords, translated
from posecoach.coach.routine import View
from posecoach.coach.trend import monday_of, trend
from scene_checks import stretched

LANGUAGES = ("de", "es", "fr")
STARTED = datetime(2026, 9, 21, 16, 20, tzinfo=UTC)
LONG_NAME = NamedPerson("Maximiliane-Friederike Gräfin von Hohenstein-Łukaszewicz")
LONG_ROUTINE = "Ausfallschritt rückwärts mit Armheben und Rumpfdrehung, langsam"


def longer():
    changes = {
        field.name: stretched(getattr(ENGLISH_PAPER, field.name))
        for field in fields(PaperWords)
        if isinstance(getattr(ENGLISH_PAPER, field.name), str) and field.name != "brand"
    }
    names = {key: stretched(name) for key, name in ENGLISH_PAPER.names.items()}
    return replace(ENGLISH_PAPER, **changes, names=names)


def in_language(language):
    return translated(paper_catalogue(language), words_in(language).catalogue)


def page(outcome=None, last=kept.LAST, **changes):
    return session_page(outcome or kept.outcome(), last, started=STARTED, last_started=STARTED, **changes)


def day_of(unix_s):
    return datetime.fromtimestamp(unix_s, UTC).date()


def trend_of(outcomes, person=kept.ANNA):
    return trend(person, outcomes, day_of, day_of(kept.BEGAN_UNIX_S))


def kept_to(weeks=9):
    """A programme of eight sets on three days of the week, kept to less and less."""
    monday = monday_of(day_of(kept.BEGAN_UNIX_S)) - timedelta(weeks=weeks)
    days = [
        PlannedDay(
            monday + timedelta(days=7 * week + day),
            8 if day in (0, 2, 4) else 0,
            max(0, 8 - week) if day in (0, 2) else 3 if (week, day) == (1, 5) else 0,
        )
        for week in range(weeks)
        for day in range(7)
    ]
    return Adherence("knee", "After the knee", tuple(days))


def many_routines():
    one = kept.outcome()
    return [
        kept.outcome(
            number=i, routine=f"r{i % 9}", name=f"{LONG_ROUTINE} {i % 9}", days=-(i % 170), parts=one.parts
        )
        for i in range(60)
    ]


def _in(language):
    return lambda **k: page(words=in_language(language), **k)


def _trend_in(language):
    return lambda **k: trend_page(
        trend_of(kept.practised()), version="0.1.0", words=in_language(language), **k
    )


def starter(routine):
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(routine)


def poster(routine, views=(View.LEFT, View.FRONT), **changes):
    """A routine on a page, seen from some sides."""
    if isinstance(routine, str):
        routine = starter(routine)
    return poster_page(routine, [demonstrated(routine.steps[0], view) for view in views], **changes)


def _wordy():
    """As much as a routine can say."""
    squat = starter("squat")
    sentence = "Push through your heels and stand up tall, hips forward, without hurrying, and breathe out."
    return replace(squat, name=LONG_ROUTINE, summary=2 * sentence, instructions=12 * (sentence,))


def all_posters():
    """Everything a poster can have on it, by name."""
    terse = replace(starter("trunk_side_bend"), summary="", instructions=())
    return {
        "poster": lambda **k: poster("squat", **k),
        "poster_large": lambda **k: poster("squat", large=True, **k),
        "poster_hold": lambda **k: poster("tree", (View.FRONT,), **k),
        "poster_flow": lambda **k: poster("half_sun_salutation", **k),
        "poster_march": lambda **k: poster("knee_raise", (View.FRONT,), **k),
        "poster_seated": lambda **k: poster("seated_knee_extension", (View.LEFT,), **k),
        "poster_terse": lambda **k: poster(terse, (View.FRONT,), **k),
        "poster_wordy": lambda **k: poster(_wordy(), large=True, words=longer(), **k),
        **{f"poster_{name}": _poster_in(name) for name in LANGUAGES},
    }


def _poster_in(language):
    return lambda **k: poster("lunge", (View.LEFT,), words=in_language(language), **k)


def all_pages():
    """Everything a page can have on it, by name."""
    cut_off = kept.outcome(parts=[kept.rep(0), kept.rep(2)], summary=None)
    unseen = kept.outcome(
        parts=[kept.rep(4)], score=None, reason="left side hidden most of the time: turn to the camera"
    )
    mixed = kept.outcome(
        [*(kept.rep(i) for i in range(6)), kept.hold(0), kept.hold(1)],
        asked=(kept.ASKED, replace(kept.ASKED, kind="hold", reps=None, hold_s=30.0)),
    )
    nobody = kept.outcome(person=None, name="", routine="sit-to-stand")
    old = kept.outcome(asked=(), name="", person=None)
    named_long = kept.outcome(person=LONG_NAME, name=LONG_ROUTINE)
    return {
        "plain": page,
        "first_time": lambda **k: page(last=None, **k),
        "one": lambda **k: page(kept.outcome([kept.rep(0)]), **k),
        "two_hundred": lambda **k: page(kept.outcome([kept.rep(i) for i in range(200)]), **k),
        "sixty_three": lambda **k: page(kept.outcome([kept.rep(i) for i in range(63)]), **k),
        "nothing": lambda **k: page(kept.outcome([], score=0.0, reason="no repetition was done"), None, **k),
        "no_score": lambda **k: page(unseen, None, **k),
        "cut_off": lambda **k: session_page(cut_off, None, **k),
        "holds": lambda **k: page(mixed, **k),
        "hold_only": lambda **k: page(kept.outcome([kept.hold(0, step=0)], asked=()), None, **k),
        "nobody": lambda **k: page(nobody, None, **k),
        "old": lambda **k: page(old, None, **k),
        "long_names": lambda **k: page(named_long, **k),
        "longer_words": lambda **k: page(named_long, words=longer(), **k),
        **{f"session_{name}": _in(name) for name in LANGUAGES},
        **{f"trend_{name}": _trend_in(name) for name in LANGUAGES},
        **all_posters(),
        "trend_programme": lambda **k: trend_page(
            trend_of(kept.practised()), version="0.1.0", kept=[kept_to()], **k
        ),
        "trend_programme_long": lambda **k: trend_page(
            trend_of(many_routines()), version="0.1.0", kept=[kept_to(40), kept_to(1)], words=longer(), **k
        ),
        "trend": lambda **k: trend_page(trend_of(kept.practised()), version="0.1.0", **k),
        "trend_one": lambda **k: trend_page(trend_of([kept.outcome(days=-1)]), version="0.1.0", **k),
        "trend_none": lambda **k: trend_page(trend_of([]), version="0.1.0", **k),
        "trend_years": lambda **k: trend_page(trend_of(kept.practised(60)), version="0.1.0", **k),
        "trend_many": lambda **k: trend_page(trend_of(many_routines(), LONG_NAME), version="0.1.0", **k),
        "trend_longer": lambda **k: trend_page(
            trend_of(many_routines(), LONG_NAME), version="0.1.0", words=longer(), **k
        ),
    }
