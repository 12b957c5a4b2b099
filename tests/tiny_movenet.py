"""A real .tflite MoveNet, made here: it sees one person at the middle of whatever is bright.

The middle is a sum over the pooled picture, each cell weighted by where it is, divided by the plain sum;
the score is that sum, up to 1. A fixed figure hangs on it, in parts of the input, with the nose on the
middle: so its size depends on how much of the picture the network is shown, as nothing real would, and
its place does not.
"""

from __future__ import annotations

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from tiny_posenet import Graph

SIDE = 96
POOL = 4
SURE_PX = 40  # so many white pixels of the input are a person without doubt

_KINDS = {
    "uint8": schema.TensorType.UINT8,
    "int8": schema.TensorType.INT8,
    "int32": schema.TensorType.INT32,
    "float32": schema.TensorType.FLOAT32,
}
_ANSWER_STEP = 1 / 64


def figure() -> NDArray[np.float64]:
    """Where the keypoints are from the nose, x and y in parts of the input: ``(17, 2)``."""
    xy = np.zeros((17, 2))
    xy[[5, 6], 1] = -0.1
    xy[[15, 16], 1] = 0.3
    return xy


def tiny_movenet(kind: str = "uint8", *, quantised_answer: bool = False, side: int = SIDE) -> bytes:
    """The file.

    Args:
        kind: Type of the picture: uint8, int8, int32 or float32.
        quantised_answer: Whether the answer is uint8, in steps of 1/64.
        side: Of its input, in pixels.
    """
    graph = Graph("float32")
    picture = real = graph.plain("picture", (1, side, side, 3), _KINDS[kind])
    if kind != "float32":
        real = graph.plain("cast", (1, side, side, 3))
        graph.builtin(schema.BuiltinOperator.CAST, [picture], real)
    if kind == "int8":  # counts from -128
        counted = real
        real = graph.plain("from 0", (1, side, side, 3))
        darkest = graph.constant("darkest", np.full(1, 128, np.float32), _KINDS["float32"], None)
        graph.builtin(
            schema.BuiltinOperator.ADD,
            [counted, darkest],
            real,
            schema.BuiltinOptions.AddOptions,
            schema.AddOptionsT(),
        )
    pool = schema.Pool2DOptionsT()
    pool.padding, pool.strideW, pool.strideH, pool.filterWidth, pool.filterHeight = 1, POOL, POOL, POOL, POOL
    cells = side // POOL
    pooled = graph.plain("pooled", (1, cells, cells, 3))
    graph.builtin(
        schema.BuiltinOperator.AVERAGE_POOL_2D, [real], pooled, schema.BuiltinOptions.Pool2DOptions, pool
    )

    middles = (np.arange(cells) + 0.5) / cells
    places = np.stack(np.meshgrid(middles, middles, indexing="ij"))  # y, x
    places = np.repeat(places.reshape(2, -1), 3, axis=1)
    gain = POOL * POOL / (SURE_PX * 765)
    weighted = _dense(graph, "weighted", pooled, places, np.zeros(2))
    total = _dense(graph, "total", pooled, np.ones_like(places), np.full(2, 1e-3))
    score = _dense(
        graph,
        "score",
        pooled,
        np.full((1, places.shape[1]), gain),
        np.zeros(1),
        activation=schema.ActivationFunctionType.RELU_N1_TO_1,
    )
    middle = graph.plain("middle", (1, 2))
    graph.builtin(
        schema.BuiltinOperator.DIV,
        [weighted, total],
        middle,
        schema.BuiltinOptions.DivOptions,
        schema.DivOptionsT(),
    )
    joined = graph.plain("joined", (1, 3))
    concatenation = schema.ConcatenationOptionsT()
    concatenation.axis = 1
    graph.builtin(
        schema.BuiltinOperator.CONCATENATION,
        [middle, score],
        joined,
        schema.BuiltinOptions.ConcatenationOptions,
        concatenation,
    )
    offsets = np.concatenate([figure()[:, ::-1], np.zeros((17, 1))], axis=1)
    body = _dense(graph, "body", joined, np.tile(np.eye(3), (17, 1)), offsets.reshape(-1))
    answer = graph.plain("answer", (1, 1, 17, 3))
    shape = graph.constant("shape", np.array([1, 1, 17, 3], np.int32), schema.TensorType.INT32, None)
    graph.builtin(schema.BuiltinOperator.RESHAPE, [body, shape], answer)
    if quantised_answer:
        stored = graph.quantised("stored", (1, 1, 17, 3), schema.TensorType.UINT8, (_ANSWER_STEP, 64))
        graph.builtin(schema.BuiltinOperator.QUANTIZE, [answer], stored)
        answer = stored
    return graph.packed([picture], [answer])


def _dense(
    graph: Graph,
    name: str,
    picture: int,
    weights: NDArray[np.float64],
    bias: NDArray[np.float64],
    activation: int = schema.ActivationFunctionType.NONE,
) -> int:
    options = schema.FullyConnectedOptionsT()
    options.fusedActivationFunction = activation
    kind = schema.TensorType.FLOAT32
    weights_at = graph.constant(f"{name} weights", weights.astype(np.float32), kind, None)
    bias_at = graph.constant(f"{name} bias", np.asarray(bias, np.float32), kind, None)
    output = graph.plain(name, (1, len(weights)))
    graph.builtin(
        schema.BuiltinOperator.FULLY_CONNECTED,
        [picture, weights_at, bias_at],
        output,
        schema.BuiltinOptions.FullyConnectedOptions,
        options,
    )
    return output
