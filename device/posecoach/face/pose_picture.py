"""A picture of somebody with their pose on it, somewhere on a screen or a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.compose_body import pose_items
from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink, PictureBox, Still
from posecoach.skeleton import Limb


@dataclass(frozen=True, slots=True, eq=False)
class PosePicture:
    """A picture, and how the person in it stands.

    Attributes:
        image: ``(height, width, 3)`` uint8 RGB.
        keypoints_xy: ``(17, 2)`` in its pixels.
        weights: ``(17,)`` in [0, 1]: how sure each keypoint is.
    """

    image: NDArray[np.uint8]
    keypoints_xy: NDArray[np.floating]
    weights: NDArray[np.floating]

    @property
    def wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.shape[1], self.image.shape[0]


def put(
    page: Page,
    picture: PosePicture,
    box: Box,
    *,
    turned: bool,
    limb_scores: Mapping[Limb, float | None] | None = None,
) -> Box:
    """Put the whole of a picture into `box`, in its middle and as large as it fits.

    Args:
        page: Where to.
        picture: What.
        box: In height units.
        turned: Whether left and right are exchanged, as in a mirror.
        limb_scores: Drawn with the pose; `None` where nobody judges.

    Returns:
        Where it stands, in height units.
    """
    width, height = picture.wh
    scale = min(box.w / width, box.h / height)
    stands = Box(
        box.centre[0] - scale * width / 2, box.centre[1] - scale * height / 2, scale * width, scale * height
    )
    shown = PictureBox(
        picture.image,
        picture.wh,
        page.box(stands),
        Box(0.0, 0.0, 1.0, 1.0),
        turned,
        radius=min(0.018, 0.06 * min(stands.w, stands.h)),
    )
    body = pose_items(picture.keypoints_xy, picture.weights, picture.wh, limb_scores=limb_scores)
    page.items.append(Still(shown, body, Ink.PANEL))
    return stands
