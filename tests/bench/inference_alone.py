"""What `library_build.py` runs beside a build: the network, again and again on one picture."""

from __future__ import annotations

import os
from pathlib import Path

from posecoach.adapters.pictures import read_picture
from posecoach.cli.recordings import ModelChoice, open_estimator
from posecoach.frame import Frame

SHARED = Path(os.environ.get("POSECOACH_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PICTURES = SHARED / "data" / "images" / "coco"


class Inference:
    """Answers whatever comes by running the network once, and doing nothing with what it says."""

    def __init__(self, choice: ModelChoice) -> None:
        self._estimator = open_estimator(choice, probe=False)
        picture = read_picture(sorted(PICTURES.glob("*.jpg"))[0])
        self._pixels = self._estimator.prepare(Frame(0, 0.0, picture)).copy()

    def answer(self, question: bytes) -> bytes:
        """Nothing."""
        self._estimator.infer(self._pixels)
        return b""


def open_inference(choice: ModelChoice) -> Inference:
    return Inference(choice)
