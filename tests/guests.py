"""Somebody before the screen: what they do reaches a `Visit` as it does on a box."""

from __future__ import annotations

from typing import Self

import numpy as np

from builders import arm_raise_track, empty_track, still_track
from posecoach.coach.events import PartFinished
from posecoach.coach.intent import Intent, Wish
from posecoach.face.compose_visit import Shown, compose_visit
from posecoach.face.place import Place
from posecoach.face.visit import Visit
from posecoach.frame import Frame
from posecoach.track import PoseTrack
from scene_checks import said

WH = (1280, 720)
"""Of their screen."""
RATE_HZ = 15.0
"""Of their camera."""


def stands(seconds: float) -> PoseTrack:
    return still_track(duration_s=seconds, rate_hz=RATE_HZ)


def nobody(seconds: float) -> PoseTrack:
    return empty_track(duration_s=seconds, rate_hz=RATE_HZ)


def raises(reps: int) -> PoseTrack:
    return arm_raise_track(reps=reps, rate_hz=RATE_HZ)


class Screen:
    """What they look at: remembers what it was shown, and is pressed by nobody."""

    wh = WH

    def __init__(self) -> None:
        self.scenes = []

    def show(self, scene: object) -> bool:
        self.scenes.append(scene)
        return True

    def intents(self) -> list[Intent]:
        return []


class Guest:
    """Plays tracks, presses keys, sees the screen; what happens is noticed after each frame and key."""

    def __init__(self, visit: Visit, now: float = 100.0) -> None:
        self.visit, self.now, self.index, self.events = visit, now, 0, []

    def plays(self, *tracks: PoseTrack) -> Self:
        """One track after the other, frame by frame."""
        for track in tracks:
            image = np.full((*track.image_wh[::-1], 3), 120, np.uint8)
            for at in track.frames:
                self.index += 1
                self.now += 1 / RATE_HZ
                self.visit.look(Frame(self.index, self.now, image), [at.pose] if at.pose else [])
                self.notices()
        return self

    def wants(self, *wishes: Wish | Intent) -> Self:
        """One key after the other."""
        for wish in wishes:
            self.visit.take(wish if isinstance(wish, Intent) else Intent(wish), self.now)
            self.answered()
        return self

    def waits(self, seconds: float) -> Self:
        """Nobody looks, time goes by."""
        self.now += seconds
        self.visit.pass_time(self.now)
        self.notices()
        return self

    def notices(self) -> None:
        """What the visit tells of itself."""
        self.events += self.visit.take_events()

    def answered(self) -> None:
        """A key was pressed: every screen on the way can be composed."""
        self.notices()
        self.sees()

    def sees(self, **shown: object) -> list[str]:
        """The texts on the screen."""
        return said(compose_visit(self.visit, Shown(self.now, self.visit.view(self.now), **shown), WH))

    @property
    def place(self) -> Place:
        return self.visit.place

    @property
    def parts(self) -> list:
        return [event.part for event in self.events if isinstance(event, PartFinished)]
