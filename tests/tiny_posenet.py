"""A real .tflite PoseNet, made here, a few kilobytes: it sees one person wherever the picture is bright.

Three 1 x 1 convolutions of stride 16. The heatmaps follow brightness (black -4, white +4), alike for all
keypoints; the short offsets are 0; the mid offsets set every keypoint at a fixed distance from the nose,
below the NMS radius. So a lone bright cell is one person with the nose on it, on a known figure.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

STRIDE = 16
INPUT_WH = (129, 97)
FIGURE_STEP_PX = 1.5  # each step along the part tree goes this far down, and to the side with the keypoint

PARENTS = [(0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11), (11, 13), (13, 15)]
PARENTS += [(0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16)]

_TYPES = {
    "uint8": (schema.TensorType.UINT8, np.uint8, 128),
    "int8": (schema.TensorType.INT8, np.int8, 0),
    "float32": (schema.TensorType.FLOAT32, np.float32, 0),
}


def figure_xy() -> NDArray[np.float64]:
    """Where the keypoints are, from the nose, in network pixels: ``(17, 2)``."""
    xy = np.zeros((17, 2))
    for parent, child in PARENTS:
        xy[child] = xy[parent] + _step(child)
    return xy


def tiny_posenet(
    kind: str = "uint8",
    *,
    channels: tuple[int, ...] = (17, 34, 64),
    wh: tuple[int, int] = INPUT_WH,
    last_operator: str | None = "PosenetDecoderOp",
    stride: int = STRIDE,
) -> bytes:
    """The file.

    Args:
        kind: Type of the picture and the heads: uint8, int8 or float32.
        channels: Of the heads; others than PoseNet's make a network that is none.
        wh: Size of the input, ``k * stride + 1``.
        last_operator: Name of a custom operator on the heads, as the published files have; or none.
        stride: Input pixels from cell to cell.
    """
    width, height = wh
    cells = ((height - 1) // stride + 1, (width - 1) // stride + 1)
    weights = [_weights(count) for count in channels]
    graph = Graph(kind)
    picture = graph.tensor("picture", (1, height, width, 3), 1 / 128)
    heads = []
    for count, (kernel, bias), step in zip(channels, weights, (0.05, 0.4, 0.1), strict=False):
        head = graph.tensor(f"head{count}", (1, *cells, count), step)
        graph.convolution(picture, kernel, bias, head, stride)
        heads.append(head)
    outputs = heads
    if last_operator is not None:
        outputs = [graph.plain(f"decoded{i}", (1, 10)) for i in range(4)]
        graph.custom(last_operator, heads, outputs)
    return graph.packed([picture], outputs)


def compiled_posenet(wh: tuple[int, int] = INPUT_WH) -> bytes:
    """What the Edge TPU's compiler makes of it: one operator that only its delegate knows."""
    width, height = wh
    cells = ((height - 1) // STRIDE + 1, (width - 1) // STRIDE + 1)
    graph = Graph("uint8")
    picture = graph.tensor("picture", (1, height, width, 3), 1 / 128)
    steps = {17: 0.05, 34: 0.4, 64: 0.1}
    heads = [graph.tensor(f"head{count}", (1, *cells, count), step) for count, step in steps.items()]
    graph.custom("edgetpu-custom-op", [picture], heads)
    return graph.packed([picture], heads)


def _step(child: int) -> NDArray[np.float64]:
    side = 0 if child == 0 else (1 if child % 2 else -1)
    return np.array([side * FIGURE_STEP_PX, FIGURE_STEP_PX])


def _weights(channels: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    kernel, bias = np.zeros((channels, 1, 1, 3)), np.zeros(channels)
    if channels < 32:
        kernel[:] = 4 / 3
    elif channels == 64:
        for edge, (_, child) in enumerate(PARENTS):
            dx, dy = _step(child)
            bias[[edge, 16 + edge, 32 + edge, 48 + edge]] = dy, dx, -dy, -dx
    return kernel, bias


class Graph:
    """Builds one subgraph, tensor by tensor."""

    def __init__(self, kind: str) -> None:
        self._type, self._numpy, self._zero = _TYPES[kind]
        self._quantised = kind != "float32"
        self._buffers: list[Any] = [schema.BufferT()]
        self._tensors: list[Any] = []
        self._operators: list[Any] = []
        self._codes: list[Any] = []

    def tensor(self, name: str, shape: tuple[int, ...], scale: float) -> int:
        return self._add(name, shape, self._type, 0, (scale, self._zero) if self._quantised else None)

    def plain(self, name: str, shape: tuple[int, ...], kind: int = schema.TensorType.FLOAT32) -> int:
        return self._add(name, shape, kind, 0, None)

    def quantised(self, name: str, shape: tuple[int, ...], kind: int, steps: tuple[float, int]) -> int:
        """A tensor of another type than the graph's, with its scale and zero point."""
        return self._add(name, shape, kind, 0, steps)

    def convolution(self, picture: int, kernel: NDArray, bias: NDArray, head: int, stride: int) -> None:
        if self._quantised:
            kernel_scale = 4 / 3 / 127
            stored = (np.rint(kernel / kernel_scale) + self._zero).astype(self._numpy)
            stored_bias = np.rint(bias / (kernel_scale / 128)).astype(np.int32)
            kernel_at = self.constant("kernel", stored, self._type, (kernel_scale, self._zero))
            bias_at = self.constant("bias", stored_bias, schema.TensorType.INT32, (kernel_scale / 128, 0))
        else:
            kernel_at = self.constant("kernel", kernel.astype(np.float32), self._type, None)
            bias_at = self.constant("bias", bias.astype(np.float32), self._type, None)
        operator = self._operator([picture, kernel_at, bias_at], [head])
        operator.opcodeIndex = self._code(schema.BuiltinOperator.CONV_2D, None)
        options = schema.Conv2DOptionsT()
        options.padding = schema.Padding.VALID
        options.strideW = options.strideH = stride
        options.dilationWFactor = options.dilationHFactor = 1
        operator.builtinOptionsType = schema.BuiltinOptions.Conv2DOptions
        operator.builtinOptions = options

    def builtin(self, code: int, inputs: list[int], output: int, kind: int = 0, options: Any = None) -> None:
        """An operator that every interpreter knows; `kind` is the type of its `options`."""
        operator = self._operator(inputs, [output])
        operator.opcodeIndex = self._code(code, None)
        operator.builtinOptionsType, operator.builtinOptions = kind, options

    def custom(self, name: str, inputs: list[int], outputs: list[int]) -> None:
        self._operator(inputs, outputs).opcodeIndex = self._code(schema.BuiltinOperator.CUSTOM, name)

    def packed(self, inputs: list[int], outputs: list[int]) -> bytes:
        graph = schema.SubGraphT()
        graph.name = "main"
        graph.tensors, graph.operators = self._tensors, self._operators
        graph.inputs, graph.outputs = np.array(inputs, np.int32), np.array(outputs, np.int32)
        model = schema.ModelT()
        model.version = 3
        model.subgraphs, model.operatorCodes, model.buffers = [graph], self._codes, self._buffers
        builder = flatbuffers.Builder(1 << 14)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _add(
        self, name: str, shape: tuple[int, ...], kind: int, buffer: int, quantised: tuple[float, int] | None
    ) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.type, tensor.buffer = name, kind, buffer
        tensor.shape = np.array(shape, np.int32)
        if quantised is not None:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = np.array([quantised[0]], np.float32)
            tensor.quantization.zeroPoint = np.array([quantised[1]], np.int64)
        self._tensors.append(tensor)
        return len(self._tensors) - 1

    def constant(self, name: str, values: NDArray, kind: int, quantised: tuple[float, int] | None) -> int:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._buffers.append(buffer)
        return self._add(name, values.shape, kind, len(self._buffers) - 1, quantised)

    def _operator(self, inputs: list[int], outputs: list[int]) -> Any:
        operator = schema.OperatorT()
        operator.inputs, operator.outputs = np.array(inputs, np.int32), np.array(outputs, np.int32)
        self._operators.append(operator)
        return operator

    def _code(self, builtin: int, custom: str | None) -> int:
        for index, known in enumerate(self._codes):
            if known.builtinCode == builtin and known.customCode == custom:
                return index
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = builtin
        code.customCode = custom
        code.version = 1
        self._codes.append(code)
        return len(self._codes) - 1
