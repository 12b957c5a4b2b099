"""What somebody else has written, inside a message of ours."""

from __future__ import annotations


def brief(words: object, longest: int = 200) -> str:
    """Words that may hold anything, as a piece of one line."""
    try:
        text = str(words)
    except (RecursionError, ValueError):  # lists in lists without end, numbers with thousands of digits
        text = type(words).__name__
    text = text if len(text) <= longest else f"{text[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
