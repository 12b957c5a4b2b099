"""A flash of the screen's rim, for rooms in which no sign is heard."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posecoach.coach.scene import Box, Ink, Panel, Scene
from posecoach.coach.view import Flash

RIM: Final = 0.035
"""Its width, in screen heights: far too little of the screen to harm anybody, enough to be seen aside."""


def with_flash(scene: Scene, flash: Flash | None, aspect: float) -> Scene:
    """The scene with its rim lit: all around where it went well, at both sides only where it has not yet.

    Args:
        scene: To put it over.
        flash: What to tell; `None` leaves the scene as it is.
        aspect: Of the screen.
    """
    if flash is None:
        return scene
    across = RIM / aspect
    ink = Ink.GOOD if flash is Flash.WELL else Ink.FAIR
    rim = [Box(0.0, 0.0, across, 1.0), Box(1.0 - across, 0.0, across, 1.0)]
    if flash is Flash.WELL:
        rim += [Box(0.0, 0.0, 1.0, RIM), Box(0.0, 1.0 - RIM, 1.0, RIM)]
    return replace(scene, items=(*scene.items, *(Panel(box, ink) for box in rim)))
