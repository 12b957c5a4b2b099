"""Every fixed word on paper, in one place, so that a language is one more `PaperWords`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from posecoach.coach.outcome import readable
from posecoach.coach.phrase import said_in
from posecoach.skeleton import Joint, Limb

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {member.value: readable(member.value) for member in (*Limb, *Joint)}
)


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The words of a report. In templates, the names in braces are filled in."""

    brand: str = "posecoach"
    session_report: str = "Session report"
    trend_report: str = "How it went over time"
    nobody: str = "no name given"
    no_date: str = "date unknown"
    seen_from: str = "seen from the {side}"
    sides: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"front": "front", "left": "left", "right": "right"})
    )
    minutes: str = "{m}:{s:02d} min"
    cut_off: str = "cut off before its end"
    score: str = "Score"
    of_hundred: str = "of 100"
    no_score: str = "No score"
    seen: str = "{percent} % seen well enough"
    limbs: str = "Limb by limb"
    limbs_aside: str = "as in a mirror"
    level_good: str = "from 80"
    level_fair: str = "from 60"
    level_poor: str = "below"
    limb_unknown: str = "not judged"
    names: Mapping[str, str] = field(default_factory=lambda: _NAMES)
    kinds: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            {name: name for name in ("elbow", "shoulder", "hip", "knee")}
        )
    )
    left: str = "left"
    right: str = "right"
    in_short: str = "In short"
    best: str = "Best"
    worst: str = "To improve"
    next_time: str = "Next time"
    limbs_alike: str = "All limbs alike"
    good_parts: str = "{good} of {n} good"
    asked_reps: str = "{n} repetitions asked for"
    asked_hold: str = "{n} s asked for"
    held: str = "held {n} s on average"
    each_one: str = "Repetition by repetition"
    one_by_one: str = "Hold by hold"
    good: str = "good"
    attempt: str = "almost"
    not_judged: str = "not judged"
    nothing_done: str = "Nothing was finished."
    range_of_motion: str = "Range of motion"
    range_key: str = "mark: reference · circle: last time"
    range_of: str = "{own}° of {wanted}°"
    range_alone: str = "{own}°"
    no_range: str = "No joint was seen well enough."
    no_range_of_hold: str = "A held pose: no joint was meant to move."
    tempo: str = "Tempo"
    seconds_each: str = "{own} s each, reference {wanted} s"
    seconds_alone: str = "{own} s each"
    slower: str = "slower"
    faster: str = "faster"
    no_tempo: str = "No tempo: nothing that moved was judged."
    compared: str = "Compared with last time"
    no_person: str = "Nobody said who it was, so there is nothing to compare with."
    first_time: str = "The first time with this name."
    row_score: str = "Score"
    row_good: str = "Good repetitions"
    row_range: str = "Range, of the reference"
    row_tempo: str = "Tempo, reference 1"
    to_change: str = "What to change"
    times_of: str = "{times} of {n}"
    no_faults: str = "Nothing that would have to be changed."
    and_more: str = "and {n} more"
    because: str = "{verdict}: {reason}"
    reading_score: str = (
        "Score: 100 is as near to the reference as its own repetitions are to each other, 0 no nearer than "
        "standing still. Good from 80, nearly from 60."
    )
    reading_seen: str = (
        "Seen well enough: the share of what matters that the camera saw clearly; below half there is no "
        "score. What was not judged counts neither for nor against."
    )
    reading_range: str = (
        "Range of motion: the largest less the smallest angle of a joint in the camera's picture, on "
        "average; the thin line spans single repetitions. An aid for exercise, not a medical measurement."
    )
    made_by: str = "posecoach {version} · session {number} · {uuid}"
    made_trend: str = "posecoach {version} · {n} sessions"
    days_done: str = "Days with exercise"
    days_aside: str = "{days} days in the last {weeks} weeks"
    programme: str = "Programme: {name}"
    of_planned: str = "{percent} % of the sets that were planned"
    without_date: str = "{n} sessions have no date: the clock was not set"
    score_by_session: str = "score"
    range_by_session: str = "{joint}, degrees (filled: left, open: right)"
    held_by_session: str = "held, seconds"
    scores_from: str = "score {first} at first, {last} now, {best} at best"
    sessions_n: str = "{n} sessions"
    more_routines: str = "Not shown: {names}"
    and_others: str = "{names} and {n} more"
    no_sessions: str = "No session is kept."
    from_to: str = "{first} to {last}"
    reading_trend: str = (
        "Each point is a session, oldest at the left. Score: 100 is as near to the reference as its own "
        "repetitions are to each other; good from 80. Range of motion as the camera saw it, its dashed line "
        "is the reference. An aid for exercise, not a medical measurement."
    )
    months: tuple[str, ...] = (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    )
    weekdays: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

    full_date: str = "{day} {month} {year}"
    short_date: str = "{day} {month}"
    exercise: str = "Exercise"
    as_mirrored: str = "drawn as in a mirror"
    phases: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            {"start": "Start", "out": "On the way", "turn": "Furthest", "back": "Way back", "hold": "Hold"}
        )
    )
    how_to: str = "How it is done"
    what_matters: str = "What matters"
    from_to_deg: str = "{low}° to {high}°"
    joint_goes: str = "{joint} from {low}° to {high}°"
    times_each: str = "{n} times, {s} s each"
    hold_for: str = "hold for {n} s"
    once_for: str = "once, in about {s} s"
    then_rest: str = "then rest {n} s"
    either_side: str = "with the left or the right side"
    sitting: str = "sitting"
    camera_from: str = "the camera sees you from: {sides}"
    reading_poster: str = (
        "Dark: what matters. Pale band: how far off is still perfect. An aid for exercise, not a medical "
        "device."
    )
    catalogue: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What everything else is in this language: names of routines, what was wrong."""

    def day(self, on: date, *, with_year: bool = True) -> str:
        """A date."""
        form = self.full_date if with_year else self.short_date
        return form.format(day=on.day, month=self.months[on.month - 1], year=on.year)

    def say(self, text: str) -> str:
        """A text that comes from elsewhere, in this language."""
        return said_in(self.catalogue, text) if self.catalogue else text


ENGLISH_PAPER: Final = PaperWords()


def texts() -> tuple[str, ...]:
    """Every text that a translation has, each once."""
    found: dict[str, None] = {}
    for part in fields(PaperWords):
        value = getattr(ENGLISH_PAPER, part.name)
        if part.name not in ("brand", "catalogue"):
            found.update(dict.fromkeys([value] if isinstance(value, str) else _all_of(value)))
    return tuple(found)


def translated(paper: Mapping[str, str], said: Mapping[str, str]) -> PaperWords:
    """The words of another language; what is not translated stays English.

    Args:
        paper: Translations of `texts`.
        said: Translations of what the coach says, as `Words.catalogue` has them.
    """

    def turned(value: Any) -> Any:
        if isinstance(value, str):
            return paper.get(value, value)
        if isinstance(value, tuple):
            return tuple(map(turned, value))
        return {name: turned(text) for name, text in value.items()}

    own = {
        part.name: turned(getattr(ENGLISH_PAPER, part.name))
        for part in fields(PaperWords)
        if part.name != "catalogue"
    }
    return PaperWords(**own, catalogue=said)


def _all_of(value: Mapping[str, str] | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(value.values())
