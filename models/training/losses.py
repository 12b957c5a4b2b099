"""How far the network is from its targets."""

from __future__ import annotations

from typing import Final

import keras
from keras import ops

from posecoach.vision.heads import HEATMAP_CHANNELS, PART_TREE, SHORT_OFFSET_CHANNELS
from targets import CHANNELS

_HEAT_WEIGHT: Final = 2.0
_SHORT_WEIGHT: Final = 4.0
_MID_WEIGHT: Final = 0.5
_PARENTS: Final = [parent for parent, _ in PART_TREE]
_CHILDREN: Final = [child for _, child in PART_TREE]


@keras.saving.register_keras_serializable()
def heads_loss(target: keras.KerasTensor, heads: keras.KerasTensor) -> keras.KerasTensor:
    """Cross entropy of the heatmaps, and the distance of offsets (L1, in strides) where they count."""
    near = target[..., CHANNELS:]
    logits, heat = heads[..., :HEATMAP_CHANNELS], target[..., :HEATMAP_CHANNELS]
    entropy = ops.maximum(logits, 0.0) - logits * heat + ops.log1p(ops.exp(-ops.abs(logits)))
    heat_loss = ops.mean(entropy) * HEATMAP_CHANNELS
    off = ops.abs(heads[..., HEATMAP_CHANNELS:] - target[..., HEATMAP_CHANNELS:CHANNELS])
    short, mid = off[..., :SHORT_OFFSET_CHANNELS], off[..., SHORT_OFFSET_CHANNELS:]
    count = ops.sum(near) + 1.0
    short_loss = ops.sum(short * ops.tile(near, (1, 1, 1, 2))) / count
    parents, children = ops.take(near, _PARENTS, axis=-1), ops.take(near, _CHILDREN, axis=-1)
    weights = ops.concatenate([parents, parents, children, children], axis=-1)
    mid_loss = ops.sum(mid * weights) / (ops.sum(weights) / 2.0 + 1.0)
    return _HEAT_WEIGHT * heat_loss + _SHORT_WEIGHT * short_loss + _MID_WEIGHT * mid_loss
