"""What reads one picture after the other in a process of its own, for a library."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from posecoach.cli.recordings import ModelChoice, open_estimator
from posecoach.errors import PosecoachError
from posecoach.frame import Frame
from posecoach.library.enough import enough_seen
from posecoach.library.people import (
    MOST_PEOPLE,
    KeptPerson,
    KeptPicture,
    crop_around,
    unpacked_picture,
)
from posecoach.ports import PoseEstimator

_READ: Final = b"+"
_UNREADABLE: Final = b"!"


class PictureReader:
    """Answers the name of a picture with who is in it."""

    def __init__(self, estimator: PoseEstimator) -> None:
        """Look with this network."""
        self._estimator = estimator

    def answer(self, question: bytes) -> bytes:
        """What is kept of a picture, or why it cannot be read."""
        from posecoach.adapters.pictures import read_reduced
        from posecoach.adapters.thumbnails import thumbnail

        try:
            picture = read_reduced(Path(os.fsdecode(question)))
        except PosecoachError as error:
            return _UNREADABLE + str(error).encode("utf-8", "replace")
        frame = Frame(index=0, captured_at=0.0, image=picture.image)
        poses = enough_seen([pose.within(frame.wh) for pose in self._estimator.estimate(frame)])
        people = []
        for pose in poses[:MOST_PEOPLE]:
            crop = crop_around(pose, frame.wh)
            person = KeptPerson(pose, crop, thumbnail(picture.image, crop))
            people.append(person.enlarged(frame.wh, picture.wh))
        return _READ + KeptPicture(picture.wh, tuple(people)).packed()


def open_reader(choice: ModelChoice) -> PictureReader:
    """A reader with the network that is chosen."""
    return PictureReader(open_estimator(choice, probe=False))


def answered(answer: bytes) -> KeptPicture | str:
    """What `PictureReader.answer` says: what is kept of a picture, or why it cannot be read.

    Raises:
        LibraryError: It came damaged.
    """
    if answer[:1] == _UNREADABLE:
        return answer[1:].decode("utf-8", "replace")
    return unpacked_picture(answer[1:])
