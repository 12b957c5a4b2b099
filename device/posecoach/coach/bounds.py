"""The room that a drawable takes on the screen: to repaint what changed, and to test a layout."""

from __future__ import annotations

from posecoach.coach.scene import (
    Align,
    Bar,
    Box,
    Hoop,
    Item,
    Mark,
    Panel,
    Point,
    Ring,
    Silhouette,
    Still,
    Stroke,
    Text,
)
from posecoach.coach.typesetting import ASCENT, CAP_HEIGHT, DESCENT, block_height, width_em


def bounds(item: Item, aspect: float) -> Box:
    """The smallest upright box around `item`, in fractions of a screen of this width over height.

    For a text it is the box of its letters with accents and descenders, as reckoned by `typesetting`.
    """
    if isinstance(item, Panel | Bar):
        return item.box
    if isinstance(item, Still):
        return item.picture.stands
    if isinstance(item, Text):
        return _text_bounds(item, aspect)
    if isinstance(item, Ring):
        return _around([item.centre], item.radius, aspect)
    if isinstance(item, Mark):
        return _around([item.centre], item.size / 2, aspect)
    if isinstance(item, Hoop):
        return _around([item.centre], item.radius + item.width / 2 + item.rim, aspect)
    if isinstance(item, Stroke):
        return _around(item.points, item.width / 2 + item.rim, aspect)
    return _silhouette_bounds(item, aspect)


def _around(points: tuple[Point, ...] | list[Point], margin: float, aspect: float) -> Box:
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    across = margin / aspect
    return Box(left - across, top - margin, right - left + 2 * across, bottom - top + 2 * margin)


def _text_bounds(text: Text, aspect: float) -> Box:
    width = min(text.max_width, max(width_em(line, text.weight) for line in text.lines) * text.size / aspect)
    left = text.x - {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[text.align] * width
    height = block_height(len(text.lines)) * text.size
    top = text.y - height / 2 - (ASCENT - CAP_HEIGHT) * text.size
    return Box(left, top, width, height + (ASCENT - CAP_HEIGHT + DESCENT) * text.size)


def _silhouette_bounds(figure: Silhouette, aspect: float) -> Box:
    boxes = [_around(points, width / 2, aspect) for points, width in figure.strokes]
    boxes += [_around([centre], radius, aspect) for centre, radius in figure.discs]
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.around(box)
    return whole
