"""Where this box keeps what it learns: routines, models, history."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

HISTORY: Final = "history.sqlite3"
"""Of what was done on a box, in its data home."""


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """``$POSECOACH_DATA``, else posecoach's folder in the XDG data home; it need not exist yet."""
    if given := environ.get("POSECOACH_DATA"):
        return Path(given)
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "posecoach"
