"""Releases on real systemd, without a network: from bare to a coach, bad updates, power cuts, off again."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator

import pytest

from system import unfit_bundles
from system.bare import bare
from system.box import Box, NotHere
from system.bundles import made, stick
from system.conftest import prepare
from system.updates import LONGEST_S, NEW, OLD, TOOL, cut_and_look, install, status

UNFIT = "0.1.2"
CUTS = 3
UNLOOKED = (
    *("/proc", "/sys", "/run", "/tmp", "/dev", "/var/log", "/var/cache"),
    *("/var/lib/dpkg", "/var/lib/apt", "/var/lib/systemd"),
)
LOOKED_AT = f"find / -xdev {' '.join(f'-path {each} -prune -o' for each in UNLOOKED)} -print"
CAME_WITH_THE_USER = {
    *(
        "/etc/passwd",
        "/etc/passwd-",
        "/etc/shadow",
        "/etc/shadow-",
        "/etc/group",
        "/etc/group-",
        "/etc/gshadow",
    ),
    *("/etc/gshadow-", "/etc/subuid", "/etc/subgid", "/etc/.pwd.lock", "/etc/ld.so.cache"),
}


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Iterator[Box]:
    """A bare box with a stick in it; nothing is installed yet."""
    try:
        lower = bare()
        made(OLD)
    except NotHere as error:
        pytest.skip(f"no bare box can be made on this machine: {error}")
    with Box("release", lower) as one:
        prepare(one)
        one.binds = {"/stick": stick()}
        try:
            one.boot()
        except NotHere as error:
            pytest.skip(f"containers do not start on this machine: {error}")
        yield one
        if request.session.testsfailed:
            show = ("journalctl", "--no-pager", "-o", "short-monotonic", "-n", "60")
            print(one.run(*show, check=False).stdout)


def everything(box: Box) -> set[str]:
    return set(box.run("sh", "-c", LOOKED_AT).stdout.splitlines())


@pytest.mark.parametrize(("fault", "code", "words"), unfit_bundles.CASES, ids=lambda case: str(case)[:20])
def test_what_is_unfit_is_refused_before_the_first_change(
    place: Box, fault: str, code: int, words: str
) -> None:
    with unfit_bundles.arranged(place, fault, made(OLD)) as bundle:
        before = everything(place)
        done, said = install(place, bundle)
        assert (done.returncode, said["changed"], said["version"]) == (code, False, None), done.stderr
        assert words in said["reason"], said["reason"]
        assert len([line for line in done.stderr.splitlines() if line.startswith("refused:")]) == 1, (
            done.stderr
        )
        assert everything(place) == before


def test_from_bare_to_ready_and_the_second_time_changes_nothing(place: Box) -> None:
    began = time.monotonic()
    done, said = install(place, made(OLD))
    assert done.returncode == 0, done.stderr
    assert said == {"changed": True, "version": OLD, "previous": None, "rolled_back": False, "reason": None}
    assert place.shows("ActiveState", "UnitFileState") == {
        "ActiveState": "active",
        "UnitFileState": "enabled",
    }
    print(f"from bare to READY in {time.monotonic() - began:.1f} s")
    assert place.run("/usr/local/bin/posecoach", "--version", check=False).returncode == 0
    began = time.monotonic()
    kept = everything(place)
    done, said = install(place, made(OLD))
    assert (done.returncode, said["changed"], said["version"]) == (0, False, OLD)
    assert everything(place) == kept
    print(f"the second time in {time.monotonic() - began:.1f} s")


def test_every_unit_that_came_is_free_of_mistakes(place: Box) -> None:
    listed = place.run("sh", "-c", "ls /usr/local/lib/systemd/system").stdout.split()
    assert {"posecoach.service", "posecoach-recover.service", "posecoach-stick@.service"} <= set(listed)
    units = [name.replace("@", "@sda1") for name in listed]
    said = place.run("systemd-analyze", "verify", *units, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_the_gate_runs_in_the_sandbox_of_the_service(place: Box) -> None:
    said = json.loads(place.run("cat", "/run/posecoach-gate.json").stdout)
    checks = {each["id"]: each["state"] for each in said["checks"]}
    assert checks["offline"] == "pass"
    assert {checks[name] for name in ("inference", "picture", "data-writable", "routines")} == {"pass"}


def test_a_release_that_fails_its_gate_is_taken_back(place: Box) -> None:
    done, said = install(place, made(UNFIT, broken="adapters/_litert.py"))
    assert done.returncode == 69, (said, done.stderr)
    assert (said["changed"], said["version"], said["rolled_back"]) == (False, OLD, True)
    assert "inference" in said["reason"], said
    now = status(place)
    assert (now["version"], now["under_way"], now["releases"], now["service"]) == (OLD, None, [OLD], "active")
    assert now["last"]["reason"] == said["reason"]


def test_an_update_goes_on_when_whoever_asked_for_it_is_gone_and_dies_when_it_is_killed(place: Box) -> None:
    asked = f"/stick/install.sh /stick/{made(NEW).name} --json >/dev/null 2>&1 & echo $!"
    place.run("sh", "-c", asked)
    place.wait_for(lambda: status(place)["under_way"], 20.0, "it did not begin")
    place.run("sh", "-c", "kill -KILL $(pgrep -f 'systemd-run --quiet') $(pgrep -f install.sh)", check=False)
    main = place.shows("MainPID", unit="posecoach-update.service")["MainPID"]
    assert main != "0", "the update has gone with whoever asked for it"
    place.run("kill", "-KILL", main)
    place.wait_for(lambda: status(place)["under_way"] is None, 60.0, "nobody cleared up")
    now = status(place)
    assert (now["version"], now["service"]) == (OLD, "active")
    assert "cut short" in now["last"]["reason"]


def test_a_power_cut_at_any_moment_of_an_update_leaves_one_working_release(place: Box) -> None:
    began = time.monotonic()
    done, said = install(place, made(NEW))
    took_s = time.monotonic() - began
    assert (done.returncode, said["version"], said["previous"]) == (0, NEW, OLD), done.stderr
    print(f"an update takes {took_s:.1f} s")
    dice = random.Random(9)
    for _ in range(CUTS):
        print(cut_and_look(place, dice.uniform(0.0, took_s), place.cut))


def test_rollback_goes_to_the_release_before(place: Box) -> None:
    if status(place)["version"] == OLD:
        install(place, made(NEW))
    done = place.run(TOOL, "rollback", "--json", limit_s=LONGEST_S)
    said = json.loads(done.stdout)
    assert (said["changed"], said["version"], said["previous"]) == (True, OLD, NEW)
    assert place.shows("ActiveState")["ActiveState"] == "active"


def test_uninstall_leaves_nothing_but_the_data(place: Box) -> None:
    with Box("before", bare()) as untouched:
        prepare(untouched)
        bare_files = {
            f"/{path.relative_to(untouched.root)}"
            for path in untouched.root.rglob("*")
            if not path.is_dir() or path.is_symlink()
        }
    place.run("/stick/install.sh", "--uninstall", "--json", limit_s=LONGEST_S)
    left = {
        name
        for name in everything(place)
        if name not in bare_files
        and (place.root / name.lstrip("/")).is_file()
        and name not in CAME_WITH_THE_USER
        and not name.startswith(("/var/lib/posecoach/", "/etc/posecoach/"))
    }
    ours = {name for name in left if "posecoach" in name or "numpy" in name or name.startswith("/opt")}
    assert not ours
    print(f"left by Debian itself: {sorted(left)[:20]}")
    assert (place.root / "var/lib/posecoach/history.sqlite3").exists(), "the data is gone"
    again = place.run("/stick/install.sh", "--uninstall", "--json", check=False)
    assert json.loads(again.stdout)["changed"] is False
