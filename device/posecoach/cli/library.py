"""``posecoach library``: pictures by pose."""

from __future__ import annotations

import argparse

from posecoach.cli.library_build import add_build
from posecoach.cli.library_search import add_search


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "library",
        help="find pictures by pose",
        description="A library is one file: how everybody in a folder of pictures stands, and a small "
        "picture of each. It can be searched, and stood before, without the pictures themselves.",
    )
    commands = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_build(commands)
    add_search(commands)
