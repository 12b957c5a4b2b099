"""What a command line does not say is as this box is set."""

from __future__ import annotations

import argparse
import sys
from typing import Final, Literal, cast

from posecoach.adapters.configuration import Configuration, device_file, load_or_last_good
from posecoach.adapters.data_home import data_home
from posecoach.cli.aloud import SoundOptions
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.session import SessionOptions

PHRASES: Final = "phrases"
"""Folder of what was said before, among what this box keeps."""
_KEYS = {
    "camera": "camera.source",
    "model": "model.id",
    "threads": "model.threads",
    "tpu": "model.tpu",
    "display": "display.mode",
    "sound": "sound.mode",
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
    return configuration


def session_options(configuration: Configuration, body: BodyDifferences) -> SessionOptions:
    """When a session begins, as this box is set."""
    return SessionOptions(
        place_s=float(configuration["session.place_s"]),
        countdown_s=float(configuration["session.countdown_s"]),
        body=body,
    )


def sound_options(configuration: Configuration, arguments: argparse.Namespace) -> SoundOptions:
    """What is heard, as this box is set and a command line says."""
    return SoundOptions(
        mode=arguments.sound,
        volume=float(configuration["sound.volume"]),
        voice=str(configuration["sound.voice"]),
        words_per_minute=int(configuration["sound.words_per_minute"]),
        flash=cast(Literal["off", "on", "calm"], configuration["sound.flash"]),
        sheet=arguments.cue_sheet,
        folder=data_home() / PHRASES,
    )
