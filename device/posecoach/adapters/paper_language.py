"""The languages of a printed page: gettext catalogues of their own, for a page says what no screen does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from posecoach.adapters._languages_here import ENGLISH_ITSELF, FOLDER, languages
from posecoach.errors import LanguageMissing


@cache
def paper_catalogue(language: str) -> Mapping[str, str]:
    """Translations of what stands on paper; empty of English.

    Args:
        language: As in ``de``.

    Raises:
        LanguageMissing: There is no such language here, or nothing that reads catalogues.
    """
    if language == ENGLISH_ITSELF:
        return {}
    path = FOLDER / "paper" / f"{language}.po"
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
