"""How well a model finds the athlete: held-out people, clothes, rooms and cameras, as the product sees them.

Usage: python models/training/evaluate.py [MODEL] [--people N] [--rooms N] [--json] [--sheet OUT.png]
MODEL is an id of the manifest or a .tflite file; by default the model that ships. Needs the project's own
environment only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from accuracy import NEAR, Found, found, pck
from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.adapters.model_store import ModelStore
from posecoach.adapters.pictures import write_png
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint
from scenes import CAMERA_WH, HELD_OUT_SEED, Scene, empty, random_camera, scenes
from sensor import worse


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="posecoach-athlete")
    parser.add_argument("--people", type=int, default=400, help="pictures of somebody")
    parser.add_argument("--rooms", type=int, default=400, help="pictures of nobody")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sheet", type=Path, help="where to put a sheet of the first pictures")
    chosen = parser.parse_args()
    stored = ModelStore().resolve(chosen.model)
    with LiteRtEstimator(stored.content, model_id=stored.model_id) as estimator:
        figures = measured(estimator, chosen.people, chosen.rooms, chosen.sheet)
    if chosen.json:
        print(json.dumps({"model": stored.model_id, **figures}, indent=1))
        return
    print(f"{stored.model_id}: share of visible keypoints within {NEAR} of hips to eyes (PCK@{NEAR})")
    for name, value in figures.items():
        print(f"  {name:44s} {value:7.1%}" if isinstance(value, float) else f"  {name:44s} {value:5d}")


def measured(
    estimator: LiteRtEstimator, people: int, rooms: int, sheet: Path | None
) -> dict[str, float | int]:
    """Every figure of the model's card, by name."""
    rng = np.random.default_rng(HELD_OUT_SEED)
    alone: list[list[Found]] = [[], []]
    passed: list[Found] = []
    drawn = []
    for number, scene in enumerate(held_out(people)):
        poses = estimate(estimator, scene)
        (alone[number % 2] if len(scene.xy) == 1 else passed).append(found(poses, scene))
        if len(drawn) < 24:
            drawn.append(marked(scene, poses))
        progress("people", number + 1, people)
    nobody = 0
    for number in range(rooms):
        camera = random_camera(np.random.default_rng([HELD_OUT_SEED + 800_000 + number]), CAMERA_WH)
        room = empty(HELD_OUT_SEED + 800_000 + number, camera)
        pixels = worse(room.pixels, rng, 0.5)
        nobody += bool(estimator.estimate(Frame(0, 0.0, pixels)))
        progress("rooms", number + 1, rooms)
    if sheet:
        write_png(
            sheet,
            np.concatenate(
                [np.concatenate(drawn[at : at + 4], axis=1) for at in range(0, len(drawn) - 3, 4)]
            ),
        )
    poor, clean = alone
    everything = clean + poor + passed
    seen = np.concatenate([one.seen for one in everything])
    off, scores = (np.concatenate([getattr(one, what) for one in everything]) for what in ("off", "scores"))
    missed = int(np.isinf(off).all(axis=1).sum())
    figures: dict[str, float | int] = {
        "pictures": people,
        "people": len(seen),
        "PCK, one person": pck(clean + poor),
        "PCK, one person, as painted": pck(clean),
        "PCK, one person, noise, blur, poor light": pck(poor),
        "PCK, somebody walks by": pck(passed),
        "PCK, all": pck(everything),
        "people missed": missed / max(len(seen), 1),
        "pictures with a person too many": float(np.mean([one.extra > 0 for one in everything])),
        "empty rooms": rooms,
        "false people on empty rooms": nobody / max(rooms, 1),
        "visible keypoints with a score of 0.5 or more": float((scores[seen] >= 0.5).mean()),
        "hidden keypoints with a score of 0.5 or more": float((scores[~seen] >= 0.5).mean()),
    }
    for keypoint in Keypoint:
        figures[f"PCK {keypoint.part}"] = float((off[:, keypoint][seen[:, keypoint]] < NEAR).mean())
    return figures


def held_out(people: int) -> Iterator[Scene]:
    """Scenes with somebody in them, every second one as a poor camera sees it; one of each athlete."""
    rng = np.random.default_rng(HELD_OUT_SEED + 1)
    seed, given = HELD_OUT_SEED, 0
    while given < people:
        scene = next(scenes(seed, CAMERA_WH, mixed=False))
        seed += 1
        if not len(scene.xy):
            continue
        pixels = scene.pixels if given % 2 else worse(scene.pixels, rng, 1.0)
        yield Scene(pixels, scene.xy, scene.seen, scene.size_px)
        given += 1


def estimate(estimator: LiteRtEstimator, scene: Scene) -> list[PoseEstimate]:
    """What the product finds."""
    return estimator.estimate(Frame(0, 0.0, scene.pixels))


def marked(scene: Scene, poses: Sequence[PoseEstimate]) -> np.ndarray:
    """The picture at a quarter of its area, with what was found: left red, right green, hidden small."""
    pixels = scene.pixels.copy()
    for pose in poses:
        for keypoint, (x, y), score in zip(
            Keypoint, pose.keypoints_xy.astype(int), pose.keypoint_scores, strict=True
        ):
            half = 5 if score >= 0.5 else 2
            colour = (255, 40, 40) if keypoint.name.startswith("LEFT") else (40, 255, 40)
            pixels[max(y - half, 0) : max(y + half, 0), max(x - half, 0) : max(x + half, 0)] = colour
    return pixels[::2, ::2]


def progress(what: str, done: int, of: int) -> None:
    """Say how far it is, to a terminal."""
    if sys.stderr.isatty():
        print(f"\r{what} {done}/{of} ", end="\n" if done == of else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
