"""Where the facts of the last screen stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from posecoach.coach.scene import Box


@dataclass(frozen=True, slots=True)
class SummaryPlan:
    """Boxes in height units; `None` where there is nothing to show.

    Attributes:
        title: What was done.
        score: The score and its coverage.
        figure: The small person with its limbs as they were judged.
        words: Best and worst limb; at the figure's right, or below it.
        reps: The repetitions.
        range: Range of motion.
        line: The one thing for next time.
    """

    title: Box
    score: Box
    figure: Box
    words: Box
    reps: Box | None
    range: Box | None
    line: Box


@lru_cache(maxsize=16)
def plan_summary(aspect: float, *, with_reps: bool, with_range: bool, bottom: float = 1.0) -> SummaryPlan:
    """Score at the left and facts beside it; on a portrait screen one under the other."""
    if aspect < 1.05:
        return _stacked(aspect, bottom, with_reps=with_reps, with_range=with_range)
    gap = 0.024
    title = Box(1.5 * gap, gap, aspect - 3 * gap, 0.09)
    line = Box(gap, bottom - gap - 0.19, aspect - 2 * gap, 0.19)
    top = title.bottom + gap / 2
    score = Box(gap, top, 0.34 * aspect, line.y - gap - top)
    left = score.right + gap
    wide, high = aspect - gap - left, score.h
    reps = Box(left, score.bottom - 0.14, wide, 0.14) if with_reps else None
    facts_h = high - 0.14 - gap if with_reps else high
    facts_w = 0.47 * wide if with_range else wide
    figure = Box(left, top, min(0.42 * facts_w, 0.3), facts_h)
    words = Box(figure.right, top, facts_w - figure.w, facts_h)
    right = left + facts_w + gap
    spread = Box(right, top, left + wide - right, facts_h) if with_range else None
    return SummaryPlan(title, score, figure, words, reps, spread, line)


def _stacked(aspect: float, bottom: float, *, with_reps: bool, with_range: bool) -> SummaryPlan:
    gap = 0.016
    wide = aspect - 2 * gap
    title = Box(1.5 * gap, gap, aspect - 3 * gap, 0.07)
    line = Box(gap, bottom - gap - 0.18, wide, 0.18)
    parts = {"upper": 0.22, "words": 0.12}
    if with_reps:
        parts["reps"] = 0.07
    if with_range:
        parts["range"] = 0.26
    room = line.y - title.bottom - gap / 2 - gap * len(parts)
    scale = room / sum(parts.values())
    boxes, y = {}, title.bottom + gap / 2
    for name, share in parts.items():
        boxes[name] = Box(gap, y, wide, share * scale)
        y = boxes[name].bottom + gap
    upper = boxes["upper"]
    score = Box(upper.x, upper.y, 0.56 * upper.w, upper.h)
    figure = Box(score.right + gap, upper.y, upper.right - score.right - gap, upper.h)
    return SummaryPlan(title, score, figure, boxes["words"], boxes.get("reps"), boxes.get("range"), line)
