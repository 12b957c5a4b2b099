"""What somebody has set at the screen, for the next time the box is switched on.

How much of a person is shown is not kept: that is privacy, and as the box is set (``display.picture``).
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

from posecoach.errors import OutputError
from posecoach.face.settings import Wishes
from posecoach.whole_file import write_whole

FILE: Final = "wishes.json"
_OF_THE_LOOK: Final = ("large", "calm", "light")
_log = logging.getLogger(__name__)


def read_wishes(folder: Path, as_set: Wishes) -> Wishes:
    """The wishes of last time; as the box is set where nobody wished, or the file is damaged.

    Args:
        folder: Of what this box keeps.
        as_set: How the box is set.
    """
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        found = {name: kept[name] for name in (*_OF_THE_LOOK, "silent")}
    except (OSError, ValueError, KeyError, TypeError):
        return as_set
    if not all(isinstance(value, bool) for value in found.values()):
        return as_set
    silent = found.pop("silent")
    return Wishes(replace(as_set.look, **found), silent)


def write_wishes(folder: Path, wishes: Wishes) -> None:
    """Keep the wishes; a disk that cannot be written is no reason not to follow them now."""
    kept = {name: getattr(wishes.look, name) for name in _OF_THE_LOOK} | {"silent": wishes.silent}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / FILE, json.dumps(kept).encode())
    except (OSError, OutputError) as error:
        _log.warning("what was set at the screen is not kept: %s", error)
