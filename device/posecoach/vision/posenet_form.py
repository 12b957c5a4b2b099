"""What makes a network a PoseNet: the tensors at its ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from posecoach.errors import ModelError
from posecoach.vision.heads import HEATMAP_CHANNELS, MID_OFFSET_CHANNELS, SHORT_OFFSET_CHANNELS

_HEADS: Final = {
    HEATMAP_CHANNELS: "heatmaps",
    SHORT_OFFSET_CHANNELS: "short offsets",
    MID_OFFSET_CHANNELS: "mid offsets",
}
_QUANTISED: Final = (np.uint8, np.int8)


@dataclass(frozen=True, slots=True)
class TensorForm:
    """An input or output of a network, as its interpreter describes it.

    Attributes:
        index: What the interpreter calls it by.
        shape: Its lengths.
        dtype: Of what.
        scales: What one step of a quantised tensor is worth: one number, or one for each channel;
            empty for floats.
        zero_points: The stored values that mean 0, likewise.
    """

    index: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.shape} {self.dtype}"


@dataclass(frozen=True, slots=True)
class PoseNetForm:
    """The ends of a PoseNet.

    Attributes:
        input: ``(1, height, width, 3)``.
        heads: Heatmaps, short offsets, mid offsets: ``(1, rows, cols, channels)``.
        output_stride: Input pixels from cell to cell.
    """

    input: TensorForm
    heads: tuple[TensorForm, TensorForm, TensorForm]
    output_stride: int

    @property
    def input_wh(self) -> tuple[int, int]:
        """Size of the picture that the network takes, in pixels."""
        return self.input.shape[2], self.input.shape[1]

    @classmethod
    def match(cls, inputs: Sequence[TensorForm], outputs: Sequence[TensorForm], model_id: str) -> Self:
        """Tell which tensor is what: the heads by their channels, whatever their order.

        Raises:
            ModelError: These are not the ends of a PoseNet; says what was found.
        """
        picture = _match_input(inputs, model_id)
        heads = _match_heads(outputs, model_id)
        return cls(picture, heads, _output_stride(picture.shape[1:3], heads[0].shape[1:3], model_id))


def _match_input(inputs: Sequence[TensorForm], model_id: str) -> TensorForm:
    if len(inputs) == 1:
        picture = inputs[0]
        whole = len(picture.shape) == 4 and (picture.shape[0], picture.shape[-1]) == (1, 3)
        if whole and 0 not in picture.shape and picture.dtype in (*_QUANTISED, np.float32):
            return picture
    raise ModelError(
        f"{model_id} is not a PoseNet: its inputs are {_listed(inputs)}; "
        "expected one of (1, height, width, 3) uint8, int8 or float32"
    )


def _match_heads(outputs: Sequence[TensorForm], model_id: str) -> tuple[TensorForm, TensorForm, TensorForm]:
    by_channels = {form.shape[-1]: form for form in outputs if len(form.shape) == 4 and form.shape[0] == 1}
    grids = {form.shape[:3] for form in by_channels.values() if 0 not in form.shape}
    if len(outputs) != len(_HEADS) or by_channels.keys() != _HEADS.keys() or len(grids) != 1:
        expected = ", ".join(f"{channels} ({name})" for channels, name in _HEADS.items())
        raise ModelError(
            f"{model_id} is not a PoseNet: its outputs are {_listed(outputs)}; "
            f"expected three of (1, rows, cols, channels) with channels {expected}"
        )
    for form in outputs:
        quantised = form.dtype in _QUANTISED and len(form.scales) == len(form.zero_points) == 1
        if not (quantised or (form.dtype == np.float32 and not form.scales)):
            raise ModelError(
                f"{model_id} has a head {form} with {len(form.scales)} scales; "
                "expected uint8 or int8 with one, or float32 with none"
            )
    heatmaps, short_offsets, mid_offsets = (by_channels[channels] for channels in _HEADS)
    return heatmaps, short_offsets, mid_offsets


def _output_stride(pixels: Sequence[int], cells: Sequence[int], model_id: str) -> int:
    """From sizes of ``cells = (pixels - 1) / stride + 1``; others, which exist, to the nearest power of two.

    Networks halve the picture again and again. A picture of 288 x 416 pixels has 18 x 26 cells 16 apart,
    though the distance from the first to the last pixel, divided, is nearer to 17.
    """
    apart = [(p - 1) / (c - 1) for p, c in zip(pixels, cells, strict=True) if c > 1]
    strides = {1 << round(math.log2(pixels_apart)) for pixels_apart in apart if pixels_apart >= 1}
    if len(strides) != 1 or min(apart) < 1:
        raise ModelError(
            f"{model_id} is not a PoseNet: heads of {tuple(cells)} cells do not lie evenly "
            f"on a picture of {tuple(pixels)} pixels (rows, columns)"
        )
    return strides.pop()


def _listed(tensors: Sequence[TensorForm]) -> str:
    return ", ".join(map(str, tensors)) or "none"
