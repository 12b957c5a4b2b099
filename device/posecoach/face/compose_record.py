"""Recording a movement: while it is shown, and the questions after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from posecoach.coach.compose_body import body_items, picture_box
from posecoach.coach.compose_gauges import dial, reach_meter, rep_dots
from posecoach.coach.compose_line import coach_line, heading, praise_line, quiet_line, titled
from posecoach.coach.layout import Layout
from posecoach.coach.look import Look
from posecoach.coach.page import Page, TextPart
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.view import SessionView, StepKind
from posecoach.coach.words import Words, capitalised
from posecoach.face.menu import Target
from posecoach.face.reference_figure import reference_figure
from posecoach.motion.sequence import PoseSequence

_GAP: Final = 0.024
_DIMMED: Final = 0.4
_ROW_H: Final = 0.085
_WIDEST_DEG: Final = 130.0


def compose_showing(view: SessionView, layout: Layout, look: Look, *, hands: bool) -> Scene:
    """Somebody shows a movement: how often it was seen, how far it goes now, how to end.

    Args:
        view: Of the recording.
        layout: Of the screen.
        look: How to say it.
        hands: Whether a raised hand ends it.
    """
    page, words = Page(layout.aspect, look.type_scale), look.words
    heading(page, layout, view.routine_name, words)
    reach_meter(page, layout.meter, view.reach, view.best_reach)
    times, seen = view.reps_target or 1, len(view.reps)
    newest = view.reps[-1].finished_at if view.reps else None
    swell = 1.0 if newest is None else look.popped(view.now - newest)
    dial(page, layout.dial, f"{seen}", words.of_n.format(n=times), seen / times, Ink.LIVE, swell=swell)
    rep_dots(page, layout.dots, view.reps, times, swell)
    page.panel(layout.score)
    how = words.how_to_end_hand if hands else words.how_to_end
    page.text(how, layout.score.inset(0.026, 0.02), 0.046, max_lines=6, ink=Ink.SOFT)
    if view.person is None:
        coach_line(page, layout.line, words.step_in, icon=Shape.POINTER, tint=Ink.FAIR)
    elif not seen:
        coach_line(page, layout.line, words.show_times.format(n=times), icon=Shape.POINTER, tint=Ink.GOOD)
    elif seen < times:
        quiet_line(page, layout.line, words.seen_go_on, icon=Shape.TICK, tint=Ink.GOOD)
    else:
        praise_line(page, layout.line, words.seen_enough)
    picture = picture_box(view, layout, page, look)
    return Scene(picture, body_items(view, look, scored=False, ghost=False), tuple(page.items))


def compose_learning(view: SessionView, layout: Layout, look: Look) -> Scene:
    """What was shown is being looked at: a moment."""
    page, words = Page(layout.aspect, look.type_scale), look.words
    heading(page, layout, view.routine_name, words)
    reach_meter(page, layout.meter, None, None)
    times = view.reps_target or 1
    dial(page, layout.dial, f"{len(view.reps)}", words.of_n.format(n=times), len(view.reps) / times, Ink.LIVE)
    page.panel(layout.lower)
    page.text(words.only_movement, layout.lower.inset(0.026, 0.02), 0.046, max_lines=7, ink=Ink.SOFT)
    quiet_line(page, layout.line, f"{words.learning} \N{HORIZONTAL ELLIPSIS}")
    return Scene(picture_box(view, layout, page, look, brightness=_DIMMED), (), tuple(page.items))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question.

    Attributes:
        label: In words.
        how: How it is given without pointing at it.
        shape: Its sign.
        ink: Of the sign.
    """

    label: str
    how: str
    shape: Shape
    ink: Ink = Ink.SOFT


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked after a recording.

    Attributes:
        title: The heading.
        told: What was found, or why nothing was: the first is the most important.
        answers: What can be answered, as it stands from left to right: at the right what the right hand says.
        movement: What was learned; `None` of nothing.
        kind: How it is counted.
        ranges_deg: How far the joints go, by name, the widest first.
        problem: What is wrong; empty where nothing is.
    """

    title: str
    told: tuple[str, ...]
    answers: tuple[Answer, ...]
    movement: PoseSequence | None = None
    kind: StepKind = StepKind.REPS
    ranges_deg: tuple[tuple[str, float], ...] = ()
    problem: str = ""


def compose_question(question: Question, marked: int, now: float, aspect: float, look: Look) -> Scene:
    """The movement, what is known of it, and the answers in a row below.

    Args:
        question: What is asked.
        marked: Number of the marked answer.
        now: Seconds since it is asked; the figure moves by it.
        aspect: Of the screen.
        look: How to say it.
    """
    page, words = Page(aspect, look.type_scale), look.words
    plan = _plan(len(question.answers), aspect)
    room = titled(page, plan.head, words)
    page.text(question.title, room, 0.062, max_lines=2, on=Ink.GROUND, weight=Weight.BOLD, align=Align.RIGHT)
    facts = plan.facts
    if question.movement is None:
        facts = plan.figure.around(plan.facts)
    else:
        page.panel(plan.figure)
        reference_figure(
            page,
            plan.figure.inset(0.03),
            question.movement,
            question.kind,
            look.clock(now),
            mirrored=look.mirrored,
            moving=not look.calm,
        )
    if question.problem:
        line = Box(facts.x, facts.y, facts.w, 0.34 * facts.h)
        page.panel(line, Ink.RAISED)
        page.mark(Shape.POINTER, (line.x + 0.05, line.centre[1]), 0.05, Ink.POOR)
        room = Box(line.x + 0.1, line.y + 0.01, line.w - 0.12, line.h - 0.02)
        page.text(question.problem, room, 0.05, max_lines=5, on=Ink.RAISED, weight=Weight.BOLD)
        facts = Box(facts.x, line.bottom + _GAP, facts.w, facts.bottom - line.bottom - _GAP)
    page.panel(facts)
    area = facts.inset(0.03, 0.024)
    rows = question.ranges_deg[: max(0, int(0.5 * area.h / _ROW_H) - 1)]
    bars_h = _ROW_H * (len(rows) + 1) if rows else 0.0
    first, *rest = question.told
    alone = question.movement is None
    parts = [TextPart(first, 0.075 if alone else 0.06, 5, weight=Weight.BOLD)]
    parts += [TextPart(text, 0.045, 4, Ink.SOFT) for text in rest]
    page.column(Box(area.x, area.y, area.w, area.h - bars_h), parts, 0.022)
    if rows:
        _ranges(page, Box(area.x, area.bottom - bars_h, area.w, bars_h), rows, words)
    for number, (box, answer) in enumerate(zip(plan.answers, question.answers, strict=True)):
        _answer(page, box, answer, is_marked=number == marked)
    return Scene(items=tuple(page.items))


def answer_targets(count: int, aspect: float) -> tuple[Target, ...]:
    """What happens where."""
    page = Page(aspect)
    return tuple(Target(page.box(box), i) for i, box in enumerate(_plan(count, aspect).answers))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Boxes in height units."""

    head: Box
    figure: Box
    facts: Box
    answers: tuple[Box, ...]


@lru_cache(maxsize=16)
def _plan(count: int, aspect: float) -> _Plan:
    """The figure beside the facts, or above them where the screen is upright."""
    upright = aspect < 1.05
    margin = _GAP if upright else 1.5 * _GAP
    head = Box(margin, _GAP, aspect - 2 * margin, 0.07 if upright else 0.12)
    answer_h = 0.09 if upright else 0.2
    columns = 1 if upright else count
    rows = count if upright else 1
    wide = (head.w - (columns - 1) * _GAP) / columns
    top = 1 - _GAP - rows * answer_h - (rows - 1) * _GAP / 2
    answers = tuple(
        Box(
            margin + (number % columns) * (wide + _GAP),
            top + number // columns * (answer_h + _GAP / 2),
            wide,
            answer_h,
        )
        for number in range(count)
    )
    room = Box(margin, head.bottom + _GAP / 2, head.w, top - head.bottom - 1.5 * _GAP)
    if upright:
        figure = Box(room.x, room.y, room.w, 0.45 * room.h)
        facts = Box(room.x, figure.bottom + _GAP, room.w, room.bottom - figure.bottom - _GAP)
    else:
        figure = Box(room.x, room.y, 0.42 * room.w, room.h)
        facts = Box(figure.right + _GAP, room.y, room.right - figure.right - _GAP, room.h)
    return _Plan(head, figure, facts, answers)


def _ranges(page: Page, box: Box, rows: tuple[tuple[str, float], ...], words: Words) -> None:
    """How far the joints go."""
    page.text(words.range_of_motion, Box(box.x, box.y, box.w, _ROW_H), 0.04, ink=Ink.SOFT)
    widest = max(_WIDEST_DEG, *(degrees for _, degrees in rows))
    for number, (joint, degrees) in enumerate(rows, 1):
        row = Box(box.x, box.y + number * _ROW_H, box.w, _ROW_H)
        name = Box(row.x, row.y, 0.46 * row.w, row.h)
        page.text(words.say(capitalised(joint)), name, 0.042, max_lines=2)
        page.bar(
            Box(row.x + 0.48 * row.w, row.centre[1] - 0.012, 0.32 * row.w, 0.024), degrees / widest, Ink.LIVE
        )
        value = Box(row.x + 0.82 * row.w, row.y, 0.18 * row.w, row.h)
        page.text(f"{degrees:.0f}°", value, 0.042, weight=Weight.BOLD, align=Align.RIGHT)


def _answer(page: Page, box: Box, answer: Answer, *, is_marked: bool) -> None:
    ground = Ink.RAISED if is_marked else Ink.PANEL
    if is_marked:
        rim = 0.006
        page.panel(Box(box.x - rim, box.y - rim, box.w + 2 * rim, box.h + 2 * rim), Ink.GOOD, 0.028)
    page.panel(box, ground)
    size = min(0.42 * box.h, 0.07, 0.16 * box.w)
    page.mark(answer.shape, (box.x + 0.026 + size / 2, box.centre[1]), size, answer.ink)
    room = Box(box.x + 0.05 + size, box.y + 0.008, box.w - 0.07 - size, box.h - 0.016)
    least = min(1.0, 1.2 * page.aspect)
    parts = [
        TextPart(answer.label, 0.055 * least, 2, weight=Weight.BOLD),
        TextPart(answer.how, 0.038 * least, 2, Ink.SOFT),
    ]
    page.column(room, parts, 0.012, on=ground)
