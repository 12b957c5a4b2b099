"""From what a session has to say to a scene: one function per stage, all of them pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posecoach.coach.compose_active import compose_active
from posecoach.coach.compose_before import compose_countdown, compose_idle, compose_placing, compose_rest
from posecoach.coach.compose_flash import with_flash
from posecoach.coach.compose_summary import compose_summary
from posecoach.coach.compose_trouble import upper_edge, with_trouble
from posecoach.coach.layout import lay_out, picture_aspect
from posecoach.coach.look import PLAIN, Look
from posecoach.coach.scene import Scene
from posecoach.coach.view import SessionView, Stage


def compose(
    view: SessionView, screen_wh: tuple[int, int], look: Look = PLAIN, *, bottom: float = 1.0
) -> Scene:
    """Lay `view` out for a screen of this size in pixels; only its shape matters.

    Args:
        view: What to say.
        screen_wh: Width and height of the display.
        look: How to say it.
        bottom: Down to where the summary goes.
    """
    aspect = screen_wh[0] / screen_wh[1]
    scene = with_flash(_composed(view, aspect, look, bottom), view.flash, aspect)
    return replace(scene, light=look.light)


def _composed(view: SessionView, aspect: float, look: Look, bottom: float) -> Scene:
    if view.stage is Stage.SUMMARY and view.summary is not None:
        scene = compose_summary(view, view.summary, aspect, look, bottom)
        return with_trouble(scene, view.troubles, upper_edge(aspect), aspect, look.words)
    layout = lay_out(aspect, picture_aspect(view.frame))
    staged = _STAGES.get(view.stage, compose_active)
    return with_trouble(staged(view, layout, look), view.troubles, layout.picture, aspect, look.words)


_STAGES: Final = {
    Stage.IDLE: compose_idle,
    Stage.PLACING: compose_placing,
    Stage.COUNTDOWN: compose_countdown,
    Stage.REST: compose_rest,
}
