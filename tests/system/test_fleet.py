"""Three bare boxes become coaches over SSH, stay so, and survive bad updates and cables that fall out."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from system.box import ROOT, Box, NotHere
from system.bundles import made, stick
from system.conftest import CONTAINER, SETTINGS
from system.fleet import Answer, Fleet

SUITES = {"canary-1": "bookworm", "studio-1": "trixie", "studio-2": "trixie"}
CANARY, FIRST, SECOND = SUITES
OLD, NEW, UNFIT = "0.1.0", "0.1.1", "0.1.2"
LONGEST_S = 500.0
SAYS_32_BIT = (
    '#!/bin/sh\ncase "$1" in --print-architecture) echo armhf ;; *) exec /run/real-dpkg "$@" ;; esac\n'
)
NOT_LOOKED_AT = ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/lib/systemd", "/var/lib/sudo")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """Three bare boxes, and bundles of three releases, one of which is broken."""
    try:
        for suite in dict.fromkeys(SUITES.values()):
            for version, broken in ((OLD, ""), (NEW, ""), (UNFIT, "adapters/_litert.py")):
                made(version, broken, suite=suite)
        with Fleet(tmp_path_factory.mktemp("fleet"), SUITES) as one:
            for box in one.boxes.values():
                for unit in ("posecoach", "posecoach-fault"):
                    box.write(f"/etc/systemd/system/{unit}.service.d/container.conf", CONTAINER)
            one.write_inventory(variables())
            yield one
            if request.session.testsfailed:
                for name, box in one.boxes.items():
                    show = (
                        "journalctl",
                        "--no-pager",
                        "-o",
                        "short-monotonic",
                        "-n",
                        "30",
                        "-u",
                        "posecoach*",
                    )
                    print(name, box.run(*show, check=False).stdout)
    except NotHere as error:
        pytest.skip(f"no fleet can be made on this machine: {error}")


def variables(**more: object) -> dict[str, object]:
    """Of boxes without a camera and a screen."""
    settings = {"application_settings": tomllib.loads(SETTINGS), "application_gate_s": 120}
    return {"bundle_folder": str(stick()), "bundle_version": OLD, **settings, **more}


def told(said: Answer) -> None:
    """What a person sees, into the log of the test."""
    print(f"\n{said.took_s:.1f} s, {said.cpu_s:.1f} s of the controller, exit code {said.code}\n{said.text}")


def changed_files(box: Box) -> str:
    """What was written on a box since `marked`, but for logs and what does not last."""
    skipped = " ".join(f"-path {place} -prune -o" for place in NOT_LOOKED_AT)
    return box.run("sh", "-c", f"find / -xdev {skipped} -newer /run/mark -print").stdout


def marked(fleet: Fleet) -> None:
    """From here on what is written counts."""
    for box in fleet.boxes.values():
        box.run("touch", "/run/mark")
    time.sleep(0.1)


def versions(fleet: Fleet) -> dict[str, str]:
    """What runs on each box, as the box says it."""
    return {
        name: box.run("sh", "-c", "basename $(readlink /opt/posecoach/current)").stdout.strip()
        for name, box in fleet.boxes.items()
    }


def test_a_wrong_inventory_is_refused_before_a_box_is_asked(fleet: Fleet) -> None:
    fleet.write_inventory(
        variables(display_mod="x", ansible_become_password="secret"), **{FIRST: {"hardening_undo_s": "soon"}}
    )
    marked(fleet)
    said = fleet.run("site")
    told(said)
    assert said.code == 69
    assert set(said.results().values()) == {"refused"}
    for name, row in said.rows.items():
        assert "there is no variable display_mod: did you mean display_mode?" in row["words"]
        assert "ansible_become_password is a secret" in row["words"]
        assert ("hardening_undo_s" in row["words"]) == (name == FIRST)
        assert "\n" not in row["words"]
    assert not any(changed_files(box) for box in fleet.boxes.values())


@pytest.mark.parametrize("fault", ["no box", "another signature", "cut short", "no such release"])
def test_what_cannot_be_sent_is_refused_before_a_box_is_asked(
    fleet: Fleet, fault: str, tmp_path: Path
) -> None:
    wanted, words = {}, ""
    for name in ("allowed_signers", f"posecoach-{OLD}-trixie-amd64.tar"):
        shutil.copy(next(stick().glob(name.replace("amd64", "*"))), tmp_path)
    if fault == "another signature":
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
        line = (tmp_path / "other.pub").read_text().split()[:2]
        (tmp_path / "allowed_signers").write_text(f'other namespaces="posecoach-bundle" {" ".join(line)}\n')
        words = "signed by nobody in allowed_signers"
    elif fault == "cut short":
        path = next(tmp_path.glob("*.tar"))
        with path.open("rb+") as file:
            file.truncate(path.stat().st_size * 2 // 3)
        words = "damaged or cut short"
    elif fault == "no such release":
        wanted, words = {"bundle_version": "9.9"}, f"has no bundle of 9.9, but of {OLD}"
    fleet.write_inventory(variables(bundle_folder=str(tmp_path), **wanted))
    if fault == "no box":
        fleet.inventory.write_text(json.dumps({"posecoach": {"hosts": {FIRST: None}}}))
        words = "the inventory has no box: list them in the group 'boxes'"
    said = fleet.run("site")
    told(said)
    assert (said.code, said.rows["(all)"]["result"]) == (69, "refused")
    assert words in said.rows["(all)"]["words"]
    assert {row["result"] for host, row in said.rows.items() if host != "(all)"} <= {"untouched"}


def test_boxes_that_do_not_fit_are_refused_each_in_one_line(fleet: Fleet) -> None:
    fleet.write_inventory(variables())
    ubuntu, small, narrow = (fleet.boxes[name] for name in (CANARY, FIRST, SECOND))
    small.run("mkdir", "/opt/posecoach")
    small.run("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", "/opt/posecoach")
    narrow.run("cp", "/usr/bin/dpkg", "/run/real-dpkg")
    narrow.write("/run-dpkg", SAYS_32_BIT)
    narrow.run("sh", "-c", "chmod 755 /run-dpkg /run/real-dpkg; mount --bind /run-dpkg /usr/bin/dpkg")
    ubuntu.write("/another", 'ID=ubuntu\nVERSION_CODENAME=noble\nPRETTY_NAME="Ubuntu 24.04"\n')
    ubuntu.run("mount", "--bind", "/another", "/usr/lib/os-release")
    try:
        marked(fleet)
        said = fleet.run("site")
        assert not any(changed_files(box) for box in fleet.boxes.values())
    finally:
        ubuntu.run("sh", "-c", "umount /usr/lib/os-release; rm /another")
        small.run("umount", "/opt/posecoach")
        small.run("rmdir", "/opt/posecoach")
        narrow.run("sh", "-c", "umount /usr/bin/dpkg; rm /run-dpkg")
    told(said)
    assert said.code == 69
    assert set(said.results().values()) == {"refused"}
    words = {name: row["words"] for name, row in said.rows.items()}
    assert words[CANARY].startswith("Ubuntu 24.04 is not supported: Raspberry Pi OS or Debian")
    assert words[FIRST].startswith("no space: 20 MiB are free for /opt,")
    assert words[SECOND].startswith("the system is armhf (x86_64 kernel), 32 bit or unknown")


def test_check_mode_says_what_it_would_do_and_does_nothing(fleet: Fleet) -> None:
    marked(fleet)
    said = fleet.run("site", "--check", "--diff")
    told(said)
    assert said.code == 0
    assert all(row["changed"] > 5 for row in said.rows.values())
    assert f"{OLD} in the place of nothing" in said.text
    assert "+PasswordAuthentication no" in said.text
    assert not any(changed_files(box) for box in fleet.boxes.values())


def test_from_bare_to_ready_in_one_run(fleet: Fleet) -> None:
    """The copy to one box was cut off earlier and goes on; to another it is damaged and begins anew."""
    bundle = next(stick().glob(f"posecoach-{OLD}-trixie-*.tar"))
    size = bundle.stat().st_size
    name = subprocess.run(["sha256sum", bundle], capture_output=True, text=True, check=True).stdout.split()[0]
    for host, content in ((FIRST, bundle.read_bytes()[: size * 2 // 3]), (SECOND, bytes(5000))):
        folder = fleet.boxes[host].root / "home/pi/.cache/posecoach"
        folder.mkdir(parents=True)
        (folder / f"{name}.part").write_bytes(content)
        fleet.boxes[host].run("chown", "-R", "pi:", "/home/pi/.cache")
    before = {name: fleet.received(name) for name in fleet.boxes}
    said = fleet.run("site", limit_s=LONGEST_S)
    told(said)
    assert said.code == 0, said.text
    assert said.results() == dict.fromkeys(SUITES, "done")
    assert {row["words"] for row in said.rows.values()} == {f"{OLD} active"}
    shares = {name: (fleet.received(name) - before[name]) / size for name in fleet.boxes}
    print("came over the cable:", {name: f"{share:.0%} of the bundle" for name, share in shares.items()})
    assert shares[FIRST] < 0.6, "it began anew"
    assert 1.9 < shares[SECOND] < 2.5, "once on top of the damaged one, and once whole"
    for box in fleet.boxes.values():
        assert box.run("ip", "route", "show", "default").stdout == "", "they reach nothing but us"


def test_again_it_changes_nothing(fleet: Fleet) -> None:
    said = fleet.run("site")
    told(said)
    assert said.code == 0
    assert {name: row["changed"] for name, row in said.rows.items()} == dict.fromkeys(SUITES, 0)


def test_check_mode_on_a_box_that_is_as_it_should_be_says_so(fleet: Fleet) -> None:
    said = fleet.run("site", "--check", "--limit", CANARY)
    assert {name: row["changed"] for name, row in said.rows.items()} == {CANARY: 0}, said.text


def test_nothing_comes_in_but_ssh_with_a_key(fleet: Fleet) -> None:
    said = fleet.ssh(FIRST, "true", options=("-o", "PubkeyAuthentication=no"))
    assert "Permission denied (publickey)" in said.stderr
    box = fleet.boxes[FIRST]
    box.run("systemd-run", "--collect", "--unit=open-door", "python3", "-m", "http.server", "8000")
    box.wait_for(lambda: ":8000" in box.run("ss", "-ltn").stdout, 10.0, "it does not listen")
    assert not fleet.connects(FIRST, 8000)
    box.run("systemctl", "stop", "open-door.service")
    assert fleet.connects(FIRST, 22)


def test_status_as_a_table_and_as_json(fleet: Fleet) -> None:
    with fleet.unplugged(SECOND):
        said = fleet.run("status", "--json")
    told(said)
    assert said.code == 69, "one does not answer"
    boxes = {each["box"]: each for each in json.loads(said.text[: said.text.index("]\n") + 1])}
    assert boxes[SECOND]["result"] == "gone"
    one = boxes[FIRST]
    assert (one["version"], one["service"], one["result"]) == (OLD, "active", "done")
    assert one["doctor"]["version"] == OLD
    assert {"inference", "history", "data-writable"} <= {check["id"] for check in one["doctor"]["checks"]}
    assert one["free_mib"] > 100
    assert one["up_s"] > 0
    assert one["last_session"] == [] or one["last_session"][0]["routine"] == "squat"


def test_own_routines_arrive_and_a_broken_one_does_not(fleet: Fleet, tmp_path: Path) -> None:
    box = fleet.boxes[CANARY]
    shutil.copytree(ROOT / "device/posecoach/starter/chair", tmp_path / "our-chair")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/routine.toml").write_text("[")
    fleet.write_inventory(variables(routines_folder=str(tmp_path)))
    said = fleet.run("site", "--limit", CANARY, "--tags", "routines")
    told(said)
    assert said.results() == {CANARY: "failed"}
    assert "routine.toml" in said.rows[CANARY]["words"]
    assert "our-chair" not in box.run("ls", "/var/lib/posecoach/routines", check=False).stdout
    shutil.rmtree(tmp_path / "broken")
    said = fleet.run("site", "--limit", CANARY, "--tags", "routines")
    again = fleet.run("site", "--limit", CANARY, "--tags", "routines")
    fleet.write_inventory(variables())
    assert again.rows[CANARY]["changed"] == 0, again.text
    assert said.results() == {CANARY: "done"}, said.text
    inside = box.run("ls", "-l", "/var/lib/posecoach/routines").stdout
    assert "posecoach posecoach" in inside
    assert "our-chair" in inside
    assert "broken" not in inside
    as_the_coach = ("runuser", "-u", "posecoach", "--", "cat")
    assert "[[steps]]" in box.run(*as_the_coach, "/var/lib/posecoach/routines/our-chair/routine.toml").stdout


def test_one_file_for_support_comes_from_a_box(fleet: Fleet, tmp_path: Path) -> None:
    said = fleet.run("support", "--limit", CANARY, "-o", str(tmp_path))
    assert said.results() == {CANARY: "done"}, said.text
    with tarfile.open(tmp_path / f"{CANARY}.tar.gz") as tar:
        assert any(name.endswith("report.json") or "doctor" in name for name in tar.getnames())
    left = fleet.boxes[CANARY].run("ls", "/run/posecoach-support.tar.gz", check=False)
    assert left.returncode, "it is left there"


def test_an_update_that_fails_its_gate_ends_with_the_canary(fleet: Fleet) -> None:
    said = fleet.run("update", "--version", UNFIT, limit_s=LONGEST_S)
    told(said)
    assert said.code == 69
    assert said.results() == {CANARY: "failed", FIRST: "untouched", SECOND: "untouched"}
    assert said.rows[CANARY]["words"].startswith(f"{UNFIT} was taken back, {OLD} runs: {UNFIT}: ")
    assert "gate" in said.rows[CANARY]["words"]
    assert set(versions(fleet).values()) == {OLD}
    for box in fleet.boxes.values():
        assert box.shows("ActiveState")["ActiveState"] == "active"


def test_a_box_that_drops_off_in_the_middle_is_given_up_and_finishes_by_itself(fleet: Fleet) -> None:
    """Its cable falls out while it installs; the box goes on."""
    pulled = threading.Event()
    box = fleet.boxes[FIRST]
    cable = fleet.unplugged(FIRST)
    times: list[float] = []

    def pull() -> None:
        while not (box.root / "opt/posecoach/under-way.json").exists():
            if pulled.wait(0.05):
                return
        cable.__enter__()
        times.append(time.monotonic())

    watcher = threading.Thread(target=pull)
    watcher.start()
    said = fleet.run("update", "--version", NEW, "--limit", FIRST, limit_s=LONGEST_S)
    pulled.set()
    watcher.join()
    told(said)
    assert times, "nothing was installed"
    assert said.code == 69
    assert said.results() == {FIRST: "gone"}
    assert box.wait_for(lambda: versions(fleet)[FIRST] == NEW, 300.0, "it did not finish")
    box.wait_for(lambda: box.shows("ActiveState")["ActiveState"] == "active", 60.0, "it does not run")
    cable.__exit__(None, None, None)


def test_rolled_back_to_the_release_before(fleet: Fleet) -> None:
    said = fleet.run("rollback", "--limit", FIRST, limit_s=LONGEST_S)
    told(said)
    assert said.code == 0
    assert said.rows[FIRST]["words"] == f"{OLD} active"


def test_a_good_release_goes_to_everybody_after_one_that_was_taken_back(fleet: Fleet) -> None:
    said = fleet.run("update", "--version", NEW, limit_s=LONGEST_S)
    told(said)
    assert said.code == 0
    assert set(said.results().values()) == {"done"}
    assert versions(fleet) == dict.fromkeys(SUITES, NEW)


def test_a_box_that_was_shut_to_us_opens_again_by_itself(fleet: Fleet) -> None:
    fleet.write_inventory(variables(hardening_ssh_from=["203.0.113.0/24"], hardening_undo_s=25))
    said = fleet.run("site", "--limit", SECOND, "--tags", "hardening")
    told(said)
    assert said.results() == {SECOND: "gone"}
    box = fleet.boxes[SECOND]
    box.wait_for(lambda: fleet.ssh(SECOND, "true").returncode == 0, 60.0, "it stays shut")
