"""Make the trained network a .tflite file: whole numbers only, the heads in pixels, for CPU and Edge TPU.

Usage: python export.py IN.keras OUT.tflite
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from batches import as_the_product_sees
from losses import heads_loss as heads_loss  # keras finds it by name when it reads the model
from network import HEADS, network
from scenes import CAMERA_WH, INPUT_WH, scenes
from sensor import worse
from targets import STRIDE

_PICTURES: Final = 160
"""Whole pictures that the ranges of all tensors are taken from; their seeds follow the training's."""

_FIRST_SEED: Final = 9_000_000


def main() -> None:
    """Read the trained network, write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trained", type=Path)
    parser.add_argument("out", type=Path)
    chosen = parser.parse_args()
    content = quantised(shipped(keras.models.load_model(chosen.trained, compile=False)))
    chosen.out.write_bytes(content)
    print(f"{chosen.out}: {len(content)} bytes")


def shipped(trained: keras.Model) -> keras.Model:
    """The network with a fixed input of 0..255 and three outputs, offsets in pixels."""
    fixed = network(INPUT_WH)
    fixed.set_weights(trained.get_weights())
    scale = fixed.get_layer("to_unit").scale
    first = fixed.get_layer("first")
    first.set_weights([first.get_weights()[0] * scale])
    for name in ("short_offsets", "mid_offsets"):
        head = fixed.get_layer(name)
        head.set_weights([values * STRIDE for values in head.get_weights()])
    picture = keras.Input((INPUT_WH[1], INPUT_WH[0], 3), batch_size=1, name="picture")
    x = picture
    for layer in fixed.layers:
        if (
            isinstance(layer, layers.InputLayer | layers.Rescaling | layers.Concatenate)
            or layer.name in HEADS
        ):
            continue
        x = layer(x)
    return keras.Model(picture, [fixed.get_layer(name)(x) for name in HEADS])


def quantised(model: keras.Model) -> bytes:
    """The file: int8 weights, one scale a channel; int8 picture and heads."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = _representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def _representative() -> Iterator[list[np.ndarray]]:
    rng = np.random.default_rng(_FIRST_SEED)
    for number in range(_PICTURES):
        scene = next(map(as_the_product_sees, scenes(_FIRST_SEED + number, CAMERA_WH)))
        pixels = worse(scene.pixels, rng, 0.5).astype(np.float32)
        # One step of the input is then one step of a pixel, exactly.
        pixels[0, 0], pixels[0, 1] = 0.0, 255.0
        yield [pixels[None]]


if __name__ == "__main__":
    main()
