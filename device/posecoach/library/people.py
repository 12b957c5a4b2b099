"""The people in one picture, as a library keeps them: keypoints, and a small picture of each."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import LibraryError
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS

POSE_BYTES: Final = 4 * (1 + 3 * NUM_KEYPOINTS)
"""Of one pose: little-endian float32, the instance score, then x, y and score of each keypoint."""
MOST_PEOPLE: Final = 64
"""In one picture."""
MOST_THUMBNAIL_BYTES: Final = 256 << 10
LARGEST_SIDE_PX: Final = 1 << 20
_FARTHEST_PX: Final = 1e7
_HEADER: Final = struct.Struct("<II I")
_PERSON: Final = struct.Struct("<4I I")

_SEEN_FROM: Final = 0.25
_MARGIN: Final = 0.14
_HEADROOM: Final = 0.1
_ASPECT: Final = 3 / 4
_LEAST_SIDE_PX: Final = 24


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture, in its pixels."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True, eq=False)
class KeptPerson:
    """One person.

    Attributes:
        pose: Keypoints in pixels of the whole picture.
        crop: The part of the picture that the thumbnail shows.
        thumbnail: A JPEG.
    """

    pose: PoseEstimate
    crop: Crop
    thumbnail: bytes

    def enlarged(self, of_wh: tuple[int, int], to_wh: tuple[int, int]) -> Self:
        """The same person, found in a picture of one size, in pixels of the whole of another."""
        if of_wh == to_wh:
            return self
        scale = np.divide(to_wh, of_wh)
        pose = PoseEstimate(self.pose.keypoints_xy * scale, self.pose.keypoint_scores, self.pose.score)
        crop = self.crop
        x, y = np.multiply((crop.x, crop.y), scale).astype(int).tolist()
        w, h = np.multiply((crop.w, crop.h), scale).astype(int).tolist()
        return replace(self, pose=pose, crop=Crop(x, y, w, h))


@dataclass(frozen=True, slots=True, eq=False)
class KeptPicture:
    """What a library keeps of a picture; without people it only knows that it has looked.

    Attributes:
        wh: Width and height in pixels, upright.
        people: Best first.
    """

    wh: tuple[int, int]
    people: tuple[KeptPerson, ...]

    def packed(self) -> bytes:
        """As a message from the process that has read it."""
        parts = [_HEADER.pack(*self.wh, len(self.people))]
        for person in self.people:
            crop = person.crop
            parts.append(packed_poses([person.pose]))
            parts.append(_PERSON.pack(crop.x, crop.y, crop.w, crop.h, len(person.thumbnail)))
            parts.append(person.thumbnail)
        return b"".join(parts)


def unpacked_picture(message: bytes) -> KeptPicture:
    """What `KeptPicture.packed` has packed.

    Raises:
        LibraryError: It is cut off, or nothing that could be kept.
    """
    try:
        width, height, count = _HEADER.unpack_from(message)
        if count > MOST_PEOPLE:
            raise LibraryError(f"{count} people in a picture; at most {MOST_PEOPLE} are kept")
        at, people = _HEADER.size, []
        for _ in range(count):
            (pose,) = unpacked_poses(message[at : at + POSE_BYTES])
            x, y, w, h, length = _PERSON.unpack_from(message, at + POSE_BYTES)
            at += POSE_BYTES + _PERSON.size
            people.append(KeptPerson(pose, Crop(x, y, w, h), message[at : at + length]))
            at += length
    except (struct.error, ValueError) as error:
        raise LibraryError(f"a picture's poses came damaged: {error}") from error
    if at != len(message):
        raise LibraryError(f"a picture's poses came damaged: {len(message)} bytes, expected {at}")
    return KeptPicture((width, height), tuple(people))


def packed_poses(poses: Sequence[PoseEstimate]) -> bytes:
    """Poses as `POSE_BYTES` each."""
    rows = np.empty((len(poses), 1 + 3 * NUM_KEYPOINTS), "<f4")
    for row, pose in zip(rows, poses, strict=True):
        row[0] = pose.score
        keypoints = row[1:].reshape(NUM_KEYPOINTS, 3)
        keypoints[:, :2] = pose.keypoints_xy
        keypoints[:, 2] = pose.keypoint_scores
    return rows.tobytes()


def checked_rows(content: bytes) -> NDArray[np.float32]:
    """Packed poses as ``(n, 52)``, a view of `content`.

    Raises:
        LibraryError: The length is none of whole poses, or a number is none that a network gives.
    """
    if len(content) % POSE_BYTES:
        raise LibraryError(f"{len(content)} bytes of poses; expected {POSE_BYTES} for each")
    rows = np.frombuffer(content, "<f4").reshape(-1, 1 + 3 * NUM_KEYPOINTS)
    scores = rows[:, np.r_[0, 3 : 1 + 3 * NUM_KEYPOINTS : 3]]
    # Written so that NaN is refused as well.
    if not (np.abs(rows) <= _FARTHEST_PX).all() or not ((scores >= 0) & (scores <= 1)).all():
        raise LibraryError("poses with keypoints that are no places in a picture, or scores outside 0 to 1")
    return rows


def keypoints_of(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Positions alone: ``(n, 17, 2)`` of rows as `checked_rows` gives them."""
    return rows[:, 1:].reshape(-1, NUM_KEYPOINTS, 3)[:, :, :2]


def unpacked_poses(content: bytes) -> list[PoseEstimate]:
    """What `packed_poses` has packed; errors as of `checked_rows`."""
    return list(_poses_of(checked_rows(content)))


def _poses_of(rows: NDArray[np.float32]) -> Iterator[PoseEstimate]:
    for row in rows:
        keypoints = row[1:].reshape(NUM_KEYPOINTS, 3)
        yield PoseEstimate(keypoints[:, :2].copy(), keypoints[:, 2].copy(), float(row[0]))


def crop_around(pose: PoseEstimate, wh: tuple[int, int]) -> Crop:
    """The part of a picture of size `wh` that shows a person: what is seen of them, and some room.

    Upright, three to four, where the picture is large enough; else as much of it as there is.
    """
    seen = pose.keypoint_scores >= _SEEN_FROM
    points = pose.keypoints_xy[seen] if seen.sum() >= 3 else pose.keypoints_xy
    low = np.clip(points.min(axis=0), 0, wh)
    high = np.clip(points.max(axis=0), 0, wh)
    room = _MARGIN * max(*(high - low).tolist(), _LEAST_SIDE_PX)
    low, high = low - room, high + room
    low[1] -= _HEADROOM * (high[1] - low[1])  # keypoints end at the eyes
    size = high - low
    width = max(float(size[0]), _ASPECT * float(size[1]), _LEAST_SIDE_PX)
    height = max(width / _ASPECT, float(size[1]))
    x, w = _within(float(low[0] + high[0]) / 2, width, wh[0])
    y, h = _within(float(low[1] + high[1]) / 2, height, wh[1])
    return Crop(x, y, w, h)


def _within(middle: float, length: float, most: int) -> tuple[int, int]:
    """Where a part of this length begins, moved into 0 to `most`, and how long it then is."""
    whole = min(round(length), most)
    return min(max(round(middle - whole / 2), 0), most - whole), whole
