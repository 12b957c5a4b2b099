"""The colours behind the inks, in one place, and how well two of them part.

Limb colours follow Okabe and Ito (2008, "Color Universal Design"): blue, amber, vermilion stay apart
for every common colour vision deficiency; width and pattern say the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from posecoach.coach.scene import Ink

Rgb: TypeAlias = tuple[int, int, int]

NIGHT: Final[Mapping[Ink, Rgb]] = MappingProxyType(
    {
        Ink.GROUND: (11, 16, 22),
        Ink.PANEL: (20, 28, 37),
        Ink.RAISED: (31, 43, 56),
        Ink.TRACK: (44, 58, 73),
        Ink.FAINT: (88, 104, 121),
        Ink.TEXT: (245, 248, 250),
        Ink.SOFT: (182, 196, 209),
        Ink.GOOD: (72, 200, 224),
        Ink.FAIR: (247, 196, 62),
        Ink.POOR: (255, 122, 69),
        Ink.UNKNOWN: (150, 162, 174),
        Ink.GHOST: (226, 235, 240),
        Ink.LIVE: (126, 158, 188),
        Ink.SEEN: (236, 242, 246),
        Ink.ON_GOOD: (6, 20, 26),
        Ink.CASING: (9, 14, 19),
    }
)
"""The look for every room: a dark ground which leaves the light to the person."""

DAY: Final[Mapping[Ink, Rgb]] = MappingProxyType(
    {
        Ink.GROUND: (222, 228, 233),
        Ink.PANEL: (250, 251, 252),
        Ink.RAISED: (255, 255, 255),
        Ink.TRACK: (204, 213, 221),
        Ink.FAINT: (138, 150, 162),
        Ink.TEXT: (10, 18, 26),
        Ink.SOFT: (48, 60, 72),
        Ink.GOOD: (0, 86, 140),
        Ink.FAIR: (158, 98, 0),
        Ink.POOR: (190, 52, 0),
        Ink.UNKNOWN: (104, 116, 128),
        Ink.GHOST: (70, 84, 98),
        Ink.LIVE: (74, 112, 150),
        Ink.SEEN: (30, 42, 54),
        Ink.ON_GOOD: (255, 255, 255),
        Ink.CASING: (252, 253, 254),
    }
)
"""The same, dark on light: where the sun shines on the screen, a dark one is a mirror."""


PAPER: Final[Mapping[Ink, Rgb]] = MappingProxyType(
    {
        Ink.GROUND: (255, 255, 255),
        Ink.PANEL: (255, 255, 255),
        Ink.RAISED: (240, 244, 247),
        Ink.TRACK: (219, 226, 232),
        Ink.FAINT: (150, 162, 174),
        Ink.TEXT: (16, 24, 32),
        Ink.SOFT: (66, 78, 90),
        Ink.GOOD: (0, 92, 133),
        Ink.FAIR: (236, 168, 20),
        Ink.POOR: (205, 78, 20),
        Ink.UNKNOWN: (138, 150, 162),
        Ink.GHOST: (150, 162, 174),
        Ink.LIVE: (84, 128, 164),
        Ink.SEEN: (66, 78, 90),
        Ink.ON_GOOD: (255, 255, 255),
        Ink.CASING: (16, 24, 32),
    }
)
"""The look for a printed page: dark on white, the levels far apart in grey as well."""


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of two colours, 1..21, as WCAG 2.2 defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
