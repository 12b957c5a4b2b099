"""The end of a session: how it went, in a few facts, and one thing for next time."""

from __future__ import annotations

from posecoach.coach.compose_body import level_ink
from posecoach.coach.compose_parts import rep_dots
from posecoach.coach.layout import LEAST
from posecoach.coach.motion_curves import eased
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Scene, Weight
from posecoach.coach.view import SessionView, SummaryView
from posecoach.coach.words import Words


def compose_summary(view: SessionView, aspect: float, words: Words) -> Scene:
    """No picture: the movement is over, the numbers have the screen."""
    page = Page(aspect)
    summary = view.summary
    if summary is None:
        return Scene(items=())
    gap = 0.024
    page.text(
        view.routine_name, Box(gap * 2, gap, aspect - 4 * gap, 0.09), 0.055, on=Ink.GROUND, weight=Weight.BOLD
    )
    side = min(0.5, aspect / 2.4)
    card = Box(gap, 0.13, side, 0.62)
    _score(page, card, summary, words, eased(view.now - view.stage_since, 0.9))
    right = Box(card.right + gap, card.y, aspect - card.right - 2 * gap, card.h)
    _facts(page, right, view, summary, words, gap)
    line = Box(gap, card.bottom + gap, aspect - 2 * gap, 1 - card.bottom - 2 * gap)
    page.panel(line, Ink.RAISED)
    page.text(
        summary.advice or summary.reason,
        line.inset(0.03, 0.02),
        0.075,
        least=LEAST,
        max_lines=3,
        on=Ink.RAISED,
        weight=Weight.BOLD,
    )
    return Scene(items=tuple(page.items))


def _score(page: Page, card: Box, summary: SummaryView, words: Words, grown: float) -> None:
    page.panel(card)
    radius = min(card.w, card.h - 0.1) / 2 - 0.03
    centre = (card.centre[0], card.y + 0.03 + radius)
    value = 0.0 if summary.score is None else summary.score
    page.ring(centre, radius, 0.13 * radius, grown * value / 100, level_ink(summary.score))
    half = 0.7 * radius
    number = "\N{EN DASH}" if summary.score is None else f"{grown * value:.0f}"
    page.text(
        number,
        Box(centre[0] - half, centre[1] - half, 2 * half, 2 * half),
        0.8 * radius,
        weight=Weight.BOLD,
        align=Align.CENTRE,
    )
    foot = Box(card.x + 0.02, centre[1] + radius, card.w - 0.04, card.bottom - centre[1] - radius)
    text = (
        summary.reason
        if summary.score is None
        else words.judged.format(percent=f"{100 * summary.coverage:.0f}")
    )
    page.text(text or words.no_score, foot, 0.04, max_lines=3, ink=Ink.SOFT, align=Align.CENTRE)


def _facts(page: Page, box: Box, view: SessionView, summary: SummaryView, words: Words, gap: float) -> None:
    dots = Box(box.x, box.y, box.w, 0.15)
    rep_dots(page, dots, view.reps, view.reps_target, 1.0)
    y = dots.bottom + gap
    for label, value in ((words.best, summary.best), (words.worst, summary.worst)):
        if value is None:
            continue
        row = Box(box.x, y, box.w, 0.07)
        page.text(label, Box(row.x, row.y, 0.3 * row.w, row.h), 0.042, ink=Ink.SOFT, on=Ink.GROUND)
        page.text(
            value,
            Box(row.x + 0.32 * row.w, row.y, 0.68 * row.w, row.h),
            0.05,
            on=Ink.GROUND,
            weight=Weight.BOLD,
        )
        y = row.bottom
    for joint, degrees in list(summary.range_of_motion_deg.items())[:4]:
        row = Box(box.x, y, box.w, 0.062)
        if row.bottom > box.bottom:
            break
        page.text(joint, Box(row.x, row.y, 0.36 * row.w, row.h), 0.04, ink=Ink.SOFT, on=Ink.GROUND)
        page.bar(
            Box(row.x + 0.38 * row.w, row.centre[1] - 0.011, 0.42 * row.w, 0.022), degrees / 180, Ink.GOOD
        )
        page.text(
            f"{degrees:.0f}°",
            Box(row.x + 0.82 * row.w, row.y, 0.18 * row.w, row.h),
            0.04,
            on=Ink.GROUND,
            align=Align.RIGHT,
        )
        y = row.bottom
