"""Boxes for the tests of this folder; `make system-test` runs them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from system.box import Box, NotHere, base

CONTAINER = """[Service]
# A container has no console of its own, and limits of memory and tasks are the host's there.
StandardInput=null
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
"""
SETTINGS = """[run]
routine = "squat"
[camera]
source = "synthetic:squat,live=1,view=left,reps=20,rate=12,size=320x180"
[model]
id = "posecoach-athlete"
threads = 1
[display]
mode = "headless"
[session]
place_s = 0.5
countdown_s = 1.0
"""


@pytest.fixture(scope="session")
def installed() -> str:
    """What boxes are copies of."""
    try:
        return base()
    except NotHere as error:
        pytest.skip(f"no box can be made on this machine: {error}")


@pytest.fixture(scope="module")
def box(installed: str, request: pytest.FixtureRequest) -> Iterator[Box]:
    """A booted box with the service enabled, but not started."""
    with Box(Path(request.node.name).stem.replace("_", "-")) as one:
        prepare(one)
        try:
            one.boot()
        except NotHere as error:
            pytest.skip(f"containers do not start on this machine: {error}")
        yield one
        failed = request.session.testsfailed
        if failed:
            print(one.journal()[-6000:])


def prepare(one: Box) -> None:
    """Settings of a box without a console, a camera and a screen."""
    one.write("/etc/systemd/system/posecoach.service.d/container.conf", CONTAINER)
    one.write("/etc/systemd/system/posecoach-fault.service.d/container.conf", CONTAINER)
    one.write("/etc/posecoach/posecoach.toml", SETTINGS)
    shutil.rmtree(one.root / "var/lib/posecoach", ignore_errors=True)
