"""Tracks into references, and recordings into tracks that are fit to be references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.perception import Percept, Perception
from posecoach.errors import RoutineError
from posecoach.motion.floor_level import raised, risen, rises_of
from posecoach.motion.hindsight import in_hindsight
from posecoach.motion.normalise import (
    NormalisedPose,
    TorsoScale,
    confidence_weights,
    normalise,
    scores_of,
    torso,
)
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.resample import Resampler
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.pose import PoseEstimate
from posecoach.track import PoseTrack, TrackFrame, track_pose

LEAST_RISE: Final = 0.08
"""Torso lengths that the whole body goes up in a movement which is about that."""
MOSTLY_RISING: Final = 0.5
"""Most that its keypoints may move against the hips meanwhile, as a share of the rise."""


def reference_of(track: PoseTrack) -> PoseSequence:
    """A stored reference as it is compared with: normalised, at the common sample rate.

    The track was smoothed when it was learned and is taken as it is. Frames in which the torso
    cannot be seen are left out; keypoints are believed `in_hindsight`. Of a movement that raises the whole
    body and hardly changes its shape, the poses are `raised`: how far the hips are above the origin is all
    that tells how far it is.

    Raises:
        RoutineError: The torso is seen in no frame.
    """
    samples = poses_of(track)
    if not samples:
        raise RoutineError("a reference track needs shoulders and hips; no frame shows them")
    rises = rises_of(samples)
    if _only_rises(samples, rises):
        samples = [raised(sample, float(rise)) for sample, rise in zip(samples, rises, strict=True)]
    return in_hindsight(sequence_of(samples))


def poses_of(track: PoseTrack) -> list[NormalisedPose]:
    """The poses of a stored reference at the common sample rate, each with its place and size in the picture.

    Empty where the torso is seen in no frame.
    """
    scale, resampler = TorsoScale(), Resampler()
    samples: list[NormalisedPose] = []
    for frame in track:
        if frame.pose is None:
            continue
        xy = np.asarray(frame.pose.keypoints_xy, dtype=np.float64)
        weights = confidence_weights(frame.pose.keypoint_scores)
        found = torso(xy, weights)
        if found is None:
            continue
        origin_xy, length_px = found
        scale_px = scale.update(frame.at_s, length_px, xy, weights)
        samples += resampler.push(normalise(frame.at_s, xy, weights, origin_xy, scale_px))
    return samples


def goes_up(reference: PoseSequence) -> bool:
    """Whether the poses of a reference are `raised`: it lifts the body, and hardly changes its shape."""
    above = [risen(xy, weights) or 0.0 for xy, weights in zip(reference.xy, reference.weights, strict=True)]
    return max(above) >= LEAST_RISE


def _only_rises(samples: Sequence[NormalisedPose], rises: NDArray[np.float64]) -> bool:
    """Whether all that notably moves is the whole body, upwards."""
    top = int(np.argmax(rises))
    first, highest = samples[0], samples[top]
    moved = weighted_mean(np.hypot(*(highest.xy - first.xy).T), first.weights * highest.weights)
    return bool(rises[top] >= LEAST_RISE and moved <= MOSTLY_RISING * rises[top])


def watch(track: PoseTrack) -> tuple[PoseTrack, PoseSequence]:
    """Look at a recording as the coach would at a person.

    Returns:
        The recording smoothed, and its samples.

    Raises:
        RoutineError: Nobody is in it.
    """
    smoothed, samples = watched(track)
    if not samples:
        raise RoutineError("nobody is in the recording, or never with shoulders and hips in view")
    return smoothed, sequence_of(samples)


def watched(track: PoseTrack) -> tuple[PoseTrack, list[NormalisedPose]]:
    """The same with the samples one by one, each with where it stands in the picture; none of nobody."""
    perception = Perception()
    frames: list[TrackFrame] = []
    samples: list[NormalisedPose] = []
    for frame in track:
        poses = [frame.pose] if frame.pose is not None else []
        percept = perception.perceive(frame.at_s, poses)
        frames.append(TrackFrame(frame.at_s, _smoothed(percept)))
        if percept is not None:
            samples += percept.samples
    return PoseTrack(track.image_wh, frames), samples


def _smoothed(percept: Percept | None) -> PoseEstimate | None:
    if percept is None or percept.pose is None:
        return None
    return track_pose(percept.keypoints_xy, scores_of(percept.weights))
