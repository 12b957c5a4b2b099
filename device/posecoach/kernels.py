"""``python -m posecoach.kernels``: compile what is compiled, once, when the package is installed.

Where numba is not installed there is nothing to do, and everything works, some of it slower.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

MODULES: Final = (
    "posecoach.vision.letterbox_compiled",
    "posecoach.vision.multi_pose_compiled",
    "posecoach.motion.alignment_compiled",
    "posecoach.motion.columns_compiled",
    "posecoach.motion.repair_compiled",
    "posecoach.library.scan_compiled",
)
"""Every module with kernels; each lists them as ``KERNELS``."""


def build_kernels() -> None:
    """Compile every kernel for this machine, and keep the results beside the sources.

    Raises:
        OutputError: Nothing can be written there.
    """
    for name in MODULES:
        for kernel in import_module(name).KERNELS:
            kernel.build()


if __name__ == "__main__":
    build_kernels()
