"""``posecoach compare``: how alike the poses in two pictures are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from posecoach.cli.recordings import add_model_option, model_choice, open_estimator
from posecoach.coach.person import PersonChoice
from posecoach.coach.two_poses import Likeness, likeness
from posecoach.errors import MediaError
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.pose import PoseEstimate


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
    command.add_argument("--json", action="store_true", help="print JSON")
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare the two pictures."""
    with open_estimator(model_choice(arguments)) as estimator:
        poses = [_pose_in(path, estimator) for path in (arguments.a, arguments.b)]
        found = likeness(*poses)
        if arguments.json:
            print(json.dumps(_report(arguments, estimator.model_id, found)))
        else:
            print("\n".join(_lines(arguments, found)))
    return 0


def _pose_in(path: Path, estimator: PoseEstimator) -> PoseEstimate:
    """The pose of the most prominent person in a picture.

    Raises:
        InputMissing: There is no such picture.
        MediaError: It cannot be read, or nobody is in it.
    """
    from posecoach.adapters.pictures import read_picture

    frame = Frame(index=0, captured_at=0.0, image=read_picture(path))
    chosen = PersonChoice().choose(
        0.0, [pose.within(frame.wh) for pose in estimator.estimate(frame)], frame.wh
    )
    if chosen is None:
        raise MediaError(
            f"{path}: nobody found in the picture; show one person, well lit and from head to foot"
        )
    return chosen


def _report(arguments: argparse.Namespace, model_id: str, found: Likeness) -> dict[str, Any]:
    """What ``--json`` says; distances to 0.0001, points to 0.1, coverage to 0.001."""

    def rounded(value: float | None, digits: int) -> float | None:
        return None if value is None else round(value, digits)

    return {
        "a": str(arguments.a),
        "b": str(arguments.b),
        "model": model_id,
        "cosine_similarity": rounded(found.cosine_similarity, 4),
        "cosine_distance": rounded(found.cosine_distance, 4),
        "weighted_distance": rounded(found.weighted_distance, 4),
        "euclidean_distance": rounded(found.euclidean_distance, 4),
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
    for name, value, alike in (
        ("cosine similarity", found.cosine_similarity, 1),
        ("cosine distance", found.cosine_distance, 0),
        ("weighted distance", found.weighted_distance, 0),
        ("euclidean distance", found.euclidean_distance, 0),
    ):
        told = "    -" if value is None else f"{value:.3f}"
        yield f"  {name:<18}  {told}  ({alike} is alike)"
    limbs = [
        f"{limb.replace('_', ' ')} {value:.0f}" for limb, value in found.limbs.items() if value is not None
    ]
    if limbs:
        yield f"  limbs: {', '.join(limbs)}"
