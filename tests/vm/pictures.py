"""What the camera plays, and what of it is to be seen on a screenshot."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from posecoach.coach.layout import lay_out
from posecoach.coach.scene import Box
from posecoach.synthetic.camera import SyntheticCamera

SCENARIO: Final = "squat,reps=3,view=left,seed=3,rate=8,size=640x360"
_BRIGHT: Final = 190

Picture = NDArray[np.uint8]


def jpegs() -> Iterator[bytes]:
    """What the camera plays, over and over: the athlete stands, squats a few times, and stands again."""
    for picture in played():
        surface = pygame.image.frombuffer(picture.tobytes(), picture.shape[1::-1], "RGB")
        jpeg = io.BytesIO()
        pygame.image.save(surface, jpeg, "picture.jpg")
        yield jpeg.getvalue()


@cache
def played() -> tuple[Picture, ...]:
    """The same as pixels."""
    with SyntheticCamera(SCENARIO) as camera:
        return tuple(frame.image for frame in camera.frames())


class Screenshot:
    """One picture of the whole screen."""

    def __init__(self, path: Path) -> None:
        """Read a PNG."""
        self.pixels: Picture = _pixels(pygame.image.load(path))
        height, width = self.pixels.shape[:2]
        self._plan = lay_out(width / height, 16 / 9)

    def camera_picture(self) -> tuple[int, float]:
        """Which of the played pictures is shown, and how alike the two are: 1 is the same, 0 is anything.

        Compared is what moves, that is the person: a room alone is like no picture.
        """
        box, shows = self._cut(self._plan.picture), self._plan.shows
        shown = _grey(_pixels(pygame.transform.smoothscale(_surface(box), (160, 90))))
        rows, columns = slice(20, 84), slice(50, 110)  # below a trouble's line; where somebody can stand
        wanted = []
        for picture in played():
            height, width = picture.shape[:2]
            part = picture[
                round(shows.y * height) : round((shows.y + shows.h) * height),
                round(shows.x * width) : round((shows.x + shows.w) * width),
            ]
            small = _pixels(
                pygame.transform.smoothscale(_surface(part[:, ::-1]), (160, 90))
            )  # as in a mirror
            wanted.append(_grey(small)[rows, columns])
        empty = np.median(wanted, axis=0)
        alike = [
            float(np.corrcoef((shown[rows, columns] - empty).ravel(), (each - empty).ravel())[0, 1])
            for each in wanted
        ]
        best = int(np.argmax(alike))
        return best, alike[best]

    def text_share(self, name: str) -> float:
        """How much of a part of the plan is bright, as letters are; 0 is none."""
        return float((_grey(self._cut(getattr(self._plan, name))) > _BRIGHT).mean())

    def _cut(self, box: Box) -> Picture:
        height = self.pixels.shape[0]
        left, top, right, bottom = (round(each * height) for each in (box.x, box.y, box.right, box.bottom))
        return self.pixels[top:bottom, left:right]


def _surface(picture: Picture) -> pygame.Surface:
    return pygame.image.frombuffer(np.ascontiguousarray(picture).tobytes(), picture.shape[1::-1], "RGB")


def _pixels(surface: pygame.Surface) -> Picture:
    return np.ascontiguousarray(pygame.surfarray.array3d(surface).swapaxes(0, 1))


def _grey(picture: Picture) -> NDArray[np.float64]:
    return picture @ np.array([0.299, 0.587, 0.114])
