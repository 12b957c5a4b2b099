"""Every table with a left and a right half is the same when they are exchanged."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.skeleton import (
    EDGES,
    JOINT_LIMB,
    JOINT_TRIPLETS,
    LIMB_KEYPOINTS,
    MIRROR,
    NUM_KEYPOINTS,
    Joint,
    Keypoint,
    Limb,
)

COCO = [
    "nose",
    "leftEye",
    "rightEye",
    "leftEar",
    "rightEar",
    "leftShoulder",
    "rightShoulder",
    "leftElbow",
    "rightElbow",
    "leftWrist",
    "rightWrist",
    "leftHip",
    "rightHip",
    "leftKnee",
    "rightKnee",
    "leftAnkle",
    "rightAnkle",
]


def twin(keypoint: Keypoint) -> Keypoint:
    return Keypoint(MIRROR[keypoint])


def other_side(name: str) -> str:
    if name.startswith("left"):
        return name.replace("left", "right", 1)
    return name.replace("right", "left", 1)


def test_the_keypoints_are_cocos_in_cocos_order():
    assert [keypoint.part for keypoint in Keypoint] == COCO
    assert [int(keypoint) for keypoint in Keypoint] == list(range(NUM_KEYPOINTS))


def test_mirroring_twice_is_nothing():
    assert np.array_equal(MIRROR[MIRROR], np.arange(NUM_KEYPOINTS))


@pytest.mark.parametrize("keypoint", Keypoint)
def test_a_keypoints_twin_is_the_same_part_of_the_other_side(keypoint):
    assert twin(keypoint).name.lower() == other_side(keypoint.name.lower())


def test_only_the_nose_is_its_own_twin():
    assert [keypoint for keypoint in Keypoint if twin(keypoint) is keypoint] == [Keypoint.NOSE]


def test_every_keypoint_belongs_to_exactly_one_limb():
    belonging = [keypoint for keypoints in LIMB_KEYPOINTS.values() for keypoint in keypoints]

    assert sorted(belonging) == list(Keypoint)
    assert set(LIMB_KEYPOINTS) == set(Limb)


@pytest.mark.parametrize("limb", Limb)
def test_a_limbs_twin_has_the_twins_of_its_keypoints(limb):
    assert limb.twin.twin is limb
    assert {twin(keypoint) for keypoint in LIMB_KEYPOINTS[limb]} == set(LIMB_KEYPOINTS[limb.twin])
    assert limb.twin.value == other_side(limb.value)


def test_edges_are_the_same_mirrored():
    edges = {(frozenset((one, other)), limb) for one, other, limb in EDGES}

    assert len(edges) == len(EDGES) == 12
    assert {(frozenset(map(twin, ends)), limb.twin) for ends, limb in edges} == edges


def test_an_edge_ends_in_the_limb_it_belongs_to():
    for _, end, limb in EDGES:
        assert end in LIMB_KEYPOINTS[limb]


@pytest.mark.parametrize("joint", Joint)
def test_a_joints_triplet_is_its_twins_mirrored(joint):
    other = Joint(other_side(joint.value))

    assert tuple(map(twin, JOINT_TRIPLETS[joint])) == JOINT_TRIPLETS[other]
    assert JOINT_LIMB[joint].twin is JOINT_LIMB[other]


@pytest.mark.parametrize("joint", Joint)
def test_a_joints_angle_is_between_two_bones_that_meet_there(joint):
    start, corner, end = JOINT_TRIPLETS[joint]
    bones = {frozenset((one, other)) for one, other, _ in EDGES}

    assert corner.name.lower() == joint.value
    assert {frozenset((start, corner)), frozenset((corner, end))} <= bones


def test_every_joint_has_a_triplet_and_a_limb():
    assert set(JOINT_TRIPLETS) == set(JOINT_LIMB) == set(Joint)
