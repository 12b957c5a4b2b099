"""``posecoach library search``: whoever stands like the person in a picture."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from posecoach.adapters.picture_library import PictureLibrary
from posecoach.cli.posed_pictures import Posed, cut_out, picture_of, png_path, posed_in, twin_of, write_scene
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator
from posecoach.errors import LibraryError
from posecoach.face.compose_sheet import Sheet, SheetEntry, compose_sheet, sheet_wh
from posecoach.library.metric import FULL, Metric, asked
from posecoach.library.pose_index import Found
from posecoach.library.stock import PersonFound, printable

_MOST: Final = 1000
_MOST_ON_SHEET: Final = 60
_NAMES: Final = {Metric.COSINE: "cosine distance", Metric.WEIGHTED: "weighted distance"}
_KEYS: Final = {Metric.COSINE: "cosine_distance", Metric.WEIGHTED: "weighted_distance"}


class Hit(NamedTuple):
    """A place in the index, and who is there."""

    found: Found
    person: PersonFound


def add_search(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "search",
        help="find who stands like the person in a picture",
        description="Find those in a library who stand like the most prominent person in a picture, nearest "
        "first; all of them are looked through, as they are and mirrored. The pose is found by the network "
        "that the library was built with, unless --model says another.",
        epilog="Of pictures that are equally near, the first in the library is first.",
    )
    command.add_argument("library", type=Path, metavar="LIB")
    command.add_argument("image", type=Path, metavar="IMAGE")
    command.add_argument("--top", type=_top, default=10, metavar="K", help="how many (default: %(default)s)")
    command.add_argument(
        "--metric",
        choices=[str(metric) for metric in Metric],
        default=str(Metric.COSINE),
        help="as in compare; weighted counts a keypoint as far as IMAGE shows it (default: %(default)s)",
    )
    command.add_argument(
        "--sheet",
        type=png_path,
        metavar="OUT.png",
        help="draw what was found as on a light table, with distances",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    add_model_option(command)
    command.set_defaults(run=run_search)


def run_search(arguments: argparse.Namespace) -> int:
    """Search; the exit code."""
    metric = Metric(arguments.metric)
    with PictureLibrary(arguments.library) as library:
        origin, contents = library.origin, library.contents()
        if origin is None or not contents.people:
            raise LibraryError(f"{arguments.library}: nobody is in it yet; build it first")
        if contents.to_read:
            print(
                f"posecoach: {contents.to_read} pictures of {arguments.library} are still to be read: "
                f"posecoach library build {printable(origin.folder)} -o {arguments.library} goes on",
                file=sys.stderr,
            )
        choice = model_choice(arguments)
        with open_estimator(choice._replace(name=choice.name or origin.model_id)) as estimator:
            posed = posed_in(arguments.image, estimator)
            twin = twin_of(posed, estimator)
        index = library.index()
        wanted = asked(posed.pose.keypoints_xy, posed.pose.keypoint_scores, metric, seen_twin=twin)
        hits = [Hit(found, library.person(found.at)) for found in index.nearest(wanted, arguments.top)]
        if arguments.sheet is not None:
            _draw(arguments, metric, posed, hits, len(index))
        if arguments.json:
            print(json.dumps(_report(arguments, metric, hits, origin.folder)))
        else:
            print("\n".join(_lines(arguments, metric, hits, len(index))))
    return 0


def _report(arguments: argparse.Namespace, metric: Metric, hits: list[Hit], folder: str) -> dict[str, Any]:
    """What ``--json`` says; distances to 0.000001."""
    return {
        "image": str(arguments.image),
        "library": str(arguments.library),
        "metric": str(metric),
        "results": [
            {
                "rank": rank,
                "image": str(Path(folder, person.path)),
                "person": person.number,
                _KEYS[metric]: round(found.distance, 6),
                "mirrored": found.mirrored,
                "keypoints": [
                    [round(float(x), 2), round(float(y), 2), round(float(score), 4)]
                    for (x, y), score in zip(
                        person.kept.pose.keypoints_xy, person.kept.pose.keypoint_scores, strict=True
                    )
                ],
            }
            for rank, (found, person) in enumerate(hits, start=1)
        ],
    }


def _lines(arguments: argparse.Namespace, metric: Metric, hits: list[Hit], among: int) -> Iterator[str]:
    yield f"{arguments.image}: nearest of {among} people by {_NAMES[metric]} (0 is alike)"
    for rank, (found, person) in enumerate(hits, start=1):
        mirrored = "  mirrored" if found.mirrored else ""
        yield f"  {rank:3d}  {found.distance:.3f}  {_named(person)}{mirrored}"
    if arguments.sheet is not None:
        yield f"  {arguments.sheet} shows them"


def _named(person: PersonFound) -> str:
    """A person by their picture, and which of its people unless it is the first."""
    name = printable(person.path)
    return f"{name} (person {person.number + 1})" if person.number else name


def _draw(arguments: argparse.Namespace, metric: Metric, posed: Posed, hits: list[Hit], among: int) -> None:
    entries = [
        SheetEntry(picture_of(person), _named(person), found.distance, found.mirrored)
        for found, person in hits[:_MOST_ON_SHEET]
    ]
    people = f"nearest {len(entries)} of {among}"
    sheet = Sheet(
        cut_out(posed), printable(arguments.image.name), _NAMES[metric], FULL[metric], people, entries
    )
    write_scene(arguments.sheet, compose_sheet(sheet), sheet_wh(len(entries)))


def _top(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST}, got {text!r}")
    return number
