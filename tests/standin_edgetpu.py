"""The stand-in for libedgetpu, compiled where there is a C compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SOURCE = Path(__file__).with_name("standin_edgetpu.c")

_folder = TemporaryDirectory(prefix="standin-edgetpu-")


@cache
def standin_library(*, old_struct: bool = False) -> Path:
    """The compiled library, under the real one's name; skips where there is no compiler.

    Args:
        old_struct: Whether it was built for the runtime of 2021.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler (cc) for the stand-in of libedgetpu")
    folder = Path(_folder.name) / ("old" if old_struct else "current")
    folder.mkdir()
    library = folder / "libedgetpu.so.1"
    command = [compiler, "-std=c11", "-O1", "-shared", "-fPIC", "-Wall"]
    command += ["-DOLD_REGISTRATION"] * old_struct + ["-o", str(library), str(SOURCE)]
    subprocess.run(command, check=True, timeout=60)
    return library


class StandIn:
    """What the stand-in, loaded into this process, has seen since its last delegate was made."""

    def __init__(self) -> None:
        self._loaded = ctypes.CDLL(str(standin_library()))
        self._loaded.standin_options.restype = ctypes.c_char_p

    @property
    def options(self) -> str:
        return self._loaded.standin_options().decode()

    @property
    def claimed(self) -> int:
        return self._loaded.standin_claimed()

    @property
    def invoked(self) -> int:
        return self._loaded.standin_invoked()
