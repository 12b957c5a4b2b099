"""``posecoach routine check``: is a routine whole, and what is weak about it."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from functools import cache
from typing import Any, Final

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli.recordings import routines
from posecoach.coach.calibration import calibration
from posecoach.coach.routine import Routine
from posecoach.coach.weaknesses import too_like, weaknesses
from posecoach.errors import PosecoachError

WEAK: Final = 1
"""Exit code of ``--strict`` where all are whole and one is weak."""


def add_parser(command: argparse.ArgumentParser) -> None:
    """Add its options."""
    command.description = (
        "Read routines as the coach does, and say what the points mean and what is weak. Nothing is changed. "
        "Exit code 0 where all are whole, however weak; 65 where one is not, 66 where none has the name."
    )
    command.add_argument("routine", metavar="ID", nargs="*", help="default: all of your own")
    command.add_argument("--strict", action="store_true", help=f"exit with {WEAK} where one is weak")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_check)


def run_check(arguments: argparse.Namespace) -> int:
    """Check routines; a broken one is reported, and the others are checked all the same."""
    store = routines()
    code, weak = 0, False
    told: list[dict[str, Any]] = []

    @cache
    def all_here() -> list[Routine]:
        return _readable(store)

    wanted = arguments.routine or store.own_ids()
    for routine_id in wanted:
        try:
            routine = store.load(routine_id)
        except PosecoachError as error:
            told.append({"id": routine_id, "whole": False, "error": str(error)})
            if not arguments.json:
                print(f"posecoach: {error}", file=sys.stderr)
            code = code or error.exit_code
            continue
        reasons = [
            *weaknesses(routine),
            *(
                f"cannot be told from {other!r}: who does the one does the other"
                for other in too_like(routine, all_here())
            ),
        ]
        weak = weak or bool(reasons)
        scale = [each for step in routine.steps for view in step.views for each in calibration(step, view)]
        told.append({"id": routine.id, "whole": True, "weak": reasons, "scale": scale})
        if not arguments.json:
            print(f"{routine.id}: whole{', weak' if reasons else ''}")
            for sentence in scale:
                print(f"  {sentence}")
            for reason in reasons:
                print(f"  weak: {reason}")
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    elif not wanted:
        print("no routine of your own; name one that ships, or make one: posecoach routine import --help")
    return code or (WEAK if weak and arguments.strict else 0)


def _readable(store: RoutineFolders) -> list[Routine]:
    found = []
    for routine_id in store.ids():
        with suppress(PosecoachError):  # reported where it is asked for
            found.append(store.load(routine_id))
    return found
