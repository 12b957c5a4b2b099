"""``make power-cuts``: the power goes at random moments of an update; each time one release must work.

A container with real systemd. What is installed lies on ext4 on a disk that acknowledges writes before they
are lasting (`survival.cut_disk`): a cut leaves what was flushed, and a random half of the rest, in pieces of
512 bytes. After each cut the box boots from what is left; the coach must be up, of one version or the other,
with nothing under way, and its gate must pass. Needs root and a Debian.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(ROOT / "provisioning"),
    str(ROOT / "device"),
    str(ROOT / "tests"),
    str(ROOT / "tests/bench"),
]

from survival.cut_disk import CutDisk  # noqa: E402
from system.bare import bare  # noqa: E402
from system.box import WORK, Box  # noqa: E402
from system.bundles import made, stick  # noqa: E402
from system.conftest import prepare  # noqa: E402
from system.updates import NEW, OLD, begin_update, cut_and_look, install, status  # noqa: E402

SIZE = 512 << 20


def main() -> int:
    """So many cuts; whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    made(OLD)
    made(NEW)
    failed = 0
    with ExitStack() as stack:
        disk = CutDisk(Path(stack.enter_context(TemporaryDirectory(dir=WORK))), SIZE)
        stack.callback(disk.pull_out)
        disk.plug_in()
        box = stack.enter_context(Box("power-cuts", bare()))
        prepare(box)
        box.binds = {"/stick": stick(), "/opt/posecoach": disk.place}
        box.boot()
        done, _ = install(box, made(OLD))
        if done.returncode:
            print(done.stderr)
            return 1
        took_s = _whole_update_s(box)
        print(f"an update takes {took_s:.1f} s on this disk", flush=True)
        lost = [0]

        def cut() -> None:
            left, lost[0] = disk.cut(dead=True)
            box.cut()
            disk.pull_out(left)
            disk.plug_in()

        for number in range(asked.cuts):
            try:
                said = cut_and_look(box, dice.uniform(0.0, took_s), cut)
                print(f"PASS {number + 1:3d}  {said}; {lost[0] >> 10} KiB were not flushed", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"FAIL {number + 1:3d}  {error}\n{box.journal()[-2000:]}", flush=True)
                break
    print(f"{number + 1 - failed} passed, {failed} failed")
    return min(failed, 1)


def _whole_update_s(box: Box) -> float:
    begin_update(box)
    began = time.monotonic()
    box.wait_for(lambda: status(box)["version"] == NEW and not status(box)["under_way"], 200.0, "no update")
    return time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
