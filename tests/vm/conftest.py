"""The machine for the tests of this folder; `make vm-test` runs them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from system.box import WORK, NotHere
from vm.disk import disk
from vm.machine import Machine, accelerator


@pytest.fixture(scope="session")
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """One that is switched on; the tests use it one after the other."""
    try:
        made = disk()
    except NotHere as error:
        pytest.skip(f"no machine can be made here: {error}")
    home = WORK / "running" / "vm"
    shutil.rmtree(home, ignore_errors=True)
    accel = accelerator(made.kernel, made.initrd)
    with Machine(home, made, accel) as one:
        print(f"answers after {one.start():.0f} s, by {accel[1]}")
        yield one
        if request.session.testsfailed and one.running:
            print(one.journal()[-6000:])
