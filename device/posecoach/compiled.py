"""Kernels: functions of numbers and arrays that are compiled to machine code when the package is installed.

The one way in which this project compiles anything. A kernel is written in the part of Python that
numba (numba.pydata.org) compiles, and everything that has one also works without: where numba is not
installed, or nothing was compiled for this processor, the caller takes its numpy path. So a kernel
never makes a session wait for a compiler: `Kernel.load` takes what `Kernel.build` has left beside the
source, which may then be read-only, and nothing else. A kernel may call what `part` marks in its own
module, and takes all else as arguments: what was compiled is known to be current by that one file.

Importing this imports numba where it is installed; modules with kernels are therefore imported late.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Generic, ParamSpec, TypeVar

from posecoach.errors import OutputError

try:
    import numba
    from llvmlite import binding as llvm
    from numba.core.caching import InTreeCacheLocator
except ImportError:  # not installed, or not for this numpy
    numba = None
    InTreeCacheLocator = object

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

AVAILABLE: Final = numba is not None and not numba.config.DISABLE_JIT
"""Whether kernels can be compiled here, or compiled ones loaded."""

# As numpy does it: a division by zero is inf. No fast-math: results are those of the numpy path.
_OPTIONS: Final = {"error_model": "numpy", "boundscheck": False}


class BesideSource(InTreeCacheLocator):  # type: ignore[misc]
    """Where numba keeps compiled kernels: beside the source, writable or not.

    Numba's own locators refuse a folder that they cannot write to. The name of a file says which
    source, numba and processor it is for, so that a file that is there is the right one.
    """

    def ensure_cache_path(self) -> None:
        """Leave the folder alone; `Kernel.build` makes it."""

    def get_disambiguator(self) -> str:
        """What sets this kernel's files apart."""
        made_for = (
            self.get_source_stamp(),
            numba.__version__,
            llvm.get_host_cpu_name(),
            llvm.get_host_cpu_features().flatten(),
        )
        return hashlib.sha256(repr(made_for).encode()).hexdigest()[:16]


class Kernel(Generic[Arguments, Result]):
    """A function that may be there as machine code.

    Attributes:
        python: The function as written: slow, the same results.
    """

    def __init__(self, function: Callable[Arguments, Result], signatures: tuple[str, ...]) -> None:
        """Keep a function and what it is to be compiled for, as numba writes types."""
        self.python = function
        self._signatures = signatures
        self._loaded: Callable[Arguments, Result] | None = None

    def load(self) -> Callable[Arguments, Result] | None:
        """The compiled function; `None` where it was not built for this processor and this numba.

        Takes only arrays of the kernel's signatures: C-contiguous, aligned, writable.
        """
        if self._loaded is None and AVAILABLE and len(self._files()) > len(self._signatures):
            # Whatever a damaged file makes of numba: there is another way to the same result.
            with suppress(Exception):
                self._loaded = self._compiled()
        return self._loaded

    def build(self) -> None:
        """Compile it, unless that is done, and keep the result beside the source. Takes seconds.

        Raises:
            OutputError: Nothing can be written there.
        """
        if not AVAILABLE or self.load() is not None:
            return
        try:
            self._folder.mkdir(exist_ok=True)
            for damaged in self._files():
                damaged.unlink(missing_ok=True)
            self._loaded = self._compiled()
        except OSError as error:
            raise OutputError(
                f"compiled kernels cannot be kept in {self._folder}: {error.strerror or error}; build them "
                "as the user who installs the package"
            ) from error

    @property
    def _folder(self) -> Path:
        return Path(self.python.__code__.co_filename).parent / "__pycache__"

    def _files(self) -> list[Path]:
        """This kernel's files for this source, numba and processor: one a signature, and numba's index."""
        source = self.python.__code__.co_filename
        made_for = BesideSource(self.python, source).get_disambiguator()
        version = f"py{sys.version_info[0]}{sys.version_info[1]}"
        return list(
            self._folder.glob(f"{Path(source).stem}.{self.python.__qualname__}-{made_for}.{version}*.nb[ci]")
        )

    def _dispatcher(self) -> Any:
        dispatcher = numba.njit(**_OPTIONS)(self.python)
        others, numba.config.CACHE_LOCATOR_CLASSES = (
            numba.config.CACHE_LOCATOR_CLASSES,
            f"{__name__}.{BesideSource.__name__}",
        )
        try:
            dispatcher.enable_caching()
        finally:
            numba.config.CACHE_LOCATOR_CLASSES = others
        return dispatcher

    def _compiled(self) -> Callable[Arguments, Result]:
        dispatcher = self._dispatcher()
        for signature in self._signatures:
            dispatcher.compile(signature)
        dispatcher.disable_compile()  # arguments of other types are an error, not a wait
        compiled: Callable[Arguments, Result] = dispatcher
        return compiled


def kernel(
    *signatures: str,
) -> Callable[[Callable[Arguments, Result]], Kernel[Arguments, Result]]:
    """Make a function a kernel, compiled for `signatures`."""

    def make(function: Callable[Arguments, Result]) -> Kernel[Arguments, Result]:
        return Kernel(function, signatures)

    return make


def part(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Make a function a part of the kernels of its module, which call it."""
    if not AVAILABLE:
        return function
    compiled: Callable[Arguments, Result] = numba.njit(**_OPTIONS)(function)
    return compiled
