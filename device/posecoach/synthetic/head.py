"""Where the parts of a face are, in the frame of the head: for the keypoints and for the painter.

Shares of the stature, x forward, y left, z up from the middle of the head: breadth between the pupils,
height of the eyes over the chin and the tip of the nose after the 2012 U.S. Army survey (see `body`).
"""

from __future__ import annotations

from typing import Final

EYE: Final = (0.0460, 0.0185, 0.0005)
NOSE: Final = (0.0640, 0.0, -0.0185)
EAR: Final = (-0.0040, 0.0440, -0.0100)
"""Of the left side; the right has ``y`` the other way."""
