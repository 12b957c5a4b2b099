"""A phrase as JSON and back, so that what was kept can be read in another language later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posecoach.coach.phrase import Phrase


def phrase_facts(text: str) -> dict[str, Any] | None:
    """How a text was made; `None` of one that only stands for itself."""
    if not isinstance(text, Phrase):
        return None
    return {
        "template": text.template,
        "values": {name: phrase_facts(value) or str(value) for name, value in text.values.items()},
    }


def phrase_of(facts: object, otherwise: str) -> str:
    """The phrase that `phrase_facts` tells of; `otherwise` where that makes no sense."""
    try:
        return _made(facts)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError):
        return otherwise


def _made(facts: Any) -> Phrase:
    values: Mapping[str, Any] = facts["values"]
    return Phrase(
        str(facts["template"]),
        **{name: value if isinstance(value, str) else _made(value) for name, value in values.items()},
    )
