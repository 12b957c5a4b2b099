"""OKS-AP on COCO pictures, by model: our pipeline beside the official decoder, fed as its authors feed it.

Ours: the picture letterboxed, our decoder. Official: the picture stretched to the network's input with
nearest neighbour, as project-posenet does, and the operator's own semantics, tie order included (the naive
decoder of the tests, which reproduces the operator on all golden heads). Same file, same interpreter, same
thresholds. MoveNet has no decoder to compare: stretched and seen once, as Coral's example does it. The
judge is pycocotools.

The pictures are few and from the set that the published networks were trained on: the figures compare
pipelines, they say nothing about a network. The difference of AP comes with its 95 % interval, by drawing
the pictures anew, both pipelines on the same draw. Ends with an error where ours is worse beyond that.

Usage: python tests/bench/coco.py [MODEL...] [--threshold T] [--draws N]
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests")]

from naive_multi_pose import naive_decode  # noqa: E402
from posecoach.adapters.litert_estimator import LiteRtEstimator  # noqa: E402
from posecoach.adapters.model_store import ModelStore  # noqa: E402
from posecoach.adapters.movenet_estimator import MoveNetEstimator  # noqa: E402
from posecoach.adapters.pictures import read_picture  # noqa: E402
from posecoach.frame import Frame  # noqa: E402
from posecoach.pose import PoseEstimate  # noqa: E402
from posecoach.vision.letterbox import Resize  # noqa: E402
from posecoach.vision.multi_pose import DecodeOptions  # noqa: E402

SHARED = Path(os.environ.get("POSECOACH_SHARED", ROOT.parent / "shared"))
PICTURES = SHARED / "data" / "images" / "coco"
TRUTH = PICTURES / "person_keypoints.json"
MODELS = (
    "posenet-mobilenet-075-353x481",
    "posenet-mobilenet-075-481x641",
    "posenet-mobilenet-075-721x1281",
    "movenet-lightning",
)
COLUMNS = {"AP": 0, "AP50": 1, "AP75": 2, "AP medium": 3, "AP large": 4, "AR": 5}
"""Places in COCOeval's summary of keypoints."""

Found = list[PoseEstimate]


def main() -> int:
    chosen = _options()
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError:
        print(f"the judge is missing: {sys.executable} -m pip install pycocotools")
        return 69
    options = DecodeOptions(score_threshold=chosen.threshold)
    store = ModelStore(environ={**os.environ, "POSECOACH_MODELS": str(SHARED / "models")})
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(TRUTH))
    images = {each["id"]: read_picture(PICTURES / each["file_name"]) for each in truth.dataset["images"]}
    print(f"{len(images)} pictures; at most {options.max_poses} people, score >= {options.score_threshold}")
    print(f"{'':32s}{'':10s}people" + "".join(f"{name:>10s}" for name in COLUMNS))
    worse = []
    for model in chosen.models:
        judges = {}
        for pipeline, seen in _pipelines(store.resolve(model).content, model, options):
            found = {number: seen(Frame(0, 0.0, image)) for number, image in images.items()}
            judges[pipeline] = judged(COCOeval, truth, found)
            stats = judges[pipeline].stats
            cells = "".join(f"{100 * stats[place]:10.1f}" for place in COLUMNS.values())
            print(f"{model:32s}{pipeline:10s}{sum(map(len, found.values())):6d}{cells}", flush=True)
        low, high = 100 * differences(judges["ours"], judges["official"], chosen.draws)
        difference = 100 * (judges["ours"].stats[0] - judges["official"].stats[0])
        print(f"{model:32s}ours - official {difference:+6.1f}   95 % {low:+.1f} to {high:+.1f}", flush=True)
        if high < 0:
            worse.append(model)
    if worse:
        print(f"worse than the official pipeline: {', '.join(worse)}")
    return 1 if worse else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--threshold", type=float, default=DecodeOptions().score_threshold)
    parser.add_argument("--draws", type=int, default=300, help="of the pictures, for the interval")
    return parser.parse_args()


def _pipelines(
    model: bytes, model_id: str, options: DecodeOptions
) -> Iterator[tuple[str, Callable[[Frame], Found]]]:
    """Each pipeline's name and what it sees in a picture."""
    if model_id.startswith("movenet"):
        threshold = options.score_threshold
        with MoveNetEstimator(model, model_id=model_id, score_threshold=threshold) as ours:
            yield "ours", ours.estimate
        with MoveNetEstimator(
            model, model_id=model_id, score_threshold=threshold, resize=Resize.STRETCH
        ) as once:
            yield "official", lambda frame: once.place(once.decode(once.infer(once.prepare(frame))), frame)
        return
    with LiteRtEstimator(model, model_id=model_id, options=options) as ours:
        yield "ours", ours.estimate
    with LiteRtEstimator(model, model_id=model_id, options=options, resize=Resize.STRETCH) as stretched:
        yield "official", lambda frame: _official(stretched, frame, options)


def _official(stretched: LiteRtEstimator, frame: Frame, options: DecodeOptions) -> Found:
    heads = stretched.infer(stretched.prepare(frame))
    parts = (heads.heatmaps, heads.short_offsets, heads.mid_offsets)
    poses = naive_decode(
        tuple(part.values for part in parts),
        [(part.scale, part.zero_point) for part in parts],
        heads.output_stride,
        options.max_poses,
        options.score_threshold,
        options.nms_radius_px,
        ties="heap",
    )
    return stretched.place(
        [PoseEstimate(np.array(pose.yx)[:, ::-1], np.array(pose.scores), pose.score) for pose in poses], frame
    )


def judged(evaluation: Any, truth: Any, found: dict[int, Found]) -> Any:
    """COCOeval, done with the poses found in each picture."""
    results = [
        {
            "image_id": number,
            "category_id": 1,
            "keypoints": np.column_stack([pose.keypoints_xy, pose.keypoint_scores]).ravel().tolist(),
            "score": pose.score,
        }
        for number, poses in found.items()
        for pose in poses
    ]
    if not results:  # which the judge does not take
        results = [{"image_id": min(found), "category_id": 1, "keypoints": [0.0] * 51, "score": 0.0}]
    with contextlib.redirect_stdout(io.StringIO()):
        judge = evaluation(truth, truth.loadRes(results), "keypoints")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return judge


def differences(ours: Any, official: Any, draws: int) -> np.ndarray:
    """The 95 % interval of the difference in AP, over draws of the pictures with replacement."""
    rng = np.random.default_rng(0)
    pictures = len(ours.params.imgIds)
    drawn = [rng.integers(0, pictures, pictures) for _ in range(draws)]
    return np.percentile([_ap(ours, draw) - _ap(official, draw) for draw in drawn], [2.5, 97.5])


def _ap(judge: Any, draw: np.ndarray) -> float:
    """AP on the pictures of a draw, some of them several times."""
    again = copy.copy(judge)
    again.params, again._paramsEval = copy.copy(judge.params), copy.copy(judge._paramsEval)
    # COCOeval keeps one result for each area and picture; the numbers of the pictures only count them.
    again.params.imgIds = again._paramsEval.imgIds = list(range(len(draw)))
    by_area = np.array(judge.evalImgs, dtype=object).reshape(-1, len(draw))
    again.evalImgs = by_area[:, draw].ravel().tolist()
    with contextlib.redirect_stdout(io.StringIO()):
        again.accumulate()
    precision = again.eval["precision"][:, :, 0, 0, 0]
    return float(precision[precision > -1].mean()) if (precision > -1).any() else 0.0


if __name__ == "__main__":
    sys.exit(main())
