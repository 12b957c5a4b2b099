"""Every fixed word the coach can show or say, in one place, so that a language is one more `Words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from posecoach.coach.phrase import Phrase, said_in


@dataclass(frozen=True, slots=True)
class Words:
    """The screen's own words. In templates, the names in braces are filled in.

    Attributes:
        language: What this is, as in ``de``.
        catalogue: What everything else is in this language: templates of `Phrase`, and whole texts.
    """

    language: str = "en"
    catalogue: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False, repr=False)

    brand: str = "posecoach"
    step_in: str = "Step into view"
    privacy: str = "Nothing leaves this box. No picture is kept."
    follow_ghost: str = "Move with the pale figure"
    get_ready: str = "Get ready"
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
    what_would_you_like: str = "What would you like to do?"
    how_to_choose: str = "Raise a hand and point, or use the arrow keys"
    trend: str = "How it went before"
    settings: str = "Settings"
    rest: str = "Rest"
    paused: str = "Pause"
    go_on_crossing: str = "Cross your arms or raise your right hand to go on. Left hand: finish"
    away: str = "Where are you?"
    go_on_returning: str = "Come back into view to go on"
    left_hand: str = "Left hand: {what}"
    right_hand: str = "Right hand: {what}"
    go_on: str = "go on"
    something_else: str = "something else"
    once_more: str = "once more"
    next_one: str = "the next one"
    go_back: str = "go back"
    more_good: str = "and {n} more, all good"
    picture: str = "Picture"
    picture_camera: str = "as in a mirror"
    picture_silhouette: str = "a figure"
    picture_skeleton: str = "lines only"
    sound: str = "Sound"
    letters: str = "Letters"
    letters_normal: str = "normal"
    letters_large: str = "large"
    motion: str = "Motion"
    motion_full: str = "as usual"
    motion_calm: str = "as little as possible"
    colours: str = "Colours"
    colours_dark: str = "light on dark"
    colours_light: str = "dark on light"
    on: str = "on"
    off: str = "off"
    check: str = "Check this box"
    back: str = "Back"
    alike: str = "How alike"
    turned_over: str = "mirrored"
    checking: str = "Checking"
    all_well: str = "Everything works"
    not_well: str = "and {n} more"
    not_checked: str = "It could not be checked"
    on_the_stick: str = "On the stick"
    by: str = "by {name}"
    signed_by: str = "signed by {name}"
    not_signed: str = "not signed"
    signer_unknown: str = "signed by somebody unknown here"
    further: str = "Further"
    stick_here: str = "Already on this box"
    stick_taken: str = "On this box now"
    stick_taking: str = "Being copied"
    stick_unsigned: str = "Not signed by anybody known here: not taken"
    stick_other: str = "Another one of this name is here"
    stick_broken: str = "Damaged, or no exercise"
    stick_failed: str = "It could not be copied"
    stick_unread: str = "The stick cannot be read"
    stick_gone: str = "The stick is gone"

    record: str = "Record a new movement"
    show_times: str = "Show it {n} times, from how you stand now"
    seen_go_on: str = "Seen. Show it again"
    seen_enough: str = "That is enough: stand still"
    how_to_end: str = "To end: stand still, or cross your arms"
    how_to_end_hand: str = "To end: stand still, or raise one hand"
    learning: str = "Having a look at it"
    keeping: str = "Keeping it"
    learned_reps: str = "{n} repetitions seen"
    learned_rep: str = "1 repetition seen"
    learned_hold: str = "A pose, held {n} times"
    learned_flow: str = "A sequence, done once"
    learned_front: str = "from the front"
    learned_left: str = "from the left side"
    learned_right: str = "from the right side"
    learned_once: str = "Seen once only: it will be judged strictly. Three times would tell more"
    only_movement: str = "Only the movement is kept, no picture"
    keep_it: str = "Keep"
    show_again: str = "Show it again"
    throw_away: str = "Throw away"
    nothing_learned: str = "Nothing was learned"
    it_is_kept: str = "Kept: {name}"
    recorded_n: str = "Recorded {n}"
    recorded_on: str = "Recorded on {date}"
    do_it_now: str = "Do it now"
    not_this: str = "Something else"
    right_hand_up: str = "right hand up"
    left_hand_up: str = "left hand up"
    point_here: str = "point here"

    tempo_same: str = "as fast as shown"
    tempo_slower: str = "{n} % slower than shown"
    tempo_faster: str = "{n} % faster than shown"
    last_time_better: str = "↑ {n} since last time"
    last_time_worse: str = "↓ {n} since last time"
    last_time_same: str = "as last time"
    range_compared: str = "Range ↑↓ since last time"
    now: str = "now"
    best_so_far: str = "best"
    sessions: str = "sessions"
    held: str = "Held, seconds"
    days_done: str = "Active days"
    nothing_kept: str = "Nothing has been done under this name yet"
    no_name: str = "Nobody has a name here, so there is nothing to compare"
    months: str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"

    # Only said.
    say_step: str = "{name}: {what}."
    say_next: str = "Next: {what}."
    say_score: str = "{score} of 100."
    say_reps: str = "{good} of {n} good."
    say_next_time: str = "Next time: {advice}."

    def say(self, text: str) -> str:
        """A text that comes from elsewhere, in this language."""
        return said_in(self.catalogue, text) if self.catalogue else text


ENGLISH: Final = Words()


def capitalised(text: str) -> str:
    """The text as the beginning of a sentence, its other letters as they are."""
    if not text:
        return text
    return (text if isinstance(text, Phrase) else Phrase(text)).as_beginning()
