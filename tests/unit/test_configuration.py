"""The configuration: layers, mistakes told at once, and what was good last."""

import json
import tomllib
from pathlib import Path

import pytest

from posecoach.adapters.configuration import DEFAULTS, as_toml, device_file, load, load_or_last_good
from posecoach.cli import main, parser
from posecoach.cli.body import body_of
from posecoach.cli.settings import body_here, session_options, settings_for
from posecoach.coach.body_limits import BodyDifferences
from posecoach.errors import ConfigurationError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "etc" / "posecoach.toml"
    (path.parent / "conf.d").mkdir(parents=True)
    monkeypatch.setenv("POSECOACH_CONFIG", str(path))
    return path


def test_without_files_everything_is_as_shipped(file: Path) -> None:
    configuration = load(file)
    assert configuration["display.mode"] == "auto"
    assert set(configuration.origins.values()) == {"default"}


def test_later_files_win_and_say_where_a_value_comes_from(file: Path) -> None:
    file.write_text('[camera]\nsource = "synthetic"\n[session]\nplace_s = 2\n')
    late, later = file.parent / "conf.d" / "10-room.toml", file.parent / "conf.d" / "20-room.toml"
    late.write_text("[session]\nplace_s = 3.0\ncountdown_s = 5.0\n")
    later.write_text("[session]\nplace_s = 4.0\n")
    configuration = load(file)
    assert configuration["camera.source"] == "synthetic"
    assert (configuration["session.place_s"], configuration["session.countdown_s"]) == (4.0, 5.0)
    assert configuration.origins["session.place_s"] == str(later)
    assert configuration.origins["session.countdown_s"] == str(late)


def test_every_mistake_is_told_at_once_with_file_and_key(file: Path) -> None:
    file.write_text('[display]\nmod = "window"\n[model]\nthreads = "two"\n[session]\nplace_s = 99\n')
    (file.parent / "conf.d" / "broken.toml").write_text("[display\n")
    with pytest.raises(ConfigurationError) as told:
        load(file)
    text = str(told.value)
    assert "unknown key display.mod; did you mean display.mode?" in text
    assert "model.threads must be a whole number" in text
    assert "session.place_s must be from 0.2 to 10, got 99" in text
    assert "broken.toml is not TOML" in text


@pytest.mark.parametrize(
    "line",
    ["keep = 1", "keep = []", "[history.keep]\nx = 1", "keep = 1979-05-27"],
)
def test_a_value_of_another_kind_is_a_mistake(file: Path, line: str) -> None:
    file.write_text(f"[history]\n{line}\n")
    with pytest.raises(ConfigurationError, match=r"history\.keep"):
        load(file)


def test_not_a_number_is_refused(file: Path) -> None:
    file.write_text("[session]\nplace_s = nan\n")
    with pytest.raises(ConfigurationError, match=r"session\.place_s"):
        load(file)


def test_a_broken_file_does_not_stop_a_box(file: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    file.write_text('[display]\nmode = "window"\n')
    assert load_or_last_good(file, data)["display.mode"] == "window"
    file.write_text('[display]\nmode = "windo')
    configuration = load_or_last_good(file, data)
    assert configuration["display.mode"] == "window"
    assert "is not TOML" in configuration.problem
    (data / "last-good.toml").write_text("\0")
    assert load_or_last_good(file, data)["display.mode"] == "auto"


def test_a_box_that_cannot_remember_starts(file: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    assert load_or_last_good(file, tmp_path / "data").problem == ""


def test_what_is_printed_says_the_same(file: Path) -> None:
    file.write_text('[run]\nroutine = "Größe \\"x\\" \\\\ y"\n')
    configuration = load(file)
    file.write_text(as_toml(configuration))
    assert load(file).values == configuration.values


def test_the_defaults_document_every_key() -> None:
    lines = DEFAULTS.read_text().splitlines()
    keys = [line for line in lines if "=" in line and not line.startswith("#")]
    assert all("#" in line for line in keys)
    assert len(keys) == sum(len(table) for table in tomllib.loads(DEFAULTS.read_text()).values())


def test_the_command_shows_what_holds(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--changes"]) == 0
    assert "as shipped" in capsys.readouterr().out
    file.write_text('[display]\nmode = "headless"\n')
    assert main(["config", "--changes"]) == 0
    assert tomllib.loads(capsys.readouterr().out) == {"display": {"mode": "headless"}}
    assert main(["config", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["display.mode"] == {"value": "headless", "origin": str(file)}
    file.write_text("[display]\nmode = 3\n")
    assert main(["config"]) == 78
    assert str(file) in capsys.readouterr().err


def test_the_file_of_the_user_comes_before_that_of_the_device(tmp_path: Path) -> None:
    own = tmp_path / "posecoach" / "posecoach.toml"
    assert device_file({"XDG_CONFIG_HOME": str(tmp_path)}) == Path("/etc/posecoach/posecoach.toml")
    own.parent.mkdir()
    own.touch()
    assert device_file({"XDG_CONFIG_HOME": str(tmp_path)}) == own


def test_what_a_command_does_not_say_is_as_the_box_is_set(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    file.write_text(
        '[camera]\nsource = "file:nowhere.mp4"\n[display]\nmode = "headless"\n[run]\nroutine = "squat"\n'
        "[model]\nthreads = 2\n[history]\nkeep = false\n[session]\nplace_s = 2.5\n"
    )
    arguments = parser().parse_args(["run", "--routine", "lunge", "--threads", "1"])
    configuration = settings_for(arguments)
    assert (arguments.camera, arguments.display, arguments.no_history) == (
        "file:nowhere.mp4",
        "headless",
        True,
    )
    assert (arguments.routine, arguments.threads, arguments.model) == ("lunge", 1, None)
    assert session_options(configuration, BodyDifferences()).place_s == 2.5
    assert main(["run"]) == 66
    assert "nowhere.mp4" in capsys.readouterr().err


@pytest.mark.parametrize("without", ['["left_arn"]', "[3]", '"left_arm"', "[[]]"])
def test_a_body_without_what_nobody_has_is_a_mistake(file: Path, without: str) -> None:
    file.write_text(f"[body]\nwithout = {without}\n")
    with pytest.raises(ConfigurationError, match=r"body\.without must be a list of"):
        load(file)


def test_a_box_knows_whose_it_is_until_a_command_says_otherwise(file: Path, tmp_path: Path) -> None:
    assert body_here(load(file)) == BodyDifferences()
    file.write_text('[body]\nseated = true\nwithout = ["left_arm", "right_knee"]\n')
    here = body_here(load_or_last_good(file, tmp_path))
    assert here == BodyDifferences(("left_arm", "right_knee"), seated=True)
    file.write_text("[body\n")
    assert body_here(load_or_last_good(file, tmp_path)) == here

    assert body_of(parser().parse_args(["run"]), here) == here
    said = parser().parse_args(["run", "--without", "right_arm"])
    assert body_of(said, here) == BodyDifferences(("right_arm",))


def test_the_appliance_asks_nothing_of_what_the_box_leaves_out(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    file.write_text('[body]\nwithout = ["left_leg", "right_leg"]\n')
    assert main(["run", "--routine", "squat", "--camera", "file:nowhere.mp4"]) not in (0, 66)
    assert "squat" in capsys.readouterr().err.lower()
