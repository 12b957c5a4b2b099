"""One moment of a step that is demonstrated: the figure, the phase, and how far the joint goes."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.demonstrated import SEEN, Demonstrated, Phase
from posecoach.coach.demonstrated_body import body_lines
from posecoach.coach.page import Page, TextPart
from posecoach.coach.paper.poster_page import phase_in_words
from posecoach.coach.paper.words import ENGLISH_PAPER, PaperWords
from posecoach.coach.scene import Align, Box, Ink, Point, Scene, Weight
from posecoach.coach.words import capitalised
from posecoach.skeleton import JOINT_TRIPLETS, Joint

Array = NDArray[np.float64]

ARC_TORSO: Final = 0.36
"""Radius of the arc at the joint, in torso lengths."""
IN_PICTURE_DEG: Final = 15.0
"""By how much the angle in the picture may differ from the joint's."""
_HEIGHT: Final = 0.78
_BAR: Final = Box(0.05, 0.87, 0.0, 0.09)
_LEAST_NAMED: Final = 0.11


def demonstration(
    shown: Demonstrated,
    at_s: float,
    name: str,
    *,
    aspect: float = 16 / 9,
    words: PaperWords = ENGLISH_PAPER,
) -> Scene:
    """Compose a moment.

    Args:
        shown: What is demonstrated.
        at_s: Seconds into it; of a held pose into `Step.hold_s`.
        name: Of the routine.
        aspect: Width of the screen in heights.
        words: Its language.
    """
    page = Page(aspect)
    words_x = 0.62 * aspect
    place = _Place(shown.box(), Box(0.05, 0.06, words_x - 0.1, _HEIGHT))
    xy, weights, nearest = shown.at(at_s)
    ground = place.on_page((0.0, _lowest(shown)))[1]
    page.stroke(((0.05, ground), (words_x - 0.05, ground)), 0.004, Ink.FAINT)
    for line in body_lines(shown, xy, weights):
        points = tuple(place.on_page(point) for point in line.points)
        if len(points) == 1:
            points = (points[0], (points[0][0] + 1e-4, points[0][1]))
        page.stroke(points, line.width * place.scale, line.ink)
    if shown.joint is not None:
        _arc(page, place, shown.joint, xy, weights, float(shown.angle_deg[nearest]))
    phase = shown.phase_at(at_s)
    _words(page, Box(words_x, 0.08, aspect - words_x - 0.05, 0.72), shown, name, phase, nearest, words)
    if shown.step.hold_s:
        box = Box(words_x, 0.55, aspect - words_x - 0.05, 0.13)
        page.text(f"{at_s:.0f} s", box, 0.12, on=Ink.GROUND, weight=Weight.BOLD)
        asked = capitalised(words.hold_for.format(n=f"{shown.step.hold_s:g}"))
        page.text(asked, Box(box.x, 0.7, box.w, 0.07), 0.042, ink=Ink.SOFT, on=Ink.GROUND)
    _phase_bar(page, Box(_BAR.x, _BAR.y, aspect - 2 * _BAR.x, _BAR.h), shown, at_s, words)
    return Scene(items=tuple(page.items), light=True)


class _Place:
    """Where torso lengths are on the page; drawn as in a mirror."""

    def __init__(self, body: Box, room: Box) -> None:
        self.scale = min(room.w / (body.w + 0.5), room.h / (body.h + 0.25))
        self._body, self._room = body, room

    def on_page(self, point: Point) -> Point:
        x = self._room.centre[0] - self.scale * (point[0] - self._body.centre[0])
        y = self._room.bottom - self.scale * (self._body.bottom + 0.12 - point[1])
        return x, y


def _lowest(shown: Demonstrated) -> float:
    body = shown.box()
    return body.bottom + 0.09


def _arc(page: Page, place: _Place, joint: Joint, xy: Array, weights: Array, angle_deg: float) -> None:
    """The angle at a joint, as an arc between its bones; none where it lies in depth."""
    triple = list(JOINT_TRIPLETS[joint])
    if weights[triple].min() < SEEN:
        return
    first, middle, last = (place.on_page((float(x), float(y))) for x, y in xy[triple])
    begin, end = (math.atan2(point[1] - middle[1], point[0] - middle[0]) for point in (first, last))
    turn = (end - begin + math.pi) % (2 * math.pi) - math.pi
    if abs(abs(math.degrees(turn)) - angle_deg) > IN_PICTURE_DEG:
        return
    radius = ARC_TORSO * place.scale
    arc = tuple(
        (
            middle[0] + radius * math.cos(begin + share * turn),
            middle[1] + radius * math.sin(begin + share * turn),
        )
        for share in np.linspace(0.0, 1.0, 25)
    )
    page.stroke(arc, 0.008, Ink.POOR)


def _words(
    page: Page, box: Box, shown: Demonstrated, name: str, phase: Phase, nearest: int, words: PaperWords
) -> None:
    seen_from = words.seen_from.format(side=words.sides.get(shown.view, shown.view))
    title = [
        TextPart(words.say(name), 0.075, 3, weight=Weight.BOLD),
        TextPart(f"{capitalised(seen_from)}, {words.as_mirrored}", 0.036, 2, Ink.SOFT),
    ]
    page.column(Box(box.x, box.y, box.w, 0.3), title, 0.03, on=Ink.GROUND)
    said = phase_in_words(shown, phase.name, words)
    page.text(
        said, Box(box.x, 0.40, box.w, 0.1), 0.07, ink=Ink.GOOD, on=Ink.GROUND, weight=Weight.BOLD, max_lines=1
    )
    if shown.joint is not None:
        page.text(
            capitalised(words.names[shown.joint]),
            Box(box.x, 0.53, box.w, 0.06),
            0.042,
            ink=Ink.SOFT,
            on=Ink.GROUND,
        )
        angle = f"{shown.angle_deg[nearest]:.0f}°"
        page.text(angle, Box(box.x, 0.59, 0.5 * box.w, 0.13), 0.12, on=Ink.GROUND, weight=Weight.BOLD)
        low, high = float(shown.angle_deg.min()), float(shown.angle_deg.max())
        goes = words.from_to_deg.format(low=f"{low:.0f}", high=f"{high:.0f}")
        page.text(goes, Box(box.x + 0.5 * box.w, 0.61, 0.5 * box.w, 0.1), 0.04, ink=Ink.SOFT, on=Ink.GROUND)
        share = (float(shown.angle_deg[nearest]) - low) / max(high - low, 1e-6)
        page.bar(Box(box.x, 0.74, box.w, 0.03), share, Ink.POOR)


def _phase_bar(page: Page, box: Box, shown: Demonstrated, at_s: float, words: PaperWords) -> None:
    """The phases in time, and where it is now."""
    whole = shown.duration_s or shown.step.hold_s or 1.0
    gap = 0.008
    for phase in shown.phases:
        start_s, end_s = (0.0, whole) if len(shown.phases) == 1 else (phase.start_s, phase.end_s)
        left, right = (box.x + box.w * each / whole for each in (start_s, end_s))
        part = Box(left, box.y, max(right - left - gap, 0.002), box.h)
        now = start_s <= at_s <= end_s
        page.panel(part, Ink.GOOD if now else Ink.TRACK, 0.015)
        if part.w >= _LEAST_NAMED:
            page.text(
                phase_in_words(shown, phase.name, words),
                part.inset(0.01, 0.0),
                0.04,
                ink=Ink.ON_GOOD if now else Ink.TEXT,
                on=Ink.GOOD if now else Ink.TRACK,
                align=Align.CENTRE,
            )
    at = box.x + box.w * min(at_s / whole, 1.0)
    page.stroke(((at, box.y - 0.035), (at, box.y - 0.012)), 0.014, Ink.TEXT)
