"""``posecoach compare``, by its command line, with the model that ships and the athlete."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.model_store import ModelStore
from posecoach.adapters.pictures import read_picture, write_png
from posecoach.app import open_estimator
from posecoach.cli import main
from posecoach.frame import Frame
from posecoach.skeleton import Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import ViewCamera
from refusals import only_line

MODEL = ["--model", "posecoach-athlete"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The athlete standing, with both arms up, and an empty picture."""
    folder = tmp_path_factory.mktemp("pictures")
    athlete = Athlete(MOTIONS["shoulder_abduction"], camera=ViewCamera((1280, 720)), seed=3, reps=1)
    times_s = np.linspace(0.0, athlete.duration_s, 100)
    xy, _ = athlete.keypoints(times_s)
    stage = Stage(athlete, 3)
    write_png(folder / "down.png", stage.picture(0.0))
    write_png(folder / "up.png", stage.picture(times_s[xy[:, Keypoint.LEFT_WRIST, 1].argmin()]))
    another = Athlete(MOTIONS["shoulder_abduction"], camera=ViewCamera((1280, 720)), seed=8, reps=1)
    xy, _ = another.keypoints(times_s)
    raised_s = times_s[xy[:, Keypoint.LEFT_WRIST, 1].argmin()]
    write_png(folder / "another_up.png", Stage(another, 8).picture(raised_s))
    write_png(folder / "nobody.png", np.full((240, 320, 3), 90, np.uint8))
    return folder


def compared(capsys, *arguments):
    assert main(["compare", *map(str, arguments), *MODEL, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def found_in(path):
    """The one person that the network finds in a picture."""
    stored = ModelStore().resolve("posecoach-athlete")
    with open_estimator(stored.content, stored.model_id) as estimator:
        (pose,) = estimator.estimate(Frame(0, 0.0, read_picture(path)))
    return pose


def test_a_picture_is_like_itself(capsys, pictures):
    found = compared(capsys, pictures / "up.png", pictures / "up.png")

    assert {"cosine_similarity", "cosine_distance", "weighted_distance", "score"} <= set(found)
    assert (found["cosine_similarity"], found["cosine_distance"], found["weighted_distance"]) == (
        1.0,
        0.0,
        0.0,
    )
    assert (found["score"], found["reason"]) == (100.0, None)
    assert found["coverage"] >= 0.9


def test_arms_up_are_not_arms_down(capsys, pictures):
    found = compared(capsys, pictures / "down.png", pictures / "up.png")

    assert found["score"] < 40
    assert found["limbs"]["left_arm"] < 10
    assert found["limbs"]["left_leg"] > 80
    assert found["cosine_distance"] > 0.3
    assert found["cosine_distance"] == pytest.approx(np.sqrt(2 - 2 * found["cosine_similarity"]), abs=1e-3)


def test_the_same_pose_by_two_people_is_near_and_another_is_clearly_apart(capsys, pictures):
    """In kind what the author of Move Mirror saw: about 0.99 and 0.13 against poses clearly apart."""
    alike = compared(capsys, pictures / "up.png", pictures / "another_up.png")
    apart = compared(capsys, pictures / "down.png", pictures / "another_up.png")

    assert alike["cosine_similarity"] > 0.99
    assert alike["cosine_distance"] < 0.13
    assert apart["cosine_similarity"] < 0.95
    assert apart["cosine_distance"] > 3 * alike["cosine_distance"]
    assert apart["weighted_distance"] > 3 * alike["weighted_distance"]


def test_for_people_it_is_a_table(capsys, pictures):
    assert main(["compare", str(pictures / "down.png"), str(pictures / "up.png"), *MODEL]) == 0

    said = capsys.readouterr().out
    for words in ("of 100", "cosine similarity", "weighted distance", "left arm"):
        assert words in said


def test_both_can_be_drawn_side_by_side(capsys, pictures, tmp_path):
    out = tmp_path / "both.png"

    assert (
        main(["compare", str(pictures / "down.png"), str(pictures / "up.png"), *MODEL, "--draw", str(out)])
        == 0
    )

    drawn = read_picture(out)
    assert drawn.shape == (720, 1520, 3)
    one, other = drawn[60:, 40:460], drawn[60:, 500:920]
    assert len(np.unique(one.reshape(-1, 3)[::20], axis=0)) > 200  # a picture
    assert (np.abs(one.astype(int) - other) > 60).any(axis=2).mean() > 0.05  # and another one


def test_the_measures_agree_with_a_direct_evaluation_of_their_formulas(capsys, pictures):
    """To a millionth, from the keypoints that the network finds, in plain arithmetic."""
    found = compared(capsys, pictures / "down.png", pictures / "up.png")

    vectors, confidences = [], []
    for name in ("down.png", "up.png"):
        pose = found_in(pictures / name)
        xs, ys = (pose.keypoints_xy[:, axis].tolist() for axis in (0, 1))
        side = max(max(xs) - min(xs), max(ys) - min(ys))
        numbers = [
            v for x, y in zip(xs, ys, strict=True) for v in ((x - min(xs)) / side, (y - min(ys)) / side)
        ]
        length = math.sqrt(sum(v * v for v in numbers))
        vectors.append([v / length for v in numbers])
        confidences.append(pose.keypoint_scores.tolist())
    a, b = vectors
    cosine = sum(x * y for x, y in zip(a, b, strict=True))
    apart = [abs(a[2 * k] - b[2 * k]) + abs(a[2 * k + 1] - b[2 * k + 1]) for k in range(17)]
    weighted = sum(c * d for c, d in zip(confidences[0], apart, strict=True)) / sum(confidences[0])

    assert found["cosine_similarity"] == pytest.approx(cosine, abs=1e-6)
    assert found["cosine_distance"] == pytest.approx(math.sqrt(2 * (1 - cosine)), abs=1e-6)
    assert found["weighted_distance"] == pytest.approx(weighted, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "code", "words"), [("nobody.png", 65, "nobody found"), ("missing.png", 66, "missing.png")]
)
def test_without_somebody_in_both_it_is_one_line_and_an_exit_code(capsys, pictures, name, code, words):
    assert main(["compare", str(pictures / "up.png"), str(pictures / name), *MODEL]) == code

    err = only_line(capsys)
    assert words in err
    assert name in err
