"""Switching, taking back and recovering: of a box in a folder, cut off after every step."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from posecoach_release import trial
from posecoach_release.cli import main
from posecoach_release.durable import point, write_json
from posecoach_release.layout import Layout
from posecoach_release.recovery import recover
from posecoach_release.refusal import Refusal
from posecoach_release.system import our_links
from released import box, release


def quiet(_: str) -> None:
    pass


def test_a_switch_keeps_the_release_before_and_no_older_one(tmp_path: Path):
    layout = box(tmp_path, "1", "2", "3", current="2", previous="1")
    outcome = trial.switch(layout, "3", quiet)
    assert outcome.answer() == {
        "changed": True, "version": "3", "previous": "2", "rolled_back": False, "reason": None,
    }  # fmt: skip
    assert (layout.pointed(layout.current), layout.pointed(layout.previous)) == ("3", "2")
    assert layout.complete() == ["2", "3"]
    assert not layout.under_way.exists()


def test_the_second_switch_to_the_same_changes_nothing(tmp_path: Path):
    layout = box(tmp_path, "1", "2", current="1")
    assert trial.switch(layout, "2", quiet).changed
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert not trial.switch(layout, "2", quiet).changed
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_units_change_with_the_release_and_what_is_no_longer_there_goes(tmp_path: Path):
    layout = box(tmp_path, "1", "2", current="1")
    trial.switch(layout, "2", quiet)
    place = layout.unit_place("posecoach.service")
    assert place is not None
    assert str(place.readlink()) == "/opt/posecoach/current/units/posecoach.service"
    lasting = layout.unit_place("posecoach-recover.service")
    assert lasting is not None
    assert not lasting.is_symlink()
    assert lasting.read_text() == "# 2\n"
    release(layout, "3")
    (layout.release("3") / "units/posecoach-gate.service").unlink()
    trial.switch(layout, "3", quiet)
    assert "posecoach-gate.service" not in {path.name for path in our_links(layout)}


def test_what_is_not_here_is_refused_with_what_is(tmp_path: Path):
    layout = box(tmp_path, "1", current="1")
    with pytest.raises(Refusal, match="release 9 is not on this box; there are: 1"):
        trial.switch(layout, "9", quiet)
    release(layout, "2", complete=False)
    with pytest.raises(Refusal, match="release 2 is not on this box"):
        trial.switch(layout, "2", quiet)


class Cut(Exception):
    """The power is gone."""


def steps_of_a_switch(root: Path) -> int:
    """How many lasting changes a switch makes."""
    layout = box(root, "1", "2", current="1")
    return _until(layout, None)


def _until(layout: Layout, step: int | None) -> int:
    """Switch to 2, and have the power go before that rename or unlink; how many there were."""
    count = 0

    def cut(event: str, arguments: tuple) -> None:
        nonlocal count
        if event in ("os.rename", "os.remove", "os.symlink") and str(layout.root) in str(arguments[0]):
            count += 1
            if watching[0] and count - 1 == step:
                raise Cut

    watching = [True]
    _HOOKS.append(cut)
    try:
        trial.switch(layout, "2", quiet)
    except Cut:
        pass
    finally:
        watching[0] = False
        _HOOKS.remove(cut)
    return count


_HOOKS: list = []


def _hook(event: str, arguments: tuple) -> None:
    for each in _HOOKS:
        each(event, arguments)


@pytest.fixture(scope="module", autouse=True)
def hooked() -> None:
    import sys

    sys.addaudithook(_hook)


def test_cut_off_at_any_step_one_release_is_left_that_works(tmp_path: Path):
    steps = steps_of_a_switch(tmp_path / "whole")
    assert steps > 8
    seen = set()
    for step in range(steps):
        layout = box(tmp_path / str(step), "1", "2", current="1")
        (layout.release("0") / "bin").mkdir(parents=True)
        _until(layout, step)
        outcome = recover(layout, quiet, boot=True)
        version = layout.pointed(layout.current)
        seen.add(version)
        assert version in ("1", "2")
        assert outcome.version == version
        assert not layout.under_way.exists()
        unit = layout.unit_place("posecoach.service")
        assert unit is not None
        if unit.is_symlink():
            assert (layout.root / str(unit.readlink()).lstrip("/")).read_text() == f"# {version}\n"
        assert not recover(layout, quiet, boot=True).changed, "once is enough"
    assert seen == {"1", "2"}, "before it is confirmed the old one holds, after it the new one"


def test_a_trial_that_was_cut_short_is_taken_back_and_its_release_stays(tmp_path: Path):
    layout = box(tmp_path, "1", "2", current="1")
    write_json(layout.under_way, {"what": "trial", "version": "2", "previous": "1"})
    point(layout.current, "releases/2")
    outcome = recover(layout, quiet)
    assert (outcome.version, outcome.rolled_back) == ("1", True)
    assert "the trial of 2 was cut short" in (outcome.reason or "")
    assert layout.complete() == ["1", "2"]
    assert json.loads(layout.last.read_text())["reason"] == outcome.reason


def test_a_first_install_that_was_cut_short_leaves_no_link(tmp_path: Path):
    layout = box(tmp_path, "1")
    write_json(layout.under_way, {"what": "trial", "version": "1", "previous": None})
    point(layout.current, "releases/1")
    outcome = recover(layout, quiet)
    assert (outcome.version, outcome.rolled_back) == (None, True)
    assert not layout.current.is_symlink()
    assert our_links(layout) == []


def test_halves_go_away_and_what_is_whole_stays(tmp_path: Path):
    layout = box(tmp_path, "1", current="1")
    release(layout, "2", complete=False)
    (layout.environments / "e2/site-packages").mkdir(parents=True)
    (layout.incoming / "wheels").mkdir(parents=True)
    write_json(layout.under_way, {"what": "install", "version": "2"})
    assert recover(layout, quiet).version == "1"
    assert not layout.release("2").exists()
    assert not layout.incoming.exists()
    assert [path.name for path in layout.environments.iterdir()] == ["e1"]


def test_a_damaged_note_of_what_is_under_way_is_cleared_up_too(tmp_path: Path):
    layout = box(tmp_path, "1", current="1")
    layout.under_way.write_text("{")
    assert recover(layout, quiet).version == "1"
    assert not layout.under_way.exists()


def test_a_link_that_leads_nowhere_is_mended_from_what_is_whole(tmp_path: Path):
    layout = box(tmp_path, "1", "2", current="2", previous="1")
    (layout.release("2") / "release.json").unlink()
    assert recover(layout, quiet, boot=True).version == "1"
    assert layout.pointed(layout.current) == "1"


def test_where_nothing_was_under_way_nothing_is_touched(tmp_path: Path):
    layout = box(tmp_path, "1", current="1")
    trial.switch(layout, "1", quiet)
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert not recover(layout, quiet, boot=True).changed
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_environments_that_nobody_uses_go_with_the_last_release_that_did(tmp_path: Path):
    layout = box(tmp_path, "1", current="1")
    for version, environment in (("2", "e2"), ("3", "e2")):
        release(layout, version, environment)
    (layout.environments / "e2").mkdir()
    (layout.environments / "e2/complete").write_text("{}")
    trial.switch(layout, "2", quiet)
    assert {path.name for path in layout.environments.iterdir()} == {"e1", "e2"}
    trial.discard(layout, "3")
    release(layout, "3", "e2")
    trial.switch(layout, "3", quiet)
    assert {path.name for path in layout.environments.iterdir()} == {"e2"}


def test_the_command_line_says_what_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    layout = box(tmp_path, "1", "2", current="1")
    trial.switch(layout, "2", quiet)
    assert main(["--root", str(tmp_path), "status", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["version"], said["previous"], said["releases"]) == ("2", "1", ["1", "2"])
    os.environ.pop("POSECOACH_RELEASE_INSIDE", None)
    assert main(["--root", str(tmp_path), "rollback", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == "1"
    assert main(["--root", str(tmp_path), "switch", "7"]) == 66
    assert "refused: release 7 is not on this box" in capsys.readouterr().err


def test_uninstalling_leaves_the_data_and_the_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    layout = box(tmp_path, "1", current="1")
    trial.switch(layout, "1", quiet)
    for kept in (layout.data / "history.sqlite3", layout.settings / "posecoach.toml"):
        kept.parent.mkdir(parents=True)
        kept.write_text("mine")
    assert main(["--root", str(tmp_path), "uninstall", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] is True
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.is_dir()}
    assert left == {"var/lib/posecoach/history.sqlite3", "etc/posecoach/posecoach.toml"}
    assert main(["--root", str(tmp_path), "uninstall", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] is False


def test_the_coach_is_started_at_boot_from_the_first_release_on(tmp_path: Path):
    layout = box(tmp_path, "1")
    trial.switch(layout, "1", quiet)
    wants = tmp_path / "etc/systemd/system/multi-user.target.wants"
    assert {path.name for path in wants.iterdir()} == {"posecoach.service", "posecoach-recover.service"}
