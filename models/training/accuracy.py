"""How many keypoints are found, and how many people who are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.pose import PoseEstimate
from scenes import Scene

NEAR: Final = 0.1
"""Of the size from hips to eyes: what counts as found (PCK@0.1)."""

_LEAST_SEEN: Final = 9
"""Somebody with fewer of the 17 keypoints in sight is at the picture's edge or behind somebody."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found of one scene's people.

    Attributes:
        off: ``(people, 17)`` distance of each keypoint, in sizes of the person; infinite for who was missed.
        scores: ``(people, 17)`` keypoint scores; 0 for who was missed.
        seen: ``(people, 17)`` what there was to be seen.
        extra: Poses that are nobody's.
    """

    off: NDArray[np.float64]
    scores: NDArray[np.float64]
    seen: NDArray[np.bool_]
    extra: int


def found(poses: Sequence[PoseEstimate], scene: Scene) -> Found:
    """Hold poses against a scene: everybody takes the nearest pose, who is largest first."""
    people = [who for who in np.argsort(-scene.size_px) if scene.seen[who].sum() >= _LEAST_SEEN]
    off, scores = np.full((len(people), 17), np.inf), np.zeros((len(people), 17))
    left = list(poses)
    for row, who in enumerate(people):
        seen = scene.seen[who]
        away = [
            np.linalg.norm(pose.keypoints_xy - scene.xy[who], axis=1) / scene.size_px[who] for pose in left
        ]
        if not away:
            continue
        best = min(range(len(away)), key=lambda number: float(np.median(away[number][seen])))
        if np.median(away[best][seen]) < 1.0:
            off[row], scores[row] = away[best], left.pop(best).keypoint_scores
    # Those who are barely in the picture are neither asked for nor held against the network.
    others = [scene.xy[who] for who in range(len(scene.xy)) if who not in people]
    extra = sum(not any(_on(pose, xy) for xy in others) for pose in left)
    return Found(off, scores, scene.seen[people] if people else np.zeros((0, 17), dtype=bool), extra)


def _on(pose: PoseEstimate, xy: NDArray[np.float64]) -> bool:
    return bool(np.median(np.linalg.norm(pose.keypoints_xy - xy, axis=1)) < 60.0)


def pck(everything: Sequence[Found]) -> float:
    """Share of the visible keypoints that were found."""
    hits = sum(int((one.off[one.seen] < NEAR).sum()) for one in everything)
    return hits / max(sum(int(one.seen.sum()) for one in everything), 1)
