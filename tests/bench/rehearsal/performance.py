"""What is done before the camera all day: sets of squats by one person after another, and breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import View
from posecoach.coach.session import LEFT_AFTER_S
from posecoach.face.place import MANNERS, Place
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from rehearsal.carried import WH

MOTION: Final = "squat"
REPS: Final = 8
_READY_S: Final = 7.0
"""Somebody stands so long before the first repetition: the coach needs 1 s to see it, and counts down 3."""
_WALK_S: Final = 2.0
_BREAK_S: Final = (
    LEFT_AFTER_S + sum(MANNERS[each].shown_s or 0.0 for each in (Place.RESULT, Place.SUMMARY)) + 5.0
)
"""Until the screen waits for the next one, whatever has become of this one."""
_PEOPLE: Final = 12


@dataclass(frozen=True, slots=True)
class Done:
    """A repetition that was performed, in seconds since the day began."""

    start_s: float
    end_s: float

    @property
    def middle_s(self) -> float:
        """When it is lowest, about."""
        return 0.5 * (self.start_s + self.end_s)


class Performance:
    """The sets of twelve people, over and over; every fourth has two repetitions that do not go down far."""

    def __init__(self, rate_hz: float) -> None:
        """Have everybody do a set."""
        rows: list[NDArray[np.float32]] = []
        self._reps: list[Done] = []
        at = 0
        for seed in range(_PEOPLE):
            athlete = Athlete(
                MOTIONS[MOTION],
                camera=ViewCamera(WH, yaw_deg=VIEW_YAW_DEG[View.LEFT]),
                seed=seed,
                reps=REPS,
                faults=[Fault.parse("shallow:0.6@3-4")] if seed % 4 == 3 else (),
                lead_s=_READY_S,
                walk_in_s=_WALK_S,
                walk_out_s=_WALK_S,
            )
            track = athlete.truth(0.0, athlete.duration_s, rate_hz)
            done = np.zeros((len(track.frames) + round(_BREAK_S * rate_hz), NUM_KEYPOINTS, 3), np.float32)
            for row, frame in zip(done, track.frames, strict=False):
                if frame.pose is not None:
                    row[:, :2], row[:, 2] = frame.pose.keypoints_xy, frame.pose.keypoint_scores
            rows.append(done)
            self._reps += [
                Done(at / rate_hz + rep.start_s, at / rate_hz + rep.end_s) for rep in athlete.timeline.reps
            ]
            at += len(done)
        self._rows = np.concatenate(rows)
        self._round_s = len(self._rows) / rate_hz

    def write(self, path: Path) -> None:
        """Write what the camera shows, for its process."""
        np.save(path, self._rows)

    def known(self) -> NDArray[np.float32]:
        """One pose of it."""
        return self._rows[int(len(self._rows) * 0.02)]

    def reps(self, until_s: float) -> Iterator[Done]:
        """What was begun in so long a day, in order."""
        begun_s = 0.0
        while begun_s < until_s:
            for rep in self._reps:
                if begun_s + rep.start_s > until_s:
                    return
                yield Done(begun_s + rep.start_s, begun_s + rep.end_s)
            begun_s += self._round_s
