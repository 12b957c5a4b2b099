"""Two folders that change places in one step, so that at no time either is missing.

Linux has a call for it, `renameat2` with `RENAME_EXCHANGE` (renameat2(2)); Python has none.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import Final

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NOT_HERE: Final = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)
"""A kernel, or a file system such as FAT, that cannot do it."""


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders of one file system change places; whether that can be done here.

    Raises:
        OSError: One of them is missing, or it is not allowed.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), str(one))
