"""PoseNet on the processor, by LiteRT (or the older tflite-runtime)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ModelError, ModelUnavailable
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.vision.heads import Head, Heads
from posecoach.vision.letterbox import Letterbox, Resize
from posecoach.vision.multi_pose import DecodeOptions, decode_multi_pose
from posecoach.vision.posenet_form import PoseNetForm, TensorForm
from posecoach.vision.single_pose import decode_single_pose
from posecoach.vision.tflite_edit import EDGETPU, custom_operators, without_decoder

_WHY_NOT: str | None = None
try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError as litert_error:
    try:
        from tflite_runtime.interpreter import Interpreter
    except ImportError as runtime_error:
        _WHY_NOT = f"{litert_error}; {runtime_error}"

_MOST_THREADS: Final = 4  # a Raspberry Pi's cores; more gains nothing on networks this small


class LiteRtEstimator:
    """Finds people with a PoseNet model: three heads, on a uint8, int8 or float32 picture.

    `estimate` is `prepare`, `infer`, `decode` and `place`, one after another; each is public so that
    a benchmark can time it. Not for use from two threads at once.
    """

    def __init__(
        self,
        model: bytes,
        *,
        model_id: str,
        options: DecodeOptions | None = None,
        single: bool = False,
        resize: Resize = Resize.LETTERBOX,
        scale_factor: float = 1.0,
        flip_horizontal: bool = False,
        num_threads: int | None = None,
    ) -> None:
        """Load a model.

        Args:
            model: A .tflite file; a ``PosenetDecoderOp`` at its end is taken out.
            model_id: The manifest's id of it, or the file's name.
            options: What counts as a person.
            single: Decode one person, by the best cell of each heatmap. Faster, but mixes people.
            resize: How a picture of another shape goes into the network's input.
            scale_factor: In (0, 1]: shrinks the picture inside the input.
            flip_horizontal: For pictures that are a mirror image: the network sees them, and keypoints
                are in pixels of them, the right way round.
            num_threads: Threads of the interpreter; by default one per core, at most 4.

        Raises:
            ModelUnavailable: No interpreter is installed, or the model is compiled for an Edge TPU.
            ModelError: `model` is not a model, or not a PoseNet.
            ShapeError: `scale_factor` is outside (0, 1].
        """
        if _WHY_NOT is not None:
            raise ModelUnavailable(
                "no interpreter for the pose network: install ai-edge-litert "
                f"(pip install 'posecoach[infer]'); tried ai_edge_litert and tflite_runtime: {_WHY_NOT}"
            )
        self._model_id = model_id
        self._options = options or DecodeOptions()
        self._single = single
        self._interpreter: Any = _load(
            model, model_id, num_threads or min(os.cpu_count() or 1, _MOST_THREADS)
        )
        self._form = PoseNetForm.match(
            _described(self._interpreter.get_input_details()),
            _described(self._interpreter.get_output_details()),
            model_id,
        )
        # Whatever frames come, their letterbox is this one's twin for another size.
        self._letterbox = Letterbox.make(
            self.input_wh, self.input_wh, resize, scale_factor=scale_factor, flip=flip_horizontal
        )

    @property
    def model_id(self) -> str:
        """The manifest's id of the model, or the file's name."""
        return self._model_id

    @property
    def input_wh(self) -> tuple[int, int]:
        """Size of the network's input, in pixels."""
        return self._form.input_wh

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The people in `frame`, best instance score first; empty when there is nobody.

        Keypoints are in pixels of ``frame.image`` and may lie outside it.
        """
        return self.place(self.decode(self.infer(self.prepare(frame))), frame)

    def prepare(self, frame: Frame) -> NDArray[np.uint8]:
        """The network's input for `frame`: ``(height, width, 3)``; the next call overwrites it."""
        return self._fitted(frame).fit(_network_image(frame))

    def infer(self, pixels: NDArray[np.uint8]) -> Heads:
        """Run the network on what `prepare` gave.

        Raises:
            ModelUnavailable: The estimator is closed.
            ShapeError: The network answers with NaN.
        """
        if self._interpreter is None:
            raise ModelUnavailable(f"estimator of {self._model_id} is closed")
        # The view into the interpreter must be gone before invoke(), so it has no name here.
        _write_pixels(self._interpreter.tensor(self._form.input.index)()[0], pixels)
        self._interpreter.invoke()
        heatmaps, short_offsets, mid_offsets = map(self._head, self._form.heads)
        return Heads(heatmaps, short_offsets, mid_offsets, self._form.output_stride)

    def decode(self, heads: Heads) -> list[PoseEstimate]:
        """The people in `heads`, best first, in network pixels."""
        if not self._single:
            return decode_multi_pose(heads, self._options)
        pose = decode_single_pose(heads)
        return [pose] if pose.score >= self._options.score_threshold else []

    def place(self, poses: list[PoseEstimate], frame: Frame) -> list[PoseEstimate]:
        """`poses` of the network's input, in pixels of ``frame.image``."""
        letterbox = self._fitted(frame)
        return [
            PoseEstimate(letterbox.to_image(pose.keypoints_xy), pose.keypoint_scores, pose.score)
            for pose in poses
        ]

    def close(self) -> None:
        """Free the network; a second call does nothing."""
        self._interpreter = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _fitted(self, frame: Frame) -> Letterbox:
        """The letterbox for frames of this size; made anew only when the size changes."""
        height, width, _ = _network_image(frame).shape
        if self._letterbox.image_wh != frame.wh or self._letterbox.source_wh != (width, height):
            self._letterbox = self._letterbox.resized(frame.wh, (width, height))
        return self._letterbox

    def _head(self, form: TensorForm) -> Head:
        # get_tensor copies, once; what it gives stays valid through the next inference.
        values = self._interpreter.get_tensor(form.index)[0]
        return Head(values, form.scales[0], form.zero_points[0]) if form.scales else Head(values)


def _network_image(frame: Frame) -> NDArray[np.uint8]:
    return frame.image if frame.lores is None else frame.lores


def _write_pixels(tensor: NDArray[Any], pixels: NDArray[np.uint8]) -> None:
    """Put a picture into the input tensor, in the tensor's own terms."""
    if tensor.dtype == np.uint8:
        tensor[...] = pixels
    elif tensor.dtype == np.int8:
        # Quantised alike, only counted from -128.
        np.bitwise_xor(pixels, np.uint8(0x80), out=tensor.view(np.uint8))
    else:
        np.multiply(pixels, np.float32(1 / 127.5), out=tensor, dtype=np.float32)
        tensor -= np.float32(1)


def _load(model: bytes, model_id: str, num_threads: int) -> Any:
    """An interpreter, ready to run.

    It may print one line about its own speed-up (XNNPACK) to stderr; no interface switches that off.
    """
    if EDGETPU in custom_operators(model):
        raise ModelUnavailable(
            f"{model_id} is compiled for an Edge TPU, which this version does not run: "
            "name the CPU's model, without 'edgetpu'"
        )
    content = without_decoder(model)
    try:
        with _native_messages_dropped():
            interpreter = Interpreter(model_content=content, num_threads=num_threads)
            interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError(f"the interpreter refuses {model_id}: {reason}") from error
    return interpreter


@contextmanager
def _native_messages_dropped() -> Iterator[None]:
    """Keep what C++ writes to standard error from the terminal; what matters comes as an exception.

    The interpreter announces its XNNPACK delegate to everybody and has no switch for it.
    """
    sys.stderr.flush()
    kept, dropped = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(dropped, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(dropped)


def _described(tensors: list[dict[str, Any]]) -> list[TensorForm]:
    return [
        TensorForm(
            index=int(tensor["index"]),
            shape=tuple(map(int, tensor["shape"])),
            dtype=np.dtype(tensor["dtype"]),
            scales=tuple(map(float, tensor["quantization_parameters"]["scales"])),
            zero_points=tuple(map(int, tensor["quantization_parameters"]["zero_points"])),
        )
        for tensor in tensors
    ]
