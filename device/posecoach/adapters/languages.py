"""The languages of the screen and the voice: gettext catalogues, read as they are edited."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

from posecoach.adapters._languages_here import ENGLISH_ITSELF, FOLDER, languages
from posecoach.coach.words import ENGLISH, Words
from posecoach.errors import LanguageMissing


@cache
def words_in(language: str) -> Words:
    """The coach's words in a language.

    Args:
        language: As in ``de``.

    Raises:
        LanguageMissing: There is no such language here, or nothing that reads catalogues.
    """
    if language == ENGLISH_ITSELF:
        return ENGLISH
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        raise LanguageMissing(f"no language {language!r}; there are {', '.join(languages())}")
    try:
        import polib  # type: ignore[import-untyped]
    except ImportError as error:
        raise LanguageMissing(
            f"{language!r} needs polib: pip install 'posecoach[languages]', or apt install python3-polib"
        ) from error
    entries = polib.pofile(str(path), encoding="utf-8").translated_entries()
    catalogue = {entry.msgid: entry.msgstr for entry in entries}
    named = {field.name: getattr(ENGLISH, field.name) for field in fields(Words)}
    own = {name: catalogue.get(text, text) for name, text in named.items() if isinstance(text, str)}
    return Words(**{**own, "language": language, "catalogue": catalogue})
