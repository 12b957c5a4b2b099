"""The stool of seated motions."""

from __future__ import annotations

import numpy as np

from posecoach.synthetic.furniture import Box


def seat_boxes(height_m: float, behind_m: float, yaw_deg: float) -> tuple[Box, ...]:
    """A stool whose middle is behind the feet of a body, which a camera at `yaw_deg` sees."""
    turn = np.radians(yaw_deg)
    # The body's forward axis in the room: towards the camera at yaw 0, to the left of the picture at 90.
    x, y = float(np.sin(turn) * behind_m), float(np.cos(turn) * behind_m)
    half, wood = 0.20, (150.0, 112.0, 74.0)
    top = Box((x - half, y - half, height_m - 0.05), (x + half, y + half, height_m), (92.0, 96.0, 104.0))
    legs = [
        Box(
            (x + a * 0.17 - 0.018, y + b * 0.17 - 0.018, 0.0),
            (x + a * 0.17 + 0.018, y + b * 0.17 + 0.018, height_m - 0.05),
            wood,
        )
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    return (*legs, top)
