"""What a command line does not say is as this box is set."""

from __future__ import annotations

import argparse
import sys

from posecoach.adapters.configuration import Configuration, device_file, load_or_last_good
from posecoach.adapters.data_home import data_home
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.look import Look, PictureMode
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.session import SessionOptions
from posecoach.errors import ConfigurationError

_KEYS = {
    "camera": "camera.source",
    "model": "model.id",
    "threads": "model.threads",
    "tpu": "model.tpu",
    "display": "display.mode",
    "picture": "display.picture",
    "routine": "run.routine",
    "duration": "run.duration_s",
}
"""Options of a command line, each `None` where it was not given, and the keys that stand for them."""


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
    arguments.kiosk = arguments.kiosk or bool(configuration["run.kiosk"])
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
    if arguments.record_screen is not None:
        raise ConfigurationError("a kiosk (--kiosk, run.kiosk) keeps nothing: leave out --record-screen")
    arguments.no_history = True


def body_here(configuration: Configuration) -> BodyDifferences:
    """Whom this box is for."""
    without = configuration["body.without"]
    assert isinstance(without, list)  # as it is in the defaults
    return BodyDifferences(tuple(without), bool(configuration["body.seated"]))


def session_options(configuration: Configuration, body: BodyDifferences) -> SessionOptions:
    """When a session begins, as this box is set."""
    return SessionOptions(
        place_s=_number(configuration, "session.place_s"),
        countdown_s=_number(configuration, "session.countdown_s"),
        body=body,
    )


def look_of(configuration: Configuration, arguments: argparse.Namespace) -> Look:
    """How the screen says things, as this box is set and as the command line has it."""
    return Look(
        picture=PictureMode(arguments.picture),
        large=bool(configuration["display.large_type"]),
        calm=bool(configuration["display.reduced_motion"]),
        light=bool(configuration["display.bright_room"]),
    )


def _number(configuration: Configuration, key: str) -> float:
    value = configuration[key]
    assert isinstance(value, (int, float))  # as it is in the defaults
    return value
