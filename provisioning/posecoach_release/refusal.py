"""Why something is not done, and what the command ends with."""

from __future__ import annotations

from typing import Final

BAD_BUNDLE: Final = 65
NOT_HERE: Final = 66
GATE_FAILED: Final = 69
CANNOT_WRITE: Final = 74
NOT_FOR_THIS_BOX: Final = 78


class Refusal(Exception):
    """One reason, in one line for a person: what, expected, actual, what to do.

    Attributes:
        begun: Whether changes had begun, which were undone.
    """

    begun = False

    def __init__(self, reason: str, code: int) -> None:
        """The reason, and the exit code."""
        super().__init__(reason)
        self.reason, self.code = reason, code
