"""Pictures and messages between two processes; here both ends are in one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from posecoach.errors import CameraError, ModelUnavailable
from posecoach.pose import PoseEstimate
from posecoach.service.slot import Slot, TornPicture
from posecoach.service.wire import (
    FrameNote,
    packed_error,
    packed_poses,
    unpacked_error,
    unpacked_poses,
)


def picture(wh=(8, 6), seed=0):
    return np.random.default_rng(seed).integers(0, 255, (wh[1], wh[0], 3), np.uint8)


@pytest.fixture
def ends():
    """The same memory, opened twice."""
    ours = Slot()
    theirs = Slot(os.dup(ours.file_number))
    yield ours, theirs
    ours.close()
    theirs.close()


def test_what_is_written_is_read(ends):
    ours, theirs = ends
    for number, (large, small) in enumerate([((8, 6), (4, 3)), ((7, 5), (3, 3)), ((64, 48), (32, 24))], 1):
        pictures = [picture(large, number), picture(small, -number % 9)]
        ours.write(number, *pictures)
        read = theirs.read(number, *(each.shape for each in pictures))
        for one, other in zip(read, pictures, strict=True):
            np.testing.assert_array_equal(one, other)


def test_what_was_read_stays(ends):
    ours, theirs = ends
    ours.write(1, picture(seed=1))
    (kept,) = theirs.read(1, (6, 8, 3))
    ours.write(2, picture(seed=2))

    np.testing.assert_array_equal(kept, picture(seed=1))


def test_a_look_costs_no_copy(ends):
    ours, theirs = ends
    ours.write(1, picture(seed=1))
    (seen,) = theirs.look(1, (6, 8, 3))
    ours.write(1, picture(seed=2))

    np.testing.assert_array_equal(seen, picture(seed=2))


@pytest.mark.parametrize("told", [1, 3])
def test_another_frame_than_was_told_is_torn(ends, told):
    ours, theirs = ends
    ours.write(2, picture())

    with pytest.raises(TornPicture, match=f"frame {told}"):
        theirs.read(told, (6, 8, 3))


def test_a_writer_that_was_killed_half_way_is_noticed(ends):
    ours, theirs = ends
    ours.write(1, picture())

    class Killed(Exception):
        pass

    class Half:
        shape, size = (6, 8, 3), 144

        def __array__(self, *_, **__):
            raise Killed

    with pytest.raises(Killed):
        ours.write(2, Half())
    for number in (1, 2):
        with pytest.raises(TornPicture):
            theirs.read(number, (6, 8, 3))


def test_more_than_there_is_cannot_be_read(ends):
    ours, theirs = ends
    ours.write(1, picture())

    with pytest.raises(TornPicture, match="smaller"):
        theirs.read(1, (600, 800, 3))


def test_the_memory_has_no_name_and_ends_with_its_users():
    slot = Slot()
    slot.write(1, picture())
    where = Path(f"/proc/self/fd/{slot.file_number}")
    target = str(where.readlink()) if where.is_symlink() else ""
    slot.close()
    slot.close()

    assert "/dev/shm" not in target
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(-1 if slot.file_number < 0 else slot.file_number)


@pytest.mark.parametrize("shapes", [((72, 128),), ((72, 128), (36, 64))])
def test_a_note_of_a_frame_comes_as_it_was_sent(shapes):
    note = FrameNote(7, 12.345678, 3, (72, 128), shapes)

    assert FrameNote.unpacked(note.packed()) == note
    assert note.pictures[0] == (72, 128, 3)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_poses_come_bit_for_bit(kind):
    rng = np.random.default_rng(1)
    poses = [
        PoseEstimate(
            rng.normal(100, 50, (17, 2)).astype(kind),
            rng.uniform(0, 1, 17).astype(kind),
            float(rng.uniform()),
        )
        for _ in range(3)
    ]
    number, got = unpacked_poses(packed_poses(5, poses))

    assert number == 5
    for one, other in zip(got, poses, strict=True):
        assert one.keypoints_xy.dtype == kind
        np.testing.assert_array_equal(one.keypoints_xy, other.keypoints_xy)
        np.testing.assert_array_equal(one.keypoint_scores, other.keypoint_scores)
        assert one.score == other.score


@pytest.mark.parametrize(
    "damage", [lambda m: m[:40], lambda m: m[:13], lambda m: m[:9], lambda m: b"r" + b"\xff" * 40]
)
def test_a_damaged_answer_is_an_error(damage):
    message = packed_poses(1, [PoseEstimate(np.zeros((17, 2)), np.zeros(17), 0.5)])

    with pytest.raises(ValueError, match="damaged"):
        unpacked_poses(damage(message))


def test_poses_that_are_none_are_an_error():
    message = bytearray(packed_poses(1, [PoseEstimate(np.zeros((17, 2)), np.zeros(17), 0.5)]))
    message[14:22] = np.float64("nan").tobytes()

    with pytest.raises(ValueError, match="finite"):
        unpacked_poses(bytes(message))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (CameraError("no camera"), CameraError, "no camera"),
        (ZeroDivisionError("by zero"), ModelUnavailable, "ZeroDivisionError: by zero"),
    ],
)
def test_an_error_comes_as_it_was_raised(error, kind, words):
    got = unpacked_error(packed_error(error), ModelUnavailable)

    assert type(got) is kind
    assert str(got) == words


@pytest.mark.parametrize("message", [b"x", b"x{}", b"x[1]", b'x{"kind":"os","words":"w"}'])
def test_a_damaged_error_is_still_an_error(message):
    assert isinstance(unpacked_error(message, CameraError), CameraError)
