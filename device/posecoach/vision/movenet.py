"""MoveNet, single pose: one answer for every picture, person or not.

Model card "MoveNet.SinglePose" and the Coral model page: the picture goes in as it is, 0 to 255; out
come 17 times y, x (as parts of the input) and a score, in COCO order. There is no instance score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ModelError, ShapeError
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.vision.flat_table import FlatTable
from posecoach.vision.posenet_form import TensorForm

LEAST_SCORE: Final = 0.2
"""Instance score from which there is a person; pictures of nobody get less than 0.1."""

_OUTPUT: Final = (1, 1, NUM_KEYPOINTS, 3)
_PICTURES: Final = (np.uint8, np.int8, np.int32, np.float32)
_QUANTISED: Final = (np.uint8, np.int8)

# Field numbers of the TensorFlow Lite schema, version 3.
_MODEL_SUBGRAPHS, _GRAPH_TENSORS, _GRAPH_OUTPUTS, _TENSOR_SHAPE = 2, 0, 2, 0


@dataclass(frozen=True, slots=True)
class MoveNetForm:
    """The ends of a MoveNet.

    Attributes:
        input: ``(1, side, side, 3)``, a picture from 0 to 255 in whatever type.
        keypoints: ``(1, 1, 17, 3)``: y, x, score.
    """

    input: TensorForm
    keypoints: TensorForm

    @property
    def input_wh(self) -> tuple[int, int]:
        """Size of the picture that the network takes, in pixels."""
        return self.input.shape[2], self.input.shape[1]

    @classmethod
    def match(cls, inputs: Sequence[TensorForm], outputs: Sequence[TensorForm], model_id: str) -> Self:
        """Tell which tensor is what.

        Raises:
            ModelError: These are not the ends of a MoveNet; says what was found.
        """
        if len(inputs) != 1 or len(outputs) != 1 or not (_is_picture(inputs[0]) and _is_answer(outputs[0])):
            raise ModelError(
                f"{model_id} is not a MoveNet: from {', '.join(map(str, inputs)) or 'nothing'} it makes "
                f"{', '.join(map(str, outputs)) or 'nothing'}; expected one (1, side, side, 3) of uint8, "
                f"int8, int32 or float32, and one {_OUTPUT} of float32, or quantised with one scale"
            )
        return cls(inputs[0], outputs[0])


def is_movenet(model: bytes) -> bool:
    """Whether a .tflite file answers as MoveNet does, whatever it is called.

    Raises:
        ModelError: The file is cut off or damaged.
    """
    graphs = FlatTable.root(model).tables(_MODEL_SUBGRAPHS)
    if not graphs:
        return False
    outputs, tensors = graphs[0].integers(_GRAPH_OUTPUTS), graphs[0].tables(_GRAPH_TENSORS)
    return (
        len(outputs) == 1
        and 0 <= outputs[0] < len(tensors)
        and tuple(tensors[outputs[0]].integers(_TENSOR_SHAPE)) == _OUTPUT
    )


def decode_movenet(answer: NDArray[np.generic], form: MoveNetForm) -> PoseEstimate:
    """The pose that the network sees, in pixels of its input; there is always one.

    Args:
        answer: ``(1, 17, 3)``, as stored.
        form: Where it comes from.

    Raises:
        ShapeError: The network answers with NaN.
    """
    real = answer.reshape(NUM_KEYPOINTS, 3).astype(np.float64)
    if form.keypoints.scales:
        real = (real - form.keypoints.zero_points[0]) * form.keypoints.scales[0]
    if not np.isfinite(real).all():
        raise ShapeError("MoveNet answers with NaN or infinity: the network or its input is broken")
    scores = np.clip(real[:, 2], 0.0, 1.0)  # a quantised sigmoid may come out a step above 1
    return PoseEstimate(real[:, 1::-1] * form.input_wh, scores, float(scores.mean()))


def _is_picture(form: TensorForm) -> bool:
    if len(form.shape) != 4 or form.dtype not in _PICTURES:
        return False
    batch, height, width, channels = form.shape
    return (batch, channels) == (1, 3) and height == width > 0


def _is_answer(form: TensorForm) -> bool:
    quantised = form.dtype in _QUANTISED and len(form.scales) == len(form.zero_points) == 1
    return form.shape == _OUTPUT and (quantised or (form.dtype == np.float32 and not form.scales))
