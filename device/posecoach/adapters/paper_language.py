"""The languages of a printed page: catalogues of their own, for a page says what no screen does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from posecoach.adapters._languages_here import FOLDER, catalogue_in


@cache
def paper_catalogue(language: str) -> Mapping[str, str]:
    """Translations of what stands on paper; empty of English.

    Args:
        language: As in ``de``.

    Raises:
        LanguageMissing: There is no such language here, or nothing that reads catalogues.
    """
    return catalogue_in(language, FOLDER / "paper")
