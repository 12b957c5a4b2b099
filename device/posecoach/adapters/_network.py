"""A network, opened where it runs: on the processor, or on an Edge TPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._edgetpu import open_on_edgetpu
from posecoach.adapters._litert import native_messages_dropped, new_interpreter, require_interpreter
from posecoach.errors import ModelError, ModelUnavailable
from posecoach.frame import Frame
from posecoach.ports import Closes
from posecoach.vision.posenet_form import TensorForm
from posecoach.vision.tflite_edit import EDGETPU, custom_operators, without_decoder

WritePixels = Callable[[NDArray[Any], NDArray[np.uint8]], None]
"""Puts a picture into an input tensor, in the tensor's own terms."""


class Network:
    """A .tflite model in an interpreter. Not for use from two threads at once."""

    def __init__(
        self,
        model: bytes,
        model_id: str,
        *,
        num_threads: int | None = None,
        tpu: str | None = None,
        probe: bool = True,
    ) -> None:
        """Load a model, where its file says that it runs.

        Args:
            model: A .tflite file; a ``PosenetDecoderOp`` at its end is taken out.
            model_id: The manifest's id of it, or the file's name.
            num_threads: Threads of the interpreter; by default one per core, at most 4.
            tpu: Which Edge TPU: ``usb``, ``pci``, ``usb:N``, ``pci:N``, ``:N`` or empty for any; `None` as
                well, but then the model may be one for the processor.
            probe: Try an Edge TPU in a throw-away process first, because a library that does not fit
                the interpreter ends the process that uses it.

        Raises:
            ModelUnavailable: No interpreter is installed, or there is no Edge TPU that can be used.
            ModelError: `model` is not a model that the interpreter takes.
        """
        require_interpreter()
        self._model_id = model_id
        self._on_tpu = EDGETPU in custom_operators(model)
        content = without_decoder(model)
        self._interpreter: Any
        if self._on_tpu:
            self._interpreter = open_on_edgetpu(
                content, model_id, device=tpu or "", num_threads=num_threads, probe=probe
            )
        elif tpu is not None:
            raise ModelUnavailable(
                f"{model_id} is a model for the processor, not for an Edge TPU: name one whose id ends in "
                "-edgetpu, or leave --tpu out"
            )
        else:
            self._interpreter = _open_on_processor(content, model_id, num_threads)

    @property
    def inputs(self) -> list[TensorForm]:
        """What goes in."""
        return _described(self._interpreter.get_input_details())

    @property
    def outputs(self) -> list[TensorForm]:
        """What comes out, in the model's order."""
        return _described(self._interpreter.get_output_details())

    def run(self, picture: TensorForm, pixels: NDArray[np.uint8], write: WritePixels) -> None:
        """Run on one picture; `values` then gives the answer.

        Raises:
            ModelUnavailable: The network is closed, or the Edge TPU has failed.
            ModelError: The interpreter has failed.
        """
        if self._interpreter is None:
            raise ModelUnavailable(f"estimator of {self._model_id} is closed")
        # The view into the interpreter must be gone before invoke(), so it has no name here.
        write(self._interpreter.tensor(picture.index)()[0], pixels)
        try:
            self._interpreter.invoke()
        except (RuntimeError, ValueError) as error:
            reason = str(error).strip().partition("\n")[0]
            if self._on_tpu:
                raise ModelUnavailable(
                    f"the Edge TPU failed while it ran {self._model_id}: {reason}; "
                    "unplug the stick and plug it back"
                ) from error
            raise ModelError(f"the interpreter failed while it ran {self._model_id}: {reason}") from error

    def values(self, form: TensorForm) -> NDArray[Any]:
        """One output of the last run, without the first axis: a copy."""
        values: NDArray[Any] = self._interpreter.get_tensor(form.index)[0]
        return values

    def close(self) -> None:
        """Free it; a second call does nothing."""
        self._interpreter = None


class NetworkEstimator(Closes):
    """What every estimator on a `Network` has."""

    def __init__(self, network: Network, model_id: str) -> None:
        """Keep an open network."""
        self._network = network
        self._model_id = model_id

    @property
    def model_id(self) -> str:
        """The manifest's id of the model, or the file's name."""
        return self._model_id

    def close(self) -> None:
        """Free the network; a second call does nothing."""
        self._network.close()


def network_image(frame: Frame) -> NDArray[np.uint8]:
    """The picture of a frame that is meant for the network."""
    return frame.image if frame.lores is None else frame.lores


def _open_on_processor(content: bytes, model_id: str, num_threads: int | None) -> Any:
    try:
        with native_messages_dropped():
            interpreter = new_interpreter(content, num_threads)
            interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError(f"the interpreter refuses {model_id}: {reason}") from error
    return interpreter


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
