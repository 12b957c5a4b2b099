"""What a session shows of the person, of what they have finished, and of what to do next."""

from __future__ import annotations

import numpy as np

from posecoach.coach.agenda import Agenda
from posecoach.coach.body_limits import unweighted
from posecoach.coach.perception import Percept
from posecoach.coach.phrase import Phrase
from posecoach.coach.placing import ghost
from posecoach.coach.progress import Part, StepProgress
from posecoach.coach.routine import Step
from posecoach.coach.summary import mean
from posecoach.coach.view import PersonView, RepView, Stage
from posecoach.coach.words import capitalised


class FinishedParts:
    """What is shown of finished parts, made once for each: a session may be long."""

    def __init__(self) -> None:
        """Start with none."""
        self._parts: tuple[Part, ...] = ()
        self.reps: tuple[RepView, ...] = ()
        self.score: float | None = None

    def show(self, parts: tuple[Part, ...]) -> None:
        """Take all that are finished; the same object as before until there is more."""
        if parts is not self._parts:
            self._parts = parts
            self.reps = tuple(RepView(part.verdict, part.score, part.reason, part.end_s) for part in parts)
            self.score = mean(part.score for part in parts)


def person_view(
    percept: Percept | None, agenda: Agenda | None, first: Step, progress: StepProgress
) -> PersonView | None:
    """The person and the ghost they should fill; `None` where nobody is seen.

    Args:
        percept: What is seen of them.
        agenda: What they are doing; `None` until they have begun.
        first: What they begin with.
        progress: Where they are in it.
    """
    if percept is None:
        return None
    left_out = agenda.left_out if agenda else unweighted(first.without)
    weights = np.where(left_out, 0.0, percept.weights)  # a network guesses even what is not there
    ghost_xy, ghost_weights = None, None
    reference = agenda.reference if agenda else None
    if percept.pose is not None and reference is not None and agenda is not None:
        rise = agenda.rise_ahead(progress.reference_index)
        ghost_xy = ghost(percept.pose, reference.xy[progress.reference_index], rise, left_out)
        ghost_weights = reference.weights[progress.reference_index]
    return PersonView(percept.keypoints_xy, weights, progress.limb_scores, ghost_xy, ghost_weights)


def countdown_left_s(stage: Stage, left_s: float) -> float | None:
    """What is left of the countdown or the rest, not negative; `None` outside them."""
    return max(left_s, 0.0) if stage in (Stage.COUNTDOWN, Stage.REST) else None


def prompt(stage: Stage, unsure: str | None, placing: str, unsupported: str) -> str:
    """The one thing to ask for now; empty where there is none.

    Args:
        stage: Where the session is.
        unsure: Why nobody is followed although somebody is seen; `None` where that is clear.
        placing: What to ask for until somebody is ready.
        unsupported: What to do where what is being done cannot be judged from here; empty where it can.
    """
    if unsure is not None:
        return unsure
    if stage in (Stage.IDLE, Stage.PLACING):
        return placing
    if stage is Stage.ACTIVE:
        return capitalised(unsupported)
    if stage is Stage.REST:
        return Phrase("Rest. The next part comes")
    return Phrase("Get ready") if stage is Stage.COUNTDOWN else ""
