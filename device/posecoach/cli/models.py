"""``posecoach models``: which networks there are, and getting them onto this box."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.model_fetch import QUIET_S, fetch, sources_of
from posecoach.adapters.model_store import ModelStore, default_model_id
from posecoach.adapters.own_models import add_own_model, check_id
from posecoach.cli.progress_bar import ProgressBar
from posecoach.errors import InputMissing, ModelError, PosecoachError

if TYPE_CHECKING:
    from posecoach.adapters._model_manifest import ListedModel


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its sub-commands."""
    command = subparsers.add_parser(
        "models",
        help="the networks: list, fetch, verify, add",
        description="Networks that find people in pictures, by the manifest, with checksums.",
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)

    words = "every known model: is it here, does it run here"
    listed = actions.add_parser("list", help=words, description=words.capitalize() + ".")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=run_list)

    fetched = actions.add_parser(
        "fetch",
        help="get models onto this box",
        description="Get models onto this box. What arrives is checked byte for byte and put in place whole; "
        "a download that breaks off goes on where it stopped when the same command is given again.",
        epilog="Without a network: on a machine that has one, `posecoach models fetch --all --to DIR`; carry "
        "DIR over; on the box, `posecoach models fetch --all --from DIR`.",
    )
    which = fetched.add_mutually_exclusive_group()
    which.add_argument(
        "ids", nargs="*", default=[], metavar="ID", help=f"which ones (default: {default_model_id()})"
    )
    which.add_argument("--all", action="store_true", help="all of them")
    fetched.add_argument(
        "--from",
        dest="source",
        metavar="DIR",
        help="a folder that has the files under their published names, as published or as fetched elsewhere; "
        "or such a folder's address (file:, http: or https:)",
    )
    fetched.add_argument(
        "--to", type=Path, metavar="DIR", help="default: models in $POSECOACH_DATA, or in the data home"
    )
    fetched.add_argument(
        "--timeout",
        type=_seconds,
        default=QUIET_S,
        metavar="S",
        help="longest silence of a server, in seconds (default: %(default)g)",
    )
    fetched.add_argument("--json", action="store_true", help="print JSON")
    fetched.set_defaults(run=run_fetch)

    verified = actions.add_parser(
        "verify",
        help="are the models on this box as the manifest says",
        description="Compare every model file on this box with the manifest, byte for byte.",
    )
    verified.add_argument("ids", nargs="*", metavar="ID", help="only these, and they must be here")
    verified.add_argument("--json", action="store_true", help="print JSON")
    verified.set_defaults(run=run_verify)

    added = actions.add_parser(
        "add",
        help="add a model of your own",
        description="Add a PoseNet of your own: it is run once, copied, and listed in your "
        "own manifest with its checksum. Then --model knows it by its id.",
    )
    added.add_argument("file", type=Path, metavar="FILE", help="a .tflite file")
    added.add_argument("--id", required=True, dest="model_id", metavar="NAME")
    added.add_argument("--backbone", default="not stated", metavar="WORDS", help="the network in words")
    added.add_argument("--licence", default="not stated", metavar="WORDS", help="licence of the weights")
    added.add_argument("--json", action="store_true", help="print JSON")
    added.set_defaults(run=run_add)


def run_list(arguments: argparse.Namespace) -> int:
    """List the models."""
    store = ModelStore()
    rows = [_facts(store, model) for model in store.models]
    if arguments.json:
        print(json.dumps(rows))
        return 0
    table = [("id", "target", "size", "installed in", "runs here")]
    for row in rows:
        size = f"{row['bytes'] / 1e6:.1f} MB"
        where = str(Path(row["installed"]).parent) if row["installed"] else "-"
        runs = f"no: {row['why_not']}" if row["why_not"] else "yes, the default" if row["default"] else "yes"
        table.append((row["id"], row["target"], size, where, runs))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    return 0


def run_fetch(arguments: argparse.Namespace) -> int:
    """Fetch models; one that fails is reported, and the others are fetched all the same."""
    store = ModelStore()
    if arguments.all:
        models = store.models
    else:
        names = dict.fromkeys(arguments.ids or [default_model_id()])
        models = tuple(map(store.listed, names))
    folder = arguments.to or store.home
    code = 0
    with folder_lock(folder, lambda: _say(f"another posecoach is at work in {folder}: waiting for it")):
        for model in models:
            try:
                _fetch_one(store, model, folder, arguments)
            except PosecoachError as error:
                _say(f"{model.id}: {error}")
                code = code or error.exit_code
    return code


def _fetch_one(store: ModelStore, model: ListedModel, folder: Path, arguments: argparse.Namespace) -> None:
    # What ships with posecoach, or is the user's own, is in its place without being fetched.
    if not model.urls and arguments.to is None:
        folder = model.beside
    bar = ProgressBar(model.id, model.file_bytes)
    try:
        fetched = fetch(
            model,
            folder,
            sources_of(model, arguments.source),
            timeout_s=arguments.timeout,
            advance=bar.advance,
        )
    finally:
        bar.close()
    if arguments.json:
        facts = {"id": model.id, "path": str(fetched.path), "source": fetched.source}
        print(json.dumps(facts | {"sha256": model.sha256_used}), flush=True)
    elif fetched.source is None:
        print(f"{model.id}: is here already, verified: {fetched.path}", flush=True)
    else:
        print(f"{model.id}: {fetched.path}", flush=True)
        if model.edit != "none":
            print(f"  sha256 as published {model.sha256_published}")
            print(f"  its decoder is taken out (edit {model.edit!r})")
        print(f"  sha256 as used      {model.sha256_used}", flush=True)


def run_verify(arguments: argparse.Namespace) -> int:
    """Verify the models: 65 if one is not what it should be, 69 if a named one is absent."""
    store = ModelStore()
    models = tuple(map(store.listed, arguments.ids)) or store.models
    rows = [row for model in models for row in _verified(store, model)]
    if arguments.json:
        print(json.dumps(rows))
    for row in rows if not arguments.json else []:
        print(f"{row['id']}: {row['state']}" + (f": {row['path']}" if row["path"] else ""))
        if row["problem"]:
            _say(row["problem"])
    states = {row["state"] for row in rows}
    if "damaged" in states:
        return ModelError.exit_code
    return 69 if arguments.ids and "absent" in states else 0


def _verified(store: ModelStore, model: ListedModel) -> list[dict[str, Any]]:
    """One row for each file of the model, those that another file hides too."""
    rows = []
    for path in store.copies(model):
        problem = None
        try:
            content = path.read_bytes()
            state = "whole" if model.as_used(content, path) == content else "whole, as published"
        except ModelError as error:
            state, problem = "damaged", str(error)
        except OSError as error:
            state, problem = "damaged", f"{path} cannot be read: {error.strerror or error}"
        rows.append({"id": model.id, "state": state, "path": str(path), "problem": problem})
    return rows or [{"id": model.id, "state": "absent", "path": None, "problem": None}]


def run_add(arguments: argparse.Namespace) -> int:
    """Add a model, after a run of it."""
    store = ModelStore()
    model_id = check_id(arguments.model_id)
    known = {model.id: model for model in store.models}.get(model_id)
    if known is not None and known.beside != store.own_folder:
        raise ModelError(f"{model_id} is a model of posecoach's own manifest: choose another --id")
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        raise InputMissing(f"cannot read the model {arguments.file}: {error.strerror or error}") from error
    input_wh, output_stride = _tried(content, str(arguments.file))
    folder = store.own_folder
    with folder_lock(folder, lambda: _say(f"another posecoach is at work in {folder}: waiting for it")):
        model = add_own_model(
            folder,
            content,
            model_id,
            input_wh=input_wh,
            output_stride=output_stride,
            backbone=arguments.backbone,
            licence=arguments.licence,
        )
    if arguments.json:
        print(json.dumps(_facts(ModelStore(), model)))
        return 0
    width, height = model.input_wh
    print(f"{model.id}: {folder / model.file}")
    print(f"  PoseNet, input {width} x {height}, output stride {model.output_stride}")
    print(f"  sha256 {model.sha256_used}")
    print(f"next: posecoach pose IMAGE --model {model.id}")
    return 0


def _tried(content: bytes, name: str) -> tuple[tuple[int, int], int]:
    """Size of the input and output stride of a PoseNet that has run once.

    Raises:
        ModelError: It is no PoseNet.
        ModelUnavailable: There is no interpreter, or the model wants an Edge TPU and there is none.
    """
    import numpy as np

    from posecoach.adapters.litert_estimator import LiteRtEstimator

    with LiteRtEstimator(content, model_id=name) as estimator:
        width, height = estimator.input_wh
        heads = estimator.infer(np.full((height, width, 3), 127, np.uint8))
    return (width, height), heads.output_stride


def _facts(store: ModelStore, model: ListedModel) -> dict[str, Any]:
    """What ``list --json`` says about a model; `installed` is a path, not yet verified."""
    path, why_not = store.find(model), model.why_not_here()
    return {
        "id": model.id,
        "family": model.family,
        "target": model.target,
        "input_wh": list(model.input_wh),
        "bytes": model.file_bytes,
        "licence": model.licence,
        "own": model.beside == store.own_folder,
        "default": model.id == default_model_id(),
        "installed": str(path) if path else None,
        "runs": why_not is None,
        "why_not": why_not,
    }


def _say(words: str) -> None:
    print(f"posecoach: {words}", file=sys.stderr, flush=True)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, got {text!r}")
    return seconds
