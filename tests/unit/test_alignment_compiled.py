"""The compiled alignment against the numpy one: the same to the last digit, up to a whole report."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from posecoach import compiled
from posecoach.motion import alignment_compiled, local_cost, warping_path
from posecoach.motion.local_cost import LocalCost
from posecoach.motion.pose_distance import bone_directions
from posecoach.motion.sequence import PoseSequence


@cache
def ways():
    """The compiled costs and path; where numba is not installed, what they are compiled from."""
    for kernel in alignment_compiled.KERNELS:
        kernel.build()
    costs, find_path = alignment_compiled.KERNELS
    return (
        alignment_compiled.compiled_costs() or alignment_compiled.costs_of(costs.python),
        alignment_compiled.compiled_path() or find_path.python,
    )


def wandering(time: int, seed: int) -> PoseSequence:
    """Poses, some of whose keypoints are hidden now and then, or for good."""
    rng = np.random.default_rng(seed)
    xy = rng.normal(0.0, 0.3, (time, 17, 2)).cumsum(axis=0)
    weights = np.where(rng.random((time, 17)) < 0.2, 0.0, rng.random((time, 17)))
    weights[:, 3] = 0.0
    return PoseSequence(np.arange(time) / 15.0, xy, weights, bone_directions(xy))


@pytest.mark.parametrize(("query", "reference"), [(1, 1), (1, 40), (7, 1), (9, 30)])
def test_the_local_cost_is_the_same(query, reference):
    emphasis = np.random.default_rng(5).random(17) * (np.arange(17) != 8)
    costs, _ = ways()
    performed, wanted = wandering(query, 1), wandering(reference, 2)
    columns = LocalCost(wanted, emphasis).columns

    assert np.array_equal(costs(performed, columns), local_cost.numpy_costs(performed, columns))


def test_nothing_that_both_show_costs_nothing():
    costs, _ = ways()
    performed, wanted = wandering(3, 1), wandering(4, 2)
    performed.weights[1] = 0.0
    columns = LocalCost(wanted, np.ones(17)).columns

    for way in (costs, local_cost.numpy_costs):
        assert way(performed, columns)[1].tolist() == [0.0] * 4


@pytest.mark.parametrize("tied", [False, True])
def test_the_path_is_the_same(tied):
    _, find_path = ways()
    rng = np.random.default_rng(3)
    for _ in range(150):
        n, m = (int(number) for number in rng.integers(1, 25, 2))
        cost = rng.integers(0, 3, (n, m)).astype(float) if tied else rng.random((n, m))
        band_radius = int(rng.integers(0, 2 * max(n, m)))
        reach = band_radius * max(n - 1, m - 1) if band_radius else -1
        found, expected = find_path(cost, reach), warping_path.numpy_path(cost, reach)

        assert [each.tolist() for each in found[:2]] == [each.tolist() for each in expected[:2]]
        assert found[2] == expected[2]


SCRIPT = """
import json
import numpy as np
from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.motion.local_cost import fastest_costs, numpy_costs
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

def spoiled(name):
    "The athlete with noise, gaps, keypoints that fly off and sides that are exchanged."
    athlete = Athlete(MOTIONS[name], camera=ViewCamera(), seed=4, reps=2 if name == "squat" else None)
    rng, frames = np.random.default_rng(4), []
    for number, frame in enumerate(athlete.truth(0.0, athlete.duration_s, 30.0)):
        if frame.pose is None or number % 90 in range(60, 66):
            continue
        xy = frame.pose.keypoints_xy + rng.normal(0.0, 2.0, (17, 2))
        xy[rng.random(17) < 0.01] += 80.0
        if number % 70 in range(30, 40):
            xy[13:17] = xy[[14, 13, 16, 15]]
        frames.append(TrackFrame(frame.at_s, track_pose(xy, frame.pose.keypoint_scores)))
    return PoseTrack((640, 480), frames)

routines = RoutineFolders(STARTER, read_track=read_track, write_track=write_track)
print(fastest_costs() is numpy_costs)
for name in ("squat", "half_sun_salutation"):
    print(json.dumps(scored(spoiled(name), routines.load(name))))
"""


@pytest.mark.skipif(not compiled.AVAILABLE, reason="numba is not installed, or its JIT is off")
def test_a_report_is_the_same_byte_by_byte_without_kernels():
    ways()
    device = str(Path(compiled.__file__).parents[1])
    said = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONPATH": device, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for disabled in ("0", "1")
    ]
    (first, compiled_report), (second, numpy_report) = (each.split(b"\n", 1) for each in said)

    assert (first, second) == (b"False", b"True")
    assert compiled_report == numpy_report
    assert len(compiled_report) > 2000
