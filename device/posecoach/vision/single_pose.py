"""The pose of the one person in view: the simple decoding of the PoseNet article.

Each keypoint is at the best cell of its heatmap, moved by that cell's short offset. Nothing binds
the keypoints together: with two people in view, limbs of both may come out as one pose.
"""

from __future__ import annotations

import numpy as np

from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.vision.heads import Heads


def decode_single_pose(heads: Heads) -> PoseEstimate:
    """The most likely place of each keypoint, in network pixels; there is always an answer.

    Keypoint scores are the sigmoid of the heatmap; the instance score is their mean. Among equal
    cells the first in reading order is taken.
    """
    columns = heads.heatmaps.values.shape[1]
    logits = heads.heatmaps.values.reshape(-1, NUM_KEYPOINTS)
    offsets = heads.short_offsets.values.reshape(-1, 2, NUM_KEYPOINTS)
    keypoints = np.arange(NUM_KEYPOINTS)
    best = logits.argmax(axis=0)
    cells_xy = np.stack([best % columns, best // columns], axis=1)
    offsets_yx = heads.short_offsets.real(offsets[best, :, keypoints]).astype(np.float64)
    xy = cells_xy * heads.output_stride + offsets_yx[:, ::-1]
    # The sigmoid, in the form that cannot overflow.
    scores = 0.5 * (1 + np.tanh(0.5 * heads.heatmaps.real(logits[best, keypoints]).astype(np.float64)))
    return PoseEstimate(xy, scores, float(scores.mean()))
