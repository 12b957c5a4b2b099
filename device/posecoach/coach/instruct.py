"""Faults in words: what to change, by how much, and when."""

from __future__ import annotations

from typing import Final

from posecoach.coach.body_words import both_of, in_words, whose_of
from posecoach.coach.cue_keys import FURTHER, UPRIGHT, cue_for
from posecoach.coach.fault import Change
from posecoach.coach.phrase import Phrase, template
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
    degrees = f"{abs(off_deg):.0f}"
    if own is not None:
        cue = Phrase(own).without_stop()
        # From the side only one half is seen, and which one goes without saying.
        if both or side in own.lower() or yardstick.view is not View.FRONT:
            return Phrase("{cue}: {degrees} degrees {where}", cue=cue, degrees=degrees, where=place)
        whose = in_words(f"{side}_{name}")
        return Phrase(
            "{cue}, {limb}: {degrees} degrees {where}", cue=cue, limb=whose, degrees=degrees, where=place
        )
    whose = both_of(name) if both else whose_of(f"{side}_{name}")
    return Phrase(_CHANGES[change], joint=whose, degrees=degrees, where=place)


_CHANGES: Final = {
    Change.RAISE: template("raise {joint} {degrees} degrees higher {where}"),
    Change.LOWER: template("lower {joint} {degrees} degrees more {where}"),
    Change.BEND: template("bend {joint} {degrees} degrees more {where}"),
    Change.STRAIGHTEN: template("straighten {joint} {degrees} degrees more {where}"),
    Change.OPEN: template("open {joint} {degrees} degrees more {where}"),
}
"""Templates of a `Phrase` each."""


def lean_change(off_deg: float, wanted_deg: float) -> Change:
    """Whether the trunk went too far from upright, or not far enough."""
    fell_short = off_deg * wanted_deg < 0 and abs(off_deg) < abs(wanted_deg)
    return Change.LEAN_FURTHER if fell_short else Change.LEAN_LESS


def lean_text(off_deg: float, wanted_deg: float, yardstick: Yardstick, place: str) -> str:
    """The change of the trunk in words: ``lean 20 degrees less to the left at the bottom``."""
    degrees = f"{abs(off_deg):.0f}"
    if lean_change(off_deg, wanted_deg) is Change.LEAN_FURTHER:
        way = _WAYS[yardstick.view is View.FRONT, wanted_deg > 0]
        return Phrase("lean {degrees} degrees further {way} {where}", degrees=degrees, way=way, where=place)
    way = _WAYS[yardstick.view is View.FRONT, off_deg > 0]
    words = Phrase("lean {degrees} degrees less {way} {where}", degrees=degrees, way=way, where=place)
    if UPRIGHT not in yardstick.cues:
        return words
    return Phrase("{cue}: {change}", cue=Phrase(yardstick.cues[UPRIGHT]).without_stop(), change=words)


_WAYS: Final = {
    (True, True): Phrase("to the left"),
    (True, False): Phrase("to the right"),
    (False, True): Phrase("forward"),
    (False, False): Phrase("back"),
}


def further_text(limb: Limb | None, reached: float, yardstick: Yardstick) -> str:
    """That a movement turned back too early, where no joint can tell by how much."""
    own = yardstick.cues.get(FURTHER)
    cue = Phrase("go further") if own is None else Phrase(own).without_stop()
    share = f"{max(reached, 0.0):.0%}"
    if limb is None:
        return Phrase("{cue}: that was {share} of the way", cue=cue, share=share)
    return Phrase("{cue}, {limb}: that was {share} of the way", cue=cue, limb=in_words(limb), share=share)


def phase_words(phase: str, yardstick: Yardstick) -> str:
    """When in a repetition: ``at the bottom``, ``on the way back``; empty for a held pose."""
    if phase == "turn":
        return turn_in_words(yardstick)
    return _PHASES.get(phase, "")


def turn_in_words(yardstick: Yardstick) -> str:
    """Where the turning point is: the bottom of a squat, the top of an arm raise."""
    reference, turn = yardstick.reference, yardstick.turn
    if goes_down(reference, turn):
        return Phrase("at the bottom")
    if (
        yardstick.rise
        or stands_up(reference, turn)
        or rise(reference, turn, (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)) > 0.4
    ):
        return Phrase("at the top")
    return Phrase("at the far point")


_PHASES: Final = {
    "out": Phrase("on the way out"),
    "back": Phrase("on the way back"),
    "start": Phrase("at the start"),
}
