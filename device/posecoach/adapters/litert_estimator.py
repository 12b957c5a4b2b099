"""PoseNet on the processor or an Edge TPU, by LiteRT (or the older tflite-runtime)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._network import Network, NetworkEstimator, network_image
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.vision.heads import Head, Heads
from posecoach.vision.letterbox import Grid, Letterbox, Resample, Resize
from posecoach.vision.multi_pose import DecodeOptions, MultiPoseDecoder
from posecoach.vision.posenet_form import PoseNetForm, TensorForm
from posecoach.vision.single_pose import decode_single_pose


class LiteRtEstimator(NetworkEstimator):
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
        tpu: str | None = None,
        probe: bool = True,
    ) -> None:
        """Load a model, where its file says that it runs.

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
            tpu: Which Edge TPU: ``usb``, ``pci``, ``usb:N``, ``pci:N``, ``:N`` or empty for any. By
                default any, if the model is compiled for one.
            probe: Try an Edge TPU in a throw-away process first.

        Raises:
            ModelUnavailable: No interpreter is installed, or there is no Edge TPU that can be used.
            ModelError: `model` is not a model, or not a PoseNet.
            ShapeError: `scale_factor` is outside (0, 1].
        """
        super().__init__(Network(model, model_id, num_threads=num_threads, tpu=tpu, probe=probe), model_id)
        self._options = options or DecodeOptions()
        resampler, decoder = _fastest()
        self._multi_pose: MultiPoseDecoder | None = None if single else decoder
        self._form = PoseNetForm.match(self._network.inputs, self._network.outputs, model_id)
        # Whatever frames come, their letterbox is this one's twin for another size.
        self._letterbox = Letterbox.make(
            self.input_wh,
            self.input_wh,
            resize,
            scale_factor=scale_factor,
            flip=flip_horizontal,
            resampler=resampler,
        )

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
        return self._fitted(frame).fit(network_image(frame))

    def infer(self, pixels: NDArray[np.uint8]) -> Heads:
        """Run the network on what `prepare` gave.

        Raises:
            ModelUnavailable: The estimator is closed, or the Edge TPU has failed.
            ShapeError: The network answers with NaN.
        """
        self._network.run(self._form.input, pixels, _write_pixels)
        heatmaps, short_offsets, mid_offsets = map(self._head, self._form.heads)
        return Heads(heatmaps, short_offsets, mid_offsets, self._form.output_stride)

    def decode(self, heads: Heads) -> list[PoseEstimate]:
        """The people in `heads`, best first, in network pixels."""
        if self._multi_pose is not None:
            return self._multi_pose(heads, self._options)
        pose = decode_single_pose(heads)
        return [pose] if pose.score >= self._options.score_threshold else []

    def place(self, poses: list[PoseEstimate], frame: Frame) -> list[PoseEstimate]:
        """`poses` of the network's input, in pixels of ``frame.image``."""
        letterbox = self._fitted(frame)
        return [
            PoseEstimate(letterbox.to_image(pose.keypoints_xy), pose.keypoint_scores, pose.score)
            for pose in poses
        ]

    def _fitted(self, frame: Frame) -> Letterbox:
        """The letterbox for frames of this size; made anew only when the size changes."""
        height, width, _ = network_image(frame).shape
        if self._letterbox.image_wh != frame.wh or self._letterbox.source_wh != (width, height):
            self._letterbox = self._letterbox.resized(frame.wh, (width, height))
        return self._letterbox

    def _head(self, form: TensorForm) -> Head:
        # A copy, once; it stays valid through the next inference.
        values = self._network.values(form)
        return Head(values, form.scales[0], form.zero_points[0]) if form.scales else Head(values)


def _fastest() -> tuple[Callable[[Grid], Resample], MultiPoseDecoder]:
    # Numba is imported, and kernels are loaded, when an estimator is opened: not before, and not later.
    from posecoach.vision.letterbox_compiled import fastest_resampler
    from posecoach.vision.multi_pose_compiled import fastest_decoder

    return fastest_resampler(), fastest_decoder()


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
