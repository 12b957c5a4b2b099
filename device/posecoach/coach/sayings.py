"""What the coach says, in whole sentences: digits stay digits, for every voice reads them in its language."""

from __future__ import annotations

from typing import Final

from posecoach.coach.advice import MENDED
from posecoach.coach.routine import Routine, Step
from posecoach.coach.summary import Performance
from posecoach.coach.view import StepKind, SummaryView, Verdict
from posecoach.coach.words import Words, capitalised

COUNTED_DOWN: Final = 5
"""The last seconds of a countdown that are said."""


def sentence(text: str) -> str:
    """The text as a sentence that ends: without a stop some voices hang on to the last word."""
    text = str(capitalised(text.strip()))
    return text if not text or text[-1] in ".!?" else f"{text}."


def asked_for(step: Step, words: Words) -> str:
    """What a step asks for: ``10 repetitions``."""
    if step.kind is StepKind.REPS:
        return words.reps_to_do.format(n=step.reps)
    if step.kind is StepKind.HOLD:
        return words.hold_to_do.format(n=f"{step.hold_s:.0f}")
    return words.flow_to_do


def introduced(routine: Routine, words: Words) -> str:
    """What is to be done, as in ``Squat: 10 repetitions``."""
    return words.say_step.format(name=words.say(routine.name), what=asked_for(routine.steps[0], words))


def summed_up(performance: Performance, summary: SummaryView, words: Words) -> str:
    """How a session went: the numbers that the screen shows, and one thing to do better."""
    said = [sentence(words.finished)]
    if summary.score is None:
        said += [sentence(words.no_score), sentence(words.say(summary.reason))]
    else:
        said.append(words.say_score.format(score=f"{summary.score:.0f}"))
    parts = performance.parts
    if len(parts) > 1:
        good = sum(part.verdict is Verdict.GOOD for part in parts)
        said.append(words.say_reps.format(good=good, n=len(parts)))
    if summary.score is not None and summary.advice:
        said.append(sentence(words.say_next_time.format(advice=words.say(summary.advice).rstrip(" ."))))
    return " ".join(filter(None, said))


def likely(routine: Routine, words: Words) -> list[str]:
    """What will be said for certain, to be ready when it is wanted: numbers first."""
    steps = routine.steps
    most = max((step.reps or 0 for step in steps), default=0)
    held = {n for step in steps for n in range(10, int(step.hold_s or 0) + 1, 10)}
    numbers = sorted({*range(1, max(most, COUNTED_DOWN) + 1), *held})
    later = [words.say_next.format(what=asked_for(step, words)) for step in steps[1:]]
    always = (introduced(routine, words), words.say(MENDED), sentence(words.step_in))
    return [*map(str, numbers), *always, *dict.fromkeys(later)]
