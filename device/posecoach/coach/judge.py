"""From a finished performance to what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.beside import why_declined
from posecoach.coach.extent import joint_extents
from posecoach.coach.fault import Fault
from posecoach.coach.faults import faults
from posecoach.coach.measure import Measure, hidden_reason, measure
from posecoach.coach.own_posture import shifted
from posecoach.coach.pace import tempo
from posecoach.coach.phrase import Phrase
from posecoach.coach.progress import Part
from posecoach.coach.view import StepKind, Verdict
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import NUM_KEYPOINTS, Limb

Array = NDArray[np.float64]
Attempt = Callable[[Measure, tuple[Fault, ...]], str]
"""Why a measured performance was only an attempt; an empty text if it was good."""


def judge(
    index: int,
    performed: PoseSequence,
    yardstick: Yardstick,
    attempt: Attempt,
    *,
    held: bool = False,
    cost: Array | None = None,
    own: Array | None = None,
) -> Part:
    """Measure a performance and give the verdict.

    Args:
        index: Its number within the step.
        performed: The samples from its start to its end.
        yardstick: How it is measured.
        attempt: Says why it was only an attempt; asked only where there is a score.
        held: Whether its duration is the time a pose was held.
        cost: The `cost_matrix` of the performance and the reference, where it is known already.
        own: ``(17, 2)`` the posture of whoever performs it, which costs nothing. Angles are told as they are.
    """
    measured = measure(performed if own is None else shifted(performed, own), yardstick, cost)
    if declined := yardstick.unsupported or why_declined(yardstick):
        measured = replace(measured, score=None, limbs=dict.fromkeys(Limb), keypoints=[None] * NUM_KEYPOINTS)
    found: tuple[Fault, ...] = ()
    if measured.score is None:
        verdict, reason = Verdict.NOT_JUDGED, declined or _unseen(measured, yardstick)
    else:
        found = faults(performed, measured, yardstick)
        reason = attempt(measured, found)
        verdict = Verdict.ATTEMPT if reason else Verdict.GOOD
    return Part(
        index=index,
        start_s=float(performed.at_s[0]),
        end_s=float(performed.at_s[-1]),
        verdict=verdict,
        score=measured.score,
        reason=reason,
        coverage=measured.coverage,
        faults=found,
        joints=joint_extents(performed, yardstick),
        tempo=_tempo(performed, yardstick),
        limbs=measured.limbs,
        keypoints=tuple(measured.keypoints),
        held_s=performed.duration_s if held else None,
    )


def _unseen(measured: Measure, yardstick: Yardstick) -> str:
    """Why a performance could not be judged: what was hidden, or that it was hardly ever seen."""
    present = measured.present
    if 0.0 < present < 1.0 and yardstick.enough(measured.weights / present):
        return Phrase("you were seen only {percent} % of the time", percent=f"{100 * present:.0f}")
    return hidden_reason(measured.weights, yardstick.emphasis)


def _tempo(performed: PoseSequence, yardstick: Yardstick) -> float:
    if yardstick.kind is StepKind.HOLD:
        return 1.0
    if yardstick.kind is StepKind.REPS:
        return tempo(performed, yardstick)
    return yardstick.reference.duration_s / max(performed.duration_s, 0.1)
