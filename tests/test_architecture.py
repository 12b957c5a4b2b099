"""Imports point inwards; hardware, media and UI libraries live in adapters; numpy is enough to import."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
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


@cache
def imports(source: Path) -> frozenset[str]:
    """Every module named by an import statement, wherever in the file it stands."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(source)}: relative import"
            found.add(node.module or "")
    return frozenset(found)


def every_import(package: str = "") -> Iterator[tuple[str, str]]:
    """Who imports what of a package, by name."""
    for source in MODULES:
        for imported in sorted(imports(source)):
            if not package or imported == package or imported.startswith(f"{package}."):
                yield name_of(source), imported


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
    return bool(theirs) and (mine[:1] == theirs[:1] or theirs[0].startswith("_"))


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 50


def test_imports_point_inwards():
    wrong = [
        f"{own} must not import {imported}"
        for own, imported in every_import("posecoach")
        if not may_import(own, imported)
    ]

    assert wrong == []


def test_adapters_do_not_import_each_other():
    wrong = [
        f"{own} must not import {imported}"
        for own, imported in every_import("posecoach.adapters")
        if own.startswith("posecoach.adapters.") and not same_adapter(own, imported)
    ]

    assert wrong == []


def test_only_adapters_import_a_foreign_library():
    """All others know the standard library and numpy; one module knows the compiler of kernels."""
    known = sys.stdlib_module_names | {"numpy", "posecoach"}
    wrong = [
        f"{own} must not import {imported}"
        for own, imported in every_import()
        if not own.startswith("posecoach.adapters.")
        and imported.split(".")[0] not in (known | COMPILER if own == "posecoach.compiled" else known)
    ]

    assert wrong == []


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
