"""How wide a text runs, and where its lines break, known without a font library.

Advance widths of the shipped type (``adapters/fonts``, Inter), in hundredths of the type size, so
that a scene is laid out, and tested, as data. Letters with an accent are as wide as those without.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from posecoach.coach.scene import Weight

CAP_HEIGHT: Final = 0.727
"""Height of a capital, as a share of the type size."""
ASCENT: Final = 0.97
DESCENT: Final = 0.242
LINE_HEIGHT: Final = 1.22
"""Baseline to baseline, as a share of the type size."""

# From space to tilde, one row for each 32 signs.
_MEDIUM: Final = (
    "26 29 40 64 64 83 65 22 38 38 52 67 29 46 28 37 65 47 61 64 65 62 64 58 63 64 28 29 67 67 67 53 "
    "97 70 65 74 72 60 59 75 74 27 55 66 56 90 75 77 64 77 64 64 65 74 70 98 67 68 64 38 37 38 48 46 "
    "50 57 63 57 63 59 37 62 60 25 25 56 25 88 60 60 62 62 38 54 37 59 57 82 55 57 55 38 34 38 67"
)
_BOLD: Final = (
    "23 32 39 65 65 86 67 21 41 41 56 68 30 47 30 39 69 49 63 66 68 64 66 59 66 66 30 30 68 68 68 56 "
    "103 75 66 75 73 61 58 76 75 28 57 69 57 91 74 78 65 78 66 65 67 73 75 104 71 72 67 41 39 41 49 48 "
    "50 58 64 59 64 60 39 63 62 27 27 58 27 91 62 61 63 63 41 56 39 62 59 85 57 59 57 41 37 41 68"
)
_OTHERS: Final = {
    "ß": 66,
    "đ": 64,
    "ł": 27,
    "ø": 61,
    "æ": 93,
    "œ": 96,
    "°": 46,
    "·": 30,
    "\N{EN DASH}": 50,
    "\N{HORIZONTAL ELLIPSIS}": 81,
    "\N{RIGHT SINGLE QUOTATION MARK}": 23,
    "\N{LEFT DOUBLE QUOTATION MARK}": 42,
    "\N{DOUBLE LOW-9 QUOTATION MARK}": 42,
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": 63,
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": 63,
    "\N{INVERTED QUESTION MARK}": 56,
    "\N{INVERTED EXCLAMATION MARK}": 30,
    "\N{MASCULINE ORDINAL INDICATOR}": 49,
    "\N{UPWARDS ARROW}": 96,
    "\N{DOWNWARDS ARROW}": 96,
}
_WIDEST: Final = 104
_HANGS: Final = (":", ";", "?", "!", "%", "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}")
_LEADS: Final = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
_TINY: Final = 1e-9  # what fits exactly fits


def _widths(hundredths: str) -> dict[str, int]:
    return {chr(32 + i): int(w) for i, w in enumerate(hundredths.split())} | _OTHERS


_TABLES: Final = {Weight.MEDIUM: _widths(_MEDIUM), Weight.BOLD: _widths(_BOLD)}


@lru_cache(maxsize=512)
def width_em(text: str, weight: Weight) -> float:
    """Width of a line in type sizes, kerning left out; an unknown sign counts as the widest."""
    table = _TABLES[weight]
    total = 0
    for sign in text:
        width = table.get(sign)
        if width is None:
            width = table.get(unicodedata.normalize("NFD", sign)[0], _WIDEST)
        total += width
    return total / 100


@lru_cache(maxsize=256)
def break_lines(text: str, weight: Weight, max_em: float) -> tuple[str, ...]:
    """Break at spaces, as few lines as fit, and those as even as they can be.

    A single word wider than `max_em` stands alone and too wide: the caller sets it smaller.
    """
    words = _words(text)
    fewest = len(_greedy(words, weight, max_em))
    low, high = 0.0, max_em
    for _ in range(12):  # narrow the measure while the number of lines stays: no widow at the end
        middle = (low + high) / 2
        if (
            len(_greedy(words, weight, middle)) <= fewest
            and _widest(_greedy(words, weight, middle), weight) <= max_em
        ):
            high = middle
        else:
            low = middle
    return tuple(_greedy(words, weight, high))


@lru_cache(maxsize=256)
def fit(
    text: str, weight: Weight, wh: tuple[float, float], size: float, least: float, max_lines: int
) -> tuple[tuple[str, ...], float]:
    """Lines and type size with which `text` fills at most `wh`, in the units of `size`.

    As large as fits from `size` down to `least`; only a text that fits at no such size goes below it,
    for words lost are worse than words small.
    """
    steps = 24
    for step in range(steps + 1):
        trial = size + (least - size) * step / steps
        lines = break_lines(text, weight, wh[0] / trial)
        if (
            len(lines) <= max_lines
            and block_height(len(lines)) * trial <= wh[1] + _TINY
            and _fits(lines, weight, wh[0] / trial)
        ):
            return lines, trial
    trial = least
    while trial > 0.2 * least:
        trial *= 0.94
        lines = break_lines(text, weight, wh[0] / trial)
        if block_height(len(lines)) * trial <= wh[1] + _TINY and _fits(lines, weight, wh[0] / trial):
            break
    return lines, trial


@lru_cache(maxsize=64)
def fit_together(
    parts: tuple[tuple[str, Weight, float, int], ...], wh: tuple[float, float], gap: float, least: float
) -> list[tuple[tuple[str, ...], float]]:
    """Lines and type size of texts under each other, each given as text, weight, size, most lines.

    All shrink by the same share, none below `least` but those for which there is no other way.
    """
    for step in range(21):
        scale = 1 - 0.04 * step
        blocks = []
        for text, weight, size, max_lines in parts:
            trial = max(min(least, size), scale * size)
            lines = break_lines(text, weight, wh[0] / trial)
            if len(lines) > max_lines or not _fits(lines, weight, wh[0] / trial):
                break
            blocks.append((lines, trial))
        height = sum(block_height(len(lines)) * trial for lines, trial in blocks)
        if len(blocks) == len(parts) and height + scale * gap * (len(parts) - 1) <= wh[1] + _TINY:
            return blocks
    share = wh[1] / len(parts)
    return [
        fit(text, weight, (wh[0], 0.9 * share), size, min(least, size), n) for text, weight, size, n in parts
    ]


def block_height(lines: int) -> float:
    """From the top of the first capitals to the last baseline, in type sizes."""
    return CAP_HEIGHT + max(0, lines - 1) * LINE_HEIGHT


def _words(text: str) -> list[str]:
    """What a line may break between: signs that French sets apart stay with the word that they belong to."""
    words: list[str] = []
    for word in text.split():
        if words and (word in _HANGS or words[-1] == _LEADS):
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
    return words


def _greedy(words: list[str], weight: Weight, max_em: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and width_em(f"{lines[-1]} {word}", weight) <= max_em:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]


def _widest(lines: list[str] | tuple[str, ...], weight: Weight) -> float:
    return max(width_em(line, weight) for line in lines)


def _fits(lines: tuple[str, ...], weight: Weight, max_em: float) -> bool:
    return _widest(lines, weight) <= max_em + _TINY
