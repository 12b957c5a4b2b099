"""Take the decoder operator out of a published PoseNet file, so that any interpreter runs it.

The published files end in ``PosenetDecoderOp``, which no plain interpreter knows. Its three inputs
are the heads that our own decoders read. Six bytes change and no byte moves: three vectors get
shorter by one (the graph's outputs, its operators, the operator codes), and the outputs become the
operator's inputs. What is no longer referred to stays where it is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from posecoach.errors import ModelError
from posecoach.vision.flat_table import FlatTable, Vector
from posecoach.vision.heads import HEATMAP_CHANNELS, MID_OFFSET_CHANNELS, SHORT_OFFSET_CHANNELS

DECODER: Final = "PosenetDecoderOp"
EDGETPU: Final = "edgetpu-custom-op"

_IDENTIFIER: Final = b"TFL3"
_HEADS: Final = [HEATMAP_CHANNELS, SHORT_OFFSET_CHANNELS, MID_OFFSET_CHANNELS]

# Field numbers of the TensorFlow Lite schema, version 3.
_MODEL_CODES, _MODEL_SUBGRAPHS, _MODEL_BUFFERS = 1, 2, 4
_CODE_CUSTOM = 1
_GRAPH_TENSORS, _GRAPH_INPUTS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = 0, 1, 2, 3
_OPERATOR_CODE, _OPERATOR_INPUTS, _OPERATOR_OUTPUTS, _OPERATOR_OPTIONS = 0, 1, 2, 5
_TENSOR_SHAPE, _TENSOR_BUFFER = 0, 2
_BUFFER_BYTES, _BUFFER_OFFSET, _BUFFER_SIZE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Graph:
    """The parts of a model that the edit looks at; every part of it is known to be inside the file."""

    model: FlatTable
    graph: FlatTable
    custom_codes: list[str]
    operators: list[FlatTable]
    shapes: list[list[int]]

    def custom_code(self, operator: FlatTable) -> str:
        """The operator's name if it is a custom one, else an empty string."""
        return self.custom_codes[operator.number(_OPERATOR_CODE, "u32")]


def custom_operators(content: bytes) -> frozenset[str]:
    """Names of the custom operators that a .tflite file uses.

    Raises:
        ModelError: `content` is not a model, or is cut off or damaged.
    """
    parts = _parse(content)
    return frozenset(filter(None, map(parts.custom_code, parts.operators)))


def without_decoder(content: bytes) -> bytes:
    """The .tflite file `content` without its ``PosenetDecoderOp``; unchanged if it has none.

    Raises:
        ModelError: `content` is not a model, is cut off or damaged, or has that operator elsewhere
            than at its end, or on other inputs than the three heads.
    """
    parts = _parse(content)
    if DECODER not in map(parts.custom_code, parts.operators):
        return content
    decoder = parts.operators[-1]
    heads = decoder.integers(_OPERATOR_INPUTS)
    # Delegates match the heads by position: the order must be that of the tensors.
    _require(len(parts.model.tables(_MODEL_SUBGRAPHS)) == 1, "the model has more than one subgraph")
    _require(parts.custom_code(decoder) == DECODER, "it is not the last operator")
    code = decoder.number(_OPERATOR_CODE, "u32")
    _require(code == len(parts.custom_codes) - 1, "its operator code is not the last one")
    others = (operator.number(_OPERATOR_CODE, "u32") for operator in parts.operators[:-1])
    _require(code not in others, "another operator shares its code")
    _require(heads == sorted(set(heads)), f"its inputs {heads} are not in ascending order")
    channels = [parts.shapes[tensor][-1] if parts.shapes[tensor] else 0 for tensor in heads]
    _require(channels == _HEADS, f"its inputs have {channels} channels, not {_HEADS}")
    outputs = parts.graph.vector(_GRAPH_OUTPUTS, 4)
    _require(outputs is not None and outputs.length >= len(heads), "the graph has too few outputs")
    assert outputs is not None  # for the type checker; the line before has made sure

    edited = bytearray(content)
    struct.pack_into("<I3i", edited, outputs.length_at, len(heads), *heads)
    for vector in (parts.graph.vector(_GRAPH_OPERATORS, 4), parts.model.vector(_MODEL_CODES, 4)):
        assert vector is not None  # both hold the decoder
        _shorten(edited, vector)
    return bytes(edited)


def _shorten(content: bytearray, vector: Vector) -> None:
    struct.pack_into("<I", content, vector.length_at, vector.length - 1)


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise ModelError(f"cannot take {DECODER} out of this model: {reason}; use a published PoseNet file")


def _parse(content: bytes) -> _Graph:
    if content[4:8] != _IDENTIFIER:
        raise ModelError(
            f"not a TensorFlow Lite model: bytes 4 to 8 are {content[4:8]!r}, expected {_IDENTIFIER!r}; "
            "name a .tflite file"
        )
    model = FlatTable.root(content)
    graphs = model.tables(_MODEL_SUBGRAPHS)
    if not graphs:
        raise ModelError("model file is damaged: it has no graph; fetch it again")
    codes = [code.text(_CODE_CUSTOM) for code in model.tables(_MODEL_CODES)]
    buffers = model.tables(_MODEL_BUFFERS)
    for buffer in buffers:
        _check_buffer(buffer)
    for graph in graphs:
        tensors = graph.tables(_GRAPH_TENSORS)
        _check_indices(
            "tensors' buffers", (tensor.number(_TENSOR_BUFFER, "u32") for tensor in tensors), len(buffers)
        )
        for field in (_GRAPH_INPUTS, _GRAPH_OUTPUTS):
            _check_indices("graph's ends", graph.integers(field), len(tensors))
        for operator in graph.tables(_GRAPH_OPERATORS):
            _check_indices("operator codes", [operator.number(_OPERATOR_CODE, "u32")], len(codes))
            ends = operator.integers(_OPERATOR_INPUTS) + operator.integers(_OPERATOR_OUTPUTS)
            # -1 stands for an optional input that is left out.
            _check_indices("operators' tensors", (tensor for tensor in ends if tensor != -1), len(tensors))
            operator.vector(_OPERATOR_OPTIONS, 1)
    shapes = [tensor.integers(_TENSOR_SHAPE) for tensor in graphs[0].tables(_GRAPH_TENSORS)]
    return _Graph(model, graphs[0], codes, graphs[0].tables(_GRAPH_OPERATORS), shapes)


def _check_buffer(buffer: FlatTable) -> None:
    """Weights lie in a vector, or, in large files, behind the flatbuffer at a stated offset."""
    buffer.vector(_BUFFER_BYTES, 1)
    end = buffer.number(_BUFFER_OFFSET, "u64") + buffer.number(_BUFFER_SIZE, "u64")
    if end > len(buffer.content):
        raise ModelError(
            f"model file is cut off or damaged: weights end at byte {end} of {len(buffer.content)}; "
            "fetch it again"
        )


def _check_indices(what: str, indices: Iterable[int], count: int) -> None:
    for index in indices:
        if not 0 <= index < count:
            raise ModelError(f"model file is damaged: {what} name number {index} of {count}; fetch it again")
