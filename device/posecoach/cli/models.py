"""``posecoach models``: which networks there are, and getting them onto this box."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.model_store import ModelStore, default_model_id
from posecoach.adapters.own_models import add_own_model, check_id
from posecoach.cli import models_fetch
from posecoach.cli.model_trial import try_model
from posecoach.cli.models_fetch import say
from posecoach.errors import InputMissing, ModelError, ModelUnavailable

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

    models_fetch.add_parser(actions)

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
        description="Add a PoseNet or MoveNet of your own: it is run once, copied, and listed in your "
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
        size = "?" if row["bytes"] is None else f"{row['bytes'] / 1e6:.1f} MB"
        where = str(Path(row["installed"]).parent) if row["installed"] else "-"
        runs = f"no: {row['why_not']}" if row["why_not"] else "yes, the default" if row["default"] else "yes"
        table.append((row["id"], row["target"], size, where, runs))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Verify the models: 65 if one is not what it should be, 69 if a named one is absent or none can tell."""
    store = ModelStore()
    models = tuple(map(store.listed, arguments.ids)) or store.models
    rows = [row for model in models for row in _verified(store, model)]
    if arguments.json:
        print(json.dumps(rows))
    for row in rows if not arguments.json else []:
        print(f"{row['id']}: {row['state']}" + (f": {row['path']}" if row["path"] else ""))
        if row["problem"]:
            say(row["problem"])
    states = {row["state"] for row in rows}
    if "damaged" in states:
        return ModelError.exit_code
    in_doubt = "of unknown checksum" in states or (arguments.ids and "absent" in states)
    return ModelUnavailable.exit_code if in_doubt else 0


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
        except ModelUnavailable as error:
            state, problem = "of unknown checksum", str(error)
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
    trial = try_model(content, str(arguments.file))
    folder = store.own_folder
    with folder_lock(folder, lambda: say(f"another posecoach is at work in {folder}: waiting for it")):
        model = add_own_model(
            folder,
            content,
            model_id,
            family=trial.family,
            input_wh=trial.input_wh,
            output_stride=trial.output_stride,
            heads=trial.heads,
            backbone=arguments.backbone,
            licence=arguments.licence,
        )
    if arguments.json:
        print(json.dumps(_facts(ModelStore(), model)))
        return 0
    print(f"{model.id}: {folder / model.file}")
    print(f"  {trial}")
    print(f"  sha256 {model.sha256_used}")
    print(f"next: posecoach pose IMAGE --model {model.id}")
    return 0


def _facts(store: ModelStore, model: ListedModel) -> dict[str, Any]:
    """What ``list --json`` says about a model; `installed` is a path, not yet verified."""
    path, why_not = store.find(model), model.why_not_here()
    return {
        "id": model.id,
        "family": model.family,
        "target": model.target,
        "input_wh": list(model.input_wh),
        "bytes": model.file_bytes,
        "checksum_known": model.checksum_known,
        "licence": model.licence,
        "own": model.beside == store.own_folder,
        "default": model.id == default_model_id(),
        "installed": str(path) if path else None,
        "runs": why_not is None,
        "why_not": why_not,
    }
