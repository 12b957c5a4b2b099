"""The picture of a box that cannot coach now: what is wrong, what is being tried, what to do (D5)."""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.coach.page import Page, TextPart
from posecoach.coach.scene import Box, Ink, Scene, Shape, Weight

_MARGIN = 0.07


@dataclass(frozen=True, slots=True)
class FaultView:
    """What there is to say.

    Attributes:
        title: What a person sees: "The coach has stopped".
        reason: What is wrong, in plain words.
        remedy: What to do.
        trying: What the box does by itself.
        code: For whoever is asked for help.
        left: Share of the time until the next try that is left, 0..1.
    """

    title: str
    reason: str
    remedy: str
    trying: str
    code: str
    left: float


def compose_fault(view: FaultView, screen_wh: tuple[int, int]) -> Scene:
    """Lay it out for a screen of this size in pixels; only its shape matters."""
    aspect = screen_wh[0] / screen_wh[1]
    page = Page(aspect)
    margin = _MARGIN * min(1.0, aspect)
    inner = Box(margin, margin, aspect - 2 * margin, 1.0 - 2 * margin)
    head = Box(inner.x, inner.y, inner.w, 0.2 * inner.h)
    sign = 0.11 * min(1.0, aspect)
    page.mark(Shape.RING, (head.x + sign / 2, head.centre[1]), sign, Ink.FAIR)
    room = Box(head.x + 1.35 * sign, head.y, head.w - 1.35 * sign, head.h)
    page.text(view.title, room, 0.1, max_lines=3, on=Ink.GROUND, weight=Weight.BOLD)
    body = Box(inner.x, head.bottom + 0.02, inner.w, 0.58 * inner.h)
    page.panel(body)
    page.column(
        body.inset(0.045),
        [TextPart(view.reason, 0.064, 5), TextPart(view.remedy, 0.074, 5, weight=Weight.BOLD)],
        0.05,
    )
    foot = Box(inner.x, body.bottom + 0.03, inner.w, inner.bottom - body.bottom - 0.03)
    page.bar(Box(foot.x, foot.y, foot.w, 0.02), view.left, Ink.GOOD)
    line = Box(foot.x, foot.y + 0.03, foot.w, foot.h - 0.03)
    page.text(f"{view.trying}   ({view.code})", line, 0.05, max_lines=3, ink=Ink.SOFT, on=Ink.GROUND)
    return Scene(None, (), tuple(page.items))
