"""What stands and hangs in a room, as boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of furniture, or a picture on the wall: a box along the room's axes.

    The axes turn with the camera, so that there is always a wall behind the athlete: x to the
    right, y away from the camera, z up, from the point on the floor below the athlete.

    Attributes:
        low, high: Two opposite corners, in metres.
        colour: In full light.
        glow: Added brightness, for what lets light in.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    colour: Rgb
    glow: float = 0.0


def sampled_furniture(rng: np.random.Generator, wall_m: float) -> tuple[Box, ...]:
    """A window or a door, a picture, and a thing or two along the wall."""
    boxes: list[Box] = []
    back = wall_m
    side = float(rng.choice([-1.0, 1.0]))
    middle = side * float(rng.uniform(1.1, 2.0))
    if rng.random() < 0.6:
        boxes += _window(middle, back)
    else:
        boxes += _door(middle, back, rng)
    if rng.random() < 0.75:
        boxes += _framed(-side * float(rng.uniform(0.8, 1.7)), back, rng)
    kind = int(rng.integers(5))
    colour = as_rgb(rng.uniform(50, 190, 3))
    x = -side * float(rng.uniform(1.3, 2.1))
    if kind == 0:
        boxes += _sofa(x, back, colour)
    elif kind == 1:
        boxes += _shelf(x, back, rng)
    elif kind == 2:
        boxes += _plant(x, back, rng)
    elif kind == 3:
        boxes.append(Box((x - 0.5, back - 0.42, 0.08), (x + 0.5, back - 0.02, 0.75), colour))
    if rng.random() < 0.45:  # a mat or a rug under the feet
        wide, long = float(rng.uniform(0.7, 1.6)), float(rng.uniform(0.5, 1.0))
        boxes.append(Box((-wide, -long, -0.002), (wide, long, 0.003), as_rgb(rng.uniform(60, 190, 3))))
    return tuple(boxes)


def _window(x: float, back: float) -> list[Box]:
    frame, pane = (242.0, 242.0, 240.0), (196.0, 218.0, 238.0)
    boxes = [Box((x - 0.62, back - 0.05, 0.92), (x + 0.62, back, 2.18), frame)]
    for low, high in ((-0.55, -0.03), (0.03, 0.55)):
        boxes.append(Box((x + low, back - 0.056, 1.0), (x + high, back, 2.1), pane, glow=0.25))
    boxes.append(Box((x - 0.68, back - 0.14, 0.88), (x + 0.68, back, 0.92), frame))
    return boxes


def _door(x: float, back: float, rng: np.random.Generator) -> list[Box]:
    colour = np.array([(232, 230, 224), (150, 108, 70), (206, 198, 184)][rng.integers(3)], dtype=float)
    return [
        Box((x - 0.52, back - 0.02, 0.0), (x + 0.52, back, 2.1), as_rgb(colour * 0.86)),
        Box((x - 0.44, back - 0.04, 0.0), (x + 0.44, back, 2.03), as_rgb(colour)),
        Box((x - 0.36, back - 0.10, 0.98), (x - 0.25, back, 1.0), (120.0, 120.0, 120.0)),
    ]


def _framed(x: float, back: float, rng: np.random.Generator) -> list[Box]:
    wide, high = float(rng.uniform(0.2, 0.45)), float(rng.uniform(0.2, 0.35))
    inner = as_rgb(rng.uniform(70, 220, 3))
    return [
        Box((x - wide, back - 0.03, 1.5 - high), (x + wide, back, 1.5 + high), (58.0, 48.0, 40.0)),
        Box(
            (x - wide + 0.04, back - 0.032, 1.54 - high),
            (x + wide - 0.04, back, 1.46 + high),
            (238.0, 236.0, 230.0),
        ),
        Box((x - wide + 0.1, back - 0.034, 1.6 - high), (x + wide - 0.1, back, 1.4 + high), inner),
    ]


def _sofa(x: float, back: float, colour: Rgb) -> list[Box]:
    dark = as_rgb(np.array(colour) * 0.85)
    return [
        Box((x - 0.9, back - 0.3, 0.1), (x + 0.9, back - 0.05, 0.82), dark),
        Box((x - 0.9, back - 0.85, 0.1), (x + 0.9, back - 0.3, 0.42), colour),
        Box((x - 1.05, back - 0.85, 0.08), (x - 0.88, back - 0.05, 0.6), dark),
        Box((x + 0.88, back - 0.85, 0.08), (x + 1.05, back - 0.05, 0.6), dark),
    ]


def _shelf(x: float, back: float, rng: np.random.Generator) -> list[Box]:
    wood = (176.0, 142.0, 104.0)
    boxes = [Box((x - 0.45, back - 0.02, 0.0), (x + 0.45, back, 1.8), as_rgb(np.array(wood) * 0.7))]
    for level in range(5):
        z = 0.05 + 0.42 * level
        boxes.append(Box((x - 0.45, back - 0.28, z), (x + 0.45, back, z + 0.03), wood))
        at = x - 0.4
        while level < 4 and at < x + 0.3:
            thick = float(rng.uniform(0.04, 0.12))
            boxes.append(
                Box(
                    (at, back - 0.22, z + 0.03),
                    (at + thick, back - 0.03, z + float(rng.uniform(0.2, 0.36))),
                    as_rgb(rng.uniform(40, 210, 3)),
                )
            )
            at += thick + float(rng.choice([0.005, 0.005, 0.12]))
    return boxes


def _plant(x: float, back: float, rng: np.random.Generator) -> list[Box]:
    y = back - 0.35
    boxes = [Box((x - 0.16, y - 0.16, 0.0), (x + 0.16, y + 0.16, 0.34), (186.0, 120.0, 84.0))]
    for _ in range(26):
        cx, cy = x + float(rng.normal(0, 0.17)), y + float(rng.normal(0, 0.1))
        z, size = float(rng.uniform(0.42, 1.25)), float(rng.uniform(0.03, 0.09))
        green = as_rgb(np.array([58, 110, 52]) * rng.uniform(0.7, 1.35))
        boxes.append(
            Box(
                (cx - size, min(cy, back - 0.1), z - size * 0.5),
                (cx + size, min(cy, back - 0.1) + 0.04, z + size * 0.7),
                green,
            )
        )
    return boxes


def as_rgb(colour: NDArray[np.floating]) -> Rgb:
    """A colour from an array, brought into 0..255."""
    red, green, blue = (float(value) for value in np.clip(colour, 0, 255))
    return red, green, blue
