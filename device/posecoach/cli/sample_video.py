"""The exercise video beside the checkout, for benchmarks on a person."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from posecoach.errors import InputMissing

VIDEO: Final = Path("data") / "video" / "tfjs" / "pose_squats.mp4"
SOURCE: Final = "https://github.com/tensorflow/tfjs-models (pose-detection/test_data/pose_squats.mp4)"


def sample_video() -> Path:
    """Where it is.

    Raises:
        InputMissing: It is not there; says what to fetch.
    """
    checkout = Path(__file__).resolve().parents[3]
    shared = Path(os.environ.get("POSECOACH_SHARED", checkout.parent / "shared"))
    if not (shared / VIDEO).is_file():
        raise InputMissing(
            f"{shared / VIDEO} is not here; fetch pose_squats.mp4 from {SOURCE} and give its path (or set "
            "POSECOACH_SHARED to the folder that holds data/ and models/)"
        )
    return shared / VIDEO
