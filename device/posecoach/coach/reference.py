"""Tracks into references, and recordings into tracks that are fit to be references."""

from __future__ import annotations

import numpy as np

from posecoach.coach.perception import Percept, Perception
from posecoach.errors import RoutineError
from posecoach.motion.normalise import (
    NormalisedPose,
    TorsoScale,
    confidence_weights,
    normalise,
    scores_of,
    torso,
)
from posecoach.motion.resample import Resampler
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.pose import PoseEstimate
from posecoach.track import PoseTrack, TrackFrame, track_pose


def reference_of(track: PoseTrack) -> PoseSequence:
    """A stored reference as it is compared with: normalised, at the common sample rate.

    The track was smoothed when it was learned and is taken as it is. Frames in which the torso
    cannot be seen are left out.

    Raises:
        RoutineError: The torso is seen in no frame.
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
    if not samples:
        raise RoutineError("a reference track needs shoulders and hips; no frame shows them")
    return sequence_of(samples)


def watch(track: PoseTrack) -> tuple[PoseTrack, PoseSequence]:
    """Look at a recording as the coach would at a person.

    Returns:
        The recording smoothed, and its samples.

    Raises:
        RoutineError: Nobody is in it.
    """
    perception = Perception()
    frames: list[TrackFrame] = []
    samples: list[NormalisedPose] = []
    for frame in track:
        poses = [frame.pose] if frame.pose is not None else []
        percept = perception.perceive(frame.at_s, poses)
        frames.append(TrackFrame(frame.at_s, _smoothed(percept)))
        if percept is not None:
            samples += percept.samples
    if not samples:
        raise RoutineError("nobody is in the recording, or never with shoulders and hips in view")
    return PoseTrack(track.image_wh, frames), sequence_of(samples)


def _smoothed(percept: Percept | None) -> PoseEstimate | None:
    if percept is None or percept.pose is None:
        return None
    return track_pose(percept.keypoints_xy, scores_of(percept.weights))
