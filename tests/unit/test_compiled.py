"""Kernels: built once, loaded from where they were built, never compiled while somebody waits."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from posecoach import compiled
from posecoach.errors import OutputError

DEVICE = Path(compiled.__file__).parents[1]

SOURCE = """
from posecoach.compiled import kernel, part

@part
def weighed(x: float) -> float:
    return {factor} * x

@kernel("float64(float64[::1])", "float64(uint8[::1])")
def total(numbers):
    total = 0.0
    for number in numbers:
        total += weighed(float(number))
    return total
"""

needs_numba = pytest.mark.skipif(not compiled.AVAILABLE, reason="numba is not installed, or its JIT is off")


def kernel_of(folder, factor="2.0"):
    """A kernel in a module of its own, as a fresh process would see it."""
    path = folder / "sums.py"
    path.write_text(SOURCE.format(factor=factor), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("sums", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.total


def files_of(folder):
    return {path.name: path.stat().st_mtime_ns for path in (folder / "__pycache__").iterdir()}


@needs_numba
def test_a_kernel_that_was_not_built_is_not_there(tmp_path):
    kernel = kernel_of(tmp_path)
    assert kernel.load() is None
    assert kernel.python(np.array([1, 2], np.uint8)) == 6
    assert not list(tmp_path.rglob("*.nb?"))


@contextmanager
def read_only(folder):
    """Nothing can be written below `folder`, not even by root, who is somebody else meanwhile."""
    cache, root = folder / "__pycache__", os.geteuid() == 0
    for path in (folder, cache):
        path.chmod(0o555)
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(PermissionError):
            (cache / "x").touch()
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in (folder, cache):
            path.chmod(0o755)


@needs_numba
def test_a_built_kernel_is_loaded_from_a_read_only_folder():
    with TemporaryDirectory() as name:  # pytest's own are closed to others
        folder = Path(name)
        kernel_of(folder).build()
        kernel = kernel_of(folder)
        before = files_of(folder)
        with read_only(folder):
            total = kernel.load()
        assert total(np.array([1.5, 2.0])) == 7.0
        assert total(np.array([1, 2], np.uint8)) == 6.0
        assert sum(total.stats.cache_misses.values()) == 0
        assert files_of(folder) == before


@needs_numba
def test_a_kernel_whose_source_has_changed_is_built_anew(tmp_path):
    kernel_of(tmp_path).build()
    changed = kernel_of(tmp_path, factor="3.0")
    assert changed.load() is None
    changed.build()
    assert kernel_of(tmp_path, factor="3.0").load()(np.ones(2)) == 6.0


@needs_numba
def test_building_again_compiles_nothing(tmp_path):
    kernel_of(tmp_path).build()
    before = files_of(tmp_path)
    kernel_of(tmp_path).build()
    assert files_of(tmp_path) == before


@needs_numba
@pytest.mark.parametrize("suffix", [".nbc", ".nbi"])
def test_a_damaged_file_is_not_loaded_and_built_anew(tmp_path, suffix):
    kernel_of(tmp_path).build()
    for path in (tmp_path / "__pycache__").glob(f"*{suffix}"):
        path.write_bytes(path.read_bytes()[:100])
    kernel = kernel_of(tmp_path)
    assert kernel.load() is None
    kernel.build()
    assert kernel_of(tmp_path).load()(np.ones(2)) == 4.0


@needs_numba
def test_other_arguments_are_an_error_and_not_a_wait_for_the_compiler(tmp_path):
    kernel = kernel_of(tmp_path)
    kernel.build()
    with pytest.raises(TypeError, match="No matching definition"):
        kernel.load()(np.ones(2, np.float32))


@needs_numba
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "__pycache__").write_text("in the way")
    kernel = kernel_of(tmp_path)
    with pytest.raises(OutputError, match="__pycache__"):
        kernel.build()


def test_without_numba_the_numpy_decoder_is_the_fastest():
    script = (
        "import sys; sys.modules['numba'] = None\n"
        "from posecoach.kernels import build_kernels\n"
        "from posecoach.vision import multi_pose, multi_pose_compiled\n"
        "build_kernels()\n"
        "assert multi_pose_compiled.fastest_decoder() is multi_pose.decode_multi_pose\n"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script], env={"PYTHONPATH": str(DEVICE)}, check=True, timeout=60
    )


def test_the_package_s_kernels_do_not_load_numba_before_they_are_wanted():
    script = (
        "import sys, posecoach.app, posecoach.cli, posecoach.adapters.litert_estimator\n"
        "assert 'numba' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": str(DEVICE)}, check=True, timeout=60)
