"""The interpreter of .tflite files that is installed: ai_edge_litert, else the older tflite_runtime."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from typing import Any, Final

from posecoach.errors import ModelUnavailable

_PACKAGE = "ai-edge-litert"
_WHY_NOT: str | None = None
try:
    from ai_edge_litert.interpreter import Interpreter, load_delegate
except ImportError as litert_error:
    try:
        from tflite_runtime.interpreter import Interpreter, load_delegate

        _PACKAGE = "tflite-runtime"
    except ImportError as runtime_error:
        _WHY_NOT = f"{litert_error}; {runtime_error}"

_MOST_THREADS: Final = 4  # a Raspberry Pi's cores; more gains nothing on networks this small


def require_interpreter() -> None:
    """Say what to install where there is no interpreter.

    Raises:
        ModelUnavailable: There is none.
    """
    if _WHY_NOT is not None:
        raise ModelUnavailable(
            "no interpreter for the pose network: install ai-edge-litert "
            f"(pip install 'posecoach[infer]'); tried ai_edge_litert and tflite_runtime: {_WHY_NOT}"
        )


def interpreter_name() -> str:
    """The package and its version, as in ``ai-edge-litert 2.3.0``."""
    return named_with_version(_PACKAGE)


def named_with_version(package: str) -> str:
    """A package and its version, if its metadata is there."""
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return package


def new_interpreter(
    content: bytes, num_threads: int | None, delegates: Sequence[Any] = ()
) -> Any:  # an Interpreter, whose packages have no type information
    """An interpreter for a model; its tensors are not allocated yet.

    Args:
        content: The .tflite file.
        num_threads: By default one per core, at most 4.
        delegates: What takes over operators that the interpreter does not know.
    """
    threads = num_threads or min(os.cpu_count() or 1, _MOST_THREADS)
    # None instead of an empty list: no delegate but the interpreter's own.
    return Interpreter(
        model_content=content, num_threads=threads, experimental_delegates=list(delegates) or None
    )


def new_delegate(library: str, options: dict[str, str]) -> Any:
    """A delegate from a shared library.

    Raises:
        OSError: The library cannot be loaded.
        ValueError: It makes no delegate with these options.
    """
    ctypes.CDLL(library)  # load_delegate would leave half an object behind, which complains when it goes
    return load_delegate(library, options)


@contextmanager
def native_messages_dropped() -> Iterator[None]:
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
