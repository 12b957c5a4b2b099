"""What somebody looks like: skin, hair, clothes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

Colour = tuple[int, int, int]


class Stuff(StrEnum):
    """What a solid of the body is made of; its colour is the look's."""

    SKIN = "skin"
    TOP = "top"
    BOTTOM = "bottom"
    SHOE = "shoe"
    SOLE = "sole"
    SOCK = "sock"
    HAIR = "hair"


class Hair(StrEnum):
    """How the hair is worn."""

    SHORT = "short"
    CROPPED = "cropped"
    LONG = "long"
    BUN = "bun"
    TAIL = "tail"
    BALD = "bald"


@dataclass(frozen=True, slots=True)
class Look:
    """The colours and cut of one person's clothes, skin and hair.

    Attributes:
        colours: Of each `Stuff`.
        hair: How it is worn.
        sleeve: Share of the arm from shoulder to wrist that is covered: 0 none, 0.3 a T-shirt, 1 long.
        legging: Share of the leg from hip to ankle that is covered.
        loose_top, loose_bottom: How far the cloth stands off, as a share of the stature.
        beard: Whether the jaw is bearded.
    """

    colours: dict[Stuff, Colour]
    hair: Hair = Hair.SHORT
    sleeve: float = 0.3
    legging: float = 1.0
    loose_top: float = 0.006
    loose_bottom: float = 0.004
    beard: bool = False

    @classmethod
    def sample(cls, rng: np.random.Generator, curves: float = 0.5) -> Look:
        """A look drawn at random; `curves` leans the hair as in `Body`."""
        skin = _varied(rng, _SKINS[rng.integers(len(_SKINS))], 6)
        top = _varied(rng, _TOPS[rng.integers(len(_TOPS))], 10)
        bottom = _varied(rng, _BOTTOMS[rng.integers(len(_BOTTOMS))], 8)
        if sum(abs(a - b) for a, b in zip(top, bottom, strict=True)) < 90:  # two garments, not an overall
            bottom = (32, 34, 40) if sum(top) > 300 else (120, 122, 128)
        shoe = _SHOES[rng.integers(len(_SHOES))]
        hair = _varied(rng, _HAIRS[rng.integers(len(_HAIRS) if sum(skin) > 460 else 3)], 5)
        styles = [Hair.LONG, Hair.BUN, Hair.TAIL, Hair.SHORT] if curves > 0.5 else [*_MALE_HAIR]
        sole: Colour = (228, 228, 224) if sum(shoe) < 500 else (150, 150, 150)
        return cls(
            colours={
                Stuff.SKIN: skin,
                Stuff.TOP: top,
                Stuff.BOTTOM: bottom,
                Stuff.SHOE: shoe,
                Stuff.SOLE: sole,
                Stuff.SOCK: (225, 225, 222) if rng.random() < 0.6 else (50, 50, 54),
                Stuff.HAIR: hair,
            },
            hair=styles[rng.integers(len(styles))],
            sleeve=float(rng.choice([0.0, 0.26, 0.3, 0.34, 1.0], p=[0.15, 0.2, 0.3, 0.2, 0.15])),
            legging=float(rng.choice([0.38, 0.44, 0.75, 1.0], p=[0.15, 0.2, 0.1, 0.55])),
            loose_top=float(rng.uniform(0.002, 0.010)),
            loose_bottom=float(rng.uniform(0.001, 0.009)),
            beard=bool(curves < 0.5 and rng.random() < 0.3),
        )


_SKINS: Final[tuple[Colour, ...]] = (
    (241, 206, 180), (232, 190, 160), (222, 176, 143), (205, 155, 120),
    (180, 128, 94), (152, 104, 74), (120, 80, 57), (92, 61, 45),
)  # fmt: skip
_HAIRS: Final[tuple[Colour, ...]] = (
    (28, 24, 23), (46, 34, 28), (78, 52, 35), (110, 76, 46), (168, 126, 74), (205, 172, 112), (150, 148, 146),
    (120, 58, 34),
)  # fmt: skip
_TOPS: Final[tuple[Colour, ...]] = (
    (34, 92, 168), (176, 42, 48), (30, 124, 92), (235, 235, 232), (44, 46, 54), (238, 168, 46),
    (118, 74, 148),
    (64, 158, 190), (222, 108, 132), (128, 138, 146), (24, 52, 92), (96, 122, 62),
)  # fmt: skip
_BOTTOMS: Final[tuple[Colour, ...]] = (
    (38, 40, 48), (30, 44, 78), (92, 94, 100), (62, 54, 50), (26, 26, 30), (120, 108, 88), (70, 40, 84),
    (58, 82, 108),
)  # fmt: skip
_SHOES: Final[tuple[Colour, ...]] = (
    (238, 238, 238), (40, 40, 44), (190, 60, 52), (52, 96, 168), (140, 142, 146), (230, 200, 60),
)  # fmt: skip
_MALE_HAIR: Final = (Hair.SHORT, Hair.SHORT, Hair.CROPPED, Hair.BALD)


def _varied(rng: np.random.Generator, colour: Colour, by: int) -> Colour:
    red, green, blue = (int(np.clip(value + rng.integers(-by, by + 1), 0, 255)) for value in colour)
    return red, green, blue
