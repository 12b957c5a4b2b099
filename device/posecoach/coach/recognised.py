"""What was recognised, how surely, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.coach.candidates import Candidate
from posecoach.coach.explained import MOST_LEFT, START, Explained


@dataclass(frozen=True, slots=True)
class Recognised:
    """Something that may be done.

    Attributes:
        candidate: What, from which side, and with which side of the body.
        confidence: 0..1: what it explains of the movement, and how clearly the next best explains less.
        from_s: When it began, on the camera's clock.
        at_s: When that was known.
        decided: Whether it is taken for what is done.
        against: What speaks against it, in words; the most telling first.
        times: How often it was decided on.
    """

    candidate: Candidate
    confidence: float
    from_s: float
    at_s: float
    decided: bool
    against: tuple[str, ...] = ()
    times: int = 0


def speaking_against(told: Explained) -> list[str]:
    """What a second look says against it."""
    said = []
    if told.start_off > START:
        said.append("it begins in another pose")
    if told.left > MOST_LEFT:
        said.append(f"{told.left:.0%} of the movement is not explained")
    if told.against:
        said.append(f"not like it: {', '.join(part.replace('_', ' ') for part in told.against)}")
    if told.hurried:
        said.append("faster than anybody does it")
    return said
