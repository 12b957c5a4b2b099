"""The screen of an empty room: what this is, and an invitation."""

from __future__ import annotations

from posecoach.coach.compose_body import picture_box
from posecoach.coach.compose_parts import coach_line, heading
from posecoach.coach.figure import WIDTHS, inviting
from posecoach.coach.layout import LEAST, Layout
from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink, Scene, Weight
from posecoach.coach.view import SessionView, StepKind
from posecoach.coach.words import Words


def compose_idle(view: SessionView, layout: Layout, words: Words, *, mirrored: bool) -> Scene:
    """An outlined figure that moves where the person is wanted."""
    page = Page(layout.aspect)
    if view.frame is None:
        page.panel(layout.picture)
    heading(page, layout, view.routine_name, words)
    stage = layout.picture
    height = 0.8 * stage.h
    figure = inviting(view.now).placed((stage.centre[0], stage.bottom - 0.08 * stage.h), height)
    strokes = tuple((points, WIDTHS[limb] * height) for limb, points in figure.limbs.items())
    page.silhouette(strokes, (figure.head,), Ink.GHOST, 0.007, 0.18)
    coach_line(page, layout, view.prompt or words.step_in)
    card = Box(layout.dial.x, layout.dial.y, layout.dial.w, layout.dial.h)
    page.panel(card)
    page.text(todo(view, words), card.inset(0.03), 0.08, max_lines=4, weight=Weight.BOLD)
    page.panel(layout.score)
    page.text(words.privacy, layout.score.inset(0.03, 0.02), 0.042, least=LEAST, max_lines=5, ink=Ink.SOFT)
    picture = picture_box(view, layout, page, mirrored=mirrored, brightness=0.42)
    return Scene(picture, (), tuple(page.items))


def todo(view: SessionView, words: Words) -> str:
    """What the step asks for, in words."""
    if view.kind is StepKind.HOLD:
        target = view.hold_target_s
        return words.hold_open if target is None else words.hold_to_do.format(n=f"{target:.0f}")
    if view.kind is StepKind.FLOW:
        return words.flow_to_do
    return words.reps_open if view.reps_target is None else words.reps_to_do.format(n=view.reps_target)
