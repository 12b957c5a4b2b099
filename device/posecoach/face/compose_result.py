"""Each repetition, after the last: good, an attempt and what was short, or why it was not judged."""

from __future__ import annotations

from typing import Final

from posecoach.coach.compose_body import level_ink
from posecoach.coach.compose_gauges import MARKS
from posecoach.coach.look import Look
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Scene, Weight
from posecoach.coach.view import RepView, SessionView, StepKind, Verdict
from posecoach.coach.words import Words
from posecoach.face.hands import NO_HANDS, Hands, draw_hands

_GAP: Final = 0.024
_ROW_H: Final = 0.105
_NARROW_ROW_H: Final = 0.08


def compose_result(view: SessionView, aspect: float, look: Look, hands: Hands = NO_HANDS) -> Scene:
    """One line for each; where there are too many, first those that were not good."""
    page, words = Page(aspect, look.type_scale), look.words
    head_h = 0.12 if aspect >= 1.05 else 0.07
    head = Box(1.5 * _GAP, _GAP, aspect - 3 * _GAP, head_h)
    good = sum(rep.verdict is Verdict.GOOD for rep in view.reps)
    page.text(
        words.say(view.routine_name),
        Box(head.x, head.y, 0.55 * head.w, head_h),
        0.062,
        on=Ink.GROUND,
        weight=Weight.BOLD,
    )
    told = words.good_reps.format(good=good, n=len(view.reps))
    right = Box(head.x + 0.57 * head.w, head.y, 0.43 * head.w, head_h)
    page.text(told, right, 0.05, max_lines=2, ink=Ink.SOFT, on=Ink.GROUND, align=Align.RIGHT)
    bottom = draw_hands(page, hands, look)
    room = Box(_GAP, head.bottom + _GAP / 2, aspect - 2 * _GAP, bottom - head.bottom - 1.5 * _GAP)
    row_h = (_ROW_H if aspect >= 1.05 else _NARROW_ROW_H) * look.type_scale
    rows = max(1, int((room.h + _GAP / 2) / (row_h + _GAP / 2)))
    shown, left_out = _shown(view.reps, rows)
    row_h = min((room.h + _GAP / 2) / max(len(shown) + bool(left_out), 1) - _GAP / 2, 1.4 * row_h)
    y = room.y
    for number, rep in shown:
        _row(page, Box(room.x, y, room.w, row_h), number, rep, view.kind, words)
        y += row_h + _GAP / 2
    if left_out:
        rest = Box(room.x + 0.03, y, room.w - 0.06, row_h)
        page.text(words.more_good.format(n=left_out), rest, 0.046 * page.upright, ink=Ink.SOFT, on=Ink.GROUND)
    return Scene(items=tuple(page.items))


def _shown(reps: tuple[RepView, ...], rows: int) -> tuple[list[tuple[int, RepView]], int]:
    """Those that get a line, in their order, each with its number; and how many good ones do not."""
    numbered = list(enumerate(reps, start=1))
    if len(numbered) <= rows:
        return numbered, 0
    short = [entry for entry in numbered if entry[1].verdict is not Verdict.GOOD]
    if len(short) >= rows:  # the newest tell most of how it went
        return short[-rows:], 0
    good = [entry for entry in numbered if entry[1].verdict is Verdict.GOOD]
    kept = sorted((*short, *good[: rows - 1 - len(short)]), key=lambda entry: entry[0])
    return kept, len(numbered) - len(kept)


def _row(page: Page, box: Box, number: int, rep: RepView, kind: StepKind, words: Words) -> None:
    page.panel(box)
    shape, ink = MARKS[rep.verdict]
    pad = 0.024
    size = min(0.5 * box.h, 0.05)
    page.mark(shape, (box.x + pad + size / 2, box.centre[1]), size, ink)
    name = {StepKind.REPS: words.rep_n, StepKind.HOLD: words.hold_n, StepKind.FLOW: words.flow_n}[kind]
    verdict = {
        Verdict.GOOD: words.was_good,
        Verdict.ATTEMPT: words.was_attempt,
        Verdict.NOT_JUDGED: words.was_not_judged,
    }[rep.verdict]
    text = verdict.format(what=name.format(n=number))
    text = f"{text} \N{EN DASH} {words.say(rep.reason)}" if rep.reason else text
    score_w = 0.14 * min(1.0, page.aspect)
    left = box.x + 2 * pad + size
    room = Box(left, box.y + 0.008, box.right - pad - score_w - left, box.h - 0.016)
    page.text(text, room, 0.05 if page.aspect >= 1.05 else 0.034, max_lines=3)
    if rep.score is not None:
        right = Box(box.right - pad - score_w, box.y, score_w, box.h)
        page.text(
            f"{rep.score:.0f}",
            right,
            0.06 * min(1.0, 1.2 * page.aspect),
            ink=level_ink(rep.score),
            weight=Weight.BOLD,
            align=Align.RIGHT,
        )
