"""What a manifest says about models, and the checks that follow from it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self

from posecoach.adapters._edgetpu_seen import attached
from posecoach.errors import ModelError, ModelUnavailable
from posecoach.vision.tflite_edit import without_decoder

MANIFEST: Final = "manifest.toml"
REMOVE_DECODER: Final = "remove-decoder"
NO_EDIT: Final = "none"
CPU: Final = "cpu"
EDGE_TPU: Final = "edgetpu"

_FAMILIES: Final = ("posenet", "movenet")
_TARGETS: Final = (CPU, EDGE_TPU)
_KNOWN_TOGETHER: Final = {"bytes", "sha256_published", "sha256_used"}
_INTERPRETERS: Final = ("ai_edge_litert", "tflite_runtime")


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One entry of a manifest: its fields, `file_bytes` for ``bytes``, and `beside`, the manifest's folder.

    A model without `urls` is published nowhere: it ships with posecoach or is the user's own, and its
    file lies beside the manifest.

    `file_bytes`, `sha256_published` and `sha256_used` are `None`, all three, where whoever wrote the entry
    never held the file: no file is taken for that model (`checksum_known`). `trusting` gives it the
    checksum that its user vouches for, and `recorded` all three, once the file has come.
    """

    id: str
    family: str
    backbone: str
    target: str
    input_wh: tuple[int, int]
    output_stride: int
    heads: tuple[str, ...]
    file: str
    file_bytes: int | None
    edit: str
    sha256_published: str | None
    sha256_used: str | None
    licence: str
    urls: tuple[str, ...]
    beside: Path

    @property
    def checksum_known(self) -> bool:
        """Whether a file can be told to be this model."""
        return self.sha256_published is not None

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
        if not self.checksum_known:
            return (
                f"posecoach's makers never held {self.file}, so its checksum is not known: take the sha256 "
                f"from a source that you trust and give it: posecoach models fetch {self.id} --sha256 HEX"
            )
        return (
            f"get it with: posecoach models fetch {self.id} (without a network: --from DIR, a folder with "
            f"the file of {' or '.join(self.urls)})"
        )

    def as_used(self, content: bytes, path: Path | str) -> bytes:
        """The published file, or the file as used, checked and edited.

        Raises:
            ModelError: `content`, which came from `path`, is neither, byte for byte.
            ModelUnavailable: Nobody can say: the checksum is not known.
        """
        if not self.checksum_known:
            raise ModelUnavailable(f"{path} cannot be told to be {self.id}: {self.how_to_get}")
        found = hashlib.sha256(content).hexdigest()
        if found == self.sha256_used:
            return content
        if found != self.sha256_published:
            raise ModelError(f"{path} is not {self.id} as published: {self._difference(content, found)}")
        edited = without_decoder(content) if self.edit == REMOVE_DECODER else content
        if self.sha256_used is None:
            return edited  # only the published file was vouched for
        if (after := hashlib.sha256(edited).hexdigest()) != self.sha256_used:
            raise ModelError(
                f"{path} came out of the edit {self.edit!r} with sha256 {after}, "
                f"but the manifest says {self.sha256_used}: correct the manifest"
            )
        return edited

    def knows(self, content: bytes) -> bool:
        """Whether `content` is the file as published or as used."""
        return hashlib.sha256(content).hexdigest() in (self.sha256_published, self.sha256_used)

    def trusting(self, sha256: str) -> Self:
        """The model whose published file has this checksum, which its user vouches for.

        Raises:
            ModelError: The manifest knows another one.
        """
        if not self.checksum_known:
            return replace(self, sha256_published=sha256)
        if sha256 in (self.sha256_published, self.sha256_used):
            return self
        raise ModelError(
            f"--sha256 {sha256} is not that of {self.id}: expected {self.sha256_published} (as published) or "
            f"{self.sha256_used} (as used); if you recorded a wrong one yourself, delete its entry in "
            "own/manifest.toml, where your models are"
        )

    def recorded(self, used: bytes) -> Self:
        """The entry of a model that was `trusting`, now that its file has come and is `used`."""
        after = hashlib.sha256(used).hexdigest()
        edit = NO_EDIT if after == self.sha256_published else self.edit
        return replace(self, file_bytes=len(used), edit=edit, sha256_used=after)  # no edit moves a byte

    def known_from(self, record: Self) -> Self:
        """This entry with what the user's own `record` says about its file."""
        return replace(
            self,
            input_wh=record.input_wh,
            output_stride=record.output_stride,
            file_bytes=record.file_bytes,
            edit=record.edit,
            sha256_published=record.sha256_published,
            sha256_used=record.sha256_used,
        )

    def _difference(self, content: bytes, found: str) -> str:
        if self.file_bytes is None:
            return (
                f"it has {len(content)} bytes and sha256 {found}, but you vouch for {self.sha256_published}; "
                "check that both are of the same file"
            )
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
    known = model.sha256_published is not None and model.sha256_used is not None
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
        *([f"bytes = {model.file_bytes}"] if known else []),
        f"edit = {_text(model.edit)}",
        *([f"sha256_published = {_text(model.sha256_published or '')}"] if known else []),
        *([f"sha256_used = {_text(model.sha256_used or '')}"] if known else []),
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
    if 0 < len(_KNOWN_TOGETHER & fields.keys()) < len(_KNOWN_TOGETHER):
        raise ValueError(f"{fields['id']!r} must have all of {sorted(_KNOWN_TOGETHER)}, or none")
    return ListedModel(
        input_wh=(int(width), int(height)),
        file_bytes=int(fields.pop("bytes")) if "bytes" in fields else None,
        sha256_published=fields.pop("sha256_published", None),
        sha256_used=fields.pop("sha256_used", None),
        heads=tuple(fields.pop("heads")),
        urls=tuple(fields.pop("urls")),
        beside=beside,
        **fields,
    )
