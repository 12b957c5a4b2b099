"""An athlete with somebody else who walks through the picture, both as an estimator would report them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.pose import PoseEstimate
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.passer import Passer
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.visibility import visible_keypoints
from posecoach.track import PoseTrack, TrackFrame

Array = NDArray[np.float64]
FOUND_FROM = 0.3
"""Share of the keypoints that must be seen for a network to find somebody."""


@dataclass(frozen=True)
class TwoPeople:
    """Two people before one camera.

    Attributes:
        times_s: ``(time,)``.
        xy: ``(2, time, 17, 2)`` of the athlete and the passer, with the noise of a network.
        seen: ``(2, time, 17)`` which are visible.
        image_wh: Size of the picture.
    """

    times_s: Array
    xy: Array
    seen: NDArray[np.bool_]
    image_wh: tuple[int, int]

    @property
    def end_s(self) -> float:
        return float(self.times_s[-1])

    def pose(self, who: int, index: int) -> PoseEstimate | None:
        seen = self.seen[who, index]
        if seen.mean() < FOUND_FROM:
            return None
        scores = np.where(seen, 0.9, 0.05)
        return PoseEstimate(self.xy[who, index], scores, float(scores.mean())).within(self.image_wh)

    def both(self) -> Iterator[tuple[float, list[PoseEstimate]]]:
        """Frame by frame, whoever is found; the passer first, to tempt."""
        for index, at_s in enumerate(self.times_s.tolist()):
            yield at_s, [pose for who in (1, 0) if (pose := self.pose(who, index)) is not None]

    def alone(self) -> PoseTrack:
        """The athlete only, hidden where the passer hides them."""
        frames = [TrackFrame(at_s, self.pose(0, index)) for index, at_s in enumerate(self.times_s.tolist())]
        return PoseTrack(self.image_wh, frames)


def crossing(
    motion: str = "squat",
    *,
    before_m: float = 1.2,
    start_s: float = 3.5,
    seed: int = 0,
    reps: int = 4,
    rate_hz: float = 30.0,
    noise_px: float = 1.75,
) -> TwoPeople:
    """Somebody crosses `before_m` before an athlete who does a motion."""
    camera = ViewCamera()
    athlete = Athlete(MOTIONS[motion], camera=camera, seed=seed, reps=reps)
    passer = Passer(start_s, before_m, camera, seed + 77)
    athlete.passers = (passer,)
    times_s = np.arange(0.0, athlete.duration_s, 1.0 / rate_hz)
    xy, seen = athlete.keypoints(times_s)
    posture = passer.posture(times_s)
    points = keypoints_in_space(passer.body, posture)
    passer_xy, _ = camera.project(points)
    passer_seen = visible_keypoints(passer.body, posture, points, camera) & passer.present(times_s)[:, None]
    everybody = np.stack([xy, passer_xy])
    everybody = everybody + np.random.default_rng([seed, 9]).normal(0.0, noise_px, everybody.shape)
    return TwoPeople(times_s, everybody, np.stack([seen, passer_seen]), camera.image_wh)
