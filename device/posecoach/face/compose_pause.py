"""Between repetitions: a pause that was asked for, and one because nobody is there."""

from __future__ import annotations

from posecoach.coach.compose_body import picture_box
from posecoach.coach.compose_gauges import rep_dots, score_card
from posecoach.coach.compose_line import coach_line, heading
from posecoach.coach.layout import Layout
from posecoach.coach.look import Look
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.view import SessionView

_DIMMED = 0.4


def compose_pause(view: SessionView, layout: Layout, look: Look, *, away: bool) -> Scene:
    """The picture in the background, what was done until now, and how to go on.

    Args:
        view: Of the session that rests.
        layout: Of the screen.
        look: How to say it.
        away: Whether it rests because nobody is there.
    """
    page, words = Page(layout.aspect, look.type_scale), look.words
    heading(page, layout, view.routine_name, words)
    page.panel(layout.meter)
    box = layout.dial
    page.panel(box)
    sign = 0.4 * min(box.w, box.h)
    page.mark(Shape.PAUSE, (box.centre[0], box.y + 0.42 * box.h), sign, Ink.FAIR)
    under = Box(box.x + 0.02, box.y + 0.66 * box.h, box.w - 0.04, 0.26 * box.h)
    title = words.away if away else words.paused
    page.text(title, under, 0.062, max_lines=2, weight=Weight.BOLD, align=Align.CENTRE)
    score_card(page, layout.score, view.score, words)
    rep_dots(page, layout.dots, view.reps, view.reps_target or 1)
    how = words.go_on_returning if away else words.go_on_crossing
    coach_line(page, layout.line, how, icon=Shape.POINTER, tint=Ink.FAIR)
    picture = picture_box(view, layout, page, look, brightness=_DIMMED)
    return Scene(picture, (), tuple(page.items))
