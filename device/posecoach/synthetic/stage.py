"""A scenario set up to be looked at: athlete, clothes, room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.figure import Figure
from posecoach.synthetic.look import Look
from posecoach.synthetic.picture import Scenery
from posecoach.synthetic.room import Room
from posecoach.synthetic.seat import seat_boxes


class Stage:
    """An athlete in a room, with whoever passes by."""

    def __init__(
        self, athlete: Athlete, seed: int = 0, *, look: Look | None = None, room: Room | None = None
    ) -> None:
        """Dress the athlete and paint the room.

        Args:
            athlete: Who performs.
            seed: Of clothes, hair and room.
            look: Of the athlete; drawn from the seed where it is `None`.
            room: Likewise.
        """
        self.athlete = athlete
        body, camera = athlete.body, athlete.camera
        look = look or Look.sample(np.random.default_rng([seed, 4]), body.curves)
        room = room or Room.sample(np.random.default_rng([seed, 5]))
        seat_height = athlete.motion.stance.seat_height
        if seat_height is not None:
            behind_m = 0.8 * body.lengths["thigh"]
            room = room.with_furniture(*seat_boxes(seat_height * body.stature_m, behind_m, camera.yaw_deg))
        self._figure = Figure(body, look)
        self._passing = [
            (
                passer,
                Figure(
                    passer.body, Look.sample(np.random.default_rng([seed, 6, number]), passer.body.curves)
                ),
            )
            for number, passer in enumerate(athlete.passers)
        ]
        self._scenery = Scenery(room, camera)

    def picture(self, at_s: float) -> NDArray[np.uint8]:
        """``(height, width, 3)`` uint8 RGB: what the camera sees at a time; the caller's own."""
        now = np.array([at_s])
        people = [(self._figure, self.athlete.posture(now))]
        people += [
            (figure, passer.posture(now)) for passer, figure in self._passing if bool(passer.present(now)[0])
        ]
        return self._scenery.picture(people)
