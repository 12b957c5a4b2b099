"""A routine's own words for a correction, and the keys that they are found by.

A key says what is to change, as the coach's generic words do: ``bend_knee``, ``raise_left_arm``,
``open_hip``; with ``_at_start`` behind it what is to change in the starting pose alone. ``stay_upright`` is
about the trunk, ``go_further`` about a movement that turns back too early.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Final

from posecoach.errors import RoutineError

UPRIGHT: Final = "stay_upright"
FURTHER: Final = "go_further"
AT_START: Final = "_at_start"

_CHANGES: Final = {
    "knee": ("bend", "straighten"),
    "elbow": ("bend", "straighten"),
    "hip": ("bend", "open"),
    "arm": ("raise", "lower"),
}

CUE_KEYS: Final = frozenset(
    f"{change}_{side}{part}{phase}"
    for part, changes in _CHANGES.items()
    for change in changes
    for side in ("", "left_", "right_")
    for phase in ("", AT_START)
) | {UPRIGHT, FURTHER}
"""Every key there is."""


def cue_for(cues: Mapping[str, str], change: str, part: str, side: str | None, phase: str) -> str | None:
    """The words of a routine for a correction; `None` where it has none of its own.

    The side's own words come before those of both; where both sides are wrong alike, give no side.

    Args:
        cues: Of the step.
        change: ``bend``, ``straighten``, ``open``, ``raise`` or ``lower``.
        part: ``knee``, ``elbow``, ``hip`` or ``arm``.
        side: ``left`` or ``right``; `None` for both.
        phase: Of the fault; only ``start`` is told from the others.
    """
    when = AT_START if phase == "start" else ""
    keys = [f"{change}_{side}_{part}{when}"] if side else []
    return next((cues[key] for key in (*keys, f"{change}_{part}{when}") if key in cues), None)


def mirrored_cues(cues: Mapping[str, str]) -> dict[str, str]:
    """The words for the mirror image of a step: left and right exchanged in the keys and in what is said."""
    return {_mirrored(key): _mirrored(words) for key, words in cues.items()}


_SIDES: Final = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
_A_SIDE: Final = re.compile(r"(?<![A-Za-z])(?:[Ll]eft|[Rr]ight)(?![A-Za-z])")


def _mirrored(words: str) -> str:
    return _A_SIDE.sub(lambda found: _SIDES[found[0]], words)


def require_cue_keys(cues: Mapping[str, str]) -> None:
    """Refuse a key that no correction looks for.

    Raises:
        RoutineError: There is one; says which key is near it.
    """
    for key in cues:
        if key not in CUE_KEYS:
            near = difflib.get_close_matches(key, sorted(CUE_KEYS), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "expected such as bend_knee, raise_left_arm"
            raise RoutineError(f"cues.{key}: no correction is called so; {hint}")
