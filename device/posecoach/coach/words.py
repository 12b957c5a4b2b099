"""Every fixed word the coach can show or say, in one place, so that a language is one more `Words`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The coach's own words. In templates, the names in braces are filled in."""

    brand: str = "posecoach"
    step_in: str = "Step into view"
    privacy: str = "Nothing leaves this box. No picture is kept."
    follow_ghost: str = "Move with the pale figure"
    get_ready: str = "Get ready"
    starts_in: str = "starts in"
    next_up: str = "Next"
    reps_to_do: str = "{n} repetitions"
    reps_open: str = "As many as you like"
    hold_to_do: str = "Hold for {n} seconds"
    hold_open: str = "Hold as long as you like"
    flow_to_do: str = "Once through"
    of_n: str = "of {n}"
    reps: str = "reps"
    seconds_of: str = "of {n} s"
    seconds: str = "seconds"
    done: str = "done"
    score: str = "score"
    not_yet: str = "not judged yet"
    rep_n: str = "Rep {n}"
    hold_n: str = "Hold {n}"
    flow_n: str = "Round {n}"
    was_good: str = "{what}: good"
    was_attempt: str = "{what}: almost"
    was_not_judged: str = "{what}: not judged"
    legend_good: str = "good"
    legend_fair: str = "nearly"
    legend_poor: str = "change"
    finished: str = "That was it"
    keep: str = "Keep it like this"
    no_score: str = "No score this time"
    good_reps: str = "{good} of {n} good"
    no_limbs: str = "No limb could be judged"
    limbs_alike: str = "All limbs alike"
    best: str = "Best"
    worst: str = "To improve"
    next_time: str = "Next time"
    range_of_motion: str = "Range of motion"
    judged: str = "{percent} % judged"
    # Only said.
    language: str = "en"
    say_step: str = "{name}: {what}."
    say_next: str = "Next: {what}."
    say_score: str = "{score} of 100."
    say_reps: str = "{good} of {n} good."
    say_next_time: str = "Next time: {advice}."


ENGLISH: Final = Words()


def capitalised(text: str) -> str:
    """The text as the beginning of a sentence, its other letters as they are."""
    return text[:1].upper() + text[1:]
