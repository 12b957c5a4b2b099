"""The compiled loops over one pose against the same loops over lists: the same to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach import compiled
from posecoach.coach.perception import Perception
from posecoach.motion import columns_compiled, repair, repair_compiled
from posecoach.motion.columns import ARRAYS, LISTS
from posecoach.motion.extents import fastest_survey
from posecoach.motion.normalise import fastest_grow
from posecoach.motion.one_euro import fastest_follow
from posecoach.motion.pose_distance import fastest_compare
from posecoach.motion.repair import Repair, fastest_calmly
from posecoach.pose import PoseEstimate
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import ViewCamera

FASTEST = (fastest_survey, fastest_grow, fastest_follow, fastest_compare, fastest_calmly)


@pytest.fixture
def ways(monkeypatch):
    """Turns the compiled way on and off; where numba is not installed, what it is compiled from."""
    for kernel in (*columns_compiled.KERNELS, *repair_compiled.KERNELS):
        kernel.build()

    def turn(*, on: bool) -> None:
        for kernel in (*columns_compiled.KERNELS, *repair_compiled.KERNELS):
            found = (kernel.load() or kernel.python) if on else None
            monkeypatch.setattr(kernel, "load", lambda found=found: found)
        for fastest in FASTEST:
            fastest.cache_clear()

    yield turn
    for fastest in FASTEST:
        fastest.cache_clear()


def spoiled() -> list[tuple[float, np.ndarray, np.ndarray]]:
    """The athlete with noise, gaps, keypoints that are hidden or fly off, and sides that are exchanged."""
    athlete = Athlete(MOTIONS["squat"], camera=ViewCamera(), seed=4, reps=2)
    rng, frames = np.random.default_rng(4), []
    for number, frame in enumerate(athlete.truth(0.0, athlete.duration_s, 30.0)):
        if frame.pose is None or number % 90 in range(60, 60 + 4 * (number // 90)):
            continue
        xy = frame.pose.keypoints_xy + rng.normal(0.0, 2.0, (17, 2))
        xy[rng.random(17) < 0.005] += 80.0
        if number % 140 in range(30, 40):
            xy[13:17] = xy[[14, 13, 16, 15]]
        scores = np.where(rng.random(17) < 0.03, 0.0, frame.pose.keypoint_scores)
        frames.append((frame.at_s, xy, scores))
    return frames


def test_perceived_is_the_same_byte_by_byte_without_kernels(ways):
    perceived = []
    for on in (True, False):
        ways(on=on)
        perception = Perception()
        assert fastest_follow()[1] is (ARRAYS if on else LISTS)
        found = [perception.perceive(at_s, [PoseEstimate(xy, seen, 0.9)]) for at_s, xy, seen in spoiled()]
        seen = [each for each in found if each is not None]
        perceived.append([(each.keypoints_xy.tobytes(), each.weights.tobytes()) for each in seen])
        perceived.append([sample.xy.tobytes() for each in seen for sample in each.samples])

    assert perceived[:2] == perceived[2:]
    assert min(map(len, perceived)) > 100


def test_ordinary_frames_are_repaired_as_all_others_are(ways):
    outcomes, calm = [], []
    for on in (True, False):
        ways(on=on)
        repairer, found = Repair(), []
        for at_s, xy, scores in spoiled():
            found.append(repairer.repair(at_s, xy, np.where(scores > 0.3, scores, 0.0), 100.0))
            calm.append(repairer._kept is not None)
        outcomes.append(
            [(e.xy.tobytes(), e.weights.tobytes(), e.standing.tobytes(), e.anew.tobytes()) for e in found]
        )

    assert outcomes[0] == outcomes[1]
    assert 0.1 < np.mean(calm[: len(calm) // 2]) < 1.0
    assert not any(calm[len(calm) // 2 :])


@pytest.mark.skipif(not compiled.AVAILABLE, reason="numba is not installed, or its JIT is off")
def test_every_loop_is_compiled_where_numba_is_installed(ways):
    ways(on=True)

    assert all(found is not None for found in (fastest_calmly(), columns_compiled.compiled_follow()))
    assert fastest_compare()[1] is fastest_grow()[1] is fastest_survey()[1] is ARRAYS
    assert repair.fastest_calmly() is not None
