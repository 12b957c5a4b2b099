"""A routine is handed on: one file, the same for the same routine, taken in whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import posecoach
from posecoach.adapters import _put_in_place
from posecoach.adapters._put_in_place import aside, put_in_place, swap
from posecoach.adapters._stored_zip import pack, unpack
from posecoach.adapters.exchange_file import MOST_FOUND, MOST_LOOKED_AT, read_routine_file, routine_files
from posecoach.adapters.routine_folder import STARTER
from posecoach.cli import main
from posecoach.errors import ExchangeError

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs OpenSSH's ssh-keygen")


class Box:
    """One box: its data, its configuration, and what its command line says."""

    def __init__(self, home, monkeypatch, capsys):
        self.home, self.capsys = home, capsys
        self.routines = home / "data" / "routines"
        self.settings = home / "etc" / "posecoach.toml"
        self.settings.parent.mkdir(parents=True)
        monkeypatch.setenv("POSECOACH_DATA", str(home / "data"))
        monkeypatch.setenv("POSECOACH_CONFIG", str(self.settings))

    def says(self, *arguments, code=0):
        """What a command of the group prints, on both streams."""
        self.capsys.readouterr()
        assert main(["routine", *map(str, arguments)]) == code
        return "".join(self.capsys.readouterr())

    def told(self, *arguments, code=0):
        return [json.loads(line) for line in self.says(*arguments, "--json", code=code).splitlines()]

    def holds(self):
        """All that is in its folder of routines, but the lock."""
        found = (
            sorted(path for path in self.routines.rglob("*") if path.is_file())
            if self.routines.exists()
            else []
        )
        return {
            str(path.relative_to(self.routines)): path.read_bytes() for path in found if path.name != ".lock"
        }


@pytest.fixture
def box(tmp_path, monkeypatch, capsys):
    return Box(tmp_path, monkeypatch, capsys)


@pytest.fixture
def knee(box, tmp_path):
    """A routine of somebody's own, exported; and it is not here any more."""
    return made(box, tmp_path / "knee.posecoach")


def made(box, path, *options, name="Knee rehab", id_="knee"):
    folder = box.home / "elsewhere" / id_
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(STARTER / "tree", folder)
    text = (folder / "routine.toml").read_text(encoding="utf-8")
    began = text.index('name = "')
    text = text[:began] + f'name = "{name}"' + text[text.index("\n", began) :]
    (folder / "routine.toml").write_text(text, encoding="utf-8")
    box.says("export", folder, "-o", path, "--author", "A. Meyer", "--licence", "CC-BY-4.0", *options)
    return path


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A key, and the line by which a box knows it."""
    path = tmp_path_factory.mktemp("keys") / "meyer"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path


def known(box, key, name="meyer@praxis.example", options='namespaces="posecoach-routine"'):
    line = f"{name} {options} {key.with_suffix('.pub').read_text()}"
    (box.settings.parent / "allowed_signers").write_text(line)


# -- the file --


def test_the_same_routine_gives_the_same_file(box, tmp_path):
    one, other = (made(box, tmp_path / name).read_bytes() for name in ("a.posecoach", "b.posecoach"))
    assert one == other
    assert made(box, tmp_path / "c.posecoach", name="Another").read_bytes() != one


def test_any_tool_opens_it_and_finds_what_the_folder_has(box, knee):
    with zipfile.ZipFile(knee) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        text = opened.read("routine.toml")
    assert names == [
        "manifest.json",
        "routine.toml",
        *(f"step1-{side}.track.json" for side in ("front", "left", "right")),
    ]
    assert text == (box.home / "elsewhere" / "knee" / "routine.toml").read_bytes()


def test_it_says_what_it_is_who_made_it_and_the_checksum_of_each_part(knee):
    manifest = json.loads(unpack(knee.read_bytes())["manifest.json"])
    assert manifest["format"] == "posecoach-exchange"
    assert [manifest[key] for key in ("id", "name", "author", "licence")] == [
        "knee",
        "Knee rehab",
        "A. Meyer",
        "CC-BY-4.0",
    ]
    assert manifest["made_with"].startswith("posecoach ")
    assert all(len(told["sha256"]) == 64 for told in manifest["files"].values())


def test_what_does_not_belong_to_the_routine_stays_at_home(box, tmp_path):
    folder = box.routines / "squat"
    shutil.copytree(STARTER / "squat", folder)
    (folder / "patient notes.txt").write_text("private")
    box.says("export", "squat", "-o", tmp_path / "s.posecoach")
    assert "patient notes.txt" not in unpack((tmp_path / "s.posecoach").read_bytes())


def test_into_a_folder_it_goes_by_its_name(box, tmp_path):
    (told,) = box.told("export", "squat", "-o", tmp_path)
    assert told["file"] == str(tmp_path / "squat.posecoach")
    assert read_routine_file(tmp_path / "squat.posecoach").manifest.author == "posecoach"


def test_what_is_not_whole_is_not_handed_on(box, tmp_path):
    shutil.copytree(STARTER / "squat", box.routines / "mine")
    (box.routines / "mine" / "step1-left.track.json").write_text("{}")
    assert "step1-left" in box.says("export", "mine", "-o", tmp_path / "x", code=65)
    assert not (tmp_path / "x").exists()


def test_a_disk_that_is_not_there_is_told(box, tmp_path):
    assert "cannot be written" in box.says("export", "squat", "-o", tmp_path / "no" / "x", code=74)


# -- taken in --


def test_it_comes_out_as_it_went_in(box, knee, tmp_path):
    said = box.says("install", knee)
    assert "knee: Knee rehab, by A. Meyer, not signed" in said
    assert "CC-BY-4.0" in said
    assert "posecoach run --routine knee" in said
    assert (box.routines / "knee" / "routine.toml").read_bytes() == (
        box.home / "elsewhere" / "knee" / "routine.toml"
    ).read_bytes()
    box.says("export", "knee", "-o", tmp_path / "again.posecoach")
    assert (tmp_path / "again.posecoach").read_bytes() == knee.read_bytes()


def test_the_same_again_changes_nothing(box, knee):
    box.says("install", knee)
    before = box.holds()
    times = {path: path.stat().st_mtime_ns for path in box.routines.rglob("*")}
    (told,) = box.told("install", knee)
    assert told["state"] == "unchanged"
    assert box.holds() == before
    assert {path: path.stat().st_mtime_ns for path in box.routines.rglob("*")} == times


def test_a_dry_run_says_what_would_be_and_changes_nothing(box, knee):
    (told,) = box.told("install", knee, "--dry-run")
    assert (told["state"], told["author"], told["trust"]) == ("would_install", "A. Meyer", "unsigned")
    assert box.holds() == {}


def test_another_of_its_name_needs_replace_and_the_one_before_can_be_brought_back(box, knee, tmp_path):
    box.says("install", knee)
    before = box.holds()
    other = made(box, tmp_path / "other.posecoach", name="Knee, harder")
    said = box.says("install", other, code=65)
    assert "there is another 'knee' here, by A. Meyer" in said
    assert "--replace" in said
    assert box.holds() == before
    assert "would take the place" in box.says("install", other, "--replace", "--dry-run")
    assert "restore knee" in box.says("install", other, "--replace")
    assert "Knee, harder" in box.says("show", "knee")
    assert "Knee rehab is back" in box.says("restore", "knee")
    assert "Knee, harder is back" in box.says("restore", "knee")


def test_one_that_ships_is_not_hidden_by_accident(box, tmp_path):
    mine = made(box, tmp_path / "s.posecoach", id_="squat")
    assert "there is another 'squat' here" in box.says("install", mine, code=65)
    box.says("install", mine, "--id", "my-squat")
    assert "Knee rehab" in box.says("show", "my-squat")


@pytest.mark.parametrize("id_", ["../x", "A", "", ".x", "a/b", "x" * 65])
def test_what_cannot_name_a_routine_names_none(box, knee, id_):
    assert "cannot name a routine" in box.says("install", knee, "--id", id_, code=65)
    assert box.holds() == {}


def test_what_ships_already_is_here_already(box, tmp_path):
    box.says("export", "squat", "-o", tmp_path)
    (told,) = box.told("install", tmp_path / "squat.posecoach")
    assert told["state"] == "unchanged"


def test_one_that_is_refused_keeps_nobody_from_the_others(box, knee, tmp_path):
    (tmp_path / "stick").mkdir()
    shutil.copy(knee, tmp_path / "stick" / "B.POSECOACH")
    (tmp_path / "stick" / "a.posecoach").write_bytes(b"no zip")
    (tmp_path / "stick" / "holiday.jpg").write_bytes(b"x")
    rows = box.told("install", tmp_path / "stick", code=65)
    assert [(row["state"], row.get("why")) for row in rows] == [("refused", "broken"), ("installed", None)]


def test_a_folder_with_a_life_of_pictures_is_not_looked_through_for_ever(box, knee, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in range(MOST_LOOKED_AT):
        (stick / f"holiday {number}.jpg").touch()
    shutil.copy(knee, stick / "knee.posecoach")
    found, more = routine_files(stick)
    assert more
    assert found in ([], [stick / "knee.posecoach"]), "as the file system has them"
    for number in range(MOST_FOUND + 5):
        (tmp_path / f"{number:03}.posecoach").touch()
    found, more = routine_files(tmp_path)
    assert (len(found), more) == (MOST_FOUND, True)


def test_a_folder_without_any_says_what_it_looks_for(box, tmp_path):
    assert "*.posecoach" in box.says("install", tmp_path / "etc", code=66)
    assert "cannot be read" in box.says("install", tmp_path / "gone.posecoach", code=66)


def test_a_broken_one_is_replaced_only_when_that_is_asked_for(box, knee):
    box.says("install", knee)
    (box.routines / "knee" / "routine.toml").write_text("broken")
    assert "there is another" in box.says("install", knee, code=65)
    box.says("install", knee, "--replace")
    assert (aside(box.routines / "knee") / "routine.toml").read_text() == "broken"


def test_one_that_was_edited_is_nobodys_until_somebody_says_so(box, knee, tmp_path):
    box.says("install", knee)
    text = box.routines / "knee" / "routine.toml"
    text.write_text(text.read_text(encoding="utf-8").replace("hold_s = ", "hold_s = 1"), encoding="utf-8")
    assert "was changed since" in box.says("export", "knee", "-o", tmp_path / "x", code=65)
    box.says("export", "knee", "-o", tmp_path / "x", "--author", "C. Blum")
    assert read_routine_file(tmp_path / "x").manifest.author == "C. Blum"


def test_what_it_came_with_is_shown_until_somebody_changes_it(box, knee):
    box.says("install", knee)
    assert "by A. Meyer, not signed by anybody known here; CC-BY-4.0" in box.says("show", "knee")
    (told,) = box.told("show", "knee")
    assert (told["came_with"]["author"], told["came_with"]["trust"]) == ("A. Meyer", "unsigned")
    with (box.routines / "knee" / "routine.toml").open("a") as text:
        text.write("# mine now\n")
    assert box.told("show", "knee")[0]["came_with"] is None


# -- removed --


def test_what_is_removed_can_be_brought_back(box, knee):
    box.says("install", knee)
    before = box.holds()
    assert "restore knee" in box.says("remove", "knee")
    assert "knee" not in [row["id"] for row in box.told("list")[0]]
    box.says("restore", "knee")
    assert box.holds() == before


def test_what_ships_stays_and_what_is_not_there_is_named(box, knee):
    assert "ships with posecoach" in box.says("remove", "squat", code=65)
    box.says("install", knee)
    assert "there are: knee" in box.says("remove", "nee", code=66)
    assert "there is: nothing" in box.says("restore", "../knee", code=66)


def test_of_one_that_hid_what_ships_the_shipped_one_is_seen_again(box, tmp_path):
    box.says("install", made(box, tmp_path / "s.posecoach", id_="squat"), "--replace")
    assert "is seen again" in box.says("remove", "squat")
    assert "Squat" in box.says("show", "squat")


# -- signed --


@needs_ssh
def test_a_signature_of_somebody_known_is_told_with_their_name(box, key, tmp_path):
    signed = made(box, tmp_path / "k.posecoach", "--sign", key)
    known(box, key)
    (told,) = box.told("install", signed, "--dry-run")
    assert (told["trust"], told["signed_by"]) == ("known", "meyer@praxis.example")
    assert told["key"].startswith("ED25519 key SHA256:")
    assert "by A. Meyer, signed by meyer@praxis.example" in box.says("install", signed)
    assert made(box, tmp_path / "l.posecoach", "--sign", key).read_bytes() == signed.read_bytes()


@needs_ssh
def test_a_signature_of_nobody_known_counts_as_none(box, key, tmp_path):
    signed = made(box, tmp_path / "k.posecoach", "--sign", key)
    assert "signed with a key that is not known here (ED25519 key SHA256:" in box.says("install", signed)
    box.settings.write_text("[exchange]\nsigned_only = true\n")
    assert "its signer is not known" in box.says("install", signed, "--id", "b", code=65)


@needs_ssh
@pytest.mark.parametrize(
    "options",
    ['namespaces="git"', 'namespaces="posecoach-routine",valid-before="20200101"'],
    ids=["git", "expired"],
)
def test_a_key_that_is_known_for_something_else_is_not_known(box, key, tmp_path, options):
    signed = made(box, tmp_path / "k.posecoach", "--sign", key)
    known(box, key, options=options)
    (told,) = box.told("install", signed, "--dry-run")
    assert (told["trust"], told["signed_by"]) == ("unknown", None)


@needs_ssh
def test_a_box_that_takes_only_what_is_signed_takes_nothing_else(box, knee, key, tmp_path):
    box.settings.write_text("[exchange]\nsigned_only = true\n")
    assert "nobody has signed it" in box.says("install", knee, "--replace", code=65)
    (row,) = box.told("install", knee, code=65)
    assert (row["state"], row["why"], row["name"]) == ("refused", "unsigned", "Knee rehab")
    assert box.holds() == {}
    signed = made(box, tmp_path / "k.posecoach", "--sign", key)
    known(box, key)
    box.says("install", signed)


@needs_ssh
def test_trust_may_be_given_with_the_command(box, key, tmp_path):
    signed = made(box, tmp_path / "k.posecoach", "--sign", key)
    known(box, key)
    shutil.move(box.settings.parent / "allowed_signers", tmp_path / "people")
    assert "signed by meyer" in box.says("install", signed, "--trust", tmp_path / "people")
    assert "no such file" in box.says("install", signed, "--trust", tmp_path / "gone", code=66)


@needs_ssh
def test_the_signer_of_the_one_that_is_here_may_replace_it_and_nobody_else(box, key, knee, tmp_path):
    known(box, key)
    box.says("install", made(box, tmp_path / "k.posecoach", "--sign", key))
    newer = made(box, tmp_path / "n.posecoach", "--sign", key, name="Knee rehab, week 2")
    unsigned = made(box, tmp_path / "u.posecoach", name="Knee rehab, week 3")
    assert "there is another" in box.says("install", unsigned, code=65)
    (told,) = box.told("install", newer)
    assert told["state"] == "replaced"
    (told,) = box.told("install", made(box, tmp_path / "same.posecoach", name="Knee rehab, week 2"))
    assert told["state"] == "unchanged", "the signature stays"


@needs_ssh
def test_a_signature_of_something_else_is_refused_wherever_it_is_trusted(box, key, tmp_path):
    known(box, key)
    one = unpack(made(box, tmp_path / "k.posecoach", "--sign", key).read_bytes())
    other = unpack(made(box, tmp_path / "o.posecoach", name="Other").read_bytes())
    forged = {"manifest.json": other["manifest.json"], "manifest.json.sig": one["manifest.json.sig"], **other}
    (tmp_path / "forged.posecoach").write_bytes(pack(forged))
    assert "changed after it was signed" in box.says("install", tmp_path / "forged.posecoach", code=65)
    assert box.holds() == {}


def test_a_key_that_is_not_there_is_told_with_how_to_make_one(box, tmp_path):
    said = box.says("export", "squat", "-o", tmp_path / "x", "--sign", tmp_path / "none", code=66)
    assert "ssh-keygen -t ed25519" in said
    assert not (tmp_path / "x").exists()


@needs_ssh
def test_what_is_no_key_does_not_sign(box, tmp_path):
    (tmp_path / "key").write_text("no key")
    assert "does not sign" in box.says(
        "export", "squat", "-o", tmp_path / "x", "--sign", tmp_path / "key", code=65
    )


def test_without_the_tool_nothing_is_signed_and_nobody_is_known(box, knee, tmp_path, monkeypatch):
    (tmp_path / "key").write_text("x")
    signed = {**unpack(knee.read_bytes())}
    whole = {"manifest.json": signed.pop("manifest.json"), "manifest.json.sig": b"x", **signed}
    (tmp_path / "s.posecoach").write_bytes(pack(whole))
    monkeypatch.setenv("PATH", str(tmp_path / "etc"))
    said = box.says("export", "squat", "-o", tmp_path / "x", "--sign", tmp_path / "key", code=69)
    assert "openssh-client" in said
    assert "ssh-keygen is not here" in box.says("install", tmp_path / "s.posecoach", "--dry-run")


def test_a_box_whose_configuration_is_broken_guesses_nothing(box, knee):
    box.settings.write_text("[exchange]\nsigned_only = 1\n")
    assert "exchange.signed_only must be true or false" in box.says("install", knee, code=78)


# -- killed in the middle, and a full disk --

KILLED = """
import json, os, sys
from pathlib import Path
from posecoach.cli import main
from posecoach.cli.recordings import routines
from posecoach.errors import InputMissing

count, calls = 0, 0

def trace(name, arguments):
    global calls
    changes = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "open")
    if count and name in changes and "routines" in str(arguments[0]):
        calls += 1
        if calls == count:
            os._exit(99)

sys.addaudithook(trace)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
main(["routine", "install", sys.argv[1], "--dry-run", "--replace"])  # all imports are done once
codes, found = [], []
while not codes or (codes[-1] == 99 and len(codes) < 100):
    child = os.fork()
    if child == 0:
        count = len(codes) + 1
        os._exit(main(["routine", "install", sys.argv[1], "--replace"]))
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    try:
        found.append(routines().load("knee").name)
    except InputMissing:
        found.append(None)
Path(sys.argv[2]).write_text(json.dumps([codes, found]))
"""


def test_killed_at_any_moment_there_is_the_one_before_or_the_new_one(box, knee, tmp_path):
    box.says("install", made(box, tmp_path / "one.posecoach", name="Before"))
    where = [str(Path(posecoach.__file__).parents[1]), *sys.path]
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, knee, tmp_path / "told"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(where)}, check=True, timeout=120,
    )  # fmt: skip
    codes, found = json.loads((tmp_path / "told").read_text())
    assert set(codes[:-1]) == {99}
    assert codes[-1] == 0
    assert len(codes) > 10
    assert set(found) == {"Before", "Knee rehab"}
    assert found == sorted(found, key=lambda name: name == "Knee rehab"), "once it is new it stays"
    left = {path.name for path in box.routines.iterdir()} - {".lock"}
    assert left == {"knee", "knee~"}


def test_where_the_kernel_cannot_swap_two_names_they_are_swapped_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setattr(_put_in_place, "exchanged", lambda one, other: False)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "is").write_text(name)
    swap(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "is").read_text() == "b"
    assert put_in_place(tmp_path / "a", tmp_path / "b")
    assert ((tmp_path / "b" / "is").read_text(), (tmp_path / "b~" / "is").read_text()) == ("b", "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "b~"]


def test_where_nothing_can_be_written_it_says_so(box, knee):
    box.routines.parent.mkdir()
    box.routines.write_text("in the way")
    assert "cannot be" in box.says("install", knee, code=74)
    assert box.routines.read_text() == "in the way"


def test_a_container_that_is_too_large_is_not_written(tmp_path):
    with pytest.raises(ExchangeError, match="larger than 32 MiB"):
        unpack(bytes(33 << 20))
