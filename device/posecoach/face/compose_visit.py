"""From a visit to a scene: one function per place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from posecoach.coach.compose import compose
from posecoach.coach.compose_before import compose_idle
from posecoach.coach.compose_trouble import upper_edge, with_trouble
from posecoach.coach.layout import lay_out, picture_aspect
from posecoach.coach.look import Look
from posecoach.coach.page import Page
from posecoach.coach.scene import Scene
from posecoach.coach.view import Flash, SessionView, Stage, StepKind, TroubleView
from posecoach.face.compose_choose import compose_choose, plan_tiles, tile_targets
from posecoach.face.compose_history import compose_history, history_targets
from posecoach.face.compose_pause import compose_pause
from posecoach.face.compose_programme import compose_programme
from posecoach.face.compose_record import (
    answer_targets,
    compose_learning,
    compose_question,
    compose_showing,
)
from posecoach.face.compose_result import compose_result
from posecoach.face.compose_rows import Row, compose_rows, row_targets
from posecoach.face.compose_stick import compose_stick, stick_targets
from posecoach.face.gesture_sign import with_gesture
from posecoach.face.hands import Hands, draw_hands, hands_at
from posecoach.face.place import Place
from posecoach.face.questions import question_at
from posecoach.face.visit import Visit
from posecoach.frame import Frame

_INVITED_S: Final = 4.0
"""How long each exercise is named while nobody is there."""
_FINE: Final = 14400  # a height in which every usual screen has a whole width


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What comes from outside the visit.

    Attributes:
        now: Seconds on the clock of the frames.
        view: What the session has to show, from `Visit.view`; `None` where there is none.
        frame: The picture; `None` for the one that was looked at last.
        late_s: How much older than it that one is.
        troubles: What is wrong with the box.
        flash: A sign that is heard just now, for those who do not hear it.
        checks: What doctor says of the box; `None` while it is asked.
    """

    now: float
    view: SessionView | None = None
    frame: Frame | None = None
    late_s: float = 0.0
    troubles: tuple[TroubleView, ...] = ()
    flash: Flash | None = None
    checks: Sequence[Row] | None = None


def compose_visit(visit: Visit, shown: Shown, screen_wh: tuple[int, int]) -> Scene:
    """What is on the screen now; tells the visit what stands where on it.

    Args:
        visit: Where somebody is.
        shown: What else there is to show.
        screen_wh: Width and height of the display; only its shape matters.
    """
    aspect = screen_wh[0] / screen_wh[1]
    look = visit.wishes.look
    scene = _PLACES[visit.place](visit, shown, aspect)
    if visit.place not in _WITH_TROUBLE:
        scene = with_trouble(scene, shown.troubles, upper_edge(aspect), aspect, look.words)
    return replace(with_gesture(scene, visit.gesture, aspect, mirrored=look.mirrored), light=look.light)


def _attract(visit: Visit, shown: Shown, aspect: float) -> Scene:
    tiles = [tile for tile in visit.on_offer.tiles if tile.routine is not None]
    tile = tiles[int(max(shown.now - visit.since, 0.0) / _INVITED_S) % len(tiles)]
    frame = shown.frame or visit.frame
    step = tile.routine.steps[0] if tile.routine is not None else None
    view = SessionView(
        now=shown.now,
        stage=Stage.IDLE,
        stage_since=visit.since,
        frame=frame,
        person=None,
        routine_name=tile.title,
        kind=tile.kind or StepKind.REPS,
        reps_target=None if step is None else step.reps,
        hold_target_s=None if step is None else step.hold_s,
    )
    layout = lay_out(aspect, picture_aspect(frame))
    scene = compose_idle(view, layout, visit.wishes.look)
    return with_trouble(scene, shown.troubles, layout.picture, aspect, visit.wishes.look.words)


def _choose(visit: Visit, shown: Shown, aspect: float) -> Scene:
    visit.aim(tile_targets(visit.marked, aspect), plan_tiles(aspect).columns)
    since_s = shown.now - visit.since
    return compose_choose(visit.on_offer.tiles, visit.marked, since_s, aspect, visit.wishes.look)


def _session(visit: Visit, shown: Shown, aspect: float) -> Scene:
    return compose(_view(shown), (round(_FINE * aspect), _FINE), visit.wishes.look)


def _pause(visit: Visit, shown: Shown, aspect: float) -> Scene:
    view = _view(shown)
    layout = lay_out(aspect, picture_aspect(view.frame))
    scene = compose_pause(view, layout, visit.wishes.look, away=visit.place is Place.AWAY)
    return with_trouble(scene, shown.troubles, layout.picture, aspect, visit.wishes.look.words)


def _programme(visit: Visit, shown: Shown, aspect: float) -> Scene:
    assert visit.walk is not None  # this place is of a programme
    return compose_programme(visit.walk, shown.now - visit.since, aspect, visit.wishes.look)


def _result(visit: Visit, shown: Shown, aspect: float) -> Scene:
    return compose_result(_view(shown), aspect, visit.wishes.look, _hands(visit))


def _summary(visit: Visit, shown: Shown, aspect: float) -> Scene:
    return compose_ended(_view(shown), aspect, visit.wishes.look, _hands(visit))


def compose_ended(view: SessionView, aspect: float, look: Look, hands: Hands) -> Scene:
    """The summary, and how to go on."""
    foot = Page(aspect, look.type_scale)
    bottom = draw_hands(foot, hands, look)
    scene = compose(view, (round(_FINE * aspect), _FINE), look, bottom=bottom)
    return replace(scene, items=(*scene.items, *foot.items))


def _hands(visit: Visit) -> Hands:
    return hands_at(visit.place, visit.wishes.look.words, several=visit.marked.count > 1)


def _settings(visit: Visit, shown: Shown, aspect: float) -> Scene:
    words = visit.wishes.look.words
    rows = [setting.told(visit.wishes) for setting in visit.on_offer.offer.settings]
    if visit.on_offer.offer.checks:
        rows.append(Row(words.check))
    visit.aim(row_targets(len(rows), aspect))
    return compose_rows(words.settings, rows, visit.marked.at, aspect, visit.wishes.look)


def _trend(visit: Visit, shown: Shown, aspect: float) -> Scene:
    visit.aim(history_targets(visit.marked))
    return compose_history(visit.on_offer.trend, visit.marked.at, aspect, visit.wishes.look, _hands(visit))


def _checks(visit: Visit, shown: Shown, aspect: float) -> Scene:
    words = visit.wishes.look.words
    rows = (
        list(shown.checks) if shown.checks is not None else [Row(f"{words.checking} \N{HORIZONTAL ELLIPSIS}")]
    )
    visit.aim(row_targets(len(rows), aspect))
    return compose_rows(words.check, rows, None, aspect, visit.wishes.look)


def _stick(visit: Visit, shown: Shown, aspect: float) -> Scene:
    stick = visit.on_offer.offer.stick
    brought = () if stick is None else stick.brought
    unread = stick is not None and stick.unread
    visit.aim(stick_targets(visit.marked, len(brought), aspect))
    return compose_stick(brought, visit.marked, aspect, visit.wishes.look, unread=unread)


def _record(visit: Visit, shown: Shown, aspect: float) -> Scene:
    look, view = visit.wishes.look, visit.recorder.view(shown.now)
    view = replace(view, frame=shown.frame or view.frame, late_s=shown.late_s, troubles=shown.troubles)
    if view.stage not in (Stage.ACTIVE, Stage.SUMMARY):
        return compose(view, (round(1000 * aspect), 1000), look)
    layout = lay_out(aspect, picture_aspect(view.frame))
    if view.stage is Stage.ACTIVE:
        scene = compose_showing(view, layout, look, hands=visit.recorder.hears_hands)
    else:
        scene = compose_learning(view, layout, look)
    return with_trouble(scene, shown.troubles, layout.picture, aspect, look.words)


def _question(visit: Visit, shown: Shown, aspect: float) -> Scene:
    look = visit.wishes.look
    question = question_at(visit.place, visit.recorder, look)
    visit.aim(answer_targets(len(question.answers), aspect), len(question.answers))
    return compose_question(question, visit.marked.at, shown.now - visit.since, aspect, look)


def _view(shown: Shown) -> SessionView:
    assert shown.view is not None  # these places have a session
    return replace(
        shown.view,
        frame=shown.frame or shown.view.frame,
        late_s=shown.late_s,
        troubles=shown.troubles,
        flash=shown.flash,
    )


_PLACES: Final[dict[Place, Callable[[Visit, Shown, float], Scene]]] = {
    Place.ATTRACT: _attract,
    Place.CHOOSE: _choose,
    Place.SESSION: _session,
    Place.PAUSED: _pause,
    Place.AWAY: _pause,
    Place.PROGRAMME: _programme,
    Place.RESULT: _result,
    Place.SUMMARY: _summary,
    Place.TREND: _trend,
    Place.SETTINGS: _settings,
    Place.CHECKS: _checks,
    Place.STICK: _stick,
    Place.RECORD: _record,
    Place.REVIEW: _question,
    Place.REFUSED: _question,
    Place.KEPT: _question,
}
_WITH_TROUBLE: Final = (
    Place.ATTRACT,
    Place.SESSION,
    Place.PAUSED,
    Place.AWAY,
    Place.SUMMARY,
    Place.RECORD,
)
"""Places that say by themselves what is wrong."""
