"""The screens before the exercise: an empty room, finding one's place, the countdown."""

from __future__ import annotations

import math

from posecoach.coach.compose_body import body_items, picture_box, place_to_fill
from posecoach.coach.compose_gauges import dial, legend, legend_fits, reach_meter
from posecoach.coach.compose_line import coach_line, heading, word_mark
from posecoach.coach.figure import WIDTHS, inviting
from posecoach.coach.layout import Layout
from posecoach.coach.look import Look
from posecoach.coach.page import Page, TextPart
from posecoach.coach.scene import Box, Ink, Scene, Shape, Weight
from posecoach.coach.view import SessionView, StepKind
from posecoach.coach.words import Words

_DIMMED = 0.4
_INSTRUCTION_S = 4.0
"""How long one instruction stays: all of them at once could not be read from three metres."""


def compose_idle(view: SessionView, layout: Layout, look: Look) -> Scene:
    """An outlined figure that moves where the person is wanted, and what this is."""
    page, words = Page(layout.aspect, look.type_scale), look.words
    stage = layout.picture
    if view.frame is None:
        page.panel(stage)
    word_mark(page, layout.heading, words)
    height = min(0.78 * stage.h, 1.25 * stage.w)
    figure = inviting(look.clock(view.now)).placed((stage.centre[0], stage.centre[1] + 0.5 * height), height)
    strokes = tuple((points, WIDTHS[limb] * height) for limb, points in figure.limbs.items())
    page.silhouette(strokes, (figure.head,), Ink.GHOST, 0.012 * height, 0.16)
    coach_line(page, layout.line, words.say(view.prompt) or words.step_in, icon=Shape.POINTER, tint=Ink.GOOD)
    reach_meter(page, layout.meter, view.reach, view.best_reach)
    _what_comes(page, layout.dial, view, words)
    page.panel(layout.lower)
    page.text(words.privacy, layout.lower.inset(0.026, 0.02), 0.042, max_lines=6, ink=Ink.SOFT)
    picture = picture_box(view, layout, page, look, brightness=_DIMMED)
    return Scene(picture, (), tuple(page.items))


def compose_placing(view: SessionView, layout: Layout, look: Look) -> Scene:
    """What to do to be ready, and what the colours will mean."""
    page, words = Page(layout.aspect, look.type_scale), look.words
    word_mark(page, layout.heading, words)
    reach_meter(page, layout.meter, view.reach, view.best_reach)
    _what_comes(page, _with_legend(page, layout, words), view, words)
    coach_line(page, layout.line, words.say(view.prompt) or words.step_in, icon=Shape.POINTER, tint=Ink.FAIR)
    picture = picture_box(view, layout, page, look)
    body = (*place_to_fill(view), *body_items(view, look, scored=False))
    return Scene(picture, body, tuple(page.items))


def compose_countdown(view: SessionView, layout: Layout, look: Look) -> Scene:
    """A giant number in a ring that runs out once a second."""
    page, words = Page(layout.aspect, look.type_scale), look.words
    heading(page, layout, view.routine_name, words)
    left = 0.0 if view.countdown_s is None else max(0.0, view.countdown_s)
    number = "" if view.countdown_s is None else f"{max(1, math.ceil(left))}"
    share = left - math.ceil(left) + 1 if left else 0.0
    reach_meter(page, layout.meter, view.reach, view.best_reach)
    dial(page, _with_legend(page, layout, words), number, "", share, Ink.GOOD)
    coach_line(page, layout.line, words.say(view.prompt) or words.get_ready)
    picture = picture_box(view, layout, page, look)
    return Scene(picture, body_items(view, look, scored=False), tuple(page.items))


def compose_rest(view: SessionView, layout: Layout, look: Look) -> Scene:
    """How long the rest still is, and what comes after it."""
    page, words = Page(layout.aspect, look.type_scale), look.words
    heading(page, layout, view.routine_name, words)
    left = 0.0 if view.countdown_s is None else max(0.0, view.countdown_s)
    reach_meter(page, layout.meter, None, None)
    dial(page, layout.dial, f"{math.ceil(left)}", words.seconds, left % 60.0 / 60.0, Ink.LIVE)
    page.panel(layout.lower)
    asked = what_to_do(view.kind, view.reps_target, view.hold_target_s, words)
    parts = [TextPart(words.next_up, 0.046, 1, Ink.SOFT), TextPart(asked, 0.06, 3, weight=Weight.BOLD)]
    page.column(layout.lower.inset(0.03), parts, 0.03)
    coach_line(page, layout.line, words.say(view.prompt) or words.rest)
    picture = picture_box(view, layout, page, look, brightness=_DIMMED)
    return Scene(picture, (), tuple(page.items))


def what_to_do(kind: StepKind, reps: int | None, hold_s: float | None, words: Words) -> str:
    """What a step asks for, in words; `None` where it is open how often, or how long."""
    if kind is StepKind.HOLD:
        return words.hold_open if hold_s is None else words.hold_to_do.format(n=f"{hold_s:.0f}")
    if kind is StepKind.FLOW:
        return words.flow_to_do
    return words.reps_open if reps is None else words.reps_to_do.format(n=reps)


def _with_legend(page: Page, layout: Layout, words: Words) -> Box:
    """The room that the key to the colours leaves; where it would be too small it is left out."""
    if legend_fits(layout.lower):
        legend(page, layout.lower, words)
        return layout.dial
    return layout.dial.around(layout.lower)


def _what_comes(page: Page, box: Box, view: SessionView, words: Words) -> None:
    page.panel(box)
    asked = what_to_do(view.kind, view.reps_target, view.hold_target_s, words)
    parts = [
        TextPart(words.say(view.routine_name), 0.092, 2 if view.instructions else 3, weight=Weight.BOLD),
        TextPart(asked, 0.056, 2 if view.instructions else 3, Ink.SOFT),
    ]
    if view.instructions:
        turn = int(max(view.now - view.stage_since, 0.0) / _INSTRUCTION_S) % len(view.instructions)
        parts.append(TextPart(words.say(view.instructions[turn]), 0.052, 4))
    page.column(box.inset(0.03), parts, 0.035 if view.instructions else 0.045)
