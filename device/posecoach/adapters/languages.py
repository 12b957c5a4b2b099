"""The languages of the screen and the voice."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

from posecoach.adapters._languages_here import ENGLISH_ITSELF, catalogue_in
from posecoach.coach.words import ENGLISH, Words


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
    catalogue = catalogue_in(language)
    named: dict[str, Any] = {field.name: getattr(ENGLISH, field.name) for field in fields(Words)}
    own = {name: catalogue.get(text, text) for name, text in named.items() if isinstance(text, str)}
    return Words(**(named | own | {"language": language, "catalogue": catalogue}))
