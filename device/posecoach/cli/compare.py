"""``posecoach compare``: how alike the poses in two pictures are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from posecoach.cli.posed_pictures import Posed, cut_out, png_path, posed_in, write_scene
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator
from posecoach.coach.two_poses import Likeness, likeness
from posecoach.face.compose_likeness import LIKENESS_WH, LikenessRow, LikenessSheet, compose_likeness
from posecoach.library.metric import FULL, Metric
from posecoach.library.stock import printable


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "compare",
        help="how alike the poses in two pictures are",
        description="Compare the poses in two pictures, of whoever is the most prominent in each: cosine "
        "similarity (1 is alike) and the distances (0 is alike) of the cropped poses as Move Mirror defines "
        "them, the weighted one by how sure A is of each keypoint; and the coach's own score, 0 to 100, of "
        "B held against A. Where the coach cannot judge there is a reason instead of a score.",
    )
    command.add_argument("a", type=Path, metavar="A", help="a picture: how it should be")
    command.add_argument("b", type=Path, metavar="B", help="a picture: how it is")
    command.add_argument(
        "--draw",
        type=png_path,
        metavar="OUT.png",
        help="draw both side by side, each with its pose, and the distances with their names",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare the two pictures."""
    with open_estimator(model_choice(arguments)) as estimator:
        posed = [posed_in(path, estimator) for path in (arguments.a, arguments.b)]
        found = likeness(*(each.pose for each in posed))
        if arguments.draw is not None:
            _draw(arguments, posed, found)
        if arguments.json:
            print(json.dumps(_report(arguments, estimator.model_id, found)))
        else:
            print("\n".join(_lines(arguments, found)))
    return 0


def _report(arguments: argparse.Namespace, model_id: str, found: Likeness) -> dict[str, Any]:
    """What ``--json`` says; distances to 0.0000001, points to 0.1, coverage to 0.001."""

    def rounded(value: float | None, digits: int) -> float | None:
        return None if value is None else round(value, digits)

    return {
        "a": str(arguments.a),
        "b": str(arguments.b),
        "model": model_id,
        "cosine_similarity": rounded(found.cosine_similarity, 7),
        "cosine_distance": rounded(found.cosine_distance, 7),
        "weighted_distance": rounded(found.weighted_distance, 7),
        "euclidean_distance": rounded(found.euclidean_distance, 7),
        "score": rounded(found.score, 1),
        "coverage": rounded(found.coverage, 3),
        "reason": found.reason or None,
        "limbs": {limb.value: rounded(score, 1) for limb, score in found.limbs.items()},
    }


def _lines(arguments: argparse.Namespace, found: Likeness) -> Iterator[str]:
    score = "-" if found.score is None else f"{found.score:.0f}"
    yield f"{arguments.a}, {arguments.b}: {score} of 100, coverage {found.coverage:.0%}"
    if found.reason:
        yield f"  {found.reason}"
    for name, value, alike, _ in _measures(found):
        yield f"  {name:<18}  {_told(value):>5}  ({alike} is alike)"
    limbs = [
        f"{limb.replace('_', ' ')} {value:.0f}" for limb, value in found.limbs.items() if value is not None
    ]
    if limbs:
        yield f"  limbs: {', '.join(limbs)}"


def _measures(found: Likeness) -> tuple[tuple[str, float | None, int, float], ...]:
    """What others have named: name, value, which value is alike, and which is like anything else."""
    return (
        ("cosine similarity", found.cosine_similarity, 1, 1 - FULL[Metric.COSINE] ** 2 / 2),
        ("cosine distance", found.cosine_distance, 0, FULL[Metric.COSINE]),
        ("weighted distance", found.weighted_distance, 0, FULL[Metric.WEIGHTED]),
        ("euclidean distance", found.euclidean_distance, 0, 0.25),
    )


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _draw(arguments: argparse.Namespace, posed: Sequence[Posed], found: Likeness) -> None:
    rows = [
        LikenessRow(name, _told(value), 0.0 if value is None else (value - worst) / (alike - worst))
        for name, value, alike, worst in _measures(found)
    ]
    score = None if found.score is None else found.score / 100
    rows.insert(
        0, LikenessRow("the coach's score", "-" if score is None else f"{100 * score:.0f}", score or 0.0)
    )
    names = [printable(path.name) for path in (arguments.a, arguments.b)]
    pictures = [cut_out(each) for each in posed]
    sheet = LikenessSheet(pictures, names, rows, found.limbs, found.reason)
    write_scene(arguments.draw, compose_likeness(sheet), LIKENESS_WH)
