"""The whole coach is killed or stopped, and the power of its box is cut: on real systemd, in a container."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from survival import reporter
from survival.cut_disk import CutDisk, put_away
from survival.priority import PassedOn
from survival.tries import TARGET_S
from system.box import Box
from system.conftest import prepare

UNIT = "posecoach.service"
STATE = "var/lib/posecoach"
# More than ten deaths in five minutes lead to the fault picture, which is another matter.
DROP_IN = """[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=
ExecStart=/opt/posecoach/current/bin/python /opt/reporter.py
ReadWritePaths=/told
"""
CUTS_A_BOX = 10
"""Looks at what a cut would leave, before the one that ends the box."""
SCORED_FOR_S = 2.0
GONE_S = 120.0

Rep = tuple[float, float, float | None]


class Reported:
    """A box whose coach writes down what it has shown."""

    def __init__(self, stack: ExitStack, name: str, folder: Path, **binds: Path) -> None:
        """Lay it out; ``start`` boots it."""
        self._stack = stack
        told = folder / "told"
        told.mkdir(mode=0o777)
        told.chmod(0o777)
        self._lines = told / "lines"
        self.box = stack.enter_context(Box(name))
        prepare(self.box)
        self.box.binds = {"/told": told, **{f"/{path}": place for path, place in binds.items()}}
        self.box.write(f"/etc/systemd/system/{UNIT}.d/reporter.conf", DROP_IN)
        shutil.copy(reporter.__file__, self.box.root / "opt/reporter.py")

    def start(self) -> None:
        """Boot, and start the coach."""
        self.box.boot()
        passed_on = PassedOn(self.box.pid)
        self._stack.callback(passed_on.close)
        self.box.run("systemctl", "start", UNIT, limit_s=GONE_S)

    def scored(self) -> list[float]:
        """When frames were taken that were scored."""
        return [float(line[2]) for line in self._told() if line[1] == "scored"]

    def counted(self) -> list[Rep]:
        """Repetitions that were shown."""
        return [_rep(*line[2:5]) for line in self._told() if line[1] == "counted"]

    def wait_scored(self, since: float, for_s: float = 0.0) -> float | None:
        """The first frame after a moment that was scored, once it goes on for so long; `None` if never."""
        until = time.monotonic() + GONE_S
        while time.monotonic() < until:
            later = [at for at in self.scored() if at > since]
            if later and later[-1] - later[0] >= for_s:
                return later[0]
            time.sleep(0.1)
        return None

    def journal_since(self, at: float) -> str:
        """What the service has logged since, for whoever asks why."""
        lines = self.box.journal().splitlines()
        return "\n".join(
            line
            for line in lines
            if "Killing process" not in line
            and (stamp := line.partition("]")[0].strip("[ ")).replace(".", "").isdigit()
            and float(stamp) >= at
        )

    def _told(self) -> list[list[str]]:
        if not self._lines.exists():
            return []
        text = self._lines.read_text()
        return [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]


def parents(times: int) -> Iterator[dict]:
    """The coach's main process is killed, and stopped, again and again."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        one = Reported(stack, "parents", Path(folder))
        one.start()
        yield {"times": [("service:first start", _first(one))]}
        signals = [("parent:kill", "-KILL"), ("parent:stop", "-STOP")] * times
        for name, signal in signals:
            if one.wait_scored(time.monotonic(), SCORED_FOR_S) is None:
                yield {"times": [(name, None)], "remarks": [one.box.journal()[-2000:]]}
                return
            _wait_for_one_more(one)
            first = one.box.shows("MainPID")["MainPID"]
            at = time.monotonic()
            one.box.run("kill", signal, first)
            after = one.wait_scored(at + 0.1)
            took_s = None if after is None else round(after - at, 3)
            slow = took_s is None or took_s > TARGET_S[name]
            yield {"times": [(name, took_s)], "remarks": [one.journal_since(at)] if slow else []}
        yield {"times": [], **kept(one.counted(), one.box.root / STATE)}


def _first(one: Reported) -> float | None:
    begun = float(one._told()[0][0])
    after = one.wait_scored(begun)
    return None if after is None else round(after - begun, 3)


def cuts(times: int) -> Iterator[dict]:
    """The power of a box is cut, and it goes on with what its disk has left."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        disk = CutDisk(Path(folder))
        stack.callback(disk.pull_out)
        counted: list[Rep] = []
        number = 0
        while number < times:
            disk.plug_in()
            left, found = yield from _until_cut(disk, Path(folder), counted, min(CUTS_A_BOX, times - number))
            number += found
            disk.pull_out(left)


def _until_cut(disk: CutDisk, folder: Path, counted: list[Rep], most: int):
    """One box until its power is cut; what is left on its disk, and how many cuts were looked at."""
    with ExitStack() as stack:
        told = Path(stack.enter_context(TemporaryDirectory()))
        one = Reported(stack, "cut", told, **{STATE: disk.place})
        one.start()
        begun = time.monotonic()
        if one.wait_scored(begun) is None:
            raise RuntimeError(one.box.journal()[-3000:])
        for number in range(most):
            last = number + 1 == most
            if random.random() < 0.5:  # just after one was shown, or at any time
                _wait_for_one_more(one)
            else:
                time.sleep(random.uniform(0.0, 4.0))
            shown = one.counted()  # before the cut: what is shown after it is another matter
            left, unflushed = disk.cut(dead=last)
            if last:
                one.box.cut()
            where = disk.looked_at(left, folder / "look")
            try:
                found = kept([*counted, *shown], where)
            finally:
                put_away(where)
            kind = "power:cut, the box killed" if last else "power:cut, its disk looked at"
            if last:
                counted += shown
            else:
                found = {
                    "remarks": [f"LOST {found['counted'] - found['stored']}"]
                    if found["counted"] != found["stored"]
                    else []
                }  # counted once, at the end
            found["remarks"].append(f"{unflushed // 1024} KiB were not flushed")
            yield {"times": [(kind, None)], **found}
        return left, most


def _wait_for_one_more(one: Reported) -> None:
    before, until = len(one.counted()), time.monotonic() + 20.0
    while len(one.counted()) == before and time.monotonic() < until:
        time.sleep(0.005)


def kept(counted: list[Rep], state: Path) -> dict:
    """How many of the repetitions that were shown are in the history, of a copy of its files."""
    with TemporaryDirectory() as copy:
        for path in state.glob("history.sqlite3*"):
            if not path.name.endswith("-shm"):
                shutil.copyfile(path, Path(copy) / path.name)
        with closing(sqlite3.connect(Path(copy) / "history.sqlite3")) as history:
            sound = history.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            rows = {_rep(*row) for row in history.execute("SELECT start_s, end_s, score FROM part")}
    damaged = [path.name for path in state.glob("*.damaged-*")]
    return {
        "counted": len(counted),
        "stored": sum(rep in rows for rep in counted),
        "remarks": [*([] if sound else ["the history is damaged"]), *damaged],
    }


def _rep(start_s: object, end_s: object, score: object) -> Rep:
    return float(start_s), float(end_s), None if score in (None, "None") else float(score)
