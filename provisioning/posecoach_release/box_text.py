"""``posecoach.txt`` on the boot partition: what a box is told with an editor on any computer.

Lines of ``key = value``; ``#`` begins a remark. All mistakes are told at once, each with its line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Final

LANGUAGES: Final = ("en", "de", "es", "fr")
VIEWS: Final = ("camera", "silhouette", "skeleton")
_YES: Final = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_HOST_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SSH_KEY: Final = re.compile(
    r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-\S+@openssh\.com) [A-Za-z0-9+/=]{60,}( .*)?"
)

Value = str | float | bool


class TextError(ValueError):
    """Everything that is wrong with the file, a line each."""


def _name(text: str) -> str:
    if not _HOST_NAME.fullmatch(text.lower()):
        raise ValueError("letters, digits and hyphens, 63 at most, such as living-room")
    return text.lower()


def _one_of(*allowed: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        if text.lower() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text.lower()

    return read


def _percent(text: str) -> float:
    number = text.removesuffix("%").strip()
    if not number.isdigit() or int(number) > 100:
        raise ValueError("a whole number from 0 to 100")
    return int(number) / 100


def _yes(text: str) -> bool:
    if text.lower() not in _YES:
        raise ValueError("yes or no")
    return _YES[text.lower()]


def _ssh_key(text: str) -> str:
    if not _SSH_KEY.fullmatch(text):
        raise ValueError("the one line of a public key, such as that of ~/.ssh/id_ed25519.pub")
    return text


KEYS: Final[dict[str, tuple[Callable[[str], Value], str]]] = {
    "name": (_name, ""),
    "language": (_one_of(*LANGUAGES), "display.language"),
    "view": (_one_of(*VIEWS), "display.picture"),
    "volume": (_percent, "sound.volume"),
    "bright_room": (_yes, "display.bright_room"),
    "large_type": (_yes, "display.large_type"),
    "kiosk": (_yes, "run.kiosk"),
    "ssh_key": (_ssh_key, ""),
}
"""How each is read, and which key of the settings it is; empty: one of the box itself."""


def read_text(text: str) -> dict[str, Value]:
    """What the file says.

    Raises:
        TextError: A line is none, a key is unknown or said twice, or a value is not one of its kind.
    """
    said: dict[str, Value] = {}
    wrong = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        bare = line.strip() if line.strip().startswith("ssh_key") else line.partition("#")[0].strip()
        if not bare or bare.startswith("#"):
            continue
        key, equals, value = (part.strip() for part in bare.partition("="))
        key = key.lower()
        if not equals:
            wrong.append(f"line {number}: {bare!r} is no setting: write key = value, such as language = de")
        elif key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KEYS)}"
            wrong.append(f"line {number}: there is no {key!r}; {hint}")
        elif key in said:
            wrong.append(f"line {number}: {key} is said twice")
        else:
            try:
                said[key] = KEYS[key][0](value.strip("\"'"))
            except ValueError as error:
                wrong.append(f"line {number}: {key} is {value!r}, expected {error}")
    if wrong:
        raise TextError("\n".join(wrong))
    return said


def as_settings(said: dict[str, Value]) -> str:
    """The part of it that is posecoach's, as TOML; empty where nothing is."""
    tables: dict[str, list[str]] = {}
    for key, value in said.items():
        table, _, name = KEYS[key][1].partition(".")
        if table:
            written = f'"{value}"' if isinstance(value, str) else str(value).lower()
            tables.setdefault(table, []).append(f"{name} = {written}")
    return "\n".join(f"[{table}]\n" + "\n".join(lines) + "\n" for table, lines in sorted(tables.items()))
