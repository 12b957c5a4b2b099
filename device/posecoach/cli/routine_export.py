"""``posecoach routine export``: a routine as one file, to be handed on."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import posecoach
from posecoach.adapters.exchange_file import SUFFIX, RoutineFile, kept_file, routine_file
from posecoach.adapters.ssh_signature import sign
from posecoach.cli.arrival import shelf_of
from posecoach.cli.recordings import routines
from posecoach.errors import ExchangeError, OutputError
from posecoach.whole_file import write_whole

_SHIPPED: Final = ("posecoach", "Apache-2.0")


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action."""
    command = actions.add_parser(
        "export",
        help="one file of a routine, with checksums, to be handed on",
        description="Write a routine as one file, which `posecoach routine install` or a stick takes to "
        "other boxes. The same routine gives the same file.",
    )
    command.add_argument("routine", metavar="ID")
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=f"or a folder; ID{SUFFIX} by default"
    )
    command.add_argument("--author", metavar="NAME", help="who made it, as people are told")
    command.add_argument("--licence", metavar="TEXT", help="how it may be passed on, such as CC-BY-4.0")
    command.add_argument(
        "--sign",
        type=Path,
        metavar="KEY",
        help="a key of SSH, as `ssh-keygen -t ed25519` makes it: whoever knows it is told that it is yours",
    )
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    file = _file(arguments)
    if arguments.sign is not None:
        file = replace(file, signature=sign(file.signed, arguments.sign))
    path = arguments.output or Path(f"{file.manifest.id}{SUFFIX}")
    path = path / f"{file.manifest.id}{SUFFIX}" if path.is_dir() else path
    content = file.packed()
    if not path.name:
        raise OutputError(f"{path}: is no name of a file")
    write_whole(path, content)
    manifest = file.manifest
    if arguments.json:
        told = {"file": str(path), "id": manifest.id, "name": manifest.name, "size_bytes": len(content)}
        who = {"author": manifest.author or None, "licence": manifest.licence or None}
        print(json.dumps(told | who | {"signed": file.signature is not None}))
        return 0
    by = f"by {manifest.author}" if manifest.author else "by nobody who says so (--author)"
    signed = "signed" if file.signature is not None else "not signed (--sign)"
    size = f"{len(file.parts)} files, {-(-len(content) // 1000)} kB"
    print(f"{path}: {manifest.name}, {by}, {signed}; {size}")
    print(f"next: posecoach routine install {path}")
    return 0


def _file(arguments: argparse.Namespace) -> RoutineFile:
    """What is written, before it is signed anew."""
    store = routines()
    place = store.path(arguments.routine)
    routine, files = shelf_of(store).whole(place)
    kept = kept_file(files)
    told = (arguments.author, arguments.licence)
    if kept is not None and told == (None, None):
        return kept  # as it came, with its signature
    stored_with = {name: files[name] for name in files if not name.startswith("manifest.json")}
    if kept is None and len(stored_with) < len(files) and arguments.author is None:
        raise ExchangeError(
            f"{place.name} was changed since it was installed: whoever made it has not made this; say whose "
            "it is with --author"
        )
    author, licence = ("", "") if store.is_own(arguments.routine) else _SHIPPED
    if kept is not None:
        author, licence = kept.manifest.author, kept.manifest.licence
    return routine_file(
        routine.id,
        routine.name,
        stored_with,
        author=author if arguments.author is None else arguments.author.strip(),
        licence=licence if arguments.licence is None else arguments.licence.strip(),
        made_with=f"posecoach {posecoach.__version__}",
    )
