"""Ending for systemd's sake, and knowing when that is no use."""

from __future__ import annotations

import pytest

from posecoach.service.last_resort import EXIT_REBOOT, EXIT_RESTART, LastResort, RestartWanted


def endings(path, count):
    """The exit codes of one life after the other; 0 where it stayed."""
    codes = []
    for _ in range(count):
        try:
            LastResort(path).ask("the camera does not answer")
            codes.append(0)
        except RestartWanted as error:
            codes.append(error.exit_code)
    return codes


def test_new_starts_come_before_reboots_and_both_have_an_end(tmp_path):
    one, box = EXIT_RESTART, EXIT_REBOOT

    assert endings(tmp_path / "state" / "s.json", 10) == [one, one, box, one, one, box, one, one, 0, 0]


def test_a_camera_that_worked_makes_it_all_possible_again(tmp_path):
    path = tmp_path / "s.json"
    assert endings(path, 10)[-1] == 0
    LastResort(path).worked()

    assert endings(path, 3) == [EXIT_RESTART, EXIT_RESTART, EXIT_REBOOT]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"exits":"many","reboots":0}'])
def test_a_torn_file_is_a_new_beginning(tmp_path, content):
    (tmp_path / "s.json").write_text(content)

    assert endings(tmp_path / "s.json", 1) == [EXIT_RESTART]


def test_what_cannot_be_counted_is_not_done(tmp_path):
    """Or a box with a full disk would start again for ever."""
    (tmp_path / "file").write_text("")

    assert endings(tmp_path / "file" / "s.json", 2) == [0, 0]


def test_nothing_is_written_while_all_is_well(tmp_path):
    LastResort(tmp_path / "s.json").worked()

    assert not list(tmp_path.iterdir())
