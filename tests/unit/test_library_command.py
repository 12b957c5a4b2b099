"""``posecoach library``, by its command line, with the model that ships and the athlete."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.pictures import read_picture, write_png
from posecoach.adapters.thumbnails import thumbnail_picture
from posecoach.cli import main
from posecoach.cli.picture_reader import answered, open_reader
from posecoach.cli.recordings import ModelChoice
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import ViewCamera
from recordings import encoded
from refusals import only_line

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")

MODEL = ["--model", "posecoach-athlete"]
CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The athlete in six poses, none her own mirror image, an empty room, and what is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "more").mkdir()
    for number, name in enumerate(("side_leg_raise", "trunk_side_bend", "knee_raise")):
        athlete = Athlete(MOTIONS[name], camera=ViewCamera((640, 360)), seed=number + 5, reps=1)
        stage = Stage(athlete, number + 5)
        for part, share in enumerate((0.25, 0.45)):
            place = folder / ("more" if part else "") / f"{name}.png"
            write_png(place, stage.picture(share * athlete.duration_s))
    write_png(folder / "nobody.png", np.full((240, 320, 3), 90, np.uint8))
    whole = (folder / "knee_raise.png").read_bytes()
    (folder / "o_cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_bytes(b"no picture either")
    return folder


@pytest.fixture(scope="module")
def build(pictures, tmp_path_factory):
    """A library of them, and what its building has said."""
    path = tmp_path_factory.mktemp("built") / "athlete.library"
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert main(["library", "build", str(pictures), "-o", str(path), *MODEL, "--workers", "2"]) == 0
    return path, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def built(build):
    return build[0]


def told(capsys, *arguments):
    capsys.readouterr()
    assert main(["library", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_build_keeps_everybody_and_names_what_cannot_be_read(build):
    path, out, err = build

    assert "6 people in 7 pictures" in out
    assert "1 could not be read" in out
    assert err.count("\n") == 1
    assert "o_cut.png" in err
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_over_the_same_folder_again_only_what_is_new_is_read(capsys, pictures, built, tmp_path):
    folder, path = tmp_path / "pictures", tmp_path / "again.library"
    shutil.copytree(pictures, folder)
    shutil.copy(built, path)
    with sqlite3.connect(path) as library:
        library.execute("UPDATE library SET value = ? WHERE key = 'folder'", (str(folder),))
    library.close()
    build = ["build", folder, "-o", path, *MODEL, "--workers", "1"]

    again = told(capsys, *build)
    assert (again["people"], again["read_now"], again["unreadable"]) == (6, 0, 1)
    assert again["problems"][0]["image"] == "o_cut.png"

    (folder / "knee_raise.png").unlink()
    shutil.copy(folder / "side_leg_raise.png", folder / "o_cut.png")  # was unreadable, and is not any more
    write_png(folder / "nobody.png", np.full((240, 320, 3), 91, np.uint8))
    last = told(capsys, *build)
    assert (last["pictures"], last["people"], last["read_now"], last["unreadable"]) == (7, 6, 2, 0)


def test_ended_in_the_middle_it_goes_on_and_is_as_if_it_had_not_been(capsys, pictures, built, tmp_path):
    """The command line is really killed, after the third picture, which it names."""
    path = tmp_path / "killed.library"
    command = [sys.executable, "-m", "posecoach", "library", "build", str(pictures), "-o", str(path), *MODEL]
    environ = os.environ | {"PYTHONPATH": str(CHECKOUT / "device")}
    with subprocess.Popen([*command, "--workers", "1"], env=environ, stderr=subprocess.PIPE) as build:
        assert b"o_cut.png" in build.stderr.readline()
        build.kill()

    assert main(["library", "build", str(pictures), "-o", str(path), *MODEL, "--json", "--workers", "1"]) == 0

    out, err = capsys.readouterr()
    done = json.loads(out)
    assert (done["pictures"], done["people"], done["unreadable"]) == (7, 6, 1)
    assert done["read_now"] <= 5
    assert err == ""  # what could not be read is not tried again
    query = pictures / "side_leg_raise.png"
    found = [told(capsys, "search", each, query, "--top", 6)["results"] for each in (path, built)]
    assert found[0] == found[1]


@pytest.mark.parametrize("metric", ["cosine", "weighted"])
def test_a_picture_finds_itself_first_and_its_mirror_image_finds_it_as_such(
    capsys, pictures, built, tmp_path, metric
):
    picture = pictures / "more" / "side_leg_raise.png"
    turned = tmp_path / "turned.png"
    write_png(turned, np.ascontiguousarray(read_picture(picture)[:, ::-1]))
    options = ["--top", 3, "--metric", metric]

    itself = told(capsys, "search", built, picture, *options)["results"]
    twin = told(capsys, "search", built, turned, *options)["results"]

    assert [each["rank"] for each in itself] == [1, 2, 3]
    assert itself[0]["image"] == str(picture)
    assert itself[0][f"{metric}_distance"] < 1e-6
    assert not itself[0]["mirrored"]
    assert twin[0]["image"] == str(picture)
    assert twin[0]["mirrored"]
    assert twin[0][f"{metric}_distance"] < 1e-6
    distances = [each[f"{metric}_distance"] for each in itself]
    assert distances == sorted(distances)


def test_a_telephones_picture_is_told_in_its_own_pixels(pictures, tmp_path):
    """Looked at reduced; five times as large, she is found five times as far from the corner."""
    small = pictures / "side_leg_raise.png"
    large, repeated = tmp_path / "large.jpg", read_picture(small).repeat(5, axis=0).repeat(5, axis=1)
    large.write_bytes(encoded(repeated, "mjpeg", "yuvj420p"))

    reader = open_reader(ModelChoice("posecoach-athlete", num_threads=1))
    kept = [answered(reader.answer(os.fsencode(path))) for path in (small, large)]

    assert [each.wh for each in kept] == [(640, 360), (3200, 1800)]
    (one,), (other,) = (each.people for each in kept)
    np.testing.assert_allclose(other.pose.keypoints_xy / 5, one.pose.keypoints_xy, atol=6)
    theirs, hers = astuple(other.crop), astuple(one.crop)
    np.testing.assert_allclose(np.array(theirs) / 5, hers, atol=6)
    seen = [thumbnail_picture(each.thumbnail).astype(float) for each in (one, other)]
    assert max(seen[1].shape) == 320
    assert np.abs(seen[0].mean(axis=(0, 1)) - seen[1].mean(axis=(0, 1))).max() < 4


def test_for_people_it_is_a_list_and_a_sheet(capsys, pictures, built, tmp_path):
    sheet = tmp_path / "sheet.png"
    arguments = [str(built), str(pictures / "knee_raise.png"), "--sheet", str(sheet), "--top", "4"]

    assert main(["library", "search", *arguments]) == 0

    out = capsys.readouterr().out
    assert "nearest of 6 people by cosine distance" in out
    assert "0.000  knee_raise.png" in out
    drawn = read_picture(sheet)
    assert drawn.shape[1] > 1000
    assert len(np.unique(drawn.reshape(-1, 3)[::50], axis=0)) > 300  # pictures, and not panels alone


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["search", "nothing.library", "a.png"], 66, "library build"),
        (["search", "LIB", "PICTURES/nobody.png"], 65, "nobody found"),
        (["search", "LIB", "PICTURES/missing.png"], 66, "missing.png"),
        (["search", "PICTURES/notes.txt", "PICTURES/nobody.png"], 65, "no library"),
        (["build", "PICTURES/nothing", "-o", "x.library"], 66, "no such folder"),
        (["build", "EMPTY", "-o", "x.library"], 66, "no picture in it"),
        (["build", "PICTURES", "-o", "PICTURES/notes.txt"], 65, "no library"),
        (["build", "EMPTY/..", "-o", "LIB"], 65, "holds the pictures of"),
    ],
)
def test_what_is_wrong_is_one_line_and_an_exit_code(
    capsys, pictures, built, tmp_path, monkeypatch, arguments, code, says
):
    empty = tmp_path / "empty"
    empty.mkdir()
    write_png(tmp_path / "other.png", np.full((64, 64, 3), 90, np.uint8))
    monkeypatch.chdir(tmp_path)
    places = {"LIB": str(built), "PICTURES": str(pictures), "EMPTY": str(empty)}
    for name, place in places.items():
        arguments = [each.replace(name, place) for each in arguments]

    assert main(["library", *arguments, *MODEL]) == code

    assert says in only_line(capsys)


def test_another_network_is_not_mixed_in(capsys, pictures, built, tmp_path):
    other = tmp_path / "other.tflite"
    content = bytearray((CHECKOUT / "models" / "posecoach-athlete.tflite").read_bytes())
    other.write_bytes(content + b"\0")

    assert main(["library", "build", str(pictures), "-o", str(built), "--model", str(other)]) == 65

    assert "was built with posecoach-athlete" in capsys.readouterr().err
