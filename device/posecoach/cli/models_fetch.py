"""``posecoach models fetch``: getting networks onto this box."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.model_fetch import QUIET_S, Fetched, fetch, sources_of
from posecoach.adapters.model_store import ModelStore, default_model_id
from posecoach.adapters.own_models import record
from posecoach.cli.model_trial import Trial, try_model
from posecoach.cli.progress_bar import ProgressBar
from posecoach.errors import ModelError, PosecoachError
from posecoach.vision.tflite_edit import EDGETPU, custom_operators

if TYPE_CHECKING:
    from posecoach.adapters._model_manifest import ListedModel


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    command = actions.add_parser(
        "fetch",
        help="get models onto this box",
        description="Get models onto this box. What arrives is checked byte for byte and put in place whole; "
        "a download that breaks off goes on where it stopped when the same command is given again.",
        epilog="Without a network: on a machine that has one, `posecoach models fetch --all --to DIR`; carry "
        "DIR over; on the box, `posecoach models fetch --all --from DIR`.",
    )
    which = command.add_mutually_exclusive_group()
    which.add_argument(
        "ids", nargs="*", default=[], metavar="ID", help=f"which ones (default: {default_model_id()})"
    )
    which.add_argument("--all", action="store_true", help="all whose checksums are known")
    command.add_argument(
        "--sha256",
        type=_sha256,
        metavar="HEX",
        help="with one ID: the checksum of its published file, from a source that you trust; needed where "
        "the manifest knows none, and recorded in your own manifest",
    )
    command.add_argument(
        "--from",
        dest="source",
        metavar="DIR",
        help="a folder that has the files under their published names, as published or as fetched elsewhere; "
        "or such a folder's address (file:, http: or https:)",
    )
    command.add_argument(
        "--to", type=Path, metavar="DIR", help="default: models in $POSECOACH_DATA, or in the data home"
    )
    command.add_argument(
        "--timeout",
        type=_seconds,
        default=QUIET_S,
        metavar="S",
        help="longest silence of a server, in seconds (default: %(default)g)",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run, refuse=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Fetch models; one that fails is reported, and the others are fetched all the same."""
    if arguments.sha256 is not None and (arguments.all or len(arguments.ids) != 1):
        arguments.refuse("--sha256 goes with exactly one ID")
    store = ModelStore()
    names = dict.fromkeys(arguments.ids or [default_model_id()])
    models = store.models if arguments.all else tuple(map(store.listed, names))
    if arguments.all and (unknown := [model.id for model in models if not model.checksum_known]):
        say(
            f"left out, their checksums are not known: {', '.join(unknown)}; "
            "fetch one by its ID, with --sha256 HEX"
        )
        models = tuple(model for model in models if model.checksum_known)
    if arguments.sha256 is not None:
        models = (models[0].trusting(arguments.sha256),)
        if models[0].sha256_used is None:
            return _fetch_vouched(store, models[0], arguments)
    folder = arguments.to or store.home
    code = 0
    with folder_lock(folder, lambda: _wait_for(folder)):
        for model in models:
            try:
                _fetch_known(model, folder, arguments)
            except PosecoachError as error:
                say(f"{model.id}: {error}")
                code = code or error.exit_code
    return code


def say(words: str) -> None:
    """One line to a person, beside the results."""
    print(f"posecoach: {words}", file=sys.stderr, flush=True)


def _fetch_known(model: ListedModel, folder: Path, arguments: argparse.Namespace) -> None:
    # What ships with posecoach, or is the user's own, is in its place without being fetched.
    if not model.urls and arguments.to is None:
        folder = model.beside
    fetched = _brought(model, folder, arguments)
    if arguments.json:
        facts = {"id": model.id, "path": str(fetched.path), "source": fetched.source}
        print(json.dumps(facts | {"sha256": model.sha256_used}), flush=True)
        return
    _tell_where(model, fetched)
    if fetched.source is not None:
        if model.edit != "none":
            print(f"  sha256 as published {model.sha256_published}")
            print(f"  its decoder is taken out (edit {model.edit!r})")
        print(f"  sha256 as used      {model.sha256_used}", flush=True)


def _fetch_vouched(store: ModelStore, model: ListedModel, arguments: argparse.Namespace) -> int:
    """Fetch a model whose checksum the user gives, and record what it turned out to be."""
    entry, trial = model, None

    def accept(used: bytes) -> None:
        nonlocal entry, trial
        entry, trial = model.recorded(used), _first_look(model, used)
        if trial is not None:
            entry = replace(entry, input_wh=trial.input_wh, output_stride=trial.output_stride)

    folder = arguments.to or store.home
    with folder_lock(folder, lambda: _wait_for(folder)):
        fetched = _brought(model, folder, arguments, accept)
    own = store.own_folder
    # After the other lock is given back: it may be the same folder. A file without an entry does no harm.
    with folder_lock(own, lambda: _wait_for(own)):
        record(own, entry)
    if arguments.json:
        facts = {"id": model.id, "path": str(fetched.path), "source": fetched.source}
        facts |= {"sha256": entry.sha256_used, "sha256_published": entry.sha256_published}
        print(json.dumps(facts | {"edit": entry.edit, "tried": trial and str(trial)}), flush=True)
        return 0
    _tell_where(model, fetched)
    print(f"  sha256 as you vouch {entry.sha256_published}, now in {own / 'manifest.toml'}")
    if entry.edit != "none":
        print(f"  its decoder is taken out (edit {entry.edit!r})")
    elif model.edit != "none":
        print("  it does not end in a decoder: left as it is")
    print(f"  sha256 as used      {entry.sha256_used}")
    print(f"  {f'runs: {trial}' if trial else f'not tried: {_why_not_tried(model)}'}", flush=True)
    return 0


def _first_look(model: ListedModel, used: bytes) -> Trial | None:
    """Whether a file of which only the checksum is vouched for is such a model; a run of it where one can be.

    Raises:
        ModelError: It is another kind of model.
    """
    for_tpu = EDGETPU in custom_operators(used)
    if for_tpu != (model.target == "edgetpu"):
        raise ModelError(
            f"the file of this sha256 is {'' if for_tpu else 'not '}compiled for an Edge TPU, "
            f"but {model.id} is for {model.target}: is it the checksum of another file?"
        )
    if _why_not_tried(model):
        return None
    trial = try_model(used, model.id)
    if trial.family != model.family:
        raise ModelError(f"the file of this sha256 is another model than {model.id}: {trial}")
    return trial


def _why_not_tried(model: ListedModel) -> str | None:
    # A stick that the coach is using at this moment would refuse.
    return "it is for an Edge TPU" if model.target == "edgetpu" else model.why_not_here()


def _brought(
    model: ListedModel,
    folder: Path,
    arguments: argparse.Namespace,
    accept: Callable[[bytes], None] = lambda used: None,
) -> Fetched:
    bar = ProgressBar(model.id, model.file_bytes)
    advance = bar.advance if model.file_bytes else lambda at: bar.advance(at / 1e3, "kB")
    try:
        return fetch(
            model,
            folder,
            sources_of(model, arguments.source),
            timeout_s=arguments.timeout,
            advance=advance,
            accept=accept,
        )
    finally:
        bar.close()


def _tell_where(model: ListedModel, fetched: Fetched) -> None:
    here = "is here already, verified: " if fetched.source is None else ""
    print(f"{model.id}: {here}{fetched.path}", flush=True)


def _wait_for(folder: Path) -> None:
    say(f"another posecoach is at work in {folder}: waiting for it")


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError(f"must be 64 hexadecimal digits, got {text!r}")
    return text.lower()


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, got {text!r}")
    return seconds
