"""Finds the model that ``--model`` names: by its id in the manifest, or by path."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from posecoach.adapters._model_manifest import MANIFEST, ListedModel, read_manifest
from posecoach.errors import InputMissing, ModelError, ModelUnavailable
from posecoach.vision.tflite_edit import without_decoder

_CHECKOUT: Final = Path(__file__).resolve().parents[3]


class StoredModel(NamedTuple):
    """A model that is ready for an interpreter.

    Attributes:
        model_id: The manifest's id, or the file's name.
        content: The .tflite file as used, after the edit.
    """

    model_id: str
    content: bytes


class ModelStore:
    """The manifest, the user's own one beside it, and the folders where model files may lie.

    An id that both manifests have is that of the shipped one; where that one does not know the checksum,
    the user's own says it.
    """

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
            ModelError: The manifest is missing, or it or the user's own is malformed.
        """
        shipped = manifest or _find_manifest(checkout)
        self._home = _home(environ)
        self._models = read_manifest(shipped)
        if (own := self.own_folder / MANIFEST).is_file():
            for record in read_manifest(own).values():
                model = self._models.get(record.id, record)
                self._models[record.id] = model if model.checksum_known else model.known_from(record)
        self._folders = tuple(dict.fromkeys([*_folders(environ, checkout, self._home), shipped.parent]))

    @property
    def models(self) -> tuple[ListedModel, ...]:
        """Every model of the manifest, in its order, and then the user's own."""
        return tuple(self._models.values())

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where model files are looked for, first to last."""
        return self._folders

    @property
    def home(self) -> Path:
        """The folder that models are fetched into; it need not exist yet."""
        return self._home

    @property
    def own_folder(self) -> Path:
        """The folder of the user's own models and their manifest; it need not exist yet."""
        return self._home / "own"

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
        model = self.listed(name)
        if model.why_not_run is not None:
            raise ModelUnavailable(
                f"{model.id} is a {model.family} model for {model.target}; {model.why_not_run}: "
                f"use {default_model_id()}, or another of {self._runnable()}"
            )
        stored = self.find(model)
        if stored is None and not model.checksum_known:
            raise ModelUnavailable(f"{model.id} is not on this box: {model.how_to_get}")
        if stored is None:
            raise ModelUnavailable(
                f"{model.id} is not on this box: no {model.file} in {', '.join(map(str, self.folders))}; "
                f"{model.how_to_get}"
            )
        return StoredModel(model.id, model.as_used(_read(stored), stored))

    def find(self, model: ListedModel) -> Path | None:
        """The file that an interpreter would get; not yet verified."""
        return next(self.copies(model), None)

    def copies(self, model: ListedModel) -> Iterator[Path]:
        """Every file of that name in the folders, the one that is used first; not yet verified."""
        # What was published nowhere has one place; a file elsewhere is only named alike.
        folders = self._folders if model.urls else dict.fromkeys([model.beside, *self._folders])
        return (path for folder in folders if (path := folder / model.file).is_file())

    def listed(self, name: str) -> ListedModel:
        """The entry with the id `name`.

        Raises:
            ModelUnavailable: There is none.
        """
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


ATHLETE_MODEL_ID: Final = "posecoach-athlete"
"""The model that ships: for the built-in athlete only, who is drawn."""


def default_model_id(camera: str = "") -> str:
    """The model that is used where none is named: one for people, or the athlete's before his camera."""
    return ATHLETE_MODEL_ID if camera.startswith("synthetic") else "posenet-mobilenet-075-481x641"


def _find_manifest(checkout: Path) -> Path:
    installed = Path(__file__).resolve().parents[1] / "models" / MANIFEST
    return installed if installed.is_file() else checkout / "models" / MANIFEST


def _home(environ: Mapping[str, str]) -> Path:
    if environ.get("POSECOACH_DATA"):
        return Path(environ["POSECOACH_DATA"]) / "models"
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    data_home = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data_home / "posecoach" / "models"


def _folders(environ: Mapping[str, str], checkout: Path, home: Path) -> list[Path]:
    folders = [Path(entry) for entry in environ.get("POSECOACH_MODELS", "").split(os.pathsep) if entry]
    folders.append(home)
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
