"""What a command line does not say is as this box is set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast

from posecoach.adapters.configuration import Configuration, device_file, load_or_last_good
from posecoach.adapters.data_home import data_home
from posecoach.adapters.languages import words_in
from posecoach.cli.aloud import SoundOptions
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.intent import Wish
from posecoach.coach.look import PLAIN, Look, PictureMode
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.session_options import SessionOptions
from posecoach.errors import ConfigurationError

PHRASES: Final = "phrases"
"""Folder of what was said before, among what this box keeps."""
_KEYS = {
    "camera": "camera.source",
    "model": "model.id",
    "threads": "model.threads",
    "tpu": "model.tpu",
    "display": "display.mode",
    "picture": "display.picture",
    "language": "display.language",
    "sound": "sound.mode",
    "routine": "run.routine",
    "duration": "run.duration_s",
}
"""Options of a command line, each `None` where it was not given, and the keys that stand for them."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How this box is set, and what a command line has changed of it.

    Attributes:
        session: When a session begins and ends, and whose body it is for.
        look: How the screen says things.
        sound: What is heard.
        keys: What further keys mean.
        stick_folder: Where somebody may bring routines; `None` where nothing is taken.
    """

    session: SessionOptions = field(default_factory=SessionOptions)
    look: Look = PLAIN
    sound: SoundOptions = field(default_factory=SoundOptions)
    keys: Mapping[Wish, str] = field(default_factory=dict)
    stick_folder: Path | None = None


def settings_for(arguments: argparse.Namespace) -> Configuration:
    """Fill in what was not said; the configuration that it came from.

    A box whose files are broken starts with what was good last, and says so.
    """
    configuration = load_or_last_good(device_file(), data_home())
    if configuration.problem:
        print(
            f"posecoach: using what was good last, not: {configuration.problem}", file=sys.stderr, flush=True
        )
    for option, key in _KEYS.items():
        if getattr(arguments, option) is None:
            # An empty text and 0 stand for not saying anything.
            setattr(arguments, option, configuration[key] or None)
    arguments.no_history = arguments.no_history or not configuration["history.keep"]
    if "start_by_itself" in arguments:
        arguments.start_by_itself |= bool(configuration["run.start_by_itself"])
    arguments.kiosk = arguments.kiosk or bool(configuration["run.kiosk"])
    wanted = configuration["run.recording"]
    arguments.recording = wanted == "on" or (wanted == "auto" and not arguments.kiosk)
    if arguments.person is None and configuration["run.person"]:
        arguments.person = NamedPerson(str(configuration["run.person"]))
    return configuration


def require_nothing_kept(arguments: argparse.Namespace) -> None:
    """Have nothing kept, as in a kiosk.

    Raises:
        ConfigurationError: Something was asked for that keeps something.
    """
    if arguments.person is not None:
        raise ConfigurationError(
            "a kiosk (--kiosk, run.kiosk) knows nobody: leave out --person and run.person"
        )
    for option in ("record_screen", "cue_sheet"):
        if getattr(arguments, option) is not None:
            named = f"--{option.replace('_', '-')}"
            raise ConfigurationError(f"a kiosk (--kiosk, run.kiosk) keeps nothing: leave out {named}")
    arguments.no_history = True


def body_here(configuration: Configuration) -> BodyDifferences:
    """Whom this box is for."""
    without = configuration["body.without"]
    assert isinstance(without, list)  # as it is in the defaults
    return BodyDifferences(tuple(without), bool(configuration["body.seated"]))


def further_keys(configuration: Configuration) -> dict[Wish, str]:
    """What further keys mean on this box: names of keys with commas between."""
    return {wish: str(configuration[key]) for wish in Wish if (key := f"keys.{wish}") in configuration.values}


def setup_of(configuration: Configuration, arguments: argparse.Namespace, body: BodyDifferences) -> Setup:
    """How somebody with this body is coached here."""
    return Setup(
        session_options(configuration, body),
        _look_of(configuration, arguments),
        _sound_options(configuration, arguments),
        further_keys(configuration),
        _stick_folder(configuration, kiosk=arguments.kiosk),
    )


def _stick_folder(configuration: Configuration, *, kiosk: bool) -> Path | None:
    """Where somebody may bring routines: in a kiosk nowhere, if nobody has said otherwise."""
    taken = configuration["exchange.stick"]
    wanted = taken == "on" or (taken == "auto" and not kiosk)
    return Path(str(configuration["exchange.stick_folder"])) if wanted else None


def session_options(configuration: Configuration, body: BodyDifferences) -> SessionOptions:
    """When a session begins, as this box is set."""
    return SessionOptions(
        place_s=_number(configuration, "session.place_s"),
        countdown_s=_number(configuration, "session.countdown_s"),
        body=body,
    )


def _look_of(configuration: Configuration, arguments: argparse.Namespace) -> Look:
    """How the screen says things, as this box is set and as the command line has it."""
    return Look(
        words=words_in(arguments.language),
        picture=PictureMode(arguments.picture),
        large=bool(configuration["display.large_type"]),
        calm=bool(configuration["display.reduced_motion"]),
        light=bool(configuration["display.bright_room"]),
    )


def _number(configuration: Configuration, key: str) -> float:
    value = configuration[key]
    assert isinstance(value, (int, float))  # as it is in the defaults
    return value


def _sound_options(configuration: Configuration, arguments: argparse.Namespace) -> SoundOptions:
    """What is heard, as this box is set and a command line says."""
    flash = cast(Literal["off", "on", "calm"], configuration["sound.flash"])
    return SoundOptions(
        mode=arguments.sound,
        volume=_number(configuration, "sound.volume"),
        voice=str(configuration["sound.voice"]),
        words_per_minute=int(_number(configuration, "sound.words_per_minute")),
        flash="calm" if flash == "on" and configuration["display.reduced_motion"] else flash,
        sheet=arguments.cue_sheet,
        # What was said is what somebody did: where nothing is kept, it is not either.
        folder=None if arguments.no_history else data_home() / PHRASES,
    )
