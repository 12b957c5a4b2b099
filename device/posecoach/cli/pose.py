"""``posecoach pose``: poses in pictures."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.cli.posed_pictures import png_path
from posecoach.cli.recordings import add_model_option, model_choice, stored_model
from posecoach.errors import PosecoachError
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint
from posecoach.vision.letterbox import Resize
from posecoach.vision.multi_pose import DecodeOptions
from posecoach.vision.sketch import sketched

_ABREAST: Final = 4  # people side by side in a table that fits a terminal
_LEAST_SCALE: Final = 0.2


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    defaults = DecodeOptions()
    command = subparsers.add_parser(
        "pose",
        help="poses in pictures",
        description="Find people in pictures: 17 keypoints each, in image pixels, with scores from 0 to 1.",
        epilog="With --json: one object, or one a line for several pictures. A picture that cannot be read "
        "is reported and the others are done; the exit code is then that of the first failure.",
    )
    command.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    command.add_argument("--single", action="store_true", help="expect one person; faster, but mixes several")
    command.add_argument(
        "--max-poses",
        type=_number(int, 1, math.inf),
        default=defaults.max_poses,
        metavar="N",
        help="most people to report (default: %(default)s)",
    )
    command.add_argument(
        "--score-threshold",
        type=_number(float, 0, 1),
        default=defaults.score_threshold,
        metavar="T",
        help="least score of a person, and of the keypoint where the search for one begins "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--nms-radius",
        type=_number(float, 0, 1e6),
        default=defaults.nms_radius_px,
        metavar="PX",
        help="two people whose same keypoint is this near are one, in pixels of the network's input "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--scale-factor",
        type=_number(float, _LEAST_SCALE, 1),
        default=1.0,
        metavar="F",
        help=f"{_LEAST_SCALE} to 1: shrink the picture inside the network's input; for people who fill it "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--flip-horizontal",
        action="store_true",
        help="the picture is a mirror image, as webcams give: look at it the right way round, and give "
        "positions in it the right way round",
    )
    command.add_argument(
        "--resize",
        choices=[str(resize) for resize in Resize],
        default=str(Resize.LETTERBOX),
        help="keep the picture's shape, or fill the network's input (default: %(default)s)",
    )
    add_model_option(command)
    command.add_argument(
        "--draw",
        type=png_path,
        metavar="OUT.png",
        help="draw the poses: the subject's left blue, right orange, faint where uncertain, with the score; "
        "several pictures go to OUT-1.png, OUT-2.png and so on, in the order given",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find the poses; the exit code."""
    code = 0
    with _open_estimator(arguments) as estimator:
        for place, path in enumerate(arguments.images):
            try:
                _one_picture(path, place, estimator, arguments)
            except PosecoachError as error:
                print(f"posecoach: {error}", file=sys.stderr)
                code = code or error.exit_code
    return code


def _open_estimator(arguments: argparse.Namespace) -> PoseEstimator:
    from posecoach import app

    choice = model_choice(arguments)
    stored = stored_model(choice)
    return app.open_estimator(
        stored.content,
        stored.model_id,
        options=DecodeOptions(
            max_poses=arguments.max_poses,
            score_threshold=arguments.score_threshold,
            nms_radius_px=arguments.nms_radius,
        ),
        single=arguments.single,
        resize=Resize(arguments.resize),
        scale_factor=arguments.scale_factor,
        flip_horizontal=arguments.flip_horizontal,
        num_threads=choice.num_threads,
        tpu=choice.tpu,
    )


def _one_picture(path: Path, place: int, estimator: PoseEstimator, arguments: argparse.Namespace) -> None:
    from posecoach.adapters.pictures import read_picture, write_png

    image = read_picture(path)
    poses = estimator.estimate(Frame(index=place, captured_at=0.0, image=image))
    if arguments.json:
        print(json.dumps(pose_json(path, image, estimator.model_id, poses)), flush=True)
    else:
        print("\n".join(_table(path, image, estimator.model_id, poses)), flush=True)
    if arguments.draw is not None:
        seen = image[:, ::-1] if arguments.flip_horizontal else image
        write_png(_drawing(arguments.draw, place, len(arguments.images)), sketched(seen, poses))


def pose_json(
    path: Path, image: NDArray[np.uint8], model_id: str, poses: Sequence[PoseEstimate]
) -> dict[str, Any]:
    """What ``--json`` says about one picture; positions to 0.001 px, scores to 0.000001."""
    height, width, _ = image.shape
    return {
        "image": str(path),
        "width": width,
        "height": height,
        "model": model_id,
        "poses": [
            {
                "score": round(pose.score, 6),
                "keypoints": [
                    {
                        "part": keypoint.part,
                        "position": {
                            "x": round(float(pose.keypoints_xy[keypoint, 0]), 3),
                            "y": round(float(pose.keypoints_xy[keypoint, 1]), 3),
                        },
                        "score": round(float(pose.keypoint_scores[keypoint]), 6),
                    }
                    for keypoint in Keypoint
                ],
            }
            for pose in poses
        ],
    }


def _table(
    path: Path, image: NDArray[np.uint8], model_id: str, poses: Sequence[PoseEstimate]
) -> Iterator[str]:
    """One picture for a reader: people side by side, keypoints one below the other."""
    people = {0: "nobody found", 1: "1 person"}.get(len(poses), f"{len(poses)} people")
    yield f"{path}: {image.shape[1]} x {image.shape[0]}, {people} ({model_id})"
    for first in range(0, len(poses), _ABREAST):
        group = poses[first : first + _ABREAST]
        heads = (f"{f'person {first + i}':>12} {pose.score:.2f}" for i, pose in enumerate(group, start=1))
        yield f"  {'':<14}" + "  ".join(heads)
        for keypoint in Keypoint:
            cells = (
                f"{pose.keypoints_xy[keypoint, 0]:6.0f}{pose.keypoints_xy[keypoint, 1]:6.0f} "
                f"{pose.keypoint_scores[keypoint]:.2f}"
                for pose in group
            )
            yield f"  {keypoint.part:<14}" + "  ".join(cells)


def _drawing(out: Path, place: int, images: int) -> Path:
    """Where the drawing of picture number `place` (from 0) goes."""
    return out if images == 1 else out.with_name(f"{out.stem}-{place + 1}{out.suffix}")


def _number(kind: type[int] | type[float], least: float, most: float) -> Callable[[str], float]:
    """A parser of numbers in a range, for argparse."""

    def parse(text: str) -> float:
        try:
            number = kind(text)
        except ValueError:
            number = math.nan  # inside no range
        if not least <= number <= most:
            wanted = "a whole number" if kind is int else "a number"
            bounds = f"of at least {least}" if most == math.inf else f"from {least} to {most:g}"
            raise argparse.ArgumentTypeError(f"must be {wanted} {bounds}, got {text!r}")
        return number

    return parse
