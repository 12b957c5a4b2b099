"""What several performances of a movement have in common: the reference that is stored of them.

The most typical performance gives the time; in each of its poses every keypoint is where the median of them
has it, so that nobody's own slip becomes what others are measured by. The posture to begin with is its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.learn_examples import Examples, aligned
from posecoach.coach.reference import goes_up, poses_of, reference_of
from posecoach.motion.normalise import scores_of
from posecoach.motion.pose_distance import bone_directions, weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import MIRROR, Keypoint
from posecoach.track import PoseTrack, TrackFrame, track_pose

Array = NDArray[np.float64]

ENOUGH: Final = 3
"""Performances from which on there is something that most of them do."""
SAME: Final = 0.04
"""Torso lengths that no pose of a stored reference may differ by from what it was made of: half of what is
forgiven at least."""
LEAST_SEEN: Final = 0.5
"""Weight from which it is believed where a keypoint was."""

_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


def typical(examples: Examples) -> PoseSequence:
    """The model, every keypoint where the median of all has it, seen from the hips.

    Of fewer than `ENOUGH` it is the model itself. How far the whole body rises is the model's.
    """
    model = examples.model
    if len(examples.others) + 1 < ENOUGH:
        return model
    rises = goes_up(model)
    places, weights = [model.xy], [model.weights]
    for other in examples.others:
        place, weight = _in_step(other, model)
        places.append(place)
        weights.append(weight)
    if rises:  # how far is the model's, in the picture
        places = [each - _hips(each, weight) for each, weight in zip(places, weights, strict=True)]
    known, where = np.stack(weights), np.stack(places)  # (performances, time, 17[, 2])
    seen = np.asarray(known >= LEAST_SEEN)
    unsure = ~seen & seen.any(axis=0)  # where nobody's is seen, all are as good
    xy, usual = np.nanmedian(np.where(unsure[..., None], np.nan, where), axis=0), np.median(known, axis=0)
    xy -= _hips(xy, usual)
    if rises:
        xy += _hips(model.xy, model.weights)
    return PoseSequence(model.at_s, xy, usual, bone_directions(xy))


def stored(sequence: PoseSequence, recorded: PoseTrack, *, mirrored: bool = False) -> PoseTrack:
    """A sequence as a track, pose by pose as large and in the same place as a recording.

    A torso seems longer while the arms are up; read again, it has to seem so again.

    Args:
        sequence: In torso lengths.
        recorded: The performance that the sequence has its time from, and so as many samples.
        mirrored: Whether the sequence is the mirror image of it.
    """
    wide = recorded.image_wh[0]
    frames = []
    places = sequence.xy - _hips(sequence.xy, sequence.weights)  # how far it rises is in the picture
    for pose, xy, weights in zip(poses_of(recorded), places, sequence.weights, strict=True):
        x, y = pose.origin_xy
        origin_xy = np.array([wide - x if mirrored else x, y])
        placed = track_pose(origin_xy + pose.torso_px * xy, scores_of(weights))
        frames.append(TrackFrame(round(pose.captured_at, 6), placed))
    return PoseTrack(recorded.image_wh, frames)


def mirror_track(track: PoseTrack) -> PoseTrack:
    """A recording as if it had been done on the other side of the body: a relabelled copy."""
    wide = float(track.image_wh[0])
    frames = [
        TrackFrame(
            frame.at_s,
            None
            if frame.pose is None
            else track_pose(
                np.asarray(frame.pose.keypoints_xy)[MIRROR] * [-1.0, 1.0] + [wide, 0.0],
                np.asarray(frame.pose.keypoint_scores)[MIRROR],
            ),
        )
        for frame in track
    ]
    return PoseTrack(track.image_wh, frames)


def reads_as(track: PoseTrack, sequence: PoseSequence) -> bool:
    """Whether a track, normalised again, is what a sequence was."""
    again = reference_of(track)
    if len(again) != len(sequence):
        return False
    apart = np.hypot(*np.moveaxis(again.xy - sequence.xy, -1, 0))
    return float(weighted_mean(apart, again.weights * sequence.weights).max()) <= SAME


def _hips(xy: Array, weights: Array) -> Array:
    """``(time, 1, 2)`` the middle of the hips; a hidden one leaves it to its twin."""
    known = weights[:, _HIPS] + np.where(weights[:, _HIPS].sum(axis=1, keepdims=True) > 0.0, 0.0, 1.0)
    middle = (xy[:, _HIPS] * known[..., None]).sum(axis=1) / known.sum(axis=1)[:, None]
    return np.asarray(middle[:, None])


def _in_step(performance: PoseSequence, model: PoseSequence) -> tuple[Array, Array]:
    """``(time, 17, 2)`` places and ``(time, 17)`` weights of a performance at the times of a model."""
    placed, path = aligned(performance, model)
    count = np.bincount(path.reference, minlength=len(model)).astype(float)
    xy, weights = np.zeros(model.xy.shape), np.zeros(model.weights.shape)
    np.add.at(xy, path.reference, placed.xy[path.query])
    np.add.at(weights, path.reference, placed.weights[path.query])
    return xy / count[:, None, None], weights / count[:, None]
