"""The disk whose power the fault table cuts: a file system on it loses what it should, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CUTS = 6


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    if os.getuid() != 0 or not Path("/dev/fuse").exists() or shutil.which("mkfs.ext4") is None:
        pytest.skip("needs root, /dev/fuse and mkfs.ext4")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "bench"))
    from survival.cut_disk import CutDisk

    one = CutDisk(tmp_path)
    try:
        one.plug_in()
    except (RuntimeError, OSError) as error:
        pytest.skip(f"no such disk can be made on this machine: {error}")
    yield one
    one.pull_out()


def test_what_was_synced_is_there_after_every_cut_and_what_was_not_is_not(disk, tmp_path: Path) -> None:
    from survival.cut_disk import put_away

    lost = 0
    for number in range(CUTS):
        for name, synced in (("careful", True), ("careless", False)):
            with (disk.place / f"{name}-{number}").open("wb") as file:
                file.write(b"x" * 10_000)
                if synced:
                    file.flush()
                    os.fsync(file.fileno())
        left, _ = disk.cut(dead=number + 1 == CUTS)
        where = disk.looked_at(left, tmp_path / "look")
        try:
            for earlier in range(number + 1):
                assert (where / f"careful-{earlier}").read_bytes() == b"x" * 10_000
            newest = where / f"careless-{number}"
            lost += not newest.exists() or newest.read_bytes() != b"x" * 10_000
        finally:
            put_away(where)
    assert lost, "it cannot tell what is lost"
