"""What is asked after a recording, in words: of what was learned, of what was not, and of what is kept."""

from __future__ import annotations

from typing import Final

from posecoach.coach.body_words import in_words
from posecoach.coach.faults import LEAST_RANGE_DEG
from posecoach.coach.look import Look
from posecoach.coach.routine import Step, View
from posecoach.coach.scene import Ink, Shape
from posecoach.coach.showing import Lesson
from posecoach.coach.summary import reference_ranges
from posecoach.coach.view import StepKind
from posecoach.coach.words import Words
from posecoach.face.compose_record import Answer, Question
from posecoach.face.place import Place
from posecoach.face.recorder import Recorder

MOST_RANGES: Final = 3


def question_at(place: Place, recorder: Recorder, look: Look) -> Question:
    """What is asked at a place that asks something."""
    words = look.words
    if place is Place.REVIEW and recorder.lesson is not None:
        return learned(recorder.lesson, words, busy=recorder.busy, problem=words.say(recorder.problem or ""))
    if place is Place.KEPT and recorder.kept is not None:
        step = recorder.kept.steps[0]
        return Question(
            words.record,
            (words.it_is_kept.format(name=words.say(recorder.kept.name)),),
            (
                Answer(words.not_this, words.left_hand_up, Shape.BACK),
                Answer(words.do_it_now, words.right_hand_up, Shape.POINTER, Ink.GOOD),
            ),
            next(iter(step.views.values())),
            step.kind,
        )
    return refused(words.say(recorder.refused or ""), words)


def learned(lesson: Lesson, words: Words, *, busy: bool = False, problem: str = "") -> Question:
    """What was learned, to be kept or not."""
    step = lesson.learned.step
    view = next(iter(step.views))
    once = (words.learned_once,) if lesson.times == 1 and lesson.kind is not StepKind.FLOW else ()
    told = (f"{_times(lesson, words)}, {_seen_from(view, words)}", *once, words.only_movement)
    return Question(
        f"{words.keeping} \N{HORIZONTAL ELLIPSIS}" if busy else words.record,
        told,
        (
            Answer(words.throw_away, words.left_hand_up, Shape.BACK),
            Answer(words.show_again, words.point_here, Shape.RECORD, Ink.LIVE),
            Answer(words.keep_it, words.right_hand_up, Shape.TICK, Ink.GOOD),
        ),
        step.views[view],
        step.kind,
        _ranges(step, view),
        problem,
    )


def refused(why: str, words: Words) -> Question:
    """Why nothing was learned, and what to do."""
    return Question(
        words.nothing_learned,
        (why,),
        (
            Answer(words.not_this, words.left_hand_up, Shape.BACK),
            Answer(words.show_again, words.right_hand_up, Shape.RECORD, Ink.LIVE),
        ),
    )


def _times(lesson: Lesson, words: Words) -> str:
    if lesson.kind is StepKind.HOLD:
        return words.learned_hold.format(n=lesson.times)
    if lesson.kind is StepKind.FLOW:
        return words.learned_flow
    return words.learned_rep if lesson.times == 1 else words.learned_reps.format(n=lesson.times)


def _seen_from(view: View, words: Words) -> str:
    return {
        View.FRONT: words.learned_front,
        View.LEFT: words.learned_left,
        View.RIGHT: words.learned_right,
    }[view]


def _ranges(step: Step, view: View) -> tuple[tuple[str, float], ...]:
    """The joints that go furthest."""
    found = {joint: deg for joint, deg in reference_ranges(step, view).items() if deg >= LEAST_RANGE_DEG}
    widest = sorted(found, key=lambda joint: (-found[joint], joint))[:MOST_RANGES]
    return tuple((in_words(joint), found[joint]) for joint in widest)
