"""Every repetition that was performed: where it is now."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.service.faults import Injection
from posecoach.service.steady_camera import BLACK_S
from rehearsal.faults_of_day import HEALED_WITHIN_S, VOICE_WITHIN_S
from rehearsal.performance import Done
from rehearsal.record import lines


@dataclass(frozen=True, slots=True)
class Window:
    """A span of the day, in seconds since it began."""

    from_s: float
    to_s: float

    def overlaps(self, from_s: float, to_s: float) -> bool:
        return self.from_s <= to_s and from_s <= self.to_s


@dataclass(slots=True)
class Account:
    """Where the repetitions are.

    Attributes:
        performed: By the athletes.
        counted: By verdict, and whether a fault struck meanwhile.
        lost: By the fault that struck meanwhile.
        not_begun: Performed while the coach had not begun, or was done, by the fault before that.
        unexplained: Neither counted nor struck.
        ghosts: Counted where nothing was performed: in faults, and not.
        blind_s: How long nobody looked, by fault.
        silent: Faults of which the coach has said nothing, by kind.
    """

    performed: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    not_begun: Counter[str] = field(default_factory=Counter)
    unexplained: list[Done] = field(default_factory=list)
    ghosts: list[tuple[float, float]] = field(default_factory=list)
    blind_s: dict[str, list[float]] = field(default_factory=dict)
    silent: Counter[str] = field(default_factory=Counter)


def account(record: Path, faults: Sequence[Injection], performed: Iterable[Done], until_s: float) -> Account:
    """Find every repetition again; one that the day's end has cut short only where it was counted."""
    found = Account()
    windows = _windows(record, faults, found)
    parts = list(lines(record, "part"))
    reps = list(performed)
    sessions = _sessions(record)
    matched, found.ghosts = _matched(reps, parts)
    for number, rep in enumerate(reps):
        if rep.end_s > until_s and number not in matched:
            continue
        found.performed += 1
        struck = [name for name, window in windows if window.overlaps(rep.start_s, rep.end_s)]
        if number in matched:
            found.counted[matched[number] + (", struck" if struck else "")] += 1
        elif struck:
            found.lost[struck[0]] += 1
        elif (why := _outside(rep, sessions, windows)) is not None:
            found.not_begun[why] += 1
        else:
            found.unexplained.append(rep)
    return found


def _matched(
    reps: Sequence[Done], parts: Sequence[Mapping[str, Any]]
) -> tuple[dict[int, str], list[tuple[float, float]]]:
    """Which repetitions were counted, with what verdict; and what was counted that is none of them."""
    starts_s = [rep.start_s for rep in reps]
    matched: dict[int, str] = {}
    ghosts = []
    for part in parts:
        near = range(max(bisect_left(starts_s, part["from_s"]) - 2, 0), bisect_right(starts_s, part["to_s"]))
        shared_s = {
            number: min(reps[number].end_s, part["to_s"]) - max(reps[number].start_s, part["from_s"])
            for number in near
            if number not in matched
        }
        most = max(shared_s, key=lambda number: shared_s[number], default=None)
        if most is not None and shared_s[most] > 0.5 * (reps[most].end_s - reps[most].start_s):
            matched[most] = part["verdict"]
        else:
            ghosts.append((part["from_s"], part["to_s"]))
    return matched, ghosts


def _windows(record: Path, faults: Sequence[Injection], found: Account) -> list[tuple[str, Window]]:
    """From when each fault struck, until somebody looks again."""
    gaps = [Window(gap["from_s"], gap["to_s"]) for gap in lines(record, "gap")]
    troubles = [(each["at_s"], each["part"]) for each in lines(record, "trouble")]
    windows = []
    for fault in faults:
        name = f"{fault.part}:{fault.kind}"
        latest_s = fault.at_s + fault.for_s + HEALED_WITHIN_S
        mine = [gap for gap in gaps if gap.overlaps(fault.at_s - 0.2, latest_s)]
        seen_again_s = fault.at_s + (BLACK_S if fault.kind == "black" else 0.0)
        until_s = max([seen_again_s, *(gap.to_s for gap in mine)])
        found.blind_s.setdefault(name, []).append(sum(gap.to_s - gap.from_s for gap in mine))
        told_s = fault.at_s + VOICE_WITHIN_S if fault.part == "voice" else latest_s
        if not any(part == fault.part and fault.at_s - 0.2 <= at_s <= told_s for at_s, part in troubles):
            found.silent[name] += 1
        windows.append((name, Window(fault.at_s, until_s)))
    return windows


def _sessions(record: Path) -> list[Window]:
    starts = [each["at_s"] for each in lines(record, "started")]
    ends = [each["at_s"] for each in lines(record, "finished")]
    return [
        Window(start, min((end for end in ends if end > start), default=float("inf"))) for start in starts
    ]


def _outside(rep: Done, sessions: list[Window], windows: list[tuple[str, Window]]) -> str | None:
    """Why nobody was coached while it was performed; `None` where somebody was, or nothing is why."""
    if any(session.from_s <= rep.start_s and rep.end_s <= session.to_s for session in sessions):
        return None
    before = [
        name
        for name, window in windows
        if rep.start_s - 60.0 <= window.from_s <= rep.start_s and name.startswith(("camera", "estimator"))
    ]
    return before[-1] if before else "the start of the day" if rep.start_s < 60.0 else None


def same_as_history(record: Path, history: Path) -> tuple[int, int, int]:
    """How many repetitions were told as counted, how many the history has, and how many are not the same."""
    told = list(lines(record, "part"))
    with SqliteHistory(history) as opened:
        sessions = sorted(opened.sessions(), key=lambda session: session.id)
        kept = [rep for session in sessions for rep in opened.reps(session.id)]
    wrong = sum(
        rep.verdict != part["verdict"]
        or abs((rep.end_s - rep.start_s) - (part["to_s"] - part["from_s"])) > 0.01
        for rep, part in zip(kept, told, strict=False)
    )
    return len(told), len(kept), wrong


def account_table(found: Account) -> str:
    """The same, to be read."""
    counted = sum(found.counted.values())
    rows = [
        ("performed", found.performed, ""),
        ("counted", counted, _in_words(found.counted)),
        ("not counted, for a fault struck meanwhile", sum(found.lost.values()), _in_words(found.lost)),
        (
            "not counted, for the coach had not begun, or was done",
            sum(found.not_begun.values()),
            _in_words(found.not_begun),
        ),
        ("not accounted for", len(found.unexplained), ""),
        ("counted where none was performed", len(found.ghosts), ""),
    ]
    lines_ = ["| repetitions | number | of these |", "|---|---|---|"]
    lines_ += [f"| {what} | {number} | {words} |" for what, number, words in rows]
    lines_ += ["", "| fault | times | nobody looks, seconds of the day: p50 | max |", "|---|---|---|---|"]
    lines_ += [
        f"| {name} | {len(blind)} | {median(blind):.2f} | {max(blind):.2f} |"
        for name, blind in sorted(found.blind_s.items())
    ]
    lines_ += [
        "",
        f"faults that healed before there was anything to say: {_in_words(found.silent) or 'none'}",
    ]
    return "\n".join(lines_)


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.most_common())
