"""The network: MobileNet v1 (arXiv 1704.04861) at a stride of 16, with PoseNet's three heads."""

from __future__ import annotations

from typing import Final

import keras
import tensorflow as tf
from keras import layers

from posecoach.vision.heads import HEATMAP_CHANNELS, MID_OFFSET_CHANNELS, SHORT_OFFSET_CHANNELS

DEPTH: Final = 0.5
"""Depth multiplier: MobileNet's widths times this."""

# Width and stride of each separable block. The last two keep the stride of 16, as PoseNet's backbone
# does, and are 768 wide, between its 512 and MobileNet's 1024.
_BLOCKS: Final = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1),
    (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (768, 1), (768, 1),
)  # fmt: skip

HEADS: Final = {
    "heatmaps": HEATMAP_CHANNELS,
    "short_offsets": SHORT_OFFSET_CHANNELS,
    "mid_offsets": MID_OFFSET_CHANNELS,
}


@keras.saving.register_keras_serializable()
class FusedNorm(layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation by TensorFlow's fused operator: a third less time a step than Keras' own."""

    def call(
        self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Normalise, and in training follow mean and variance."""
        if not training:
            return super().call(inputs, training=False)
        nothing = tf.zeros_like(self.gamma)
        out, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs, scale=self.gamma, offset=self.beta, mean=nothing, variance=nothing, epsilon=self.epsilon
        )
        for moving, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + now * (1.0 - self.momentum))
        return out


def network(wh: tuple[int | None, int | None]) -> keras.Model:
    """A network that takes ``(batch, height, width, 3)`` of 0..255.

    One output: the heads one after another, heatmaps as logits, offsets in strides.
    """
    width, height = wh
    picture = keras.Input((height, width, 3))
    # No shift: padding with zeros is then padding with black, which is what a letterbox pads with.
    x = layers.Rescaling(1 / 127.5, name="to_unit")(picture)
    x = _activated(layers.Conv2D(int(32 * DEPTH), 3, 2, "same", use_bias=False, name="first")(x), "first")
    for number, (channels, stride) in enumerate(_BLOCKS, start=1):
        name = f"block{number}"
        x = layers.DepthwiseConv2D(3, stride, "same", use_bias=False, name=f"{name}_depthwise")(x)
        x = _activated(x, f"{name}_depthwise")
        x = layers.Conv2D(int(channels * DEPTH), 1, use_bias=False, name=f"{name}_pointwise")(x)
        x = _activated(x, f"{name}_pointwise")
    heads = [layers.Conv2D(channels, 1, name=name)(x) for name, channels in HEADS.items()]
    return keras.Model(picture, layers.Concatenate(name="heads")(heads))


def _activated(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return layers.ReLU(6.0, name=f"{name}_relu")(FusedNorm(momentum=0.98, name=f"{name}_norm")(x))
