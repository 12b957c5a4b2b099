"""Is what is installed what posecoach needs?"""

from __future__ import annotations

import platform
from importlib import metadata
from importlib.util import find_spec
from typing import Final

import posecoach
from posecoach.adapters.configuration import DEFAULT, device_file, load
from posecoach.adapters.model_store import ATHLETE_MODEL_ID, ModelStore, default_model_id
from posecoach.errors import ConfigurationError, PosecoachError
from posecoach.service.findings import Box, Check, Finding, failed, passed, warned
from posecoach.service.trial import tried

_SLOW_MS: Final = 500.0


def _version(box: Box) -> Finding:
    del box
    machine = f"Python {platform.python_version()} on {platform.machine()}"
    return passed(f"posecoach {posecoach.__version__}, {machine}")


def _packages(box: Box) -> Finding:
    del box
    strangers = []
    if _is_stranger("pycoral", ("coral", "edge tpu")):
        strangers.append(
            "pycoral is not Google's, but an unrelated package of that name: pip uninstall pycoral"
        )
    strangers += [
        f"{name} is not systemd-python: pip uninstall {name}"
        for name in ("systemd", "cysystemd")
        if _installed(name)
    ]
    if _installed("pygame") and _installed("pygame-ce"):
        strangers.append(
            "pygame and pygame-ce overwrite each other: pip uninstall pygame pygame-ce, then install one"
        )
    if strangers:
        return failed(strangers[0], "do what the words say")
    if find_spec("ai_edge_litert") and find_spec("tflite_runtime"):
        return warned(
            "two interpreters are installed; ai_edge_litert is used", "pip uninstall tflite-runtime"
        )
    return passed("no package stands in the way of another")


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _is_stranger(name: str, words: tuple[str, ...]) -> bool:
    try:
        about = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return False
    told = str([about.get(key) for key in ("summary", "home_page", "author")]).lower()
    return not any(word in told for word in words)


def _model(box: Box) -> Finding:
    store = ModelStore(environ=box.environ)
    for name in (ATHLETE_MODEL_ID, default_model_id()):
        try:
            store.resolve(name)
        except PosecoachError as error:
            return failed(str(error), f"posecoach models fetch {name}")
    return passed(f"{ATHLETE_MODEL_ID} and {default_model_id()} are here, byte for byte")


def _inference(box: Box) -> Finding:
    said, why_not = tried("inference", ATHLETE_MODEL_ID, limit_s=box.limit_s)
    if said is None:
        return failed(
            f"no network runs: {why_not}", "pip install 'posecoach[infer]', exactly one interpreter"
        )
    if said["people"] != 1:
        return failed(
            f"the network found {said['people']} people in a picture of one", "install posecoach again"
        )
    if said["ms"] > _SLOW_MS:
        return warned(
            f"a network takes {said['ms']:.0f} ms on the processor", "end other programs; see heat and power"
        )
    return passed(f"a network takes {said['ms']:.0f} ms on the processor")


def _configuration(box: Box) -> Finding:
    file = device_file(box.environ)
    try:
        configuration = load(file)
    except ConfigurationError as error:
        return failed(str(error), "correct the file; until then posecoach uses what was good last")
    changed = sum(origin != DEFAULT for origin in configuration.origins.values())
    return passed(f"{changed} keys are set by {file} or conf.d" if changed else "everything is as shipped")


SOFTWARE_CHECKS: Final = (
    Check("version", "which posecoach on which Python", ("C13",), _version),
    Check("configuration", "is what this box is set to free of mistakes", ("S7",), _configuration),
    Check(
        "packages", "does a package of the same name stand in the way", ("C13", "P10"), _packages, gate=True
    ),
    Check("model", "are the models here, undamaged", ("C12",), _model),
    Check(
        "inference", "does a network run on the processor", ("C11", "C13"), _inference, gate=True, slow=True
    ),
)
