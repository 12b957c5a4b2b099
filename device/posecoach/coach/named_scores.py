"""A finished performance by the metrics that others have named, beside the coach's own.

Each repetition, hold or flow is compared with the reference along the coach's own warping path, one for
the whole body; only `keypoint_dtw` warps each keypoint alone, as its authors did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.agenda import best_view
from posecoach.coach.body_limits import unweighted
from posecoach.coach.measure import Measure, measure
from posecoach.coach.part_of_movement import begun_with
from posecoach.coach.perception import Perception
from posecoach.coach.progress import Part
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.summary import Performance, mean
from posecoach.coach.yardstick import Yardstick
from posecoach.motion import named_metrics
from posecoach.motion.floor_level import FloorLevel
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.track import PoseTrack

Array = NDArray[np.float64]

COACH: Final = "coach"
KEYPOINT_DTW: Final = "keypoint_dtw"
METRICS: Final = {
    "cosine_similarity": "of cropped poses as vectors; 1 is alike (Move Mirror)",
    "cosine_distance": "sqrt(2 (1 - cosine similarity)); 0 is alike (Move Mirror)",
    "weighted_distance": "of the same vectors, by confidence; 0 is alike (Move Mirror)",
    "euclidean_distance": "root mean square of cropped poses, in sides of the box; 0 is alike",
    KEYPOINT_DTW: "each of the 17 keypoints warped alone, 0 to 100, and their mean (action scoring)",
    COACH: "the coach's own score, 0 to 100",
}
"""What there is, and what it says."""

SEEN_WEIGHT: Final = 0.5
"""Mean weight of a keypoint in performance and reference, from which it is part of the poses compared."""
FEWEST: Final = 9
"""So many of the 17 keypoints are needed to compare poses."""


@dataclass(frozen=True, slots=True)
class NamedScore:
    """A performance by one metric.

    Attributes:
        parts: Of each repetition, hold or flow, in order; `None` where too little was seen.
        keypoints: ``(17)`` their means, of `KEYPOINT_DTW`; else empty.
    """

    parts: tuple[float | None, ...]
    keypoints: tuple[float | None, ...] = ()

    @property
    def value(self) -> float | None:
        """Mean over the parts; `None` where there is nothing to say."""
        return mean(self.parts)


def named_scores(performance: Performance, track: PoseTrack, names: Iterable[str]) -> dict[str, NamedScore]:
    """What a performance comes to by each of some metrics.

    Args:
        performance: What the coach made of the track.
        track: The track.
        names: Of `METRICS`.
    """
    wanted = list(dict.fromkeys(names))
    if wanted == [COACH]:
        return {COACH: NamedScore(tuple(part.score for part in performance.parts))}
    values: dict[str, list[float | None]] = {name: [] for name in wanted}
    by_keypoint: list[Sequence[float | None]] = []
    for part, compared in _compared(performance, track):
        for name in wanted:
            if name == COACH:
                values[name].append(part.score)
            elif name == KEYPOINT_DTW:
                scores = named_metrics.keypoint_dtw(compared.performed, compared.yardstick.reference)
                by_keypoint.append(scores)
                values[name].append(mean(scores))
            else:
                values[name].append(compared.mean_of(name))
    keypoints = tuple(mean(scores) for scores in zip(*by_keypoint, strict=True))
    return {
        name: NamedScore(tuple(values[name]), keypoints if name == KEYPOINT_DTW else ()) for name in wanted
    }


class _Compared:
    """One part of a performance beside its reference."""

    def __init__(self, performed: PoseSequence, by: Yardstick) -> None:
        ways = [begun_with(by, side) for side in range(len(by.turns))]
        measured = [measure(performed, way) for way in ways]
        nearest = min(range(len(ways)), key=lambda number: _cost(measured[number], ways[number]))
        self.performed, self.yardstick = performed, ways[nearest]
        path, wanted = measured[nearest], self.yardstick.reference
        weights = performed.weights[path.query]
        seen = np.minimum(weights.mean(axis=0), wanted.weights[path.reference].mean(axis=0)) >= SEEN_WEIGHT
        self._enough = int(seen.sum()) >= FEWEST
        self._weights = weights[:, seen]
        self._xy, self._to_xy = performed.xy[path.query][:, seen], wanted.xy[path.reference][:, seen]

    def mean_of(self, name: str) -> float | None:
        """Mean of a metric of two poses along the path; `None` where too little was seen."""
        if not self._enough:
            return None
        if name == "weighted_distance":
            known = self._weights.sum(axis=1) > 0.0
            return float(
                named_metrics.weighted_distance(
                    self._xy[known], self._weights[known], self._to_xy[known]
                ).mean()
            )
        of_two: dict[str, Callable[[Array, Array], Array]] = {
            "cosine_similarity": named_metrics.cosine_similarity,
            "cosine_distance": named_metrics.cosine_distance,
            "euclidean_distance": named_metrics.euclidean_distance,
        }
        return float(of_two[name](self._xy, self._to_xy).mean())


def _cost(measured: Measure, by: Yardstick) -> float:
    return float((measured.costs * measured.weights * by.emphasis).sum())


def _compared(performance: Performance, track: PoseTrack) -> Iterable[tuple[Part, _Compared]]:
    samples = samples_of(track)
    at_s = np.array([sample.captured_at for sample in samples])
    for outcome in performance.steps:
        by = yardstick(outcome.step, best_view(outcome.step, performance.view))
        ignored = unweighted(outcome.step.without)
        level = FloorLevel()
        seen = [level.raised(sample) for sample in samples] if by.rise else samples
        for part in outcome.parts:
            first, end = np.searchsorted(at_s, (part.start_s, part.end_s), side="left")
            performed = sequence_of(seen[first : end + 1])
            yield part, _Compared(performed.unweighted(ignored), by)


def samples_of(track: PoseTrack) -> list[NormalisedPose]:
    """What the coach saw of a track."""
    perception = Perception()
    samples: list[NormalisedPose] = []
    for frame in track:
        percept = perception.perceive(frame.at_s, [frame.pose] if frame.pose else [])
        if percept is not None:
            samples += percept.samples
    return samples
