"""What the network is trained towards, and the model that ships."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.adapters.model_store import ModelStore
from posecoach.frame import Frame
from posecoach.skeleton import Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.kinematics import posture
from posecoach.synthetic.motion import STANDING
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.picture import Scenery
from posecoach.synthetic.room import Room
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.vision.heads import Head, Heads
from posecoach.vision.multi_pose import decode_multi_pose

MODELS = Path(__file__).resolve().parents[2] / "models"
SHIPPED = "posecoach-athlete"

# Whole-number operators that the Edge TPU compiler maps (coral.ai/docs/edgetpu/models-intro, "Supported
# operations").
MAPPABLE = {
    "ADD", "AVERAGE_POOL_2D", "CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D", "EXPAND_DIMS",
    "FULLY_CONNECTED", "L2_NORMALIZATION", "LOGISTIC", "LSTM", "MAX_POOL_2D", "MAXIMUM", "MEAN", "MINIMUM",
    "MUL", "PACK", "PAD", "PRELU", "QUANTIZE", "REDUCE_MAX", "REDUCE_MIN", "RELU", "RELU6", "RELU_N1_TO_1",
    "RESHAPE", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "RSQRT", "SLICE", "SOFTMAX", "SPACE_TO_DEPTH",
    "SPLIT", "SQUEEZE", "STRIDED_SLICE", "SUB", "SUM", "SQUARED_DIFFERENCE", "TANH", "TRANSPOSE",
    "TRANSPOSE_CONV",
}  # fmt: skip


def training(name: str):
    """A module of models/training, which is no package."""
    folder = str(MODELS / "training")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)


def as_heads(target: np.ndarray) -> Heads:
    """What the network would say if it said exactly what it should."""
    heat = np.clip(target[..., :17], 0.001, 0.999)
    return Heads(
        Head(np.log(heat / (1 - heat)).astype(np.float32)),
        Head((target[..., 17:51] * 16).astype(np.float32)),
        Head((target[..., 51:115] * 16).astype(np.float32)),
        16,
    )


def two_people() -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.uniform((20, 20), (110, 230), (2, 17, 2)) + np.array([[[0, 0]], [[125, 0]]])


def test_the_decoder_reads_the_targets_back():
    xy = two_people()
    everything = np.ones((2, 17), dtype=bool)
    target = training("targets").targets(xy, everything, everything, (257, 257))
    assert target.shape == (17, 17, 115 + 17)
    poses = decode_multi_pose(as_heads(target))
    assert len(poses) == 2
    for pose in poses:
        nearest = min(np.abs(pose.keypoints_xy - person).max() for person in xy)
        assert nearest < 1.0


def test_a_hidden_keypoint_is_placed_but_not_vouched_for():
    xy = two_people()[:1]
    seen = np.ones((1, 17), dtype=bool)
    seen[0, 9] = False
    target = training("targets").targets(xy, seen, np.ones((1, 17), dtype=bool), (257, 257))
    (pose,) = decode_multi_pose(as_heads(target))
    np.testing.assert_allclose(pose.keypoints_xy[9], xy[0, 9], atol=1.0)
    assert pose.keypoint_scores[9] < 0.3 < 0.9 < pose.keypoint_scores[10]


def test_nobody_and_what_lies_outside_are_not_spoken_of():
    targets = training("targets").targets
    nobody = np.zeros((0, 17), dtype=bool)
    assert not targets(np.zeros((0, 17, 2)), nobody, nobody, (257, 257)).any()
    outside = np.zeros((1, 17), dtype=bool)
    assert not targets(np.full((1, 17, 2), -5.0), outside, outside, (257, 257)).any()


@pytest.fixture(scope="module")
def shipped() -> bytes:
    return ModelStore().resolve(SHIPPED).content


def test_the_shipped_model_is_small_and_every_operator_can_run_on_the_edge_tpu(shipped):
    assert len(shipped) <= 2 << 20
    model = schema.ModelT.InitFromPackedBuf(shipped, 0)
    assert len(model.subgraphs) == 1
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
    codes = [max(code.builtinCode, code.deprecatedBuiltinCode) for code in model.operatorCodes]
    graph = model.subgraphs[0]
    used = {names[codes[operator.opcodeIndex]] for operator in graph.operators}
    assert used
    assert used <= MAPPABLE, sorted(used - MAPPABLE)
    whole = {schema.TensorType.INT8, schema.TensorType.UINT8, schema.TensorType.INT32}
    for tensor in graph.tensors:
        assert tensor.type in whole, tensor.name
        assert (np.asarray(tensor.shape) > 0).all()
        assert (
            tensor.shapeSignature is None or (np.asarray(tensor.shapeSignature) > 0).all()
        )  # no size is open


def test_the_shipped_model_takes_pixels_as_they_are(shipped):
    """A step of the input is a step of a pixel, and black is what a convolution pads with."""
    graph = schema.ModelT.InitFromPackedBuf(shipped, 0).subgraphs[0]
    picture = graph.tensors[graph.inputs[0]]
    width, height = training("scenes").INPUT_WH

    assert picture.shape.tolist() == [1, height, width, 3]
    assert picture.type == schema.TensorType.INT8
    assert picture.quantization.scale.tolist() == [1.0]
    assert picture.quantization.zeroPoint.tolist() == [-128]


@pytest.mark.parametrize(
    ("motion", "yaw_deg"), [("squat", 90.0), ("shoulder_abduction", 0.0), ("warrior_two", 0.0)]
)
def test_the_shipped_model_finds_somebody_it_never_saw(shipped, motion, yaw_deg):
    camera = ViewCamera((1280, 720), yaw_deg=yaw_deg)
    athlete = Athlete(MOTIONS[motion], camera=camera, seed=11_000_003, reps=1)
    stage = Stage(athlete, 11_000_003)
    at_s = MOTIONS[motion].turning_s
    xy, seen = athlete.keypoints(np.array([at_s]))
    with LiteRtEstimator(shipped, model_id=SHIPPED) as estimator:
        (pose,) = estimator.estimate(Frame(0, at_s, stage.picture(at_s)))
        off = np.linalg.norm(pose.keypoints_xy - xy[0], axis=1)[seen[0]]
        tall_px = athlete.body.stature_m * camera.focal / camera.distance_m
        assert (off < 0.041 * tall_px).mean() >= 0.85
        empty = Scenery(Room.sample(np.random.default_rng(11_000_004)), camera).picture([])
        assert estimator.estimate(Frame(1, at_s, empty)) == []


# -- what is seen of somebody beside exercise --


def test_gestures_are_those_that_the_coach_reads_each_time_a_little_different():
    visits, body, camera = training("visits"), Body.average(), ViewCamera()
    rng = np.random.default_rng(4)
    crossed, turns = 0, []
    for _ in range(40):
        motion = visits.gesture(rng, body, camera)
        angles = motion.angles(np.array([motion.turning_s]))
        points = keypoints_in_space(body, posture(body, angles, STANDING))
        xy = camera.project(points)[0][0]
        # Who faces the camera has their left at the picture's right.
        crossed += xy[Keypoint.LEFT_WRIST, 0] < xy[Keypoint.RIGHT_WRIST, 0]
        turns.append(angles[0])
    assert 15 <= crossed <= 32
    assert len(np.unique(np.round(turns, 3), axis=0)) == 40


def test_somebody_stands_near_and_far_aside_and_aslant():
    visits, rng = training("visits"), np.random.default_rng(5)
    cameras = [visits.anyhow(rng, ViewCamera(yaw_deg=30.0)) for _ in range(300)]
    distances = np.array([camera.distance_m for camera in cameras])
    rolls = np.abs([camera.roll_deg for camera in cameras])
    assert distances.min() < 1.5
    assert distances.max() > 8.0
    assert (rolls > 8.0).mean() == pytest.approx(0.24, abs=0.1)
    assert {camera.yaw_deg for camera in cameras} == {30.0}
    assert max(abs(camera.aside_m) for camera in cameras) > 1.0


def test_what_is_held_out_has_no_visits():
    """So that figures stay comparable: they are drawn only where they are asked for."""
    scenes = training("scenes")

    def first(seed, **share):
        return next(scenes.scenes(seed, (129, 73), mixed=False, **share)).xy

    seeds = [scenes.HELD_OUT_SEED + number for number in range(3)]
    assert all(np.array_equal(first(seed), first(seed, visit_share=0.0)) for seed in seeds)
    assert not all(np.array_equal(first(seed), first(seed, visit_share=1.0)) for seed in seeds)
