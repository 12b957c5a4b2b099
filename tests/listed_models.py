"""The tiny PoseNet as an entry of a manifest."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from posecoach.adapters._model_manifest import ListedModel
from posecoach.vision.tflite_edit import without_decoder
from tiny_posenet import tiny_posenet

TINY = tiny_posenet()
USED = without_decoder(TINY)


def listed_tiny(beside: Path, url: str) -> ListedModel:
    """Its entry in the manifest of a folder, with the address it is fetched from."""
    return ListedModel(
        id="tiny",
        family="posenet",
        backbone='three "convolutions"',
        target="cpu",
        input_wh=(129, 97),
        output_stride=16,
        heads=("heatmaps", "short_offsets", "mid_offsets"),
        file="tiny.tflite",
        file_bytes=len(TINY),
        edit="remove-decoder",
        sha256_published=hashlib.sha256(TINY).hexdigest(),
        sha256_used=hashlib.sha256(USED).hexdigest(),
        licence="Apache-2.0",
        urls=(url,),
        beside=beside,
    )


def listed_unheld(beside: Path, url: str) -> ListedModel:
    """The same of a file that whoever wrote the manifest never held: of unknown checksum."""
    return replace(
        listed_tiny(beside, url),
        id="unheld",
        file="unheld.tflite",
        file_bytes=None,
        sha256_published=None,
        sha256_used=None,
    )
