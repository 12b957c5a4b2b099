"""What somebody can set at the screen itself: each row, what it says, and what taking it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from posecoach.coach.look import Look, PictureMode
from posecoach.coach.words import Words
from posecoach.face.compose_rows import Row


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the person at the box wants it.

    Attributes:
        look: How the screen says things.
        silent: Whether nothing is to be heard.
    """

    look: Look
    silent: bool = False


class Wished:
    """The wishes as they are now."""

    def __init__(
        self, wishes: Wishes, told: Callable[[Wishes], None] = lambda wishes: None, *, forgetful: bool = False
    ) -> None:
        """Begin with some.

        Args:
            wishes: How the box is set.
            told: Told when somebody has changed that.
            forgetful: Whether what one person has set does not outlast them.
        """
        self.now = wishes
        self._told = told
        self._first = wishes if forgetful else None

    def change(self, wishes: Wishes) -> None:
        """Somebody wants it otherwise."""
        self.now = wishes
        self._told(wishes)

    def leave(self) -> None:
        """Whoever has set it has gone."""
        if self._first is not None:
            self.now = self._first


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings.

    Attributes:
        told: What it says.
        changed: The wishes after it was taken once.
    """

    told: Callable[[Wishes], Row]
    changed: Callable[[Wishes], Wishes]


def _next_picture(wishes: Wishes) -> Wishes:
    modes = list(PictureMode)
    mode = modes[(modes.index(wishes.look.picture) + 1) % len(modes)]
    return replace(wishes, look=replace(wishes.look, picture=mode))


def _picture(wishes: Wishes) -> Row:
    words = wishes.look.words
    names = {
        PictureMode.CAMERA: words.picture_camera,
        PictureMode.SILHOUETTE: words.picture_silhouette,
        PictureMode.SKELETON: words.picture_skeleton,
    }
    return Row(words.picture, names[wishes.look.picture])


def _row(label: Callable[[Words], str], value: Callable[[Words, Wishes], str]) -> Callable[[Wishes], Row]:
    return lambda wishes: Row(label(wishes.look.words), value(wishes.look.words, wishes))


SOUND: Final = Setting(
    _row(lambda words: words.sound, lambda words, wishes: words.off if wishes.silent else words.on),
    lambda wishes: replace(wishes, silent=not wishes.silent),
)
"""Only where the box says something at all."""

SETTINGS: Final = (
    Setting(_picture, _next_picture),
    SOUND,
    Setting(
        _row(
            lambda words: words.letters,
            lambda words, wishes: words.letters_large if wishes.look.large else words.letters_normal,
        ),
        lambda wishes: replace(wishes, look=replace(wishes.look, large=not wishes.look.large)),
    ),
    Setting(
        _row(
            lambda words: words.motion,
            lambda words, wishes: words.motion_calm if wishes.look.calm else words.motion_full,
        ),
        lambda wishes: replace(wishes, look=replace(wishes.look, calm=not wishes.look.calm)),
    ),
    Setting(
        _row(
            lambda words: words.colours,
            lambda words, wishes: words.colours_light if wishes.look.light else words.colours_dark,
        ),
        lambda wishes: replace(wishes, look=replace(wishes.look, light=not wishes.look.light)),
    ),
)
"""In the order in which they are shown."""
