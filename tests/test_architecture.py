"""Imports point inwards; hardware, media and UI libraries live in adapters; numpy is enough to import."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "device" / "posecoach"
MODULES = sorted(PACKAGE.rglob("*.py"))
# Innermost first. Of one layer, single modules may import each other; folders are strangers.
LAYERS = (
    {"skeleton", "errors", "newest", "compiled"},
    {"whole_file"},
    {"frame", "pose"},
    {"track"},
    {"vision", "motion"},
    {"coach", "library"},
    {"face"},
    {"ports"},
    {"synthetic", "adapters"},
    {"app", "frame_loop", "live", "pacing", "ticks", "kernels"},
    {"service"},
    {"cli"},
    {"__main__"},
)
COMPILER = {"numba", "llvmlite"}
FORBIDDEN = (
    *("av", "pygame", "ai_edge_litert", "tflite_runtime", "flatbuffers", "picamera2", "libcamera"),
    *("fpdf", "pypdfium2", "PIL", "simplejpeg"),
    *COMPILER,
)


def name_of(source: Path) -> str:
    return ".".join(("posecoach", *source.relative_to(PACKAGE).with_suffix("").parts))


def imports(source: Path) -> Iterator[str]:
    """Every module named by an import statement, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(source)}: relative import"
            yield node.module or ""


def layer(dotted: str) -> int:
    """Number of the layer of ``posecoach.<layer>...``; the package itself is innermost."""
    parts = dotted.split(".")
    if len(parts) == 1 or parts[1] == "__init__":
        return 0
    for number, names in enumerate(LAYERS):
        if parts[1] in names:
            return number
    raise AssertionError(f"{dotted} has no layer: give it one here, and in CONTRIBUTING.md")


def may_import(own: str, other: str) -> bool:
    if layer(other) != layer(own):
        return layer(other) < layer(own)
    part, other_part = own.split(".")[1], other.split(".")[1] if "." in other else ""
    alone = (PACKAGE / f"{part}.py").is_file() and (PACKAGE / f"{other_part}.py").is_file()
    return part == other_part or alone or not other_part


def same_adapter(own: str, other: str) -> bool:
    """Whether one module of ``adapters`` may import another: a part of itself, or what is underscored."""
    mine, theirs = own.split(".")[2:], other.split(".")[2:]
    return mine[:1] == theirs[:1] or theirs[0].startswith("_")


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 50


@pytest.mark.parametrize("source", MODULES, ids=name_of)
def test_imports_point_inwards(source):
    own = name_of(source)

    for imported in imports(source):
        if imported.split(".")[0] == "posecoach":
            assert may_import(own, imported), f"{own} must not import {imported}"


@pytest.mark.parametrize("source", MODULES, ids=name_of)
def test_adapters_do_not_import_each_other(source):
    own = name_of(source)
    if not own.startswith("posecoach.adapters."):
        return

    for imported in imports(source):
        if imported.startswith("posecoach.adapters."):
            assert same_adapter(own, imported), f"{own} must not import {imported}"


@pytest.mark.parametrize("source", MODULES, ids=name_of)
def test_only_adapters_import_a_foreign_library(source):
    """All others know the standard library and numpy; one module knows the compiler of kernels."""
    own = name_of(source)
    known = sys.stdlib_module_names | {"numpy", "posecoach"}
    if own == "posecoach.compiled":
        known |= COMPILER
    foreign = {imported.split(".")[0] for imported in imports(source)} - known

    assert own.startswith("posecoach.adapters.") or not foreign, f"{own} must not import {foreign}"


@pytest.mark.parametrize("folder", ["vision", "motion"])
def test_the_inner_layers_know_numpy_and_little_else(folder):
    """No files, clocks, threads or processes where numbers are made."""
    outside = {"os", "io", "pathlib", "time", "datetime", "threading", "subprocess", "socket", "random"}

    for source in (PACKAGE / folder).rglob("*.py"):
        assert not outside & {imported.split(".")[0] for imported in imports(source)}, name_of(source)


IMPORT_WITHOUT = f"""
import importlib, importlib.abc, pkgutil, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {FORBIDDEN!r}:
            raise ImportError(f"{{name}} is not installed here")

sys.meta_path.insert(0, Absent())
import posecoach
count = 0
for module in pkgutil.walk_packages(posecoach.__path__, "posecoach."):
    if ".adapters." not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        count += 1
assert "pygame" not in sys.modules
print(count)
"""


def test_the_package_imports_with_numpy_alone():
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_WITHOUT],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 40
