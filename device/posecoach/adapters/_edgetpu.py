"""A Coral Edge TPU, driven through the interpreter by libedgetpu's delegate.

Options of the delegate, and the names of devices: libedgetpu's
tflite/edgetpu_delegate_for_custom_op_tflite_plugin.cc.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import re
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final, TypeVar

from posecoach.adapters._edgetpu_seen import attached
from posecoach.adapters._litert import (
    interpreter_name,
    named_with_version,
    native_messages_dropped,
    new_delegate,
    new_interpreter,
)
from posecoach.errors import ModelUnavailable

LIBRARY_VARIABLE: Final = "POSECOACH_LIBEDGETPU"
"""Names another library than the system's."""
PAUSES_S: Final = (0.5, 1.0, 2.0, 2.0)
"""Between attempts: before its first use a stick leaves the bus and comes back under another name (C1)."""

_LIBRARY: Final = "libedgetpu.so.1"
_DEVICE: Final = re.compile(r"(usb|pci)?(:\d+)?")
_REMEDY: Final = (
    "install libedgetpu1-std built for this interpreter "
    "(16.0tf2.17.1-1 on Bookworm, 16.0tf2.19.1-1 on Trixie)"
)

_T = TypeVar("_T")


def open_on_edgetpu(
    content: bytes,
    model_id: str,
    *,
    device: str,
    num_threads: int | None,
    probe: bool,
    stage: Callable[[str], None] = lambda _: None,
) -> Any:
    """An interpreter whose Edge TPU has the weights and has answered twice.

    Args:
        content: A model compiled for an Edge TPU, without a decoder operator.
        model_id: What to call it.
        device: ``usb``, ``pci``, ``usb:N``, ``pci:N``, ``:N``, or empty for any.
        num_threads: For the operators that stay on the processor.
        probe: Do it all in a throw-away process first.
        stage: Told what is about to be done.

    Raises:
        ModelUnavailable: It cannot be done; says why and what to do.
    """
    if not is_device(device):
        raise ModelUnavailable(f"no Edge TPU {device!r}: expected usb, pci, usb:N, pci:N or :N")
    if probe:
        from posecoach.adapters._edgetpu_probe import probe_pair

        probe_pair(content, model_id, device=device, num_threads=num_threads)
    options = {"device": device} if device else {}
    try:
        stage("created the delegate")
        # What a throw-away process says is read by the one that started it.
        with native_messages_dropped() if probe else nullcontext():
            make = pycoral_make_interpreter()
            if make is not None:
                interpreter = patiently(lambda: make(content, device or None))
            else:
                delegate = patiently(lambda: new_delegate(library(), options))
                stage("took the model")
                interpreter = new_interpreter(content, num_threads, [delegate])
            interpreter.allocate_tensors()
            # The first inference uploads the weights and is several times slower (C8).
            for turn in ("first", "second"):
                stage(f"ran its {turn} inference")
                interpreter.invoke()
    except OSError as error:
        raise ModelUnavailable(
            f"{model_id} needs an Edge TPU and its library, which cannot be loaded: {error}; "
            f"{_REMEDY}, or {_instead(model_id)}"
        ) from error
    except ValueError as error:
        raise ModelUnavailable(_no_answer(model_id, device, str(error))) from error
    except RuntimeError as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelUnavailable(
            f"the Edge TPU does not take {model_id}: {reason} ({pair_name()}); {_REMEDY}, "
            f"or {_instead(model_id)}"
        ) from error
    return interpreter


def is_device(device: str) -> bool:
    """Whether this is how libedgetpu names a device; empty is any."""
    return _DEVICE.fullmatch(device) is not None


def library() -> str:
    """The delegate's library, as the loader is asked for it."""
    return os.environ.get(LIBRARY_VARIABLE) or _LIBRARY


def runtime_name() -> str:
    """What makes the interpreter, with its version."""
    if pycoral_folder() is not None and library() == _LIBRARY:
        return f"{named_with_version('pycoral')} on {named_with_version('tflite-runtime')}"
    return interpreter_name()


def pair_name() -> str:
    """Interpreter and library, with what the library says about itself. Loads the library."""
    try:
        version = ctypes.CDLL(library()).edgetpu_version
    except (OSError, AttributeError):
        return f"{runtime_name()} with {library()}"
    version.restype = ctypes.c_char_p
    said = (version() or b"").decode("utf-8", errors="replace")
    return f"{runtime_name()} with {library()}, {said}"


def crashed(model_id: str, pair: str, how: str) -> ModelUnavailable:
    """What to say when the pair has ended the process that tried it."""
    return ModelUnavailable(
        f"the Edge TPU's library and the interpreter do not fit each other, or the stick lacks power: {pair} "
        f"{how}; {_REMEDY}, try another cable and port, or {_instead(model_id)}"
    )


def pycoral_folder() -> Path | None:
    """Where Google's pycoral is; `None` without it.

    The package of that name on PyPI is somebody else's tool. Nothing of it is run to find out.
    """
    try:
        spec = importlib.util.find_spec("pycoral")
    except ValueError:  # it has been imported, and has no spec
        return None
    places = map(Path, (spec.submodule_search_locations or ()) if spec is not None else ())
    return next((place for place in places if (place / "utils" / "edgetpu.py").is_file()), None)


def pycoral_make_interpreter() -> Callable[[bytes, str | None], Any] | None:
    """Google's way to make an interpreter, where it is installed and works."""
    if pycoral_folder() is None or library() != _LIBRARY:  # it knows no other library
        return None
    try:
        make: Callable[[bytes, str | None], Any] = importlib.import_module(
            "pycoral.utils.edgetpu"
        ).make_interpreter
    except (ImportError, AttributeError):  # built for another Python: the delegate works without it
        return None
    return make


def patiently(
    attempt: Callable[[], _T],
    *,
    worth_it: Callable[[], bool] = lambda: bool(attached()),
    pauses_s: Sequence[float] = PAUSES_S,
) -> _T:
    """What `attempt` gives, tried again while it raises `ValueError` and a device is to be seen."""
    for pause_s in pauses_s:
        try:
            return attempt()
        except ValueError:
            if not worth_it():
                raise
            time.sleep(pause_s)
    return attempt()


def _no_answer(model_id: str, device: str, said: str) -> str:
    wanted = f" {device!r}" if device else ""
    seen = attached()
    if seen:
        why = (
            f"there is {' and '.join(seen)}, but it does not answer: another program may hold it, or this "
            "user may not use it (group plugdev); unplug it and plug it back"
        )
    else:
        why = "none is to be seen on USB or PCIe; plug one in"
    reason = said.strip().replace("\n", " ")
    return f"no Edge TPU{wanted} for {model_id}: {why}, or {_instead(model_id)} ({reason}; {pair_name()})"


def _instead(model_id: str) -> str:
    processor = model_id.removesuffix("-edgetpu")
    return f"use --model {processor}" if processor != model_id else "use the processor's model"
