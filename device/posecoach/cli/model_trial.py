"""One run of a model before it is taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.vision.movenet import is_movenet
from posecoach.vision.tflite_edit import custom_operators

_NAMES: Final = {"posenet": "PoseNet", "movenet": "MoveNet"}
_MOVENET_STRIDE: Final = 4
"""Inside the network: what comes out does not show it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model that has run once is, in a manifest's terms."""

    family: str
    input_wh: tuple[int, int]
    output_stride: int
    heads: tuple[str, ...]

    def __str__(self) -> str:
        width, height = self.input_wh
        return f"{_NAMES[self.family]}, input {width} x {height}, output stride {self.output_stride}"


def try_model(content: bytes, name: str) -> Trial:
    """Run a model once, on grey.

    Raises:
        ModelError: It is neither a PoseNet nor a MoveNet, or does not run.
        ModelUnavailable: There is no interpreter, or the model wants an Edge TPU and there is none.
        ShapeError: It answers with NaN.
    """
    from posecoach.adapters.litert_estimator import LiteRtEstimator
    from posecoach.adapters.movenet_estimator import MoveNetEstimator

    custom_operators(content)  # says what is wrong with a file that is no model at all
    if is_movenet(content):
        with MoveNetEstimator(content, model_id=name) as movenet:
            movenet.decode(movenet.infer(_grey(movenet.input_wh)))
            return Trial("movenet", movenet.input_wh, _MOVENET_STRIDE, ("keypoints",))
    with LiteRtEstimator(content, model_id=name) as posenet:
        heads = posenet.infer(_grey(posenet.input_wh))
        names = ("heatmaps", "short_offsets", "mid_offsets")
        return Trial("posenet", posenet.input_wh, heads.output_stride, names)


def _grey(wh: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((wh[1], wh[0], 3), 127, np.uint8)
