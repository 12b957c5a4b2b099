"""The options that say how a person's body differs from the recording's."""

from __future__ import annotations

import argparse
from pathlib import Path

from posecoach.adapters.body_file import read_body
from posecoach.adapters.data_home import data_home
from posecoach.adapters.person_file import body_path
from posecoach.coach.body_limits import AS_RECORDED, PARTS, BodyDifferences, left_out
from posecoach.coach.named_person import NamedPerson
from posecoach.errors import BodyError, PersonError


def add_body_options(command: argparse.ArgumentParser) -> None:
    """Add ``--without``, ``--seated`` and ``--body``."""
    group = command.add_argument_group("the person's body", "Nothing is asked of what is left out.")
    group.add_argument(
        "--without",
        type=_parts,
        default=(),
        metavar="PART[,PART...]",
        help="what is absent, in a brace, or not to be judged: a limb (left_arm), or a joint (right_knee) "
        f"with what hangs on it; one of {', '.join(PARTS)}",
    )
    group.add_argument(
        "--seated",
        action="store_true",
        help="the person sits: of an exercise done standing, the legs are left out",
    )
    group.add_argument(
        "--body",
        type=Path,
        metavar="FILE.toml",
        help='the same from a file: without = ["left_arm"], seated = true; the options add to it',
    )


def body_of(arguments: argparse.Namespace, otherwise: BodyDifferences = AS_RECORDED) -> BodyDifferences:
    """What the options of `add_body_options` say.

    Args:
        arguments: Of the command line.
        otherwise: Where they say nothing at all.

    Raises:
        InputMissing: There is no such file.
        BodyError: The file says something else.
    """
    if not (arguments.body or arguments.without or arguments.seated):
        return otherwise
    written = read_body(arguments.body) if arguments.body else BodyDifferences()
    without = tuple(dict.fromkeys((*written.without, *arguments.without)))
    return BodyDifferences(without, arguments.seated or written.seated)


def body_known(person: NamedPerson | None, otherwise: BodyDifferences = AS_RECORDED) -> BodyDifferences:
    """What is known of a person's body by their name; `otherwise` where there is no file of theirs.

    Raises:
        BodyError: The file says something else.
    """
    path = body_path(data_home(), person) if person else None
    return read_body(path) if path and path.exists() else otherwise


def person(text: str) -> NamedPerson:
    """A person's name, from a command line."""
    try:
        return NamedPerson(text)
    except PersonError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip().lower().replace(" ", "_") for part in text.split(",") if part.strip())
    try:
        left_out(parts)
    except BodyError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return parts
