"""``posecoach pose``, by its command line, with a model made here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.pictures import read_picture, write_png
from posecoach.cli import main
from posecoach.skeleton import Keypoint
from tiny_posenet import INPUT_WH, STRIDE, tiny_posenet

WIDTH, HEIGHT = INPUT_WH


def write_picture(path, *spots):
    """Black, with somebody wherever a spot is."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for x, y in spots:
        image[y - 8 : y + 9, x - 8 : x + 9] = 255
    write_png(path, image)
    return str(path)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "tiny.tflite"
    path.write_bytes(tiny_posenet())
    return ["--model", str(path)]


@pytest.fixture
def one(tmp_path):
    return write_picture(tmp_path / "one.png", (32, 48))


@pytest.fixture
def two(tmp_path):
    return write_picture(tmp_path / "two.png", (32, 32), (96, 64))


@pytest.fixture
def nobody(tmp_path):
    return write_picture(tmp_path / "nobody.png")


def posed(capsys, *arguments):
    """The JSON of one picture."""
    assert main(["pose", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_json_has_the_keys_of_the_contract(capsys, model, one):
    found = posed(capsys, one, *model)
    assert list(found) == ["image", "width", "height", "model", "poses"]
    assert (found["image"], found["width"], found["height"]) == (one, WIDTH, HEIGHT)
    assert found["model"] == "tiny.tflite"
    [pose] = found["poses"]
    assert list(pose) == ["score", "keypoints"]
    assert [keypoint["part"] for keypoint in pose["keypoints"]] == [keypoint.part for keypoint in Keypoint]
    nose = pose["keypoints"][0]
    assert list(nose) == ["part", "position", "score"]
    assert (nose["position"]["x"], nose["position"]["y"]) == pytest.approx((32, 48), abs=STRIDE / 2)


def test_several_pictures_are_one_object_a_line(capsys, model, one, two, nobody):
    assert main(["pose", one, two, nobody, *model, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(found["image"], len(found["poses"])) for found in lines] == [(one, 1), (two, 2), (nobody, 0)]


def test_without_json_there_is_a_table(capsys, model, two, nobody):
    assert main(["pose", two, nobody, *model]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"{two}: {WIDTH} x {HEIGHT}, 2 people (tiny.tflite)"
    assert "person 1" in rest[0]
    assert "person 2" in rest[0]
    assert [line.split()[0] for line in rest[1:18]] == [keypoint.part for keypoint in Keypoint]
    assert rest[18] == f"{nobody}: {WIDTH} x {HEIGHT}, nobody found (tiny.tflite)"


def test_a_table_of_many_people_stays_narrow(capsys, tmp_path, model):
    spots = [(x, y) for x in (24, 56, 88) for y in (24, 56)]
    crowd = write_picture(tmp_path / "crowd.png", *spots)
    main(["pose", crowd, *model, "--nms-radius", "5"])
    out = capsys.readouterr().out
    assert "person 5" in out
    assert max(map(len, out.splitlines()[1:])) <= 100


@pytest.mark.parametrize(("options", "people"), [([], 2), (["--max-poses", "1"], 1), (["--single"], 1)])
def test_the_number_of_people_follows_the_options(capsys, model, two, options, people):
    assert len(posed(capsys, two, *model, *options)["poses"]) == people


def test_the_threshold_and_the_radius_reach_the_decoder(capsys, model, two):
    assert posed(capsys, two, *model, "--score-threshold", "0.9")["poses"] == []
    assert len(posed(capsys, two, *model, "--nms-radius", "90")["poses"]) == 1


def test_flipping_gives_positions_in_the_mirrored_picture(capsys, model, one):
    flipped = posed(capsys, one, *model, "--flip-horizontal")["poses"][0]["keypoints"][0]["position"]
    assert flipped["x"] == pytest.approx(WIDTH - 32, abs=STRIDE / 2 + 1)
    assert flipped["y"] == pytest.approx(48, abs=STRIDE / 2)


@pytest.mark.parametrize("options", [["--resize", "stretch"], ["--scale-factor", "1"]])
def test_the_layout_options_keep_the_place(capsys, model, one, options):
    position = posed(capsys, one, *model, *options)["poses"][0]["keypoints"][0]["position"]
    assert (position["x"], position["y"]) == pytest.approx((32, 48), abs=STRIDE / 2)


def test_a_drawing_shows_something_where_the_person_is_and_keeps_the_rest(tmp_path, model, one):
    out = tmp_path / "out.png"
    assert main(["pose", one, *model, "--draw", str(out)]) == 0
    drawn, given = read_picture(out), read_picture(Path(one))
    assert drawn.shape == given.shape
    changed = (drawn != given).any(axis=2)
    assert changed[40:57, 24:41].any()
    assert not changed[:, 80:].any()


def test_several_drawings_are_numbered_in_the_order_given(tmp_path, model, one, two):
    assert main(["pose", two, one, *model, "--draw", str(tmp_path / "out.png")]) == 0
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-1.png", "out-2.png"]
    assert (read_picture(tmp_path / "out-2.png")[:, 80:] == 0).all()


def test_a_flipped_drawing_is_of_the_mirrored_picture(tmp_path, model, one):
    out = tmp_path / "out.png"
    assert main(["pose", one, *model, "--flip-horizontal", "--draw", str(out)]) == 0
    drawn = read_picture(out)
    assert drawn[:, WIDTH - 41 :].any()
    assert not drawn[:, :40].any()


def test_one_bad_picture_is_reported_and_the_others_are_done(capsys, tmp_path, model, one, two):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    missing = str(tmp_path / "missing.png")
    assert main(["pose", str(broken), one, missing, two, *model, "--json"]) == 65
    out, err = capsys.readouterr()
    assert [json.loads(line)["image"] for line in out.splitlines()] == [one, two]
    complaints = [line for line in err.splitlines() if line.startswith("posecoach: ")]
    assert ["broken.png" in complaints[0], "missing.png" in complaints[1]] == [True, True]


def test_a_missing_picture_is_a_missing_input(capsys, tmp_path, model):
    assert main(["pose", str(tmp_path / "missing.png"), *model]) == 66
    assert "missing.png" in capsys.readouterr().err


def test_a_file_that_is_no_model_is_bad_input(capsys, one):
    assert main(["pose", one, "--model", one]) == 65
    assert "not a TensorFlow Lite model" in capsys.readouterr().err


def test_a_model_with_other_heads_is_bad_input_and_says_what_it_has(capsys, tmp_path, one):
    path = tmp_path / "sixteen.tflite"
    path.write_bytes(tiny_posenet(channels=(16, 34, 64), last_operator=None))
    assert main(["pose", one, "--model", str(path)]) == 65
    err = capsys.readouterr().err
    assert "sixteen.tflite is not a PoseNet" in err
    assert "(1, 7, 9, 16)" in err


@pytest.mark.shared
def test_movenet_sees_one_person_and_each_picture_by_itself(capsys, shared):
    model = str(shared / "models" / "movenet_single_pose_lightning_ptq.tflite")
    squat = str(shared / "data" / "images" / "coral" / "squat.bmp")
    couple = str(shared / "data" / "images" / "coral" / "test_couple.jpg")
    assert main(["pose", squat, couple, squat, "--model", model, "--json"]) == 0
    first, other, again = map(json.loads, capsys.readouterr().out.splitlines())
    assert len(first["poses"]) == len(other["poses"]) == 1
    assert first["model"] == "movenet_single_pose_lightning_ptq.tflite"
    assert first == again


def test_a_missing_model_file_is_a_missing_input(capsys, tmp_path, one):
    assert main(["pose", one, "--model", str(tmp_path / "gone.tflite")]) == 66
    assert "gone.tflite" in capsys.readouterr().err


def test_a_model_that_nobody_knows_is_unavailable(capsys, one):
    assert main(["pose", one, "--model", "posenet-mobilnet"]) == 69
    assert "posenet-mobilenet-075-481x641" in capsys.readouterr().err


def test_a_model_for_the_edge_tpu_is_unavailable_without_one(capsys, monkeypatch, one):
    monkeypatch.setenv("POSECOACH_LIBEDGETPU", "/nowhere/libedgetpu.so.1")
    assert main(["pose", one, "--model", "posenet-mobilenet-075-353x481-edgetpu"]) == 69
    assert "posenet-mobilenet-075-353x481" in capsys.readouterr().err


def test_a_drawing_that_cannot_be_written_is_an_output_error(capsys, tmp_path, model, one):
    assert main(["pose", one, *model, "--draw", str(tmp_path / "no/such/folder/out.png")]) == 74
    assert "out.png" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--max-poses", "0"],
        ["--max-poses", "1.5"],
        ["--score-threshold", "1.1"],
        ["--score-threshold", "nan"],
        ["--nms-radius", "-1"],
        ["--nms-radius", "wide"],
        ["--scale-factor", "0.1"],
        ["--scale-factor", "2"],
        ["--resize", "crop"],
        ["--draw", "out.jpg"],
        ["--threads", "0"],
        ["--threads", "many"],
        ["--tpu", "gpu"],
        ["--tpu", "usb:"],
        ["--tpu", ""],
    ],
)
def test_options_outside_their_range_are_usage_errors_that_name_them(capsys, one, wrong):
    with pytest.raises(SystemExit) as caught:
        main(["pose", one, *wrong])
    assert caught.value.code == 2
    assert wrong[0] in capsys.readouterr().err
