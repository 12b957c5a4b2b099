"""Which languages there are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "locale"
ENGLISH_ITSELF: Final = "en"


def languages() -> tuple[str, ...]:
    """Those there are, English first."""
    return (ENGLISH_ITSELF, *sorted(path.stem for path in FOLDER.glob("*.po")))
