"""The fault table of tests/bench: what it counts, and that it can tell a loss."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

BENCH = str(Path(__file__).parents[1] / "bench")


@pytest.fixture(autouse=True)
def bench(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)


def test_the_slowest_try_decides_and_never_is_said():
    from survival.tries import Tries

    tries = Tries()
    tries.add({"times": [("estimator:hang", 1.0), ("estimator:kill", 0.1)], "counted": 5, "stored": 5})
    tries.add({"times": [("estimator:hang", 3.5), ("estimator:kill", None)], "counted": 4, "stored": 3})
    report = tries.report()

    assert "| estimator:hang | 2 | 2.25 s | 3.50 s | 3 s: missed |" in report
    assert "| estimator:kill | 2 | 0.10 s | never (1) | 2 s: missed |" in report
    assert "counted 9, in the history 8, lost 1" in report


def test_what_struck_nobody_is_tried_again_and_each_part_has_its_time():
    from survival.children import APART_S, Schedule

    schedule, struck, runs = Schedule(2, ""), Counter(), 0
    while plan := schedule.next():
        runs += 1
        left_out = [plan[0][0]] if runs <= 3 else []
        schedule.learn({"first_s": 20.0, "left_out": left_out})
        struck.update(name for name, _ in plan)
        struck.subtract(left_out)
        for part in ("camera", "estimator"):
            at = [at_s for name, at_s in plan if name.startswith(part)]
            assert all(after - before >= 2 * APART_S - 0.5 for before, after in pairwise(at))
        if runs > 1:
            assert plan[0][1] >= 25.0, "when coaching has begun on this machine"

    assert set(struck.values()) == {2}
    assert len(struck) == 12


def test_only_what_was_taken_after_a_fault_counts_as_scored_after_it():
    from survival.watched import Seen

    seen = Seen(100.0, scored=[109.9, 110.0, 110.02, 110.5, 111.0], told=[(110.2, "estimator: E1 ...")])

    assert seen.next_scored(10.0) == 0.5
    assert seen.next_scored(12.0) is None
    assert seen.coached_at(10.0)
    assert not seen.coached_at(20.0)
    assert seen.told_in("E1", 10.0, 11.0) == pytest.approx(10.2)


def test_a_repetition_that_is_not_in_the_history_is_missed(tmp_path):
    from survival.boxes import kept

    with closing(sqlite3.connect(tmp_path / "history.sqlite3", isolation_level=None)) as history:
        history.execute("CREATE TABLE part (start_s REAL, end_s REAL, score REAL)")
        history.execute("INSERT INTO part VALUES (1.5, 3.25, 91.5), (4.0, 6.0, NULL)")

    found = kept([(1.5, 3.25, 91.5), (4.0, 6.0, None), (7.0, 9.0, 80.0)], tmp_path)
    assert (found["counted"], found["stored"], found["remarks"]) == (3, 2, [])


@pytest.mark.parametrize("kind", ["all of it", "its first page", "a page in the middle"])
def test_damage_is_damage(tmp_path, kind):
    from survival.storage import damage

    path = tmp_path / "history.sqlite3"
    path.write_bytes(bytes(20000))
    damage(path, kind)

    assert path.stat().st_size == 20000
    assert sum(byte != 0 for byte in path.read_bytes()) > 4000


@pytest.mark.skipif(sys.platform != "linux", reason="a clock is set by LD_PRELOAD")
def test_a_clock_that_is_set_is_set_for_a_process_only_and_not_the_monotonic_one(tmp_path):
    import subprocess

    from survival import clock

    environment = clock.environment(tmp_path)
    if environment is None:
        pytest.skip("needs a C compiler (cc)")
    clock.put(tmp_path / "wall_clock", clock.TEN_YEARS_S)
    told = "import time; print(time.time(), time.monotonic())"
    said = [
        subprocess.run(
            [sys.executable, "-c", told],
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for more in ({}, environment)
    ]
    ahead_s = [float(after) - float(before) for before, after in zip(*said, strict=True)]

    assert ahead_s[0] == pytest.approx(clock.TEN_YEARS_S, abs=60.0)
    assert 0.0 <= ahead_s[1] < 60.0


def test_what_was_flushed_outlives_a_cut_and_of_the_rest_only_some(tmp_path):
    from survival.cut_disk import FSYNC, SECTOR, SIZE, WRITE, Server

    image = tmp_path / "image"
    image.write_bytes(bytes(SIZE))
    server = Server(-1, image)

    def write(offset, content):
        head = offset.to_bytes(8, "little") + len(content).to_bytes(4, "little")
        return server.answered(WRITE, 2, bytes(8) + head + bytes(20) + content)

    assert write(0, b"a" * 4096)[0] == 0
    assert server.answered(FSYNC, 2, bytes(16)) == (0, b"")
    assert write(4096, b"b" * 64 * SECTOR)[0] == 0
    server.cut(0, None)
    left = (tmp_path / "image.cut").read_bytes()

    assert left[:4096] == b"a" * 4096
    torn = {left[4096 + at * SECTOR : 4096 + (at + 1) * SECTOR] for at in range(64)}
    assert torn == {b"b" * SECTOR, bytes(SECTOR)}
