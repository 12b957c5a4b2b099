"""MoveNet on the processor or an Edge TPU, by LiteRT (or the older tflite-runtime)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._network import Network, NetworkEstimator, network_image
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.vision.letterbox import Letterbox, Resize
from posecoach.vision.movenet import LEAST_SCORE, MoveNetForm, decode_movenet
from posecoach.vision.person_crop import PersonCrop, Square, square_around

PATIENCE_S: Final = 1.0
"""After so long without a frame, a person may be anywhere."""


class MoveNetEstimator(NetworkEstimator):
    """Finds one person, and looks closer at where they were in the frame before.

    It looks at the whole picture at first, when the person is lost, when the picture changes its size,
    and when a frame is not later than the one before or much later: a new recording, or single pictures,
    owe nothing to what was before.

    `estimate` is `prepare`, `infer`, `decode` and `place`, one after another; each is public so that
    a benchmark can time it. `place` is what tells `prepare` where to look next. Whom `estimate` finds in the
    whole picture it looks at a second time, closer: their first frame counts like any other, and there a
    keypoint is a few pixels of the network's input at best. Not for use from two threads at once.
    """

    def __init__(
        self,
        model: bytes,
        *,
        model_id: str,
        score_threshold: float = LEAST_SCORE,
        resize: Resize = Resize.LETTERBOX,
        scale_factor: float = 1.0,
        flip_horizontal: bool = False,
        num_threads: int | None = None,
        tpu: str | None = None,
        probe: bool = True,
    ) -> None:
        """Load a model, where its file says that it runs.

        Args:
            model: A .tflite file.
            model_id: The manifest's id of it, or the file's name.
            score_threshold: Least instance score of a person: the mean of the keypoint scores.
            resize: How the whole picture goes into the network's input.
            scale_factor: In (0, 1]: shrinks the whole picture inside the input.
            flip_horizontal: For pictures that are a mirror image: the network sees them, and keypoints
                are in pixels of them, the right way round.
            num_threads: Threads of the interpreter; by default one per core, at most 4.
            tpu: Which Edge TPU: ``usb``, ``pci``, ``usb:N``, ``pci:N``, ``:N`` or empty for any. By
                default any, if the model is compiled for one.
            probe: Try an Edge TPU in a throw-away process first.

        Raises:
            ModelUnavailable: No interpreter is installed, or there is no Edge TPU that can be used.
            ModelError: `model` is not a model, or not a MoveNet.
            ShapeError: `scale_factor` is outside (0, 1].
        """
        super().__init__(Network(model, model_id, num_threads=num_threads, tpu=tpu, probe=probe), model_id)
        self._score_threshold = score_threshold
        self._form = MoveNetForm.match(self._network.inputs, self._network.outputs, model_id)
        # Whatever frames come, their letterbox is this one's twin for another size.
        self._whole = Letterbox.make(
            self.input_wh, self.input_wh, resize, scale_factor=scale_factor, flip=flip_horizontal
        )
        self._view: Letterbox | PersonCrop = self._whole
        self._next: Square | None = None
        self._seen_wh = self.input_wh
        self._seen_at = 0.0

    @property
    def input_wh(self) -> tuple[int, int]:
        """Size of the network's input, in pixels."""
        return self._form.input_wh

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The person in `frame`, as a list of one; empty when there is nobody.

        Keypoints are in pixels of ``frame.image`` and may lie outside it.
        """
        poses = self.place(self.decode(self.infer(self.prepare(frame))), frame)
        if self._view is self._whole and self._next is not None:
            return self.place(self.decode(self.infer(self._look(frame))), frame) or poses
        return poses

    def prepare(self, frame: Frame) -> NDArray[np.uint8]:
        """The network's input for `frame`: ``(side, side, 3)``; the next call may overwrite it."""
        if frame.wh != self._seen_wh or not 0 < frame.captured_at - self._seen_at <= PATIENCE_S:
            self._next = None
        self._seen_wh, self._seen_at = frame.wh, frame.captured_at
        return self._look(frame)

    def infer(self, pixels: NDArray[np.uint8]) -> NDArray[Any]:
        """Run the network on what `prepare` gave: ``(1, 17, 3)``, as stored.

        Raises:
            ModelUnavailable: The estimator is closed, or the Edge TPU has failed.
        """
        self._network.run(self._form.input, pixels, _write_pixels)
        return self._network.values(self._form.keypoints)

    def decode(self, answer: NDArray[Any]) -> list[PoseEstimate]:
        """The person in `answer`, in network pixels.

        Raises:
            ShapeError: The network answers with NaN.
        """
        pose = decode_movenet(answer, self._form)
        return [pose] if pose.score >= self._score_threshold else []

    def place(self, poses: list[PoseEstimate], frame: Frame) -> list[PoseEstimate]:
        """`poses` of the network's input, in pixels of ``frame.image``, which `prepare` saw last."""
        placed = [
            PoseEstimate(self._view.to_image(pose.keypoints_xy), pose.keypoint_scores, pose.score)
            for pose in poses
        ]
        self._next = square_around(placed[0], frame.wh) if placed else None
        return placed

    def _look(self, frame: Frame) -> NDArray[np.uint8]:
        """The person, or the whole picture: whatever `place` said last."""
        image = network_image(frame)
        if self._next is not None:
            self._view = PersonCrop(self._next, frame.wh, self.input_wh, self._whole.flip)
            return self._view.fit(image)
        source_wh = (image.shape[1], image.shape[0])
        if self._whole.image_wh != frame.wh or self._whole.source_wh != source_wh:
            self._whole = self._whole.resized(frame.wh, source_wh)
        self._view = self._whole
        return self._whole.fit(image)


def _write_pixels(tensor: NDArray[Any], pixels: NDArray[np.uint8]) -> None:
    """Put a picture into the input tensor: from 0 to 255 in every type but int8, which counts from -128."""
    if tensor.dtype == np.int8:
        np.bitwise_xor(pixels, np.uint8(0x80), out=tensor.view(np.uint8))
    else:
        tensor[...] = pixels
