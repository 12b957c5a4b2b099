"""Libraries of pictures for tests: whole ones, and what is done to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecoach.adapters.picture_library import PictureLibrary
from posecoach.adapters.thumbnails import thumbnail
from posecoach.library.people import KeptPerson, KeptPicture, crop_around
from posecoach.library.stock import Origin, Stamp
from posecoach.pose import PoseEstimate

ORIGIN = Origin("/pictures", "posecoach-athlete", "00ff")
WH = (320, 240)


def a_pose(seed):
    """Somebody in a picture of `WH`."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform((40.0, 20.0), (280.0, 220.0), (17, 2)).astype(np.float32)
    return PoseEstimate(xy, rng.uniform(0.3, 1.0, 17).astype(np.float32), float(rng.uniform(0.3, 1.0)))


def a_picture(seed, people, poses=None):
    """So many people, or those with these poses, as a library keeps them."""
    image = np.random.default_rng(seed).integers(0, 255, (WH[1], WH[0], 3), dtype=np.uint8)
    image[:] = image[0, 0]
    kept = []
    for pose in poses or [a_pose(100 * seed + number) for number in range(people)]:
        crop = crop_around(pose, WH)
        kept.append(KeptPerson(pose, crop, thumbnail(image, crop)))
    return KeptPicture(WH, tuple(kept))


def stamps(names):
    return [Stamp(name, 1000 + place, 5_000_000 + place) for place, name in enumerate(names)]


def a_library(path: Path, people=(1, 2, 0, 3), poses=None) -> Path:
    """A finished library with so many people in each of its pictures, or these in every one."""
    with PictureLibrary(path, to_build=True) as library:
        library.begin(ORIGIN)
        names = [f"yoga/{number:03d}.jpg" for number in range(len(people))]
        for (number, _), count in zip(library.take_stock(stamps(names)), people, strict=True):
            library.keep(number, a_picture(number, count, poses))
        library.finish()
    return path
