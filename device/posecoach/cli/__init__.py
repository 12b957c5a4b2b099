"""The command line: one module per command, one line per error."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import posecoach
from posecoach.cli import (
    bench,
    compare,
    config,
    demo,
    doctor,
    history,
    library,
    mirror,
    models,
    pose,
    programme,
    recognise,
    routine,
    run,
    score,
    track,
)
from posecoach.errors import PosecoachError

COMMANDS = (
    demo,
    run,
    pose,
    compare,
    track,
    score,
    recognise,
    routine,
    programme,
    models,
    history,
    library,
    mirror,
    config,
    doctor,
    bench,
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="posecoach",
        description="A coach in a box: watches a movement, scores it against a stored routine, says what to "
        "change; offline.",
        epilog="Exit codes: 0 done, 2 usage, 65 bad input, 66 no such input, 69 device or model not "
        "available, 74 cannot write, 78 configuration.",
    )
    top.add_argument("--version", action="version", version=f"posecoach {posecoach.__version__}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except PosecoachError as error:
        print(f"posecoach: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # somebody closed the pipe, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("posecoach: interrupted", file=sys.stderr)
        return 130
    return code
