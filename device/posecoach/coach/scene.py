"""What the screen shows at one moment, as data: no library, no pixels but the camera's own.

Two kinds of places. `Scene.items` are anchored to the screen: x is a fraction of its width, y of its
height, and every size (type, radius, thickness) a fraction of its height, so that a circle stays a
circle. `Scene.body` is anchored to the person: fractions of the camera frame, sizes of the frame's
height; the display maps them through `PictureBox`. Nothing here is ever mirrored: the display
mirrors the picture and the body while drawing, and never a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Point: TypeAlias = tuple[float, float]


class Ink(StrEnum):
    """What a colour is for; a palette says which colour that is."""

    GROUND = "ground"
    PANEL = "panel"
    RAISED = "raised"  # a panel that wants to be read now
    TRACK = "track"  # the unfilled part of a gauge
    FAINT = "faint"  # what is yet to come
    TEXT = "text"
    SOFT = "soft"  # secondary text
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"  # a limb that is not judged
    GHOST = "ghost"
    SEEN = "seen"  # a body that is seen but not yet scored
    LIVE = "live"  # what moves with the person
    ON_GOOD = "on_good"  # text on a panel of GOOD
    CASING = "casing"  # the dark rim that parts a limb from the picture


class Weight(StrEnum):
    """How heavy the type is."""

    MEDIUM = "medium"
    BOLD = "bold"


class Align(StrEnum):
    """Which point of a line of text stands at x."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Shape(StrEnum):
    """A small sign, told from its neighbours by form as well as by colour."""

    DISC = "disc"
    RING = "ring"
    DASH = "dash"
    POINT = "point"
    TICK = "tick"
    POINTER = "pointer"  # look here, or on
    BACK = "back"
    PAUSE = "pause"
    TREND = "trend"
    SETTINGS = "settings"
    RECORD = "record"
    LEFT_UP = "left_up"  # a figure with the hand up that is at the left of the screen
    RIGHT_UP = "right_up"
    FAST = "fast"  # two pointers
    TEMPO = "tempo"  # a stopwatch
    STICK = "stick"


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.w / 2, self.y + self.h / 2

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def inset(self, dx: float, dy: float | None = None) -> Box:
        """The box less a margin on every side."""
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, max(0.0, self.w - 2 * dx), max(0.0, self.h - 2 * dy))


@dataclass(frozen=True, slots=True, eq=False)
class PictureBox:
    """Where the camera picture stands on the screen, and what part of it is shown.

    Attributes:
        image: ``(height, width, 3)`` uint8 RGB; `None` for a body on plain ground.
        image_wh: Size of the frame that `Scene.body` is relative to, in pixels.
        stands: On the screen.
        shows: Part of the frame, in fractions of it.
        mirrored: Whether the display turns left and right, as a mirror does.
        brightness: 1 as taken, less to let what stands before it be read.
        radius: Of the corners.
    """

    image: NDArray[np.uint8] | None
    image_wh: tuple[int, int]
    stands: Box
    shows: Box
    mirrored: bool
    brightness: float = 1.0
    radius: float = 0.0

    def on_screen(self, x: float, y: float) -> Point:
        """Where a point of the frame, in fractions of it, stands on the screen."""
        across = (x - self.shows.x) / self.shows.w
        if self.mirrored:
            across = 1 - across
        down = (y - self.shows.y) / self.shows.h
        return self.stands.x + across * self.stands.w, self.stands.y + down * self.stands.h

    @property
    def size_on_screen(self) -> float:
        """What a size of 1 (the frame's height) becomes, as a fraction of the screen's height."""
        return self.stands.h / self.shows.h


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of type; `y` is the middle between the first line's capitals and the last baseline.

    Attributes:
        lines: Already broken; a display whose type runs wider shrinks it to `max_width`.
        on: What it stands on, for its contrast.
        max_width: Fraction of the screen's width.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    ink: Ink
    on: Ink
    max_width: float
    weight: Weight = Weight.MEDIUM
    align: Align = Align.LEFT
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled rectangle with round corners."""

    box: Box
    ink: Ink
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Ring:
    """A round gauge, filled clockwise from twelve o'clock; `value` 0..1."""

    centre: Point
    radius: float
    thickness: float
    value: float
    ink: Ink
    track: Ink = Ink.TRACK


@dataclass(frozen=True, slots=True)
class Bar:
    """A straight gauge with round ends, filled from the left or the bottom; `value` 0..1."""

    box: Box
    value: float
    ink: Ink
    track: Ink = Ink.TRACK
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign of diameter `size`."""

    shape: Shape
    centre: Point
    size: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Stroke:
    """A round-ended line through points, with a rim around it.

    Attributes:
        rim: Width that the rim adds on each side.
        dashed: Interrupted, so that it differs by more than colour.
    """

    points: tuple[Point, ...]
    width: float
    ink: Ink
    rim_ink: Ink | None = None
    rim: float = 0.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Hoop:
    """A circle drawn as a line: a head, or a sign around a joint."""

    centre: Point
    radius: float
    width: float
    ink: Ink
    rim_ink: Ink | None = None
    rim: float = 0.0


@dataclass(frozen=True, slots=True)
class Silhouette:
    """The outline around several strokes and discs together, thinly filled: where to be.

    Attributes:
        strokes: Lines of points with their width; one that ends where it began encloses an area.
        discs: Centres with their radius.
        outline: Thickness of the outline.
        fill: Opacity inside, 0..1.
    """

    strokes: tuple[tuple[tuple[Point, ...], float], ...]
    discs: tuple[tuple[Point, float], ...]
    ink: Ink
    outline: float
    fill: float
    rim_ink: Ink | None = None


BodyItem: TypeAlias = Stroke | Hoop | Silhouette


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A picture that stays, and what is drawn on it; it is another one only where it is another object.

    Attributes:
        picture: Where it stands, and what of it is shown.
        body: Anchored to it, as `Scene.body` is to the camera's.
        on: What it stands on, for its corners.
    """

    picture: PictureBox
    body: tuple[BodyItem, ...] = ()
    on: Ink = Ink.PANEL


Item: TypeAlias = Text | Panel | Ring | Bar | Mark | Stroke | Hoop | Silhouette | Still


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One screen, painted in this order: ground, picture, body, items.

    Attributes:
        picture: The camera picture, if it is shown; the body is drawn inside it only.
        body: Anchored to the person; empty without a picture.
        items: Anchored to the screen.
        light: Whether it is painted in the colours for a bright room.
    """

    picture: PictureBox | None = None
    body: tuple[BodyItem, ...] = ()
    items: tuple[Item, ...] = ()
    ground: Ink = Ink.GROUND
    light: bool = False
