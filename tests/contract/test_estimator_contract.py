"""What every pose estimator keeps, on models made here; then what is particular to PoseNet on LiteRT."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters._edgetpu import LIBRARY_VARIABLE
from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.adapters.movenet_estimator import MoveNetEstimator
from posecoach.errors import ModelError, ModelUnavailable, ShapeError
from posecoach.frame import Frame
from posecoach.ports import PoseEstimator
from posecoach.service.child_estimator import ChildEstimator
from posecoach.vision.letterbox import Resize
from posecoach.vision.multi_pose import DecodeOptions
from standin_edgetpu import standin_library
from tiny_movenet import tiny_movenet
from tiny_posenet import INPUT_WH, STRIDE, compiled_posenet, figure_xy, tiny_posenet

WIDTH, HEIGHT = INPUT_WH


def litert(kind: str, **options) -> Callable[[], PoseEstimator]:
    return lambda: LiteRtEstimator(tiny_posenet(kind), model_id="tiny", **options)


def movenet(kind: str, **options) -> Callable[[], PoseEstimator]:
    return lambda: MoveNetEstimator(tiny_movenet(kind, **options), model_id="tiny")


def child_litert() -> PoseEstimator:
    return ChildEstimator(partial(LiteRtEstimator, tiny_posenet("uint8"), model_id="tiny"))


def edge_tpu() -> PoseEstimator:
    # Without the probe, which costs a process; the tests of the Edge TPU have it.
    return LiteRtEstimator(compiled_posenet(), model_id="tiny", probe=False)


ESTIMATORS: dict[str, Callable[[], PoseEstimator]] = {
    "litert uint8": litert("uint8"),
    "litert int8": litert("int8"),
    "litert float32": litert("float32"),
    "litert single": litert("uint8", single=True),
    "movenet uint8": movenet("uint8"),
    "movenet float32": movenet("float32"),
    "movenet quantised": movenet("int8", quantised_answer=True),
    "edge tpu": edge_tpu,
    "child litert": child_litert,
}
"""Every estimator, on a network that sees a person wherever the picture is bright."""


@pytest.fixture(scope="module")
def child():
    """One process for all tests: to start an interpreter and its kernels takes a second or two."""
    with child_litert() as made:
        yield made


@pytest.fixture(params=ESTIMATORS)
def estimator(request, monkeypatch):
    if request.param == "child litert" and "closing" not in request.node.name:
        yield request.getfixturevalue("child")
        return
    if request.param == "edge tpu":
        monkeypatch.setenv(LIBRARY_VARIABLE, str(standin_library()))
        monkeypatch.setenv("STANDIN", "bright")
    with ESTIMATORS[request.param]() as made:
        yield made


def picture(wh=INPUT_WH, *spots, spot_px=STRIDE):
    """A black picture with white squares around the given points (x, y)."""
    image = np.zeros((wh[1], wh[0], 3), np.uint8)
    for x, y in spots:
        half = spot_px // 2
        image[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1] = 255
    return image


def frame(*spots, wh=INPUT_WH, lores=None, spot_px=STRIDE):
    return Frame(0, 0.0, picture(wh, *spots, spot_px=spot_px), lores)


class TestEveryEstimator:
    def test_nobody_is_an_empty_list(self, estimator):
        assert estimator.estimate(frame()) == []

    def test_a_person_is_found_where_they_are_in_image_pixels(self, estimator):
        [pose] = estimator.estimate(frame((64, 48)))
        assert pose.keypoints_xy[0] == pytest.approx((64, 48), abs=STRIDE / 2)
        assert 0.5 < pose.score <= 1

    def test_keypoints_are_in_pixels_of_the_image_whatever_its_size(self, estimator):
        scale = 4
        spot = (64 * scale, 48 * scale)
        wh = (WIDTH * scale, HEIGHT * scale)
        [pose] = estimator.estimate(frame(spot, wh=wh, spot_px=STRIDE * scale))
        assert pose.keypoints_xy[0] == pytest.approx(spot, abs=STRIDE * scale / 2)

    def test_keypoints_are_in_pixels_of_the_image_when_there_is_a_smaller_one(self, estimator):
        small = picture((WIDTH, HEIGHT), (64, 48))
        seen = Frame(0, 0.0, np.zeros((HEIGHT * 5, WIDTH * 5, 3), np.uint8), small)
        [pose] = estimator.estimate(seen)
        assert pose.keypoints_xy[0] == pytest.approx((320, 240), abs=STRIDE * 5 / 2)

    def test_the_picture_may_change_its_size_between_frames(self, estimator):
        [first] = estimator.estimate(frame((64, 48)))
        estimator.estimate(frame((300, 100), wh=(640, 200)))
        [again] = estimator.estimate(frame((64, 48)))
        assert np.array_equal(first.keypoints_xy, again.keypoints_xy)

    def test_the_second_frame_owes_nothing_to_the_first(self, estimator):
        [first] = estimator.estimate(frame((32, 32)))
        kept = first.keypoints_xy.copy()
        assert estimator.estimate(frame()) == []
        [other] = estimator.estimate(frame((96, 64)))
        assert np.array_equal(first.keypoints_xy, kept)
        assert other.keypoints_xy[0] == pytest.approx((96, 64), abs=STRIDE / 2)

    def test_the_same_frame_gives_the_same_answer(self, estimator):
        one, other = (estimator.estimate(frame((64, 48)))[0] for _ in range(2))
        assert np.array_equal(one.keypoints_xy, other.keypoints_xy)
        assert np.array_equal(one.keypoint_scores, other.keypoint_scores)
        assert one.score == other.score

    def test_the_frame_is_not_changed(self, estimator):
        given = frame((64, 48))
        before = given.image.copy()
        estimator.estimate(given)
        assert np.array_equal(given.image, before)

    def test_people_come_best_first(self, estimator):
        image = picture(INPUT_WH, (96, 64))
        image[8:25, 8:25] = 190
        scores = [pose.score for pose in estimator.estimate(Frame(0, 0.0, image))]
        assert scores == sorted(scores, reverse=True)
        assert scores

    def test_it_has_a_name(self, estimator):
        assert estimator.model_id == "tiny"

    def test_closing_twice_is_closing(self, estimator):
        estimator.close()
        estimator.close()
        with pytest.raises(ModelUnavailable, match="closed"):
            estimator.estimate(Frame(0, 0.0, np.zeros((33, 33, 3), dtype=np.uint8)))


@pytest.fixture(scope="module")
def tiny():
    return tiny_posenet()


def estimate(model, given, **options):
    with LiteRtEstimator(model, model_id="tiny", **options) as made:
        return made.estimate(given)


@pytest.mark.parametrize("kind", ["uint8", "int8", "float32"])
def test_the_whole_figure_is_where_the_network_puts_it(kind):
    [pose] = estimate(tiny_posenet(kind), frame((64, 48)))
    assert pose.keypoints_xy == pytest.approx(figure_xy() + np.array([64, 48]), abs=0.3)


def test_two_people_are_two_unless_one_is_asked_for(tiny):
    given = frame((32, 32), (96, 64))
    assert len(estimate(tiny, given)) == 2
    assert len(estimate(tiny, given, options=DecodeOptions(max_poses=1))) == 1
    assert len(estimate(tiny, given, single=True)) == 1


def test_a_shrunken_picture_gives_the_same_place(tiny):
    [pose] = estimate(tiny, frame((64, 48), spot_px=2 * STRIDE), scale_factor=0.5)
    assert pose.keypoints_xy[0] == pytest.approx((64, 48), abs=STRIDE)


def test_a_stretched_picture_gives_the_same_place(tiny):
    given = frame((256, 48), wh=(4 * WIDTH, HEIGHT))
    [pose] = estimate(tiny, given, resize=Resize.STRETCH)
    assert pose.keypoints_xy[0] == pytest.approx((256, 48), abs=4 * STRIDE / 2)


def test_flipping_is_looking_at_the_mirrored_picture(tiny):
    given = frame((32, 48))
    mirrored = Frame(0, 0.0, np.ascontiguousarray(given.image[:, ::-1]))
    [flipped] = estimate(tiny, given, flip_horizontal=True)
    [plain] = estimate(tiny, mirrored)
    assert np.array_equal(flipped.keypoints_xy, plain.keypoints_xy)
    assert flipped.keypoints_xy[0] == pytest.approx((WIDTH - 1 - 32, 48), abs=STRIDE / 2)


def test_the_stages_one_by_one_are_the_estimate(tiny):
    given = frame((317, 237), wh=(640, 480), spot_px=40)
    with LiteRtEstimator(tiny, model_id="tiny") as made:
        pixels = made.prepare(given)
        heads = made.infer(pixels)
        in_network_px = made.decode(heads)
        [staged] = made.place(in_network_px, given)
        [whole] = made.estimate(given)
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert heads.output_stride == STRIDE
    assert np.array_equal(staged.keypoints_xy, whole.keypoints_xy)


def test_heads_outlive_the_next_inference(tiny):
    with LiteRtEstimator(tiny, model_id="tiny") as made:
        heads = made.infer(made.prepare(frame((64, 48))))
        before = heads.heatmaps.values.copy()
        made.infer(made.prepare(frame()))
        assert np.array_equal(heads.heatmaps.values, before)


def test_a_model_that_was_edited_before_is_the_same_model():
    plain = tiny_posenet(last_operator=None)
    [one] = estimate(plain, frame((64, 48)))
    [other] = estimate(tiny_posenet(), frame((64, 48)))
    assert np.array_equal(one.keypoints_xy, other.keypoints_xy)


def test_what_is_no_model_is_refused():
    with pytest.raises(ModelError, match="not a TensorFlow Lite model"):
        LiteRtEstimator(b"<html>404</html>", model_id="x")


def test_a_cut_off_model_is_refused(tiny):
    with pytest.raises(ModelError, match="cut off or damaged"):
        LiteRtEstimator(tiny[: len(tiny) // 2], model_id="x")


def test_other_heads_are_refused_with_what_was_found():
    model = tiny_posenet(channels=(16, 34, 64), last_operator=None)
    with pytest.raises(ModelError, match=r"\(1, 7, 9, 16\) uint8.*17 \(heatmaps\)"):
        LiteRtEstimator(model, model_id="x")


def test_a_missing_head_is_refused_with_what_was_found():
    with pytest.raises(
        ModelError, match=r"outputs are \(1, 7, 9, 17\) uint8, \(1, 7, 9, 34\) uint8; expected"
    ):
        LiteRtEstimator(tiny_posenet(channels=(17, 34), last_operator=None), model_id="x")


def test_an_operator_that_nobody_knows_is_refused_by_name():
    with pytest.raises(ModelError, match="SomebodysOp"):
        LiteRtEstimator(tiny_posenet(last_operator="SomebodysOp"), model_id="x")


def test_a_closed_estimator_says_so(tiny):
    made = LiteRtEstimator(tiny, model_id="tiny")
    made.close()
    with pytest.raises(ModelUnavailable, match="closed"):
        made.estimate(frame())


def test_a_senseless_scale_factor_is_refused_at_once(tiny):
    with pytest.raises(ShapeError, match="scale_factor"):
        LiteRtEstimator(tiny, model_id="tiny", scale_factor=0)


def test_without_an_interpreter_it_says_what_to_install():
    device = Path(__file__).parents[2] / "device"
    # A fresh Python in which neither package can be imported.
    script = (
        "import sys; sys.modules['ai_edge_litert'] = sys.modules['tflite_runtime'] = None\n"
        f"sys.path.insert(0, {str(device)!r})\n"
        "from posecoach.adapters.litert_estimator import LiteRtEstimator\n"
        "from posecoach.errors import ModelUnavailable\n"
        "try:\n    LiteRtEstimator(b'', model_id='x')\n"
        "except ModelUnavailable as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "install ai-edge-litert" in done.stdout
