"""``posecoach library build``: who is in which picture of a folder, by all cores, and never twice."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from posecoach import app
from posecoach.adapters._library_renewal import is_whole
from posecoach.adapters.picture_library import PictureLibrary
from posecoach.cli.progress_bar import ProgressBar
from posecoach.cli.recordings import ModelChoice, stored_model
from posecoach.errors import InputMissing, LibraryError
from posecoach.library.stock import Origin, Stamp, printable
from posecoach.service.crew import Crew, Lost

_TPU: Final = "-edgetpu"
_MOST_WORKERS: Final = 256
_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})


@dataclass(frozen=True, slots=True)
class Built:
    """What a build has done: pictures looked at and refused, and how long that took."""

    read: int
    unreadable: int
    took_s: float


def add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "build",
        help="look at every picture of a folder",
        description="Find the people in every picture of a folder and the folders in it, and keep how they "
        "stand, with a small picture of each. Every picture is kept as soon as it was read: ended in the "
        "middle, the same command goes on where it was. Over the same folder again it looks only at what is "
        "new or has changed, and forgets what is gone. What cannot be read is named, and left out.",
    )
    command.add_argument("folder", type=Path, metavar="DIR", help="a folder of pictures")
    command.add_argument(
        "-o", dest="out", type=Path, required=True, metavar="LIB", help="the library, a file"
    )
    command.add_argument(
        "--model",
        metavar="ID|PATH",
        help="a model of the manifest or a .tflite file (default: PoseNet 481x641)",
    )
    command.add_argument(
        "--workers", type=_workers, metavar="N", help="processes side by side (default: one per core)"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run_build)


def run_build(arguments: argparse.Namespace) -> int:
    """Build it; the exit code."""
    choice = ModelChoice(arguments.model, num_threads=1)
    stored = stored_model(choice)
    found = list(pictures_in(arguments.folder))
    if not found:
        endings = ", ".join(sorted(_SUFFIXES))
        raise InputMissing(f"{arguments.folder}: no picture in it; expected files ending in {endings}")
    # A stick is of one process at a time.
    workers = 1 if stored.model_id.endswith(_TPU) else arguments.workers or len(os.sched_getaffinity(0))
    folder = str(arguments.folder.resolve())
    origin = Origin(folder, stored.model_id, hashlib.sha256(stored.content).hexdigest())
    if is_whole(arguments.out):
        with PictureLibrary(arguments.out) as library:
            require_same(arguments.out, library.origin, origin)
            if library.origin == origin and library.is_of(found):
                _tell(arguments, library, Built(0, 0, 0.0))
                return 0
    with PictureLibrary(arguments.out, to_build=True) as library:
        require_same(arguments.out, library.origin, origin)
        library.begin(origin)
        to_read = library.take_stock(found)
        built = _read_all(library, arguments.folder, to_read, choice, workers)
        library.finish()
        _tell(arguments, library, built)
    return 0


def pictures_in(folder: Path) -> Iterator[Stamp]:
    """Every picture in a folder and the folders in it, by name; what starts with a dot is hidden.

    Raises:
        InputMissing: There is no such folder.
    """
    if not folder.is_dir():
        raise InputMissing(f"{folder}: no such folder of pictures")
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or Path(name).suffix.lower() not in _SUFFIXES:
                continue
            path = Path(where, name)
            try:
                status = path.stat()
                name.encode()
            except UnicodeEncodeError:
                shown = os.fsencode(path).decode("utf-8", "replace")
                print(f"posecoach: left out: {shown}: its name is not UTF-8; rename it", file=sys.stderr)
                continue
            except OSError:  # gone again, or a link to nowhere: whoever reads it says so
                yield Stamp(path.relative_to(folder).as_posix(), 0, 0)
                continue
            yield Stamp(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns)


def require_same(path: Path, before: Origin | None, now: Origin) -> None:
    """Refuse to mix what cannot be mixed in one library.

    Raises:
        LibraryError: It was built from another folder, or with another network.
    """
    if before is None:
        return
    if before.model_sha256 != now.model_sha256:
        raise LibraryError(
            f"{path} was built with {before.model_id}, whose poses are not those of {now.model_id}: "
            f"use --model {before.model_id}, or build another file"
        )
    if before.folder != now.folder and Path(before.folder).is_dir():  # a folder that was moved is the same
        raise LibraryError(
            f"{path} holds the pictures of {before.folder}: build {now.folder} in another file"
        )


def _read_all(
    library: PictureLibrary, folder: Path, to_read: list[tuple[int, str]], choice: ModelChoice, workers: int
) -> Built:
    """Read what is to be read, and keep it."""
    from posecoach.cli.picture_reader import answered, open_reader

    started, unreadable = time.monotonic(), 0
    if not to_read:
        return Built(0, 0, 0.0)
    make, prepare = partial(open_reader, choice), app.import_estimator
    bar = ProgressBar("reading pictures", len(to_read))
    questions = (((number, path), os.fsencode(folder / path)) for number, path in to_read)
    done = 0
    try:
        with Crew[tuple[int, str]](make, min(workers, len(to_read)), prepare=prepare) as crew:
            bar.advance(0)
            for (number, path), answer in crew.answers(questions):
                told = f"{path}: {answer}" if isinstance(answer, Lost) else answered(answer)
                if isinstance(told, str):
                    unreadable += 1
                    library.keep_unreadable(number, told)
                    bar.close()
                    print(f"posecoach: left out: {printable(told)}", file=sys.stderr, flush=True)
                else:
                    library.keep(number, told)
                done += 1
                bar.advance(done)
    except KeyboardInterrupt:
        bar.close()
        print(
            f"posecoach: {done} of {len(to_read)} pictures read; the same command goes on from here",
            file=sys.stderr,
        )
        raise
    bar.close()
    return Built(done - unreadable, unreadable, time.monotonic() - started)


def _tell(arguments: argparse.Namespace, library: PictureLibrary, built: Built) -> None:
    contents = library.contents()
    rate = (built.read + built.unreadable) / built.took_s if built.took_s else 0.0
    if arguments.json:
        document = {
            "library": str(arguments.out),
            "pictures": contents.read,
            "people": contents.people,
            "read_now": built.read,
            "unreadable": contents.unreadable,
            "pictures_per_s": round(rate, 2),
            "problems": [{"image": path, "reason": why} for path, why in library.problems()],
        }
        print(json.dumps(document))
        return
    print(f"{arguments.out}: {contents.people} people in {contents.read} pictures")
    if built.took_s:
        print(f"  {built.read} pictures read now, {rate:.1f} a second")
    else:
        print("  nothing new")
    if contents.unreadable:
        print(f"  {contents.unreadable} could not be read")


def _workers(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST_WORKERS}, got {text!r}")
    return number
