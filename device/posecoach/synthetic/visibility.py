"""Which keypoints a camera sees: inside the picture, and not behind the body itself."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import NUM_KEYPOINTS, Keypoint
from posecoach.synthetic.anatomy import bare_solids
from posecoach.synthetic.body import Body
from posecoach.synthetic.kinematics import Posture
from posecoach.synthetic.solids import Outline, Shape
from posecoach.synthetic.view_camera import NEAREST_M, ViewCamera

Array = NDArray[np.float64]

_CORE: Final = 0.85
"""Only the core of a tube hides: at its edge a joint still shows."""


def in_picture(xy: Array, depth_m: Array, image_wh: tuple[int, int]) -> NDArray[np.bool_]:
    """``(...)`` whether points are before the camera and inside the picture."""
    inside = ((xy >= 0) & (xy <= np.asarray(image_wh) - 1)).all(axis=-1)
    return np.asarray(inside & (depth_m > NEAREST_M))


def visible_keypoints(body: Body, posture: Posture, points: Array, camera: ViewCamera) -> NDArray[np.bool_]:
    """``(time, 17)`` whether each keypoint can be seen.

    Args:
        body: Whose keypoints they are.
        posture: Of the body.
        points: ``(time, 17, 3)`` its keypoints, as `keypoints_in_space` gives them.
        camera: Who looks.
    """
    xy, depth = camera.project(points)
    outline = Shape(bare_solids(body)).outline(posture, camera)
    return in_picture(xy, depth, camera.image_wh) & ~hidden_behind(
        outline, xy, depth, _OWN_DEPTH[:, None] * body.stature_m
    )


def hidden_behind(outline: Outline, xy: Array, depth_m: Array, allowed_m: Array | float) -> NDArray[np.bool_]:
    """``(time, 17)`` whether solids lie before points, on their lines of sight.

    Args:
        outline: Of the solids.
        xy: ``(time, 17, 2)`` the points, in pixels.
        depth_m: ``(time, 17)`` their distance.
        allowed_m: How far before a point a surface may lie and be its own: ``(17, 1)``, or for all.
    """
    start, reach = outline.xy[:, None, :, 0], outline.xy[:, None, :, 1] - outline.xy[:, None, :, 0]
    from_start = xy[:, :, None] - start  # (time, 17, solid, 2)
    squared = np.maximum((reach**2).sum(axis=-1), 1e-6)
    share = np.clip((from_start * reach).sum(axis=-1) / squared, 0.0, 1.0)
    aside = np.linalg.norm(from_start - share[..., None] * reach, axis=-1)

    def between(ends: Array) -> Array:
        return np.asarray(ends[:, None, :, 0] + share * (ends[:, None, :, 1] - ends[:, None, :, 0]))

    off = aside / between(outline.radius_px)
    bulge = np.sqrt(np.maximum(1.0 - off**2, 0.0))
    before_m = depth_m[:, :, None] - (between(outline.depth_m) - between(outline.thick_m) * bulge)
    return np.asarray(((off < _CORE) & (before_m > allowed_m)).any(axis=-1))


def _own_depth() -> Array:
    """``(17,)`` how deep in its own limb a keypoint lies at most, as a share of the stature."""
    depth = np.full(NUM_KEYPOINTS, 0.055)
    depth[: Keypoint.LEFT_SHOULDER] = 0.022
    depth[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]] = 0.075
    depth[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = 0.105
    return depth


_OWN_DEPTH: Final = _own_depth()
