"""Models of one's own, listed in a manifest of one's own."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from posecoach.adapters._model_manifest import (
    CPU,
    EDGE_TPU,
    MANIFEST,
    NO_EDIT,
    REMOVE_DECODER,
    ListedModel,
    entry_text,
    read_manifest,
)
from posecoach.errors import ModelError, OutputError
from posecoach.vision.tflite_edit import EDGETPU, custom_operators, without_decoder
from posecoach.whole_file import write_whole

# No underscore: what is published has them, so one's own never takes another's name.
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}[a-z0-9]")
_HEADING: Final = """\
# Models of one's own, added by `posecoach models add`, and checksums that were vouched for, recorded by
# `posecoach models fetch ID --sha256 HEX`. The form is that of posecoach's own manifest.
# To remove one, delete its entry and its file.
"""


def check_id(model_id: str) -> str:
    """`model_id`, if it can be a model's name.

    Raises:
        ModelError: It cannot.
    """
    if not _ID.fullmatch(model_id) or model_id.endswith(".tflite"):
        raise ModelError(
            f"{model_id!r} cannot be the id of a model: expected 2 to 64 of a-z, 0-9, - and ., "
            "with a letter or digit at both ends, and not .tflite at the end"
        )
    return model_id


def add_own_model(
    folder: Path,
    content: bytes,
    model_id: str,
    *,
    family: str,
    input_wh: tuple[int, int],
    output_stride: int,
    heads: tuple[str, ...],
    backbone: str,
    licence: str,
) -> ListedModel:
    """Put a model into `folder` and list it; the caller holds the folder's lock.

    Args:
        folder: `ModelStore.own_folder`; it exists.
        content: The file as it is; a ``PosenetDecoderOp`` at its end is taken out.
        model_id: Its name.
        family: posenet or movenet.
        input_wh: As an interpreter says.
        output_stride: As an interpreter says.
        heads: What comes out.
        backbone: The network in words.
        licence: SPDX expression of the weights, or words.

    Raises:
        ModelError: `content` is no model, `model_id` is no name or that of other weights, or the manifest
            is malformed.
        OutputError: `folder` is full or cannot be written.
    """
    used = without_decoder(content)
    model = ListedModel(
        id=check_id(model_id),
        family=family,
        backbone=backbone,
        target=EDGE_TPU if EDGETPU in custom_operators(content) else CPU,
        input_wh=input_wh,
        output_stride=output_stride,
        heads=heads,
        file=f"{model_id}.tflite",
        file_bytes=len(used),
        edit=NO_EDIT if used == content else REMOVE_DECODER,
        sha256_published=hashlib.sha256(content).hexdigest(),
        sha256_used=hashlib.sha256(used).hexdigest(),
        licence=licence,
        urls=(),
        beside=folder,
    )
    # The model comes first: an entry without a file is worse than a file without an entry.
    listed = _listed_alike(folder, model)
    write_whole(folder / model.file, used)
    return listed or record(folder, model)


def record(folder: Path, model: ListedModel) -> ListedModel:
    """List `model`, whose file lies in its place; the caller holds the folder's lock.

    Args:
        folder: `ModelStore.own_folder`; it exists.
        model: Its checksum is known. One that is listed already stays as it is listed.

    Raises:
        ModelError: The manifest is malformed, or has other weights under that id.
        OutputError: `folder` is full or cannot be written.
    """
    if listed := _listed_alike(folder, model):
        return listed
    path = folder / MANIFEST
    write_whole(path, f"{_text(path) or _HEADING}\n{entry_text(model)}".encode())
    return model


def _listed_alike(folder: Path, model: ListedModel) -> ListedModel | None:
    """The entry that has the id of `model`, and its weights; one without a checksum is as good as none."""
    path = folder / MANIFEST
    listed = read_manifest(path).get(model.id) if path.exists() else None
    if listed is None or not listed.checksum_known:
        return None  # of two entries the later one counts
    if listed.sha256_used != model.sha256_used:
        raise ModelError(
            f"{path} has a {model.id} with other weights: choose another --id, or delete its entry there"
        )
    return listed


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror or error}") from error
