"""Faults in words: what to change, by how much, and when."""

from __future__ import annotations

from typing import Final

from posecoach.coach.cue_keys import FURTHER, UPRIGHT, cue_for
from posecoach.coach.fault import Change
from posecoach.coach.routine import View
from posecoach.coach.turning import goes_down, rise, stands_up
from posecoach.coach.yardstick import Yardstick
from posecoach.skeleton import Joint, Keypoint, Limb


def joint_change(joint: Joint, off_deg: float) -> Change:
    """An angle larger than the reference's is to be closed, a smaller one opened."""
    name = joint.partition("_")[2]
    if name == "shoulder":
        return Change.LOWER if off_deg > 0 else Change.RAISE
    if off_deg > 0:
        return Change.BEND
    return Change.OPEN if name == "hip" else Change.STRAIGHTEN


def joint_text(
    joint: Joint, off_deg: float, phase: str, yardstick: Yardstick, place: str, *, both: bool
) -> str:
    """The change of a joint in words, the routine's own where it has some.

    ``bend both knees 20 degrees more at the bottom``.
    """
    change = joint_change(joint, off_deg)
    side, _, name = joint.partition("_")
    name = "arm" if name == "shoulder" else name
    own = cue_for(yardstick.cues, change, name, None if both else side, phase)
    if own is not None:
        # From the side only one half is seen, and which one goes without saying.
        whose = "" if both or side in own.lower() or yardstick.view is not View.FRONT else f", {side} {name}"
        return f"{own.rstrip(' .')}{whose}: {abs(off_deg):.0f} degrees {place}".strip()
    whose = f"both {name}s" if both else f"your {side} {name}"
    how = "higher" if change is Change.RAISE else "more"
    return f"{change} {whose} {abs(off_deg):.0f} degrees {how} {place}".strip()


def lean_change(off_deg: float, wanted_deg: float) -> Change:
    """Whether the trunk went too far from upright, or not far enough."""
    fell_short = off_deg * wanted_deg < 0 and abs(off_deg) < abs(wanted_deg)
    return Change.LEAN_FURTHER if fell_short else Change.LEAN_LESS


def lean_text(off_deg: float, wanted_deg: float, yardstick: Yardstick, place: str) -> str:
    """The change of the trunk in words: ``lean 20 degrees less to the left at the bottom``."""
    ways = ("to the left", "to the right") if yardstick.view is View.FRONT else ("forward", "back")
    if lean_change(off_deg, wanted_deg) is Change.LEAN_FURTHER:
        return f"lean {abs(off_deg):.0f} degrees further {ways[0 if wanted_deg > 0 else 1]} {place}".strip()
    way = ways[0 if off_deg > 0 else 1]
    words = f"lean {abs(off_deg):.0f} degrees less {way} {place}".strip()
    return f"{yardstick.cues[UPRIGHT].rstrip(' .')}: {words}" if UPRIGHT in yardstick.cues else words


def further_text(limb: Limb | None, reached: float, yardstick: Yardstick) -> str:
    """That a movement turned back too early, where no joint can tell by how much."""
    words = yardstick.cues.get(FURTHER, "go further").rstrip(" .")
    whose = f", {limb.replace('_', ' ')}" if limb else ""
    return f"{words}{whose}: that was {max(reached, 0.0):.0%} of the way"


def phase_words(phase: str, yardstick: Yardstick) -> str:
    """When in a repetition: ``at the bottom``, ``on the way back``; empty for a held pose."""
    if phase == "turn":
        return turn_in_words(yardstick)
    return _PHASES.get(phase, "")


def turn_in_words(yardstick: Yardstick) -> str:
    """Where the turning point is: the bottom of a squat, the top of an arm raise."""
    reference, turn = yardstick.reference, yardstick.turn
    if goes_down(reference, turn):
        return "at the bottom"
    if (
        yardstick.rise
        or stands_up(reference, turn)
        or rise(reference, turn, (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)) > 0.4
    ):
        return "at the top"
    return "at the far point"


_PHASES: Final = {"out": "on the way out", "back": "on the way back", "start": "at the start"}
