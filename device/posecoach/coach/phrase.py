"""A text that knows how it was made, so that it can be said in another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self


class Phrase(str):
    """A text in English, and the template and the values that it was made from.

    It is the English text for whoever stores, compares or prints it; `said_in` says it otherwise. What is
    done to it as to any string gives a plain string, which is only found whole in a catalogue.

    Args:
        template: What stands in a catalogue; names in braces are filled in.
        values: For the names; a text among them is translated by itself, so a `Phrase` may hold others. One
            that is empty leaves no gap.
    """

    template: str
    values: Mapping[str, str]
    begins: bool

    def __new__(cls, template: str, /, **values: str) -> Self:
        """See the class."""
        return cls._made(template, values, begins=False)

    @classmethod
    def _made(cls, template: str, values: Mapping[str, str], *, begins: bool) -> Self:
        made = super().__new__(cls, _filled(template, values, begins=begins))
        made.template, made.values, made.begins = template, values, begins
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Phrase._made_again, (self.template, dict(self.values), self.begins)

    @classmethod
    def _made_again(cls, template: str, values: dict[str, str], begins: bool) -> Self:
        return cls._made(template, values, begins=begins)

    def as_beginning(self) -> Phrase:
        """The same as the beginning of a sentence."""
        return Phrase._made(self.template, self.values, begins=True)

    def without_stop(self) -> Phrase:
        """The same without the stop at its end, as part of a sentence."""
        return Phrase._made(self.template.rstrip(" ."), self.values, begins=self.begins)


def template(text: str) -> str:
    """The text itself: marks what a `Phrase` is made from, for whoever collects what to translate."""
    return text


def said_in(catalogue: Mapping[str, str], text: str) -> str:
    """A text in the language of a catalogue; what is not in it stays as it is.

    Args:
        catalogue: Translations of templates and of whole texts.
        text: A `Phrase`, or any other text, which is looked up whole.
    """
    if not isinstance(text, Phrase):
        return catalogue.get(text, text)
    template = catalogue.get(text.template)
    if template is None and catalogue.get(f"{text.template}.") is not None:  # it has lost its stop
        template = catalogue[f"{text.template}."].rstrip(" .")
    values = {name: said_in(catalogue, value) for name, value in text.values.items()}
    return _filled(template or text.template, values, begins=text.begins)


def _filled(template: str, values: Mapping[str, str], *, begins: bool) -> str:
    filled = " ".join(template.format(**values).split()) if values else template
    return filled[:1].upper() + filled[1:] if begins else filled
