"""Where things stand, for every shape of screen and of camera picture.

All in height units: y runs 0..1 down the screen, x 0..aspect across it. Three plans:

- side: picture with the coach's line under it, a column at its right (landscape screen);
- beside: a tall picture at full height, everything else beside it (landscape screen, portrait picture);
- stack: picture, line, gauges, one under the other (portrait screen).

The plan that shows the most of the picture wins. A landscape picture loses up to a quarter of its
width at the sides rather than be shrunk; a portrait picture is shown whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from posecoach.coach.scene import Box
from posecoach.coach.typesetting import block_height
from posecoach.frame import Frame

LEAST_MOVING: Final = 1 / 18
"""Smallest type for what is read while moving, as a share of the screen's shorter side: the same letters
in millimetres whichever way a screen is turned."""
LEAST: Final = 1 / 30
"""Smallest type for anything else that is meant to be read, likewise."""

_KEPT_WIDTH: Final = 0.75  # of a landscape picture; the sides of a room are empty
_METER_W: Final = 0.05
_LONG_CUE_EM: Final = 47.0  # a long cue in a wordy language, with what is lost at the ends of its lines


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes in height units; none overlaps another.

    Attributes:
        aspect: Width of the screen in height units.
        picture: The camera picture.
        shows: The part of the frame it shows, in fractions of the frame.
        meter: The reach meter, upright, beside the picture.
        line: The coach's line: the one cue.
        heading: Name of the routine.
        dial: The count or the clock.
        score: The score so far.
        dots: The repetitions.
    """

    aspect: float
    picture: Box
    shows: Box
    meter: Box
    line: Box
    heading: Box
    dial: Box
    score: Box
    dots: Box

    @property
    def lower(self) -> Box:
        """The room of score and dots together, for stages without them."""
        return self.score.around(self.dots)


def picture_aspect(frame: Frame | None) -> float:
    """Width over height of the camera's picture; a usual one where there is none yet."""
    return 16 / 9 if frame is None else frame.wh[0] / frame.wh[1]


@lru_cache(maxsize=16)
def lay_out(aspect: float, picture_aspect: float) -> Layout:
    """The plan for a screen and a camera picture, each given as width over height."""
    if aspect < 1.05:
        return _stack(aspect, picture_aspect)
    return max(
        (_side(aspect, picture_aspect), _beside(aspect, picture_aspect)),
        key=lambda plan: plan.picture.w * plan.picture.h / plan.shows.w,
    )


def _side(aspect: float, picture_aspect: float) -> Layout:
    gap = 0.024
    column_w = max(0.262 * aspect, 0.42)
    room_w = aspect - column_w - _METER_W - 4 * gap
    line_h = _line_height(room_w + gap + _METER_W)
    room = Box(gap, gap, room_w, 1 - 3 * gap - line_h)
    wh, shows = _shown(picture_aspect, room)
    picture, meter = _together(room, wh, gap, _METER_W)
    line_y = picture.bottom + gap
    line = Box(gap, line_y, room.w + gap + _METER_W, 1 - gap - line_y)
    column = Box(aspect - gap - column_w, gap, column_w, 1 - 2 * gap)
    return Layout(aspect, picture, shows, meter, line, *_tall(column, gap))


def _beside(aspect: float, picture_aspect: float) -> Layout:
    gap = 0.024
    column_w = max(0.62, 0.45 * aspect)
    wh, shows = _shown(picture_aspect, Box(gap, gap, aspect - column_w - _METER_W - 4 * gap, 1 - 2 * gap))
    picture = Box(gap, (1 - wh[1]) / 2, *wh)
    meter = Box(picture.right + gap, picture.y, _METER_W, picture.h)
    left = meter.right + gap
    line_h = _line_height(aspect - gap - left)
    line = Box(left, 1 - gap - line_h, aspect - gap - left, line_h)
    column = Box(left, gap, line.w, line.y - 2 * gap)
    return Layout(aspect, picture, shows, meter, line, *_wide(column, gap))


def _stack(aspect: float, picture_aspect: float) -> Layout:
    gap = 0.016
    heading = Box(gap, gap, aspect - 2 * gap, 0.05)
    meter_w = 0.036
    room = Box(gap, heading.bottom + gap, aspect - 3 * gap - meter_w, 0.47 if picture_aspect < 1 else 0.42)
    wh, shows = _shown(picture_aspect, room)
    picture, meter = _together(room, wh, gap, meter_w)
    line = Box(gap, picture.bottom + gap, aspect - 2 * gap, 0.175)
    rest = Box(gap, line.bottom + gap, aspect - 2 * gap, 1 - line.bottom - 2 * gap)
    dial = Box(rest.x, rest.y, min(rest.h, 0.52 * rest.w), rest.h)
    side = Box(dial.right + gap, rest.y, rest.right - dial.right - gap, rest.h)
    score = Box(side.x, side.y, side.w, (side.h - gap) * 0.6)
    dots = Box(side.x, score.bottom + gap, side.w, side.bottom - score.bottom - gap)
    return Layout(aspect, picture, shows, meter, line, heading, dial, score, dots)


def _together(room: Box, wh: tuple[float, float], gap: float, meter_w: float) -> tuple[Box, Box]:
    """The picture and the meter at its right, both in the middle of the room."""
    picture = Box(room.x + (room.w - wh[0]) / 2, room.y, *wh)
    return picture, Box(picture.right + gap, picture.y, meter_w, picture.h)


def _line_height(width: float) -> float:
    """What the coach's line needs for a long cue in the smallest type that is allowed."""
    lines = math.ceil(_LONG_CUE_EM * LEAST_MOVING / (width - 0.055))
    return block_height(lines) * LEAST_MOVING + 0.032


def _tall(column: Box, gap: float) -> tuple[Box, Box, Box, Box]:
    """Heading, dial, score and dots one under the other."""
    heading = Box(column.x, column.y, column.w, 0.12)
    dial = Box(column.x, heading.bottom + gap, column.w, min(0.44, column.w + 0.04))
    dots = Box(column.x, dial.bottom + gap, column.w, 0.14)
    score = Box(column.x, dots.bottom + gap, column.w, column.bottom - dots.bottom - gap)
    return heading, dial, score, dots


def _wide(column: Box, gap: float) -> tuple[Box, Box, Box, Box]:
    """Heading across, the dial below it, score and dots at the dial's right."""
    heading = Box(column.x, column.y, column.w, 0.12)
    below = Box(column.x, heading.bottom + gap, column.w, column.bottom - heading.bottom - gap)
    dial = Box(below.x, below.y, min(below.h, 0.58 * below.w), below.h)
    side = Box(dial.right + gap, below.y, below.right - dial.right - gap, below.h)
    score = Box(side.x, side.y, side.w, (side.h - gap) * 0.62)
    dots = Box(side.x, score.bottom + gap, side.w, side.bottom - score.bottom - gap)
    return heading, dial, score, dots


def _shown(picture_aspect: float, room: Box) -> tuple[tuple[float, float], Box]:
    """Size of the picture in `room`, and the part of the frame that it shows."""
    kept = max(_KEPT_WIDTH if picture_aspect > 1 else 1.0, 1 / max(picture_aspect, 1.0))
    kept = min(1.0, max(kept, room.w / room.h / picture_aspect))  # crop no more than fills the height
    shown = picture_aspect * kept
    width = min(room.w, room.h * shown)
    return (width, width / shown), Box((1 - kept) / 2, 0.0, kept, 1.0)
