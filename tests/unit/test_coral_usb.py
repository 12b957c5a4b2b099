"""Waking a Coral stick from outside, on a made-up bus."""

from __future__ import annotations

import sys

import pytest

from posecoach.service.coral_usb import CoralUsb
from posecoach.service.ladder import Remedy


def plug(root, name, vendor="18d1", product="9302", bus=2, number=5):
    device = root / "sys/bus/usb/devices" / name
    device.mkdir(parents=True)
    for file, text in {"idVendor": vendor, "idProduct": product, "busnum": bus, "devnum": number}.items():
        (device / file).write_text(f"{text}\n")


class Commands(list):
    """Notes what would be run."""

    def __call__(self, command, within_s):
        self.append(command)
        return True


@pytest.mark.parametrize(("vendor", "product"), [("1a6e", "089a"), ("18d1", "9302")])
def test_the_stick_is_seen_before_and_after_its_firmware(tmp_path, vendor, product):
    plug(tmp_path, "1-1", "046d", "c52b")
    assert not CoralUsb(tmp_path).attached
    plug(tmp_path, "2-1.4", vendor, product)

    assert CoralUsb(tmp_path).attached


def test_one_on_pcie_is_seen(tmp_path):
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "apex_0").touch()

    assert CoralUsb(tmp_path).attached


def test_a_reset_is_of_the_sticks_own_node(tmp_path):
    plug(tmp_path, "2-1", bus=2, number=17)
    commands = Commands()

    assert CoralUsb(tmp_path, run=commands).remedy(Remedy.USB_RESET)
    assert commands[0][0] == sys.executable
    assert commands[0][-1] == str(tmp_path / "dev/bus/usb/002/017")


@pytest.mark.parametrize(
    ("name", "hub", "port"), [("2-1", "2", "1"), ("2-1.4", "2-1", "4"), ("1-1.3.2", "1-1.3", "2")]
)
def test_the_port_of_the_stick_and_no_other_loses_its_power(tmp_path, name, hub, port):
    plug(tmp_path, name)
    commands = Commands()

    assert CoralUsb(tmp_path, run=commands, uhubctl="/usr/sbin/uhubctl").remedy(Remedy.PORT_POWER)
    (command,) = commands
    assert command[command.index("-l") + 1] == hub
    assert command[command.index("-p") + 1] == port
    assert "-S" in command


def test_without_the_tool_or_the_stick_nothing_is_done(tmp_path):
    commands = Commands()
    assert not CoralUsb(tmp_path, run=commands, uhubctl="uhubctl").remedy(Remedy.USB_RESET)
    plug(tmp_path, "2-1")
    without = CoralUsb(tmp_path, run=commands, uhubctl="")

    assert not without.remedy(Remedy.PORT_POWER)
    assert without.possible == {Remedy.USB_RESET}
    assert commands == []


def test_a_command_that_hangs_is_ended(tmp_path, monkeypatch):
    plug(tmp_path, "2-1")
    monkeypatch.setattr("posecoach.service.coral_usb._RESET", "import time; time.sleep(60)")
    monkeypatch.setattr("posecoach.service.coral_usb.RESET_WITHIN_S", 0.2)

    assert not CoralUsb(tmp_path).remedy(Remedy.USB_RESET)
