"""What a manifest says about models, and the checks that follow from it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from posecoach.adapters._edgetpu_seen import attached
from posecoach.errors import ModelError
from posecoach.vision.tflite_edit import without_decoder

MANIFEST: Final = "manifest.toml"
REMOVE_DECODER: Final = "remove-decoder"
NO_EDIT: Final = "none"
CPU: Final = "cpu"
EDGE_TPU: Final = "edgetpu"

_FAMILIES: Final = ("posenet", "movenet")
_TARGETS: Final = (CPU, EDGE_TPU)
_INTERPRETERS: Final = ("ai_edge_litert", "tflite_runtime")


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One entry of a manifest: its fields, `file_bytes` for ``bytes``, and `beside`, the manifest's folder.

    A model without `urls` is published nowhere: it ships with posecoach or is the user's own, and its
    file lies beside the manifest.
    """

    id: str
    family: str
    backbone: str
    target: str
    input_wh: tuple[int, int]
    output_stride: int
    heads: tuple[str, ...]
    file: str
    file_bytes: int
    edit: str
    sha256_published: str
    sha256_used: str
    licence: str
    urls: tuple[str, ...]
    beside: Path

    @property
    def why_not_run(self) -> str | None:
        """Why this version cannot run the model; `None` where it can."""
        if self.family in _FAMILIES and self.target in _TARGETS:
            return None
        return f"this version runs {' and '.join(_FAMILIES)} on {' and '.join(_TARGETS)} only"

    def why_not_here(self, root: Path = Path("/")) -> str | None:
        """Why the model cannot run on this box, its file set aside; `None` where nothing speaks against it.

        Args:
            root: Where ``sys`` and ``dev`` are.
        """
        if self.why_not_run is not None:
            return self.why_not_run
        if not any(map(find_spec, _INTERPRETERS)):
            return "no interpreter is installed: pip install 'posecoach[infer]'"
        return "no Edge TPU is plugged in" if self.target == EDGE_TPU and not attached(root) else None

    @property
    def how_to_get(self) -> str:
        """What a person does who does not have the file."""
        if not self.urls:
            return f"it belongs into {self.beside}: install posecoach again, or add your own model again"
        return (
            f"get it with: posecoach models fetch {self.id} (without a network: --from DIR, a folder with "
            f"the file of {' or '.join(self.urls)})"
        )

    def as_used(self, content: bytes, path: Path | str) -> bytes:
        """The published file, or the file as used, checked and edited.

        Raises:
            ModelError: `content`, which came from `path`, is neither, byte for byte.
        """
        found = hashlib.sha256(content).hexdigest()
        if found == self.sha256_used:
            return content
        if found != self.sha256_published:
            raise ModelError(f"{path} is not {self.id} as published: {self._difference(content, found)}")
        edited = without_decoder(content) if self.edit == REMOVE_DECODER else content
        if (after := hashlib.sha256(edited).hexdigest()) != self.sha256_used:
            raise ModelError(
                f"{path} came out of the edit {self.edit!r} with sha256 {after}, "
                f"but the manifest says {self.sha256_used}: correct the manifest"
            )
        return edited

    def knows(self, content: bytes) -> bool:
        """Whether `content` is the file as published or as used."""
        return hashlib.sha256(content).hexdigest() in (self.sha256_published, self.sha256_used)

    def _difference(self, content: bytes, found: str) -> str:
        length = "" if len(content) == self.file_bytes else f"{len(content)} bytes of {self.file_bytes}, "
        return f"{length}sha256 is {found}, expected {self.sha256_published}; {self.how_to_get}"


def read_manifest(path: Path) -> dict[str, ListedModel]:
    """The models of a manifest by id, in its order.

    Raises:
        ModelError: It is missing or malformed.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
        return {model.id: model for model in (_listed_model(entry, path.parent) for entry in entries)}
    except FileNotFoundError as error:
        raise ModelError(f"the model manifest {path} is missing: install posecoach again") from error
    except OSError as error:
        raise ModelError(f"the model manifest {path} cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"the model manifest {path} is malformed: {error!r}; correct it") from error


def entry_text(model: ListedModel) -> str:
    """`model` as an entry of a manifest."""
    lines = [
        "[[model]]",
        f"id = {_text(model.id)}",
        f"family = {_text(model.family)}",
        f"backbone = {_text(model.backbone)}",
        f"target = {_text(model.target)}",
        f"input_wh = {list(model.input_wh)}",
        f"output_stride = {model.output_stride}",
        f"heads = [{', '.join(map(_text, model.heads))}]",
        f"file = {_text(model.file)}",
        f"bytes = {model.file_bytes}",
        f"edit = {_text(model.edit)}",
        f"sha256_published = {_text(model.sha256_published)}",
        f"sha256_used = {_text(model.sha256_used)}",
        f"licence = {_text(model.licence)}",
        f"urls = [{', '.join(map(_text, model.urls))}]",
    ]
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    """A TOML string; JSON's are the same but for DEL, which TOML wants escaped."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed_model(entry: dict[str, Any], beside: Path) -> ListedModel:
    fields = dict(entry)
    width, height = fields.pop("input_wh")
    if fields["file"] in ("", "..") or Path(fields["file"]).name != fields["file"]:
        raise ValueError(f"file of {fields['id']!r} must be a bare name, got {fields['file']!r}")
    return ListedModel(
        input_wh=(int(width), int(height)),
        file_bytes=int(fields.pop("bytes")),
        heads=tuple(fields.pop("heads")),
        urls=tuple(fields.pop("urls")),
        beside=beside,
        **fields,
    )
