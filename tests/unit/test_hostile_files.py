"""Every hostile file is refused in one line, in bounded memory and time, and touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import hostile
import posecoach

LONGEST_S = 10.0
"""Of processor time, on a machine that does other work as well; the slowest takes one second."""
LONGEST_LINE = 400


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """All of them, tried by one process that may take little memory."""
    folder = tmp_path_factory.mktemp("hostile")
    where = [str(Path(posecoach.__file__).parents[1]), str(Path(hostile.__file__).parent), *sys.path]
    done = subprocess.run(
        [sys.executable, hostile.__file__, folder],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(where)}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"case"')]
    assert done.returncode == 0, (rows[-1:], done.stderr[-2000:])
    return {row["case"]: row for row in rows}


def test_there_are_two_hundred_of_them():
    assert len(hostile.CASES) >= 200


@pytest.mark.parametrize("case", hostile.CASES)
def test_it_is_refused_in_one_line_and_touches_nothing(outcomes, case):
    told = outcomes[case]
    assert told["code"] in (65, 66), told
    assert (told["rows"], told["state"]) == (1, "refused")
    reason = told["reason"].replace(told["file"], "FILE")
    assert reason.startswith("FILE: ")
    assert reason.isprintable()
    assert len(reason) <= LONGEST_LINE
    assert told["untouched"]
    assert told["took_s"] <= LONGEST_S


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("deflated", "is compressed"),
        ("encrypted", "is encrypted"),
        ("a part called '../routine.toml'", "'../routine.toml' cannot be a part of a routine"),
        ("a part called 'C:\\\\a.json'", "cannot be a part"),
        ("a part called 'STEP1-FRONT.track.json'", "only capitals tell apart"),
        ("the same name twice", "'manifest.json' is in it twice"),
        ("cut off at 0.5", "cut off"),
        ("a file of 200 MB", "larger than 32 MiB"),
        ("a part of nine MiB", "larger than 8 MiB"),
        ("an id '../x'", "cannot name a routine"),
        ("wrong checksum of routine.toml", "is damaged or was changed"),
        ("routine: 20000 steps", "steps: at most 50, got 20000"),
        ("routine: hexadecimal", "a number that is too large"),
        ("routine: reps is nan", "reps: must be a whole number from 1 to 10000, got nan"),
        ("track: a time is NaN", "t: must be a finite number, got nan"),
        ("track: a point is 1e308", "must be a finite number, got 1e+308"),
    ],
)
def test_the_line_says_what_is_wrong(outcomes, case, words):
    assert words in outcomes[case]["reason"]
