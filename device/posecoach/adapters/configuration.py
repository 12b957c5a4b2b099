"""What this box is set to: defaults, then the device's file, then the files of conf.d, all checked.

Every mistake is told at once, each with its file and the full path of its key. What was good last is kept
in the data folder, so that a box whose file was broken with an editor still starts.
"""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from posecoach.adapters._brief import brief
from posecoach.adapters._languages_here import languages
from posecoach.adapters._toml import NotToml, toml_file
from posecoach.coach.body_limits import PARTS
from posecoach.coach.intent import Wish
from posecoach.coach.key_names import KEY_NAMES, split_names
from posecoach.coach.named_person import NamedPerson
from posecoach.errors import ConfigurationError, PersonError, PosecoachError
from posecoach.whole_file import write_whole

DEFAULTS: Final = Path(__file__).resolve().parents[1] / "config" / "defaults.toml"
SYSTEM_FILE: Final = Path("/etc/posecoach/posecoach.toml")
FILE_VARIABLE: Final = "POSECOACH_CONFIG"
LAST_GOOD: Final = "last-good.toml"
DEFAULT: Final = "default"
_LARGEST_BYTES: Final = 1 << 18
_MOST_TOLD: Final = 20

Value = str | bool | int | float | list[str]
Allowed = Callable[[Any], bool]


def _names_somebody(name: str) -> bool:
    try:
        return not name or bool(NamedPerson(name))
    except PersonError:
        return False


_KEY_NAMES: Final[tuple[Allowed, str]] = (
    lambda value: KEY_NAMES.issuperset(split_names(value)),
    "names of keys as SDL spells them, with commas between, such as b, f13, page down, ac back",
)
_ALLOWED: Final[dict[str, tuple[Allowed, str]]] = {
    "run.duration_s": (lambda value: value >= 0.0, "0 or more"),
    "run.recording": (lambda value: value in ("auto", "on", "off"), "auto, on or off"),
    "run.person": (_names_somebody, "a person's name, or empty"),
    "model.threads": (lambda value: 0 <= value <= 64, "from 0 to 64"),
    "display.mode": (
        lambda value: value in ("auto", "fullscreen", "window", "headless"),
        "auto, fullscreen, window or headless",
    ),
    "display.picture": (
        lambda value: value in ("camera", "silhouette", "skeleton"),
        "camera, silhouette or skeleton",
    ),
    "display.language": (lambda value: value in languages(), f"one of {', '.join(languages())}"),
    "camera.source": (bool, "a camera, such as auto"),
    "sound.mode": (lambda value: value in ("on", "off", "only"), "on, off or only"),
    "sound.volume": (lambda value: 0.0 <= value <= 1.0, "from 0 to 1"),
    "sound.words_per_minute": (lambda value: 80 <= value <= 400, "from 80 to 400"),
    "sound.flash": (lambda value: value in ("off", "on", "calm"), "off, on or calm"),
    "session.place_s": (lambda value: 0.2 <= value <= 10.0, "from 0.2 to 10"),
    "session.countdown_s": (lambda value: 0.0 <= value <= 30.0, "from 0 to 30"),
    "body.without": (
        lambda value: all(isinstance(part, str) and part in PARTS for part in value),
        f"a list of any of {', '.join(PARTS)}",
    ),
    **{f"keys.{wish}": _KEY_NAMES for wish in Wish},
    "exchange.stick": (lambda value: value in ("auto", "on", "off"), "auto, on or off"),
    "exchange.stick_folder": (lambda value: value.startswith("/"), "a folder, from / on"),
}
_KINDS: Final = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list of texts in quotes",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What holds.

    Attributes:
        values: By full key, ``display.mode``; every key of the defaults.
        origins: Where each comes from: the name of a file, or ``default``.
        problem: Why it is not what the files say but what was good last; empty where they are good.
    """

    values: Mapping[str, Value]
    origins: Mapping[str, str]
    problem: str = ""

    def __getitem__(self, key: str) -> Value:
        return self.values[key]


def device_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The file of this device, or of this user where the device has none; it need not exist."""
    if given := environ.get(FILE_VARIABLE):
        return Path(given)
    home = Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or "/") / ".config")
    own = home / "posecoach" / "posecoach.toml"
    return own if own.exists() or own.parent.joinpath("conf.d").is_dir() else SYSTEM_FILE


def load(file: Path) -> Configuration:
    """The configuration of a device.

    Args:
        file: Its own file; ``conf.d`` beside it is read after it, in the order of names.

    Raises:
        ConfigurationError: Something in the files is wrong; tells all of it.
    """
    defaults = dict(_flat(tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))))
    values: dict[str, Value] = dict(defaults)
    origins = dict.fromkeys(defaults, DEFAULT)
    mistakes: list[str] = []
    for path in (file, *sorted(file.parent.glob("conf.d/*.toml"))):
        for key, value in _keys_of(path, mistakes):
            mistake = _mistake(key, value, defaults)
            if mistake:
                mistakes.append(f"{path}: {mistake}")
            else:
                values[key] = float(value) if isinstance(defaults[key], float) else value
                origins[key] = str(path)
    if mistakes:
        more = [f"and {len(mistakes) - _MOST_TOLD} more"] if len(mistakes) > _MOST_TOLD else []
        raise ConfigurationError("; ".join([*mistakes[:_MOST_TOLD], *more]))
    return Configuration(values, origins)


def load_or_last_good(file: Path, data_folder: Path) -> Configuration:
    """The configuration, or what was good last where the files are broken; for a box that must start.

    What is good is remembered; that it cannot be is no reason not to start.
    """
    kept = data_folder / LAST_GOOD
    try:
        good = load(file)
    except ConfigurationError as error:
        problem = str(error)
        try:
            last = load(kept) if kept.is_file() else load(Path(os.devnull))
        except ConfigurationError:
            last = load(Path(os.devnull))
        return Configuration(last.values, last.origins, problem)
    content = as_toml(good).encode()
    try:
        if not kept.is_file() or kept.read_bytes() != content:
            data_folder.mkdir(parents=True, exist_ok=True)
            write_whole(kept, content)
    except (OSError, PosecoachError):
        pass  # a full or read-only disk
    return good


def as_toml(configuration: Configuration, keys: Iterator[str] | None = None) -> str:
    """The configuration, or some keys of it, as a file that says the same."""
    lines: list[str] = []
    table = ""
    for key in keys if keys is not None else iter(configuration.values):
        name, _, short = key.rpartition(".")
        if name != table:
            lines += [""] * bool(lines) + [f"[{name}]"]
            table = name
        # A TOML string, number and truth value are written as JSON writes them.
        lines.append(f"{short} = {json.dumps(configuration.values[key], ensure_ascii=False)}")
    return "\n".join(lines) + "\n" if lines else ""


def _keys_of(path: Path, mistakes: list[str]) -> Iterator[tuple[str, Any]]:
    try:
        yield from _flat(toml_file(path, _LARGEST_BYTES))
    except FileNotFoundError:
        return
    except OSError as error:
        mistakes.append(f"{path} cannot be read: {error.strerror}")
    except NotToml as error:
        mistakes.append(f"{path} is {error}")


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{name}.")
        elif not isinstance(value, dict):
            yield f"{before}{name}", value


def _mistake(key: str, value: Any, defaults: Mapping[str, Value]) -> str:
    """What is wrong with a key or its value; empty where nothing is."""
    if key not in defaults:
        near = difflib.get_close_matches(key, defaults, n=1, cutoff=0.5)
        ends = [known for known in defaults if known.rpartition(".")[2] == key.rpartition(".")[2]]
        known = (ends or near or [""])[0]
        return f"unknown key {brief(key, 60)}; " + (
            f"did you mean {known}?" if known else f"there are {', '.join(defaults)}"
        )
    wanted = type(defaults[key])
    fits = type(value) is wanted or (wanted is float and type(value) is int)
    allowed, words = _ALLOWED.get(key, (lambda _: True, _KINDS[wanted]))
    if not fits or value != value or not allowed(value):
        got = brief(json.dumps(value, default=str), 60)
        return f"{key} must be {words if fits else _KINDS[wanted]}, got {got}"
    return ""
