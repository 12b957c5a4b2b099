"""USB sticks: what is on them is a stranger's until its signature is good."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from posecoach_release.layout import Layout, Outcome
from posecoach_release.stick import in_order, newest_on
from posecoach_release.trial import remember
from released import box
from small_bundles import made, two_keys

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.9", "0.10"), ("1.0rc1", "1.0"), ("1.0rc1", "1.0rc2"), ("1.0", "1.0.1"), ("0", "0.1")],
)
def test_versions_are_in_the_order_of_their_numbers(older: str, newer: str):
    assert in_order(older) < in_order(newer)


def test_builds_of_one_version_are_as_new():
    assert in_order("1.0+ab") == in_order("1.0")


@pytest.fixture
def place(tmp_path: Path) -> Layout:
    """A Debian 13 that runs 1.0, and trusts the maker."""
    if shutil.which("dpkg") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("needs dpkg and ssh-keygen")
    layout = box(tmp_path / "box", "1.0", current="1.0")
    layout.signers.parent.mkdir(parents=True)
    shutil.copy(two_keys(tmp_path) / "maker.allowed", layout.signers)
    (layout.root / "etc/os-release").write_text('ID=debian\nVERSION_ID="13"\n')
    (layout.root / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "stick").mkdir()
    return layout


def put(place: Layout, version: str, key: str = "maker", **said: object) -> Path:
    keys = place.root.parent
    told = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    fits = {
        "architecture": told.stdout.strip(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "installed_bytes": {"environment": 1, "release": 1, "debs": 1},
    }
    bundle = made(keys / f"made-{version}-{key}", keys, key, version=version, **(fits | said))
    return Path(shutil.copy(bundle, keys / "stick" / f"posecoach-{version}-{key}.tar"))


def test_the_newest_that_is_for_this_box_is_taken(place: Layout, tmp_path: Path):
    put(place, "1.1")
    newest = put(place, "1.10")
    put(place, "1.9")
    put(place, "2.0", os_version="12", suite="bookworm")
    told: list[str] = []
    assert newest_on(place, tmp_path / "stick", told.append) == newest
    assert [line for line in told if "2.0" in line]


def test_a_stranger_s_and_an_older_one_are_not_taken(place: Layout, tmp_path: Path):
    put(place, "3.0", key="stranger")
    put(place, "0.9")
    put(place, "1.0")
    (tmp_path / "stick/posecoach-9.tar").write_bytes(b"no tar")
    (tmp_path / "stick/posecoach-8.tar").symlink_to(put(place, "8").rename(tmp_path / "elsewhere.tar"))
    told: list[str] = []
    assert newest_on(place, tmp_path / "stick", told.append) is None
    assert sum("is not signed by anybody" in line for line in told) == 1
    assert sum("is not newer than 1.0" in line for line in told) == 2


def test_what_was_tried_and_taken_back_is_not_tried_at_every_start(place: Layout, tmp_path: Path):
    older, newest = put(place, "1.1"), put(place, "1.2")
    assert newest_on(place, tmp_path / "stick", lambda words: None) == newest
    remember(place, Outcome(False, "1.0", None, rolled_back=True, reason="1.2: gate failed"), tried="1.2")
    told: list[str] = []
    assert newest_on(place, tmp_path / "stick", told.append) == older
    assert "1.2: gate failed" in told[0]
    remember(place, Outcome(True, "1.0", None))
    assert newest_on(place, tmp_path / "stick", lambda words: None) == newest


def test_an_allowed_signers_on_the_stick_means_nothing(place: Layout, tmp_path: Path):
    put(place, "3.0", key="stranger")
    shutil.copy(tmp_path / "stranger.allowed", tmp_path / "stick/allowed_signers")
    assert newest_on(place, tmp_path / "stick", lambda words: None) is None


def test_a_stick_with_routines_too_is_mounted_for_them_first_and_each_bundle_in_a_folder_of_its_own():
    """Whoever mounts first chooses how names are read; a folder that goes takes another's mount along."""
    unit = (ROOT / "provisioning/units/posecoach-stick@.service").read_text()
    (mount,) = (ROOT / "systemd").glob("*_stick.mount")
    lines = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and line[0] != "#")

    assert mount.name in lines["After"].split()
    assert lines["RuntimeDirectory"].endswith("-%i")
    assert f"/run/{lines['RuntimeDirectory']} " in lines["ExecStart"]
