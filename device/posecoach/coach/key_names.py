"""Names of keys, as SDL spells them in any case: what a configuration may name."""

from __future__ import annotations

import string
from typing import Final

_NAMED: Final = (
    "return, escape, backspace, tab, space, insert, home, page up, page down, delete, end, right, left, "
    "down, up, print screen, pause, menu, select, stop, help, mute, execute, application, "
    "keypad enter, keypad +, keypad -, keypad *, keypad /, keypad ., "
    "audionext, audioprev, audioplay, audiostop, audiomute, volumeup, volumedown, mediaselect, eject, "
    "sleep, ac search, ac home, ac back, ac forward, ac stop, ac refresh, ac bookmarks, www, mail, "
    "calculator, computer, left shift, right shift, left ctrl, right ctrl, left alt, right alt"
)

KEY_NAMES: Final[frozenset[str]] = frozenset(
    [
        *_NAMED.split(", "),
        *string.ascii_lowercase,
        *string.digits,
        *"-=[]\\;'`./",
        *(f"f{number}" for number in range(1, 25)),
        *(f"keypad {digit}" for digit in string.digits),
    ]
)
"""All in small letters; a comma is no name of a key here, as it stands between them."""


def split_names(names: str) -> list[str]:
    """The names in a text with commas between, in small letters."""
    return [name for part in names.split(",") if (name := part.strip().lower())]
