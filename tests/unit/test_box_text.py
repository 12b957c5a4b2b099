"""posecoach.txt: read whole or not at all, with every mistake told at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from posecoach.adapters.configuration import load
from posecoach_release.box_text import TextError, as_settings, read_text
from posecoach_release.first_boot import KEY_ONLY, PROBLEMS, first_boot
from posecoach_release.layout import Layout

EXAMPLE = Path(__file__).parents[2] / "provisioning/posecoach.txt"
SSH_KEY = f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA{'b' * 44} me@laptop"


def test_a_file_from_a_windows_editor_is_read():
    said = read_text(
        "\ufeffName = Living-Room\r\nlanguage = de  # Deutsch\r\n\r\nvolume = 40 %\r\nkiosk=yes\r\n"
    )
    assert said == {"name": "living-room", "language": "de", "volume": 0.4, "kiosk": True}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("langage = de", "did you mean language?"),
        ("language = klingon", "expected one of en, de, es, fr"),
        ("volume = 11 of 10", "expected a whole number from 0 to 100"),
        ("volume = 101", "expected a whole number from 0 to 100"),
        ("name = my box!", "expected letters, digits and hyphens"),
        ("view = naked", "expected one of camera, silhouette, skeleton"),
        ("kiosk = perhaps", "expected yes or no"),
        ("ssh_key = hunter2", "expected the one line of a public key"),
        ("hello", "is no setting"),
        ("name = a\nname = b", "line 2: name is said twice"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, told: str):
    with pytest.raises(TextError) as caught:
        read_text(line)
    assert str(caught.value).startswith("line ")
    assert told in str(caught.value)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(TextError) as caught:
        read_text("volume = x\nlanguage = y\n# fine\nname = z")
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["line 1", "line 2"]


def test_every_line_of_the_example_may_be_uncommented_and_means_a_setting_that_posecoach_knows(
    tmp_path: Path,
):
    lines = [line[2:] for line in EXAMPLE.read_text().splitlines() if " = " in line]
    text = "\n".join(line for line in lines if not line.startswith("ssh_key"))
    said = read_text(f"{text}\nssh_key = {SSH_KEY}")
    assert len(said) == 8
    settings = tmp_path / "posecoach.toml"
    settings.write_text(as_settings(said))
    assert tomllib.loads(settings.read_text())["sound"] == {"volume": 0.8}
    load(settings)  # complains of keys that are none


def box(tmp_path: Path, text: str, serial: str = "a") -> Layout:
    layout = Layout(tmp_path)
    for name in ("boot/firmware", "etc", "opt/posecoach", "sys/firmware/devicetree/base", "home/pi"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "boot/firmware/posecoach.txt").write_text(text)
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\npi:x:1000:1000::/home/pi:/bin/sh\n")
    (tmp_path / "etc/hosts").write_text("127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n")
    (tmp_path / "etc/machine-id").write_text("0" * 32 + "\n")
    (tmp_path / "sys/firmware/devicetree/base/serial-number").write_bytes(serial.encode() + b"\0")
    return layout


def test_what_it_says_is_done_once_and_again_when_it_changes(tmp_path: Path):
    layout = box(tmp_path, f"name = gym-1\nlanguage = fr\nssh_key = {SSH_KEY}\n")
    told: list[str] = []
    assert first_boot(layout, told.append)
    assert (tmp_path / "etc/hostname").read_text() == "gym-1\n"
    assert (tmp_path / "etc/hosts").read_text() == "127.0.0.1\tlocalhost\n127.0.1.1\tgym-1\n"
    assert 'language = "fr"' in (layout.settings / "conf.d/10-box.toml").read_text()
    keys = tmp_path / "home/pi/.ssh/authorized_keys"
    assert keys.read_text() == f"{SSH_KEY}\n"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "etc/ssh/sshd_config.d/10-posecoach.conf").read_text() == KEY_ONLY
    (layout.settings / "conf.d/10-box.toml").write_text("# a person has changed it\n")
    assert not first_boot(layout, told.append)
    assert (layout.settings / "conf.d/10-box.toml").read_text() == "# a person has changed it\n"
    (tmp_path / "boot/firmware/posecoach.txt").write_text("language = es\n")
    assert first_boot(layout, told.append)
    assert 'language = "es"' in (layout.settings / "conf.d/10-box.toml").read_text()


def test_a_wrong_file_changes_nothing_and_says_so_beside_itself(tmp_path: Path):
    layout = box(tmp_path, "name = gym-1\nvolume = loud\n")
    told: list[str] = []
    assert not first_boot(layout, told.append)
    assert not (tmp_path / "etc/hostname").exists()
    problems = tmp_path / "boot/firmware" / PROBLEMS
    assert "line 2: volume is 'loud'" in problems.read_text()
    assert told == ["posecoach.txt: line 2: volume is 'loud', expected a whole number from 0 to 100"]
    (tmp_path / "boot/firmware/posecoach.txt").write_text("name = gym-1\n")
    assert first_boot(layout, told.append)
    assert not problems.exists()


def test_a_card_that_was_copied_gets_a_machine_id_and_host_keys_of_its_own(tmp_path: Path):
    layout = box(tmp_path, "", serial="first")
    (tmp_path / "etc/ssh").mkdir()
    first_boot(layout, lambda words: None)
    host_key = tmp_path / "etc/ssh/ssh_host_ed25519_key"
    host_key.write_text("that of the first box")
    first_boot(layout, lambda words: None)
    assert (tmp_path / "etc/machine-id").read_text() == "0" * 32 + "\n", "its own box: nothing is new"
    box(tmp_path, "", serial="second")
    assert first_boot(layout, lambda words: None)
    fresh = (tmp_path / "etc/machine-id").read_text()
    assert fresh != "0" * 32 + "\n"
    assert len(fresh) == 33
    assert "PRIVATE KEY" in host_key.read_text()
    assert not first_boot(layout, lambda words: None)
    (layout.home / "image").touch()  # a card out of an image: the same, whatever box it is in
    first_boot(layout, lambda words: None)
    assert (tmp_path / "etc/machine-id").read_text() != fresh
