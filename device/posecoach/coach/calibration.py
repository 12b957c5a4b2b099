"""What the points of a step mean, in words: for whoever makes a routine, or doubts a score."""

from __future__ import annotations

import numpy as np

from posecoach.coach.extent import joint_extents
from posecoach.coach.points import INSIDE, NOTHING
from posecoach.coach.routine import TOLERANCE_FLOOR, Step, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import RESTING
from posecoach.skeleton import NUM_KEYPOINTS, Limb


def calibration(step: Step, view: View) -> tuple[str, ...]:
    """What the ends of the scale are, where the tolerances come from, which limbs matter."""
    ruler = yardstick(step, view)
    tolerance, zero = ruler.levels(np.ones(NUM_KEYPOINTS))
    learned = any(rule.tolerance > TOLERANCE_FLOOR for rule in step.limbs.values() if rule.emphasis)
    source = "learned, or set by hand" if learned else f"the floor of {TOLERANCE_FLOOR:.2f} torso lengths"
    most = max(rule.emphasis for rule in step.limbs.values())
    mattering = [limb.replace("_", " ") for limb in Limb if step.limbs[limb].emphasis >= 0.5 * most]
    nothing = (
        "another pose"
        if step.kind is StepKind.HOLD
        else f"nothing of what moves, and {RESTING:.2f} torso lengths off in what rests"
    )
    said = [
        f"seen from the {view}, {INSIDE:.0f} points or more: within {tolerance:.2f} torso lengths of the "
        f"reference on average; the tolerances are {source}",
        f"{NOTHING:.0f} points or fewer: {zero:.2f} torso lengths off, as far as {nothing}",
        f"what matters most: {', '.join(mattering)}",
    ]
    ranges = {joint: each.range_deg for joint, each in joint_extents(ruler.reference, ruler).items()}
    if step.kind is not StepKind.HOLD and ranges:
        widest = max(ranges, key=lambda joint: (ranges[joint], joint))
        said.append(
            f"the {widest.replace('_', ' ')} goes through {ranges[widest]:.0f} degrees, the most of all"
        )
    if step.posture:
        said.append(
            f"one's own starting pose may differ by {step.posture:.2f} torso lengths without costing anything"
        )
    return tuple(said)
