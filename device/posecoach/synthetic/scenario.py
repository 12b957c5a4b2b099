"""A scenario in one line: who does what before the camera, and what goes wrong."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from posecoach.coach.routine import View
from posecoach.coach.view import StepKind
from posecoach.errors import CameraError, RoutineError
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import motion_named
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.synthetic.visit import VISIT, Visit


@dataclass(frozen=True, slots=True)
class Scenario:
    """What ``synthetic:ROUTINE,option=value...`` says.

    Attributes:
        routine: Name of the motion, or ``visit``: see `Visit`.
        reps: How often; `None` for 5, or as often as `duration` holds.
        seed: Of the person, the room, and the natural variation.
        yaw: From where it is seen, in degrees: 0 front, 90 left, 270 right.
        rate: Frames a second.
        size: Width and height of the pictures.
        duration: Seconds; `None` for as long as it takes.
        walk_in, walk_out: Seconds it takes to come in and to go; 0 for neither.
        variation: Of the natural variation; 0 for none.
        distance, height, tilt: Of the camera: metres, metres, degrees downwards.
        aside, roll: Likewise: metres that it stands to its right, degrees that it is turned clockwise.
        live: Whether frames come at the pace of the clock on the wall, over and over.
        since: When a live performance has begun, in seconds on the monotonic clock, which its frames then
            have as well; `None` for when it is first watched.
        record: Of a visit, the motion that somebody records; `None` of one who chooses an exercise.
        faults: What goes wrong.
    """

    routine: str = "squat"
    reps: int | None = None
    seed: int = 0
    yaw: float = 0.0
    rate: float = 30.0
    size: tuple[int, int] = (1280, 720)
    duration: float | None = None
    walk_in: float = 0.0
    walk_out: float = 0.0
    variation: float = 1.0
    distance: float = 3.4
    height: float = 1.15
    tilt: float = 2.0
    aside: float = 0.0
    roll: float = 0.0
    live: bool = False
    since: float | None = None
    record: str | None = None
    faults: tuple[Fault, ...] = field(default=())

    @classmethod
    def parse(cls, text: str) -> Scenario:
        """A scenario from ``ROUTINE[,option=value...]``; empty for squats.

        Options are the attributes, with ``view=front|left|right`` for some yaws and ``fault=...``, as often
        as wanted, see `Fault.parse`.

        Raises:
            RoutineError: There is no such motion or fault.
            CameraError: An option is unknown or has a wrong value.
        """
        first, *options = [part.strip() for part in text.split(",")]
        if "=" in first:
            first, options = "", [first, *options]
        named = first if first in ("", VISIT) else motion_named(first).name
        values: dict[str, Any] = {"routine": named} if named else {}
        faults: list[Fault] = []
        for option in options:
            name, is_given, value = option.partition("=")
            name = name.strip().replace("-", "_")
            if name == "fault" and is_given:
                faults.append(Fault.parse(value))
            elif name == "view" and is_given:
                values["yaw"] = _view(value)
            elif name in _READERS and is_given:
                values[name] = _read(name, value)
            else:
                raise CameraError(_unknown(option, name))
        if values.get("record") and named != VISIT:
            raise CameraError(
                f"the synthetic camera's record=MOTION is for a visit, not for {named or 'squat'}"
            )
        return replace(cls(), **values, faults=tuple(faults))

    def view_camera(self) -> ViewCamera:
        """The camera it is seen by."""
        return ViewCamera(
            self.size, self.distance, self.height, self.tilt, self.yaw, aside_m=self.aside, roll_deg=self.roll
        )

    def visit(self) -> Visit | None:
        """The whole visit, where that is what is to be seen."""
        if self.routine != VISIT:
            return None
        return Visit(
            self.view_camera(),
            seed=self.seed,
            variation=self.variation,
            reps=self.reps or 10,
            record=self.record,
        )

    def athlete(self) -> Athlete:
        """Who does it."""
        motion = motion_named(self.routine)
        reps = self.reps
        if reps is None and self.duration is not None and motion.kind is StepKind.REPS:
            reps = max(1, math.ceil(self.duration / motion.period_s))
        return Athlete(
            motion,
            camera=self.view_camera(),
            body=Body.sample(np.random.default_rng([self.seed, 1])),
            faults=self.faults,
            reps=reps,
            seed=self.seed,
            variation=self.variation,
            walk_in_s=self.walk_in,
            walk_out_s=self.walk_out,
        )


def _number(least: float, most: float, what: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    read.__doc__ = f"{what} from {least:g} to {most:g}"
    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    read.__doc__ = f"a whole number from {least} to {most}"
    return read


def _size(text: str) -> tuple[int, int]:
    """WIDTHxHEIGHT, each from 16 to 4096."""
    width, height = (int(part) for part in text.lower().split("x"))
    if not 16 <= min(width, height) <= max(width, height) <= 4096:
        raise ValueError(text)
    return width, height


def _yes(text: str) -> bool:
    """0 or 1."""
    return {"0": False, "no": False, "1": True, "yes": True}[text.lower()]


def _motion(text: str) -> str:
    """The name of a motion."""
    try:
        return motion_named(text).name
    except RoutineError as error:
        raise ValueError(text) from error


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "record": _motion,
    "reps": _whole(1, 1000),
    "seed": _whole(0, 2**31 - 1),
    "yaw": _number(-360, 360, "degrees"),
    "rate": _number(1, 240, "frames a second"),
    "size": _size,
    "duration": _number(0.1, 86400, "seconds"),
    "walk_in": _number(0, 60, "seconds"),
    "walk_out": _number(0, 60, "seconds"),
    "variation": _number(0, 5, "a number"),
    "distance": _number(1, 20, "metres"),
    "height": _number(0.1, 4, "metres"),
    "tilt": _number(-45, 60, "degrees"),
    "aside": _number(-10, 10, "metres"),
    "roll": _number(-90, 90, "degrees"),
    "live": _yes,
    "since": _number(0, 1e10, "seconds"),
}


def _read(name: str, text: str) -> Any:
    try:
        return _READERS[name](text.strip())
    except (ValueError, KeyError):
        expected = (_READERS[name].__doc__ or "").rstrip(".")
        raise CameraError(f"synthetic camera: {name} must be {expected}, got {text.strip()!r}") from None


def _view(text: str) -> float:
    try:
        return VIEW_YAW_DEG[View(text.strip().lower())]
    except ValueError:
        raise CameraError(
            f"synthetic camera: view must be front, left or right, got {text.strip()!r}"
        ) from None


def _unknown(option: str, name: str) -> str:
    known = [*_READERS, "view", "fault"]
    if name in known:
        return f"synthetic camera: {option!r} has no value; expected {name}=VALUE"
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(known)}"
    return f"synthetic camera: unknown option {option!r}; {hint}"
