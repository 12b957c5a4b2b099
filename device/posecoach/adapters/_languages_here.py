"""Which languages there are, and their catalogues: gettext's, read as they are edited."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from posecoach.errors import LanguageMissing

FOLDER: Final = Path(__file__).resolve().parents[1] / "locale"
ENGLISH_ITSELF: Final = "en"


def languages() -> tuple[str, ...]:
    """Those there are, English first."""
    return (ENGLISH_ITSELF, *sorted(path.stem for path in FOLDER.glob("*.po")))


def catalogue_in(language: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """What English texts are in a language; empty for English.

    Args:
        language: As in ``de``.
        folder: Of the catalogues.

    Raises:
        LanguageMissing: There is no such language here, or nothing that reads catalogues.
    """
    if language == ENGLISH_ITSELF:
        return {}
    path = folder / f"{language}.po"
    if not path.is_file():
        raise LanguageMissing(f"no language {language!r}; there are {', '.join(languages())}")
    try:
        import polib  # type: ignore[import-untyped]
    except ImportError as error:
        raise LanguageMissing(
            f"{language!r} needs polib: pip install 'posecoach[languages]', or apt install python3-polib"
        ) from error
    entries = polib.pofile(str(path), encoding="utf-8").translated_entries()
    return {entry.msgid: entry.msgstr for entry in entries}
