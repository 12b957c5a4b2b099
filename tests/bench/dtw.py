"""Alignment of 900 x 900 poses of 34 values beside dtaidistance and tslearn, and one live column against 900.

All on the same arrays in the same run, on one thread; of several passes in turn the quietest counts. Ours
gives the warping path as well, the others the distance alone. Peers that are not installed are left out:

    python -m venv SCRATCH && SCRATCH/bin/pip install numba dtaidistance tslearn
    SCRATCH/bin/python tests/bench/dtw.py

Usage: python tests/bench/dtw.py [--passes N]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "device"))

import numpy as np  # noqa: E402

from posecoach.kernels import build_kernels  # noqa: E402
from posecoach.motion.local_cost import LocalCost, fastest_costs, numpy_costs  # noqa: E402
from posecoach.motion.open_end_dtw import OpenEndDtw  # noqa: E402
from posecoach.motion.pose_distance import bone_directions  # noqa: E402
from posecoach.motion.sequence import PoseSequence  # noqa: E402
from posecoach.motion.warping_path import warping_path  # noqa: E402

Array = np.ndarray
POSES = 900
LIVE_BAR_US = 30.0
FASTER_BAR = 1.5


def wandering(seed: int) -> PoseSequence:
    """A minute at 15 Hz of somebody who moves."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0.0, 6.0, (17, 2)) + np.linspace(0.0, 40.0, POSES)[:, None, None]
    xy = np.sin(phase) + rng.normal(0.0, 0.05, (POSES, 17, 2))
    return PoseSequence(np.arange(POSES) / 15.0, xy, np.ones((POSES, 17)), bone_directions(xy))


def squared_distances(one: Array, other: Array) -> Array:
    """``(n, m)`` squared Euclidean distance of every row to every row."""
    apart = one @ (-2.0 * other.T)
    apart += (one * one).sum(axis=1)[:, None]
    apart += (other * other).sum(axis=1)
    return np.maximum(apart, 0.0, out=apart)


def ours(one: Array, other: Array) -> float:
    return float(np.sqrt(warping_path(squared_distances(one, other)).total_cost))


def peers() -> dict[str, Callable[[Array, Array], float]]:
    """The peers that are installed here."""
    found: dict[str, Callable[[Array, Array], float]] = {}
    try:
        found["dtaidistance, C"] = import_module("dtaidistance.dtw_ndim").distance_fast
    except ImportError:
        print("dtaidistance is not installed here, and left out")
    try:
        found["tslearn"] = import_module("tslearn.metrics").dtw
    except ImportError:
        print("tslearn is not installed here, and left out")
    return found


def seconds(call: Callable[[], object], times: int) -> float:
    """The least of several times, after one that does not count."""
    call()
    least = np.inf
    for _ in range(times):
        start = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - start)
    return float(least)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passes", type=int, default=5)
    passes = parser.parse_args().passes
    build_kernels()
    if fastest_costs() is numpy_costs:
        print("numba is not installed here (pip install 'posecoach[fast]'): the numpy way is measured")
    performed, wanted = wandering(1), wandering(2)
    one, other = (np.ascontiguousarray(each.xy.reshape(POSES, 34)) for each in (performed, wanted))
    ways = {"ours": ours, **peers()}
    least = dict.fromkeys(ways, np.inf)
    for _ in range(passes):
        for way, distance in ways.items():
            least[way] = min(least[way], seconds(lambda distance=distance: distance(one, other), 10))
    expected, met = ours(one, other), True
    print(f"\nDTW of {POSES} x {POSES} poses of 34 values, squared Euclidean")
    for way, took in least.items():
        assert np.isclose(ways[way](one, other), expected, rtol=1e-6), f"{way} finds another distance"
        ratio = took / least["ours"]
        verdict = ""
        if way != "ours":
            met = met and ratio >= FASTER_BAR
            verdict = f"   (at least {FASTER_BAR}: {'met' if ratio >= FASTER_BAR else 'MISSED'})"
        print(f"  {way:16s} {took * 1e3:7.2f} ms  {ratio:5.2f} x{verdict}")

    cost, dtw = LocalCost(wanted, np.ones(17)), OpenEndDtw(POSES)

    def live() -> None:
        dtw.advance(cost.column(performed.xy[7], performed.weights[7]))

    def finished() -> None:
        warping_path(cost.matrix(performed), band_radius=0.4 * POSES)

    column_us = seconds(live, 200 * passes) * 1e6
    met = met and column_us <= LIVE_BAR_US
    print(f"the coach's own distance, 17 keypoints and 8 directions, {POSES} reference poses")
    print(
        f"  live column      {column_us:7.1f} us   (at most {LIVE_BAR_US:.0f}: "
        f"{'met' if column_us <= LIVE_BAR_US else 'MISSED'})"
    )
    print(f"  finished, banded {seconds(finished, passes) * 1e3:7.2f} ms")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
