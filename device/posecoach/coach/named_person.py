"""Whose sessions they are: somebody by the name they chose, or nobody in particular."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from posecoach.errors import PersonError

MOST_LETTERS: Final = 60
_MOST_BYTES: Final = 200  # of the name of a file, with its ending
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody by a name, which is all that is known of them.

    Attributes:
        name: As it is shown: composed (NFC), without space around it or doubled within it.
    """

    name: str

    def __post_init__(self) -> None:
        name = " ".join(unicodedata.normalize("NFC", self.name).split())
        if not name:
            raise PersonError("a person's name is empty; leave it out for somebody without a name")
        if len(name) > MOST_LETTERS or len(name.casefold().encode("utf-8")) > _MOST_BYTES:
            raise PersonError(f"a person's name may have {MOST_LETTERS} letters, got {len(name)}: {name!r}")
        # It also names a file: one that is not hidden, and that every file system can hold.
        wrong = [sign for sign in name if sign in _FORBIDDEN or not sign.isprintable()]
        if wrong or name.startswith("."):
            raise PersonError(
                "a person's name has letters, digits, spaces and marks such as - and ', and does not begin "
                f"with a dot, got {name!r}"
            )
        object.__setattr__(self, "name", name)

    @property
    def key(self) -> str:
        """The same for the same person, however they were written: ANNA is anna."""
        return unicodedata.normalize("NFC", self.name.casefold())
