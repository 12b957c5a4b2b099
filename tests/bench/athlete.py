"""How fast the athlete is painted, how much of it a network trained on people finds, and a sheet to look at.

Usage: python tests/bench/athlete.py [--people N] [--sheet OUT.png] [--skip-network] [--skip-speed]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "device"))

from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.adapters.model_store import ModelStore
from posecoach.adapters.pictures import write_png
from posecoach.coach.routine import View
from posecoach.frame import Frame
from posecoach.skeleton import Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera

MODEL = "posenet-mobilenet-075-481x641"
NEAR = 0.1
"""Of the body's height: what counts as found."""


def stage(name: str, yaw_deg: float, seed: int, wh: tuple[int, int] = (1280, 720)) -> Stage:
    camera = ViewCamera(wh, yaw_deg=yaw_deg)
    return Stage(Athlete(MOTIONS[name], camera=camera, seed=seed, variation=0.0, lead_s=0.0, reps=1), seed)


def moments(name: str) -> tuple[float, ...]:
    """The start of a motion, half-way, and its first turning point."""
    times_s = MOTIONS[name].times_s
    moving = int(np.abs(np.diff(MOTIONS[name].rows, axis=0)).sum(axis=1).argmax())
    return 0.0, float((times_s[moving] + times_s[moving + 1]) / 2), float(times_s[moving + 1])


def speed() -> None:
    print(f"{'painting 1280x720':28s} {'ms':>7s} {'frames/s':>9s}")
    for name in ("squat", "warrior_two", "half_sun_salutation"):
        staged = stage(name, 30.0, 3)
        staged.picture(0.0)
        spent = []
        for number in range(60):
            begun = time.perf_counter()
            staged.picture(number / 30)
            spent.append(time.perf_counter() - begun)
        middle = float(np.median(spent))
        print(f"{name:28s} {middle * 1e3:7.1f} {1 / middle:9.0f}")


def agreement(people: int) -> None:
    """Share of visible keypoints that the published network finds within a tenth of the body's height."""
    estimator = LiteRtEstimator(ModelStore().resolve(MODEL).content, model_id=MODEL)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    nobody = pictures = 0
    for number, name in enumerate(MOTIONS):
        for person in range(people):
            for view, yaw_deg in VIEW_YAW_DEG.items():
                staged = stage(name, yaw_deg, 1000 * person + number)
                for at_s in moments(name):
                    right, seen, missed = compared(estimator, staged, at_s)
                    pictures, nobody = pictures + 1, nobody + missed
                    for key in (name, f"view {view}", "all"):
                        found[key].append((int(right.sum()), int(seen.sum())))
                    for keypoint in Keypoint:
                        if seen[keypoint]:
                            found[keypoint.part].append((int(right[keypoint]), 1))
    print(f"\n{MODEL}, visible keypoints within {NEAR} of the body's height, {people} people")
    for key, counts in sorted(found.items(), key=lambda item: item[0] == "all"):
        right, seen = np.sum(counts, axis=0)
        print(f"{key:28s} {right / seen:7.1%} of {seen}")
    print(f"nobody found in {nobody} of {pictures} pictures")


def compared(estimator: LiteRtEstimator, staged: Stage, at_s: float) -> tuple[np.ndarray, np.ndarray, bool]:
    athlete = staged.athlete
    xy, seen = athlete.keypoints(np.array([at_s]))
    poses = estimator.estimate(Frame(0, at_s, staged.picture(at_s)))
    if not poses:
        return np.zeros(17, dtype=bool), seen[0], True
    tall_px = athlete.body.stature_m * athlete.camera.focal / athlete.camera.distance_m
    off = np.linalg.norm(poses[0].keypoints_xy - xy[0], axis=1) / tall_px
    return (off < NEAR) & seen[0], seen[0], False


def sheet(out: Path, wh: tuple[int, int] = (400, 360)) -> None:
    """Every motion at its turning point, from the front, the left and the right; two motions a row."""

    def cells() -> Iterator[np.ndarray]:
        for number, name in enumerate(MOTIONS):
            pictures = [
                stage(name, VIEW_YAW_DEG[view], 40 + number, wh).picture(moments(name)[2])
                for view in (View.FRONT, View.LEFT, View.RIGHT)
            ]
            yield np.concatenate(pictures, axis=1)

    rows = list(cells())
    lines = [np.concatenate(rows[start : start + 2], axis=1) for start in range(0, len(rows), 2)]
    write_png(out, np.concatenate(lines, axis=0))
    print(f"\n{out}: {', '.join(MOTIONS)}; front, left, right")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=2)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--skip-network", action="store_true")
    parser.add_argument("--skip-speed", action="store_true")
    chosen = parser.parse_args()
    if not chosen.skip_speed:
        speed()
    if not chosen.skip_network:
        agreement(chosen.people)
    if chosen.sheet:
        sheet(chosen.sheet)


if __name__ == "__main__":
    main()
