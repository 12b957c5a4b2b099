"""What is on a stick: a row for each routine, with who made it and who stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from posecoach.coach.look import Look
from posecoach.coach.scene import Ink, Scene, Shape
from posecoach.coach.words import Words
from posecoach.face.brought import Brought, Standing, Trust
from posecoach.face.compose_rows import Row, compose_rows, row_targets
from posecoach.face.menu import Marked, Target

_MOST: Final = 6  # rows on a page, so that each has room for two lines
_FULL_PAGE: Final = _MOST - 1  # the last row leads to the next page
_LONGEST_NAME: Final = 36
_LONGEST_PERSON: Final = 24
_SIGNS: Final = {
    Standing.HERE: (Shape.TICK, Ink.GOOD),
    Standing.TAKEN: (Shape.TICK, Ink.GOOD),
    Standing.TAKING: (Shape.PAUSE, Ink.FAIR),
    Standing.NEW: (Shape.POINTER, Ink.LIVE),
    Standing.UPDATE: (Shape.POINTER, Ink.LIVE),
}
_REFUSED: Final = (Shape.RING, Ink.POOR)


def compose_stick(
    brought: Sequence[Brought], marked: Marked, aspect: float, look: Look, *, unread: bool
) -> Scene:
    """What is on the stick.

    Args:
        brought: All of it.
        marked: Which is marked; the page that it is on is shown.
        aspect: Of the screen.
        look: How to say it.
        unread: Whether there is a stick that cannot be read.
    """
    words = look.words
    if not brought:
        rows = [Row(words.stick_unread if unread else words.stick_gone, sign=Shape.RING, ink=Ink.POOR)]
        return compose_rows(words.on_the_stick, rows, None, aspect, look)
    first, count, pages = _page(marked, len(brought))
    rows = [brought_row(each, words) for each in brought[first : first + count]]
    if pages > 1:
        rows.append(Row(words.further, f"{first // _FULL_PAGE + 1} / {pages}", Shape.POINTER))
    return compose_rows(words.on_the_stick, rows, marked.at - first, aspect, look)


def stick_targets(marked: Marked, count: int, aspect: float) -> tuple[Target, ...]:
    """What happens where: each row is taken, the last of several pages leads on.

    Args:
        marked: Which is marked.
        count: How many routines there are.
        aspect: Of the screen.
    """
    first, shown, pages = _page(marked, count)
    targets = row_targets(max(1, shown + (pages > 1)), aspect)
    further = replace(marked, at=(first + _FULL_PAGE) % (pages * _FULL_PAGE))
    return tuple(
        target
        if not isinstance(target.does, int)
        else replace(target, does=first + target.does if target.does < max(1, shown) else further)
        for target in targets
    )


def brought_row(brought: Brought, words: Words) -> Row:
    """What is said of one."""
    by = words.by.format(name=_short(brought.author, _LONGEST_PERSON)) if brought.author else ""
    signed = {
        Trust.UNSIGNED: words.not_signed,
        Trust.UNKNOWN: words.signer_unknown,
        Trust.KNOWN: words.signed_by.format(name=_short(brought.signed_by, _LONGEST_PERSON)),
    }[brought.trust]
    said = {
        Standing.HERE: words.stick_here,
        Standing.TAKEN: words.stick_taken,
        Standing.TAKING: words.stick_taking,
        Standing.UNSIGNED: words.stick_unsigned,
        Standing.OTHER: words.stick_other,
        Standing.BROKEN: words.stick_broken,
        Standing.FAILED: words.stick_failed,
    }.get(brought.standing) or ", ".join(filter(None, (by, signed)))
    return Row(_short(words.say(brought.name)), said, *_SIGNS.get(brought.standing, _REFUSED))


def _short(name: str, longest: int = _LONGEST_NAME) -> str:
    """What somebody else has written, no longer than there is room for."""
    return name if len(name) <= longest else f"{name[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"


def _page(marked: Marked, count: int) -> tuple[int, int, int]:
    """Number of the first on the page of what is marked, how many are on it, and how many pages there are."""
    if count <= _MOST:
        return 0, count, 1
    first = marked.at // _FULL_PAGE * _FULL_PAGE
    return first, min(_FULL_PAGE, count - first), -(-count // _FULL_PAGE)
