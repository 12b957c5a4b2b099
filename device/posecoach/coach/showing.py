"""A movement that somebody has shown: what of it is the movement, what kind it is, or why it is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.excursions import Excursion, Shown, shown_in
from posecoach.coach.learn import Learned, learn, learned_from
from posecoach.coach.learn_cuts import Cut
from posecoach.coach.learn_views import Found
from posecoach.coach.phrase import Phrase
from posecoach.coach.reference import reference_of, watched
from posecoach.coach.routine import View
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import viewpoint
from posecoach.errors import RoutineError
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.track import PoseTrack

Array = NDArray[np.float64]

HELD_S: Final = 4.0
"""Who stays at the far end for so long holds a pose; a repetition turns back sooner."""
LARGE: Final = 0.5
"""Torso lengths that a movement must go which was seen only once: who just stands there shifts about less."""
BELONGS: Final = 0.5
"""Share of the time away from home that must belong to the movement: else it was about something else."""
MOST_PARTS: Final = 4
"""Parts of a movement that passes by how it began: the left side and the right, and hardly more."""
ABOUT: Final = 0.25
"""Share of the time somewhere else in the room, from which somebody has walked about."""
MOSTLY: Final = 0.5
"""The same of what is done once: it may lead somewhere else for a while."""
COMES_HOME_S: Final = 1.0
"""How long after somebody was last clearly away from how they began a sequence may still be ending."""

NOBODY: Final = Phrase("Nobody was seen. Stand so that all of you is in the picture")
STILL: Final = Phrase("Nothing moved. Begin after the countdown, and show all of the movement")
WALKED: Final = Phrase("You walked about. Stay in one place, and come back to how you began each time")
UNFINISHED: Final = Phrase("You did not come back to how you began. Begin and end each time in the same pose")
UNLIKE: Final = Phrase("No two times were alike. Show one movement, the same way each time")


SMALL: Final = Phrase("Only a small movement was seen, once. Show all of it, three times")


class NotShown(RoutineError):
    """A recording shows no movement that could be learned.

    Attributes:
        why: What was seen instead, and what to do.
    """

    def __init__(self, why: Phrase) -> None:
        """Say why."""
        super().__init__(f"nothing was learned: {why[:1].lower()}{why[1:]}")
        self.why = why


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a recording has taught.

    Attributes:
        learned: The step made of it.
        times: How often the movement was seen.
        spans_s: From when to when each time, in seconds of the recording.
    """

    learned: Learned
    times: int
    spans_s: tuple[tuple[float, float], ...]

    @property
    def kind(self) -> StepKind:
        """How it is counted."""
        return self.learned.step.kind


def lesson_of(recording: PoseTrack, kind: StepKind | None = None, view: View | None = None) -> Lesson:
    """Learn from a recording that begins with somebody standing still as the movement begins.

    Args:
        recording: Of one person, as the network saw them.
        kind: What the movement is; found from it where `None`: a pose that is held, or repetitions.
        view: The side it was filmed from; recognised where `None`.

    Raises:
        NotShown: There is no movement in it; says what to do.
    """
    smoothed, samples = watched(recording)
    if not samples:
        raise NotShown(NOBODY)
    if kind is StepKind.FLOW:
        return _once_through(recording, samples, view)
    shown, performed, own = found_in(samples)
    why = refusal_of(shown, performed)
    if why is not None:
        raise NotShown(why)
    held = all(_held_s(each) >= HELD_S for each in performed)
    kind = kind or (StepKind.HOLD if held and len(performed[0]) == 1 else StepKind.REPS)
    cuts = [_cut(smoothed, _span(each, kind, own), kind) for each in performed]
    sequences = [reference_of(cut.track) for cut in cuts]
    seen = Counter(view or viewpoint(each.xy, each.weights) for each in sequences)
    found = Found(seen.most_common(1)[0][0], tuple(cuts), tuple(sequences))
    return _lesson(learned_from([found], kind))


def _lesson(learned: Learned) -> Lesson:
    parts = [part for found in learned.found for part in found.parts]
    return Lesson(learned, len(parts), tuple((part.start_s, part.end_s) for part in parts))


def _once_through(recording: PoseTrack, samples: Sequence[NormalisedPose], view: View | None) -> Lesson:
    """All of it as one sequence, up to where somebody is back; a sign that it is over is none of it."""
    shown = shown_in(samples)
    gone = np.flatnonzero(shown.away)
    if not shown.moved or not len(gone):
        raise NotShown(STILL)
    if shown.elsewhere >= MOSTLY:
        raise NotShown(WALKED)
    until_s = samples[int(gone[-1])].captured_at + COMES_HOME_S
    whole = [frame for frame in recording if frame.at_s <= until_s]
    return _lesson(learn([PoseTrack(recording.image_wh, whole)], StepKind.FLOW, view))


def found_in(
    samples: Sequence[NormalisedPose], rises: Array | None = None
) -> tuple[Shown, list[tuple[Excursion, ...]], Sequence[NormalisedPose]]:
    """What was shown, each time that the movement was done, and the samples that both are about.

    Where something large was done once, and without it another movement is there again and again, it is left
    out: whoever raises a hand to be understood goes further than in many an exercise.

    Args:
        samples: Of one person; the first are at home.
        rises: As for `shown_in`.
    """
    shown = shown_in(samples, rises)
    performed = performances(shown)
    if len(performed) == 1:
        first, last = performed[0][0].start, performed[0][-1].end
        kept = [number for number in range(len(samples)) if not first < number <= last]
        others = [samples[number] for number in kept]
        without = shown_in(others, None if rises is None else rises[kept])
        again = performances(without)
        if len(again) > 1:
            return without, again, others
    return shown, performed, samples


def performances(shown: Shown) -> list[tuple[Excursion, ...]]:
    """Each time the movement was done, of one excursion or of several that take turns.

    What somebody did once, at the end or in between, a hand raised to be understood, is none of it.
    """
    found = shown.excursions
    for parts in range(1, MOST_PARTS + 1):
        for whole in (found, found[:-1]):
            if len(whole) >= 2 * parts and _again(whole, parts):
                return _in_turns(whole, parts)
    if len(found) == 2 and found[0].mirrors(found[1]) and not found[0].alike(found[1]):
        return _in_turns(found, 2)
    groups = [[other for other in found if each.alike(other)] for each in found]
    return [(each,) for each in max(groups, key=len, default=[])]  # the first of equals


def _again(found: Sequence[Excursion], parts: int) -> bool:
    """Whether each is done again so many later."""
    return all(one.alike(other) for one, other in zip(found, found[parts:], strict=False))


def _in_turns(found: Sequence[Excursion], parts: int) -> list[tuple[Excursion, ...]]:
    return [tuple(found[n : n + parts]) for n in range(0, len(found) - parts + 1, parts)]


def refusal_of(shown: Shown, performed: Sequence[tuple[Excursion, ...]]) -> Phrase | None:
    """Why what was shown is no movement to be learned; `None` where it is one."""
    if not shown.moved:
        return STILL
    own = sum(int(shown.away[each[0].start : each[-1].end + 1].sum()) for each in performed)
    belongs = own >= BELONGS * shown.away.sum() and (len(performed) > 1 or len(shown.excursions) < 3)
    once = len(performed) == 1 and shown.furthest >= LARGE and shown.elsewhere < MOSTLY
    if belongs and (len(performed) > 1 or once):
        return None
    if shown.elsewhere >= ABOUT:
        return WALKED
    if not performed:
        return UNFINISHED
    return SMALL if belongs else UNLIKE


def _held_s(performed: tuple[Excursion, ...]) -> float:
    first, last = performed[0].stay
    return (last - first) / SAMPLE_RATE_HZ


def _span(
    performed: tuple[Excursion, ...], kind: StepKind, samples: Sequence[NormalisedPose]
) -> tuple[float, float]:
    """From when to when one of them goes; of a pose, how long it is held."""
    first, last = performed[0].start, performed[-1].end
    if kind is StepKind.HOLD:
        first, last = performed[0].stay
    return samples[first].captured_at, samples[last].captured_at


def _cut(smoothed: PoseTrack, span: tuple[float, float], kind: StepKind) -> Cut:
    """One performance; of a held pose the frame in the middle."""
    if kind is not StepKind.HOLD:
        return Cut(smoothed.between(*span), *span)
    middle_s = 0.5 * (span[0] + span[1])
    seen = [frame.at_s for frame in smoothed if frame.pose]
    moment_s = min(seen, key=lambda at_s: abs(at_s - middle_s))
    return Cut(smoothed.between(moment_s, moment_s), *span)
