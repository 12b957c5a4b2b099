"""Doctor, asked from the screen."""

from __future__ import annotations

import json
import sys
import time

import pytest

from posecoach.adapters.languages import words_in
from posecoach.cli.checking import OURS, Checking, rows_of
from posecoach.coach.scene import Shape
from posecoach.coach.words import ENGLISH
from posecoach.face.checked import WRONG
from posecoach.face.compose_rows import PER_PAGE
from posecoach.service.doctor import CHECKS


def said(*states):
    checks = [
        {"id": f"c{number}", "state": state, "words": f"thing {number} is so", "remedy": "mend it"}
        for number, state in enumerate(states)
    ]
    return json.dumps({"checks": checks}).encode()


def test_what_is_wrong_is_told_the_worst_first():
    rows = rows_of(said("pass", "warn", "skip", "fail"), ENGLISH)

    assert [(row.label, row.value, row.sign) for row in rows] == [
        ("thing 3 is so", "mend it", Shape.RING),
        ("thing 1 is so", "mend it", Shape.POINTER),
    ]


def test_a_box_that_is_well_says_so():
    (row,) = rows_of(said("pass", "skip"), ENGLISH)
    assert (row.label, row.sign) == ("Everything works", Shape.TICK)


def test_more_than_a_screen_holds_is_counted():
    rows = rows_of(said(*["fail"] * 12), ENGLISH)
    assert len(rows) == PER_PAGE
    assert rows[-1].label == "and 6 more"


@pytest.mark.parametrize("output", [b"", b"Traceback", b"[]", b"{}"])
def test_a_doctor_that_is_ill_himself_is_told(output):
    (row,) = rows_of(output, ENGLISH)
    assert row.label == "It could not be checked"


def asked(checking):
    ends = time.monotonic() + 60.0
    while (rows := checking.rows(ENGLISH)) is None and time.monotonic() < ends:
        time.sleep(0.02)
    return rows


def test_it_is_asked_once_until_it_is_forgotten(tmp_path):
    count = tmp_path / "count"
    count.write_text("")
    script = tmp_path / "doctor.py"
    script.write_text(
        f"open({str(count)!r}, 'a').write('x')\nprint({said('warn').decode()!r})\n", encoding="utf-8"
    )
    with Checking((sys.executable, str(script))) as checking:
        assert checking.rows(ENGLISH) is None
        first = asked(checking)
        assert asked(checking) is first
        assert count.read_text() == "x"
        checking.forget()
        assert asked(checking) == first
        assert count.read_text() == "xx"


def test_one_that_hangs_is_ended_with_the_screen(tmp_path):
    script = tmp_path / "doctor.py"
    script.write_text("import time\ntime.sleep(600)\n")
    checking = Checking((sys.executable, str(script)))
    assert checking.rows(ENGLISH) is None
    process = checking._running
    checking.close()
    checking.close()
    assert process.returncode is not None


def test_what_can_be_wrong_is_said_in_the_language_of_the_screen():
    """Of checks that always pass, or that this coach shows by running, nothing is ever told."""
    asked_for = {check.id for check in CHECKS} - set(OURS) - {"version"}
    assert set(WRONG) == asked_for
    german = words_in("de")
    for check in WRONG:
        (row,) = rows_of(json.dumps({"checks": [{**SAID, "id": check}]}).encode(), german)
        assert (row.label, row.value) != WRONG[check]
        assert "no camera was found" not in row.label


def test_a_check_that_only_a_newer_doctor_asks_speaks_for_itself():
    (row,) = rows_of(json.dumps({"checks": [{**SAID, "id": "moon-phase"}]}).encode(), words_in("de"))
    assert (row.label, row.value) == ("no camera was found", "look again")


SAID = {"state": "fail", "words": "no camera was found", "remedy": "look again"}
