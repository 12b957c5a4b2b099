"""What must outlive a session: it leaves as events, to be stored before the scene that shows them."""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.coach.progress import Part
from posecoach.coach.routine import View
from posecoach.coach.summary import Performance


@dataclass(frozen=True, slots=True)
class Started:
    """Coaching has begun."""

    at_s: float
    view: View


@dataclass(frozen=True, slots=True)
class PartFinished:
    """A repetition, hold or flow is over; to be stored before it is shown."""

    step: int
    part: Part


@dataclass(frozen=True, slots=True)
class Finished:
    """The session is over."""

    at_s: float
    performance: Performance


Event = Started | PartFinished | Finished
