"""Every fixed word the screen can say, in one place, so that a language is one more `Words`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The screen's own words. In templates, the names in braces are filled in."""

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
    of_the_way: str = "of the way"
    score: str = "score"
    not_yet: str = "not judged yet"
    rep_good: str = "Rep {n}: good"
    rep_attempt: str = "Rep {n}: almost"
    rep_not_judged: str = "Rep {n}: not judged"
    legend_good: str = "good"
    legend_fair: str = "nearly"
    legend_poor: str = "change this"
    summary_title: str = "That was it"
    no_score: str = "No score this time"
    good_reps: str = "{good} of {n} good"
    best: str = "Best"
    worst: str = "To improve"
    next_time: str = "Next time"
    range_of_motion: str = "Range of motion"
    judged: str = "{percent} % of it could be judged"


ENGLISH: Final = Words()
