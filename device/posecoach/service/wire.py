"""What parent and child say to each other: small messages beside the shared picture.

A message is one letter and what belongs to it. Nothing that comes from a child is unpickled, for its
memory may be damaged; a parent tells its child by pickle what to open.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach import errors
from posecoach.coach.utterance import Earcon, Kind, Said, Utterance
from posecoach.errors import PosecoachError
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS

PREPARE: Final = b"p"  # parent: import this, for what comes
OPEN: Final = b"o"  # parent: open this; child: it is open, and this is its name
FRAME: Final = b"f"  # the slot holds a frame; child's camera, or parent for the estimator
FREE: Final = b"a"  # parent: the slot may be written again
POSES: Final = b"r"  # child: what was found
SAY: Final = b"s"  # parent: have this heard
SOON: Final = b"w"  # parent: get ready to say these
HEARD: Final = b"h"  # child: it is heard or dropped, and so long do these last
ASK: Final = b"q"  # parent: a question
ANSWER: Final = b"k"  # child: and what it says to it
ERROR: Final = b"x"  # child: why it cannot go on

_FRAME: Final = struct.Struct("<QdQ6I")
_SIZES: Final[dict[str, np.dtype[Any]]] = {"f": np.dtype("<f4"), "d": np.dtype("<f8")}


@dataclass(frozen=True, slots=True)
class FrameNote:
    """What there is to know of the frame in the slot.

    Attributes:
        number: Of the frame in the slot, from 1.
        captured_at: As in `Frame`.
        index: As in `Frame`.
        image_hw: Height and width of the image.
        shapes: Height and width of each picture in the slot, in order.
    """

    number: int
    captured_at: float
    index: int
    image_hw: tuple[int, int]
    shapes: tuple[tuple[int, int], ...]

    def packed(self) -> bytes:
        """As a message."""
        first, second = (*self.shapes, (0, 0))[:2]
        return FRAME + _FRAME.pack(self.number, self.captured_at, self.index, *self.image_hw, *first, *second)

    @classmethod
    def unpacked(cls, message: bytes) -> FrameNote:
        """From a message."""
        number, captured_at, index, *sizes = _FRAME.unpack(message[1:])
        image, first, second = ((sizes[at], sizes[at + 1]) for at in (0, 2, 4))
        return cls(number, captured_at, index, image, (first, second) if second[0] else (first,))

    @property
    def pictures(self) -> list[tuple[int, int, int]]:
        """The shapes of the pictures in the slot, as arrays have them."""
        return [(height, width, 3) for height, width in self.shapes]


def packed_poses(number: int, poses: Sequence[PoseEstimate]) -> bytes:
    """Poses as a message, bit for bit."""
    parts = [POSES, struct.pack("<QI", number, len(poses))]
    for pose in poses:
        for values in (pose.keypoints_xy, pose.keypoint_scores, np.float64(pose.score)):
            array = np.ascontiguousarray(values, dtype="<f4" if values.dtype == np.float32 else "<f8")
            parts += [array.dtype.char.encode(), array.tobytes()]
    return b"".join(parts)


def unpacked_poses(message: bytes) -> tuple[int, list[PoseEstimate]]:
    """The number of the frame, and its poses.

    Raises:
        ValueError: The message is damaged, or what it holds is no pose.
    """
    try:
        number, count = struct.unpack_from("<QI", message, 1)
        at, poses = 13, []
        for _ in range(count):
            arrays = []
            for size in (2 * NUM_KEYPOINTS, NUM_KEYPOINTS, 1):
                array, at = _array(message, at, size)
                arrays.append(array)
            poses.append(PoseEstimate(arrays[0].reshape(NUM_KEYPOINTS, 2), arrays[1], float(arrays[2][0])))
    except (struct.error, KeyError, IndexError) as error:
        raise ValueError(f"the answer of {len(message)} bytes is damaged") from error
    return number, poses


def _array(message: bytes, at: int, size: int) -> tuple[NDArray[np.floating], int]:
    kind = _SIZES[chr(message[at])]
    end = at + 1 + size * kind.itemsize
    if end > len(message):
        raise IndexError(end)
    return np.frombuffer(message[at + 1 : end], kind, count=size).copy(), end


def packed_error(error: BaseException) -> bytes:
    """An error as a message: its class, if it is one of ours, and its words."""
    ours = isinstance(error, PosecoachError)
    words = str(error) if ours else f"{type(error).__name__}: {error}"
    return ERROR + json.dumps({"kind": type(error).__name__ if ours else "", "words": words}).encode()


def unpacked_error(message: bytes, otherwise: type[PosecoachError]) -> PosecoachError:
    """The same error again; of another kind where it is not one of ours."""
    try:
        told = json.loads(message[1:])
        kind = getattr(errors, told["kind"], None) if told["kind"] else None
        words = str(told["words"])
    except (ValueError, KeyError, TypeError):
        return otherwise("a part of the coach ended with an answer that cannot be read")
    if isinstance(kind, type) and issubclass(kind, PosecoachError):
        return kind(words)
    return otherwise(words)


def packed_said(said: Said) -> bytes:
    """What is to be heard, as a message."""
    utterance = said.utterance
    told = [utterance.kind, utterance.cause_s, utterance.text, utterance.earcon, utterance.within_s]
    return SAY + json.dumps([*told, said.at_s, said.ducked]).encode()


def unpacked_said(message: bytes) -> Said:
    """The same again.

    Raises:
        ValueError: The message is damaged.
    """
    kind, cause_s, text, sign, within_s, at_s, ducked = json.loads(message[1:])
    earcon = None if sign is None else Earcon(sign)
    return Said(Utterance(Kind(kind), cause_s, text, earcon, within_s), at_s, ducked)


def packed_lengths(lengths_s: Mapping[str, float]) -> bytes:
    """How long phrases last, as a message."""
    return HEARD + json.dumps(dict(lengths_s)).encode()


def unpacked_lengths(message: bytes) -> dict[str, float]:
    """The same again.

    Raises:
        ValueError: The message is damaged, or holds a length that is none.
    """
    lengths_s = json.loads(message[1:])
    if not isinstance(lengths_s, dict) or not all(
        isinstance(length, float) and 0.0 < length < 600.0 for length in lengths_s.values()
    ):
        raise ValueError(f"expected lengths of phrases, got {message[:60]!r}")
    return lengths_s
