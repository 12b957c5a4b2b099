"""Finds the model that ``--model`` names: by its id in the manifest, or by path."""

from __future__ import annotations

import difflib
import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from posecoach.errors import InputMissing, ModelError, ModelUnavailable
from posecoach.vision.tflite_edit import without_decoder

MANIFEST: Final = "manifest.toml"

_CHECKOUT: Final = Path(__file__).resolve().parents[3]
_REMOVE_DECODER: Final = "remove-decoder"


class StoredModel(NamedTuple):
    """A model that is ready for an interpreter.

    Attributes:
        model_id: The manifest's id, or the file's name.
        content: The .tflite file as used, after the edit.
    """

    model_id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One entry of the manifest: its fields, and `file_bytes` for ``bytes``."""

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

    @property
    def why_not_run(self) -> str | None:
        """Why this version cannot run the model; `None` where it can."""
        if self.target == "cpu" and self.family == "posenet":
            return None
        return (
            f"{self.id} is a {self.family} model for {self.target}; this version runs PoseNet on the CPU only"
        )

    def as_used(self, content: bytes, path: Path) -> bytes:
        """The published file, or the file as used, checked and edited.

        Raises:
            ModelError: `content` is neither, byte for byte.
        """
        found = hashlib.sha256(content).hexdigest()
        if found == self.sha256_used:
            return content
        if found != self.sha256_published:
            raise ModelError(
                f"{path} is not {self.id} as published: sha256 is {found}, expected {self.sha256_published}; "
                f"fetch it again from {self.urls[0] if self.urls else 'its author'}"
            )
        edited = without_decoder(content) if self.edit == _REMOVE_DECODER else content
        if (after := hashlib.sha256(edited).hexdigest()) != self.sha256_used:
            raise ModelError(
                f"{path} came out of the edit {self.edit!r} with sha256 {after}, "
                f"but the manifest says {self.sha256_used}: correct the manifest"
            )
        return edited


class ModelStore:
    """The manifest, and the folders where model files may lie."""

    def __init__(
        self,
        *,
        manifest: Path | None = None,
        environ: Mapping[str, str] = os.environ,
        checkout: Path = _CHECKOUT,
    ) -> None:
        """Read the manifest.

        Args:
            manifest: Its file; by default the one beside the package, or the checkout's.
            environ: Where POSECOACH_MODELS, POSECOACH_DATA, POSECOACH_SHARED, XDG_DATA_HOME and HOME are
                looked up.
            checkout: The working tree, if this is one.

        Raises:
            ModelError: The manifest is missing or malformed.
        """
        self._manifest = manifest or _find_manifest(checkout)
        self._models = _read_manifest(self._manifest)
        self._folders = tuple(dict.fromkeys([*_folders(environ, checkout), self._manifest.parent]))

    @property
    def models(self) -> tuple[ListedModel, ...]:
        """Every model of the manifest, in its order."""
        return tuple(self._models.values())

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where model files are looked for, first to last."""
        return self._folders

    def resolve(self, name: str) -> StoredModel:
        """The model that `name` says: an id of the manifest, or the path of a .tflite file.

        Raises:
            ModelUnavailable: The id is unknown, its file is not on this box, or this version cannot run it.
            InputMissing: The path does not exist or cannot be read.
            ModelError: The file has another checksum than the manifest says, or is not a model.
        """
        path = Path(name).expanduser()
        if path.is_file() or path.suffix == ".tflite":
            try:
                return StoredModel(path.name, without_decoder(_read(path)))
            except ModelError as error:
                raise ModelError(f"{path}: {error}") from error
        model = self._listed(name)
        if model.why_not_run is not None:
            raise ModelUnavailable(
                f"{model.why_not_run}: use {default_model_id()}, or another of {self._runnable()}"
            )
        stored = self.find(model)
        if stored is None:
            raise ModelUnavailable(
                f"{model.id} is not on this box: no {model.file} in {', '.join(map(str, self.folders))}; "
                f"fetch it from {' or '.join(model.urls)} into one of them"
            )
        return StoredModel(model.id, model.as_used(_read(stored), stored))

    def find(self, model: ListedModel) -> Path | None:
        """The first file of that name in the folders; not yet verified."""
        return next((path for folder in self.folders if (path := folder / model.file).is_file()), None)

    def _listed(self, name: str) -> ListedModel:
        if name in self._models:
            return self._models[name]
        near = [known for known in self._models if name and name in known][:3]
        near = near or difflib.get_close_matches(name, self._models, n=3)
        guess = f" did you mean {' or '.join(near)}?" if near else ""
        raise ModelUnavailable(
            f"there is no model {name!r};{guess} known are {', '.join(self._models)}, "
            "and the path of any .tflite file"
        )

    def _runnable(self) -> str:
        return ", ".join(model.id for model in self.models if model.why_not_run is None)


def default_model_id() -> str:
    """The model that is used where none is named."""
    return "posenet-mobilenet-075-481x641"


def _find_manifest(checkout: Path) -> Path:
    installed = Path(__file__).resolve().parents[1] / "models" / MANIFEST
    return installed if installed.is_file() else checkout / "models" / MANIFEST


def _folders(environ: Mapping[str, str], checkout: Path) -> list[Path]:
    folders = [Path(entry) for entry in environ.get("POSECOACH_MODELS", "").split(os.pathsep) if entry]
    if environ.get("POSECOACH_DATA"):
        folders.append(Path(environ["POSECOACH_DATA"]) / "models")
    else:
        home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
        data_home = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
        folders.append(data_home / "posecoach" / "models")
    shared = Path(environ["POSECOACH_SHARED"]) if environ.get("POSECOACH_SHARED") else None
    if (checkout / "models" / MANIFEST).is_file():
        folders.append(checkout / "models")
        shared = shared or checkout.parent / "shared"
    if shared is not None:
        folders.append(shared / "models")
    return folders


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputMissing(f"cannot read the model {path}: {error.strerror}; check --model") from error


def _read_manifest(path: Path) -> dict[str, ListedModel]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
        return {model.id: model for model in map(_listed_model, entries)}
    except FileNotFoundError as error:
        raise ModelError(f"the model manifest {path} is missing: install posecoach again") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"the model manifest {path} is malformed: {error!r}") from error


def _listed_model(entry: dict[str, Any]) -> ListedModel:
    fields = dict(entry)
    width, height = fields.pop("input_wh")
    return ListedModel(
        input_wh=(int(width), int(height)),
        file_bytes=int(fields.pop("bytes")),
        heads=tuple(fields.pop("heads")),
        urls=tuple(fields.pop("urls")),
        **fields,
    )
