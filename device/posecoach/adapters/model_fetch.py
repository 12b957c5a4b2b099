"""Puts models on this box: whole, verified, ready for an interpreter, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from posecoach.adapters._http_download import download
from posecoach.adapters._model_manifest import ListedModel
from posecoach.errors import InputMissing, ModelError, ModelUnavailable
from posecoach.whole_file import write_whole

QUIET_S: Final = 30.0

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES: Final = ("http", "https", "file")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What `fetch` did: `source` is `None` where the model was there before, as used."""

    path: Path
    source: str | None


def sources_of(model: ListedModel, given: str | None) -> tuple[str, ...]:
    """Where to fetch `model` from, in the order to try.

    Args:
        model: Which.
        given: A folder, or the address of one (http, https, file), that has models under their
            published names; without one, the manifest's addresses.

    Raises:
        InputMissing: `given` is no folder.
        ModelUnavailable: `given` is an address of another kind, or a model that is published nowhere is
            missing, or nobody could tell whether what came is the model.
    """
    if not model.checksum_known:
        raise ModelUnavailable(model.how_to_get)
    if given is None:
        if not model.urls and not (model.beside / model.file).is_file():
            raise ModelUnavailable(f"{model.file} is missing; {model.how_to_get}")
        return model.urls or (str(model.beside / model.file),)
    if not Path(given).is_dir() and _scheme(given) is not None:
        return (f"{given.rstrip('/')}/{quote(model.file)}",)
    if not Path(given).is_dir():
        raise InputMissing(f"there is no folder {given} to fetch from; check --from")
    return (str(Path(given).absolute() / model.file),)


def fetch(
    model: ListedModel,
    folder: Path,
    sources: tuple[str, ...],
    *,
    timeout_s: float = QUIET_S,
    advance: Callable[[int], None] = lambda at: None,
    accept: Callable[[bytes], None] = lambda used: None,
) -> Fetched:
    """Put `model` into `folder`, as an interpreter wants it; the caller holds the folder's lock.

    A file that is there already and is right stays; one that is damaged is replaced at the end only.

    Args:
        model: Which.
        folder: Where to; it exists.
        sources: Paths and addresses, as from `sources_of`; the next is tried when one fails.
        timeout_s: The longest silence of a server.
        advance: Told how many bytes there are.
        accept: Given the file as used before it is put in place; what it raises keeps it out.

    Raises:
        InputMissing: A path does not exist or cannot be read.
        ModelUnavailable: A server is not reached, or does not have the file.
        ModelError: What came is not the model, byte for byte.
        OutputError: `folder` is full or cannot be written.
    """
    _clear_leftovers(model, folder)
    path = folder / model.file
    if path.is_file():
        present = _read(path)
        if model.knows(present):
            used = model.as_used(present, path)
            accept(used)
            if used == present:
                return Fetched(path, None)
            write_whole(path, used)
            return Fetched(path, str(path))
    failures: list[InputMissing | ModelUnavailable | ModelError] = []
    for source in sources:
        try:
            content = _content(model, folder, source, timeout_s, advance)
        except (InputMissing, ModelUnavailable, ModelError) as error:
            failures.append(error)
        else:
            accept(content)
            write_whole(path, content)
            return Fetched(path, source)
    if len(failures) == 1:
        raise failures[0]
    raise type(failures[0])("; ".join(map(str, failures)))


def _content(
    model: ListedModel, folder: Path, source: str, timeout_s: float, advance: Callable[[int], None]
) -> bytes:
    """The file as used, from one place."""
    scheme = _scheme(source)
    if scheme in (None, "file"):
        path = Path(source if scheme is None else _path_of(source))
        return model.as_used(_read(path), path)
    part = folder / f".{model.file}.part"
    while True:
        begun = part.exists() and part.stat().st_size > 0
        try:
            download(source, part, model.file_bytes, timeout_s=timeout_s, advance=advance)
        except ModelUnavailable as error:
            raise ModelUnavailable(_advice(model, part, str(error))) from error
        except ModelError:
            if model.file_bytes is None:  # it may be anything, and a great deal of it
                part.unlink(missing_ok=True)
            raise
        content = _read(part)
        part.unlink()  # before the model is written, so that a small disk need not hold both
        # What another day began may be another file's beginning, or zeros after a power cut.
        if model.knows(content) or not begun:
            return model.as_used(content, source)


def _advice(model: ListedModel, part: Path, reason: str) -> str:
    if part.exists() and (kept := part.stat().st_size):
        of = "" if model.file_bytes is None else f" of {model.file_bytes}"
        return f"{reason}; {kept}{of} bytes are kept, and the same command goes on from there"
    return (
        f"{reason}; on a box without a network: posecoach models fetch {model.id}"
        f"{'' if model.sha256_used else ' --sha256 HEX'} --from DIR, "
        f"where DIR has {model.file}"
    )


def _clear_leftovers(model: ListedModel, folder: Path) -> None:
    """What a power cut left of `write_whole`; nobody else is writing."""
    for leftover in folder.glob(f".{model.file}.*.partial"):
        with suppress(OSError):
            leftover.unlink()


def _scheme(source: str) -> str | None:
    match = _SCHEME.match(source)
    if match is None:
        return None
    if (scheme := match[1].lower()) not in _SCHEMES:
        raise ModelUnavailable(f"{source}: posecoach fetches from {', '.join(_SCHEMES)} and folders only")
    return scheme


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    if parts.netloc not in ("", "localhost"):
        raise ModelUnavailable(f"{address} names a file of another machine; write file:///FOLDER")
    return url2pathname(parts.path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputMissing(f"cannot read {path}: {error.strerror or error}; check --from") from error
