"""Whether a view shows a movement at all: what goes towards the camera and back looks like standing still."""

from __future__ import annotations

from typing import Final

import numpy as np

from posecoach.coach.routine import Step, View
from posecoach.coach.view import StepKind

LEAST_SHOWN_SHARE: Final = 1 / 3
"""Of how far what matters moves in the view that shows most, below which a view does not support a step."""
_TURN_TO: Final = {
    View.FRONT: "turn to face the camera",
    View.LEFT: "turn your left side to the camera",
    View.RIGHT: "turn your right side to the camera",
}


def unsupported(step: Step, view: View) -> str:
    """What to do where a step cannot be judged in one of its views; empty where it can.

    A held pose and a sequence have a shape in every view; a cycle that hardly moves in the picture is lost
    in what people differ by.
    """
    if step.kind is not StepKind.REPS:
        return ""
    shown = {each: travel(step, each) for each in step.views}
    best = max(shown, key=lambda each: shown[each])
    return (
        ""
        if shown[view] >= LEAST_SHOWN_SHARE * shown[best]
        else f"this cannot be judged from here: {_TURN_TO[best]}"
    )


def travel(step: Step, view: View) -> float:
    """How far what matters moves away from the starting pose, on average over the body, in torso lengths."""
    reference, emphasis = step.views[view], step.emphasis()
    moved = np.hypot(*np.moveaxis(reference.xy - reference.xy[:1], -1, 0))
    seen = moved * reference.weights * reference.weights[:1]
    return float((seen @ emphasis).max() / emphasis.sum())
