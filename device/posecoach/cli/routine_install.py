"""``posecoach routine install``, ``remove`` and ``restore``: routines come to a box, and go from it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from posecoach.adapters.exchange_file import SUFFIX, routine_files
from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.ssh_signature import Trust
from posecoach.cli.arrival import (
    Arrival,
    State,
    install,
    look_at,
    own_folder,
    rules_here,
    shelf_of,
    unwanted,
)
from posecoach.cli.recordings import routines
from posecoach.errors import ExchangeError, InputMissing, OutputError, PosecoachError, RoutineError


def add_parsers(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions."""
    command = actions.add_parser(
        "install",
        help="take in a routine that somebody hands on",
        description="Check a routine's file (checksums, signature, the routine itself) and have it here, "
        "whole or not at all. The same file again changes nothing.",
    )
    command.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help=f"or a folder with *{SUFFIX}, such as a stick"
    )
    command.add_argument(
        "--trust",
        type=Path,
        metavar="ALLOWED_SIGNERS",
        help="whose keys are known, in OpenSSH's form (default: allowed_signers beside the configuration)",
    )
    command.add_argument(
        "--replace",
        action="store_true",
        help="have it in the place of another of the same id, which is kept aside",
    )
    command.add_argument("--id", metavar="ID", help="what to call it here, if not as it says itself")
    command.add_argument("--dry-run", action="store_true", help="look at it, and change nothing")
    command.add_argument("--json", action="store_true", help="one object a line")
    command.set_defaults(run=run_install)

    removed = actions.add_parser("remove", help="take a routine of your own away; it is kept aside")
    removed.add_argument("routine", metavar="ID")
    removed.set_defaults(run=run_remove)

    restored = actions.add_parser("restore", help="bring back what was removed or replaced")
    restored.add_argument("routine", metavar="ID")
    restored.set_defaults(run=run_restore)


def run_install(arguments: argparse.Namespace) -> int:
    """Take in each file; one that is refused keeps nobody from the others."""
    rules, store = rules_here(arguments.trust), routines()
    code = 0
    paths = list(_paths(arguments.files))
    if arguments.id is not None and len(paths) > 1:
        raise RoutineError(f"--id is for one file, got {len(paths)}")
    for path in paths:
        try:
            arrival = look_at(path, rules, store, arguments.id)
            told = _taken_in(arrival, store, arguments)
        except PosecoachError as error:
            code = code or error.exit_code
            if arguments.json:
                why = "not_written" if isinstance(error, OutputError) else "broken"
                told = {"file": str(path), "state": "refused", "why": why, "reason": str(error)}
                print(json.dumps(told), flush=True)
            else:
                print(f"posecoach: {error}", file=sys.stderr, flush=True)
            continue
        if arguments.json:
            code = code or (ExchangeError.exit_code if told["state"] == "refused" else 0)
            print(json.dumps(told), flush=True)
        else:
            print("\n".join(_in_words(arrival, told)), flush=True)
    return code


def run_remove(arguments: argparse.Namespace) -> int:
    """Take a routine away."""
    store = routines()
    id_ = arguments.routine
    if id_ not in store.own_ids():
        if id_ in store.ids():
            raise RoutineError(f"{id_} ships with posecoach and stays")
        known = ", ".join(store.own_ids()) or "none"
        raise InputMissing(f"no routine {id_!r} of your own; there are: {known}")
    with folder_lock(own_folder(), lambda: None):
        kept = shelf_of(store).remove(id_)
    print(f"{id_}: removed; kept aside as {kept}, for: posecoach routine restore {id_}")
    if id_ in store.ids():
        print(f"  the {id_} that ships with posecoach is seen again")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Bring back what was kept aside."""
    store = routines()
    with folder_lock(own_folder(), lambda: None):
        swapped = shelf_of(store).restore(arguments.routine)
    name = store.load(arguments.routine).name
    also = "; the one that was here is kept aside now, the same command brings it back" if swapped else ""
    print(f"{arguments.routine}: {name} is back{also}")
    return 0


def _paths(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        if not path.is_dir():
            yield path
            continue
        found, more = routine_files(path)
        if not found:
            raise InputMissing(f"{path}: no routine's file (*{SUFFIX}) in this folder")
        if more:
            print(
                f"posecoach: {path}: too much in it to look at all of it; {len(found)} routines' files are "
                "looked at",
                file=sys.stderr,
                flush=True,
            )
        yield from found


def _taken_in(arrival: Arrival, store: RoutineFolders, arguments: argparse.Namespace) -> dict[str, Any]:
    """What was done with it, or would be, as JSON has it."""
    if reason := unwanted(arrival, replace=arguments.replace):
        if not arguments.json:
            raise ExchangeError(f"{arrival.path}: {reason}")
        why = "unsigned" if arrival.state is State.REFUSED else "other"
        return arrival.told() | {"state": "refused", "why": why, "reason": reason}
    if arguments.dry_run:
        done = {State.SAME: "unchanged", State.NEW: "would_install"}.get(arrival.state, "would_replace")
        return arrival.told() | {"state": done}
    replaced = install(arrival, store, replace=arguments.replace)
    done = "unchanged" if arrival.state is State.SAME else "replaced" if replaced else "installed"
    return arrival.told() | {"state": done, "folder": str(store.path(arrival.id))}


def _in_words(arrival: Arrival, told: dict[str, Any]) -> Iterator[str]:
    manifest, signed = arrival.file.manifest, arrival.signed
    by = f"by {manifest.author}" if manifest.author else "by nobody who says so"
    how = {
        Trust.UNSIGNED: "not signed",
        Trust.UNKNOWN: "signed with a key that is not known here"
        if signed.key
        else "signed, and ssh-keygen is not here to look at it",
        Trust.KNOWN: f"signed by {signed.by}",
    }[signed.trust]
    yield f"{arrival.id}: {manifest.name}, {by}, {how}{f' ({signed.key})' if signed.key else ''}"
    if signed.trust is Trust.UNKNOWN:
        yield "  whoever you know stands in the allowed signers: --trust, or exchange.signers"
    licence = manifest.licence or "no licence is told"
    yield f"  {licence}; made with {manifest.made_with or 'nobody says what'}"
    yield {
        "unchanged": "  is here already: nothing changed",
        "would_install": "  would be installed",
        "would_replace": "  would take the place of the one that is here",
        "installed": f"  installed: {told.get('folder')}",
        "replaced": f"  in its place now; the one before: posecoach routine restore {arrival.id}",
    }[told["state"]]
    if told["state"] in ("installed", "replaced"):
        yield f"next: posecoach run --routine {arrival.id}"
