"""Is every fault of the athlete named, and nothing else? Held against its angles in space."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from evaluation.performances import athlete, parts_of, report_of, routine, sight
from evaluation.rows import Effort, Row
from evaluation.truth import Truth, shows, told_of
from posecoach.coach.fault import Fault as Told
from posecoach.coach.routine import View
from posecoach.coach.support import unsupported
from posecoach.coach.view import StepKind
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.naming import named_by
from posecoach.synthetic.timeline import Rep

PACE = ("fast:2", "pause:2.5")
ANY = ("shallow:0.35", "shallow:0.5", *PACE)
ARMS = ("low_arm.left:30", "low_arm.right:20", "low_arm:35")
UNEVEN = ("asymmetry.left:0.35", "asymmetry.right:0.4")
SIDEWAYS = ("lean.left:20", "lean.right:25")
FAULTS: dict[str, tuple[str, ...]] = {
    "squat": (*ANY, "shallow:0.2", *SIDEWAYS, "lean:20"),
    "sit_to_stand": ("shallow:0.35", "fast:1.8", "pause:2.5", "lean:20"),
    "lunge": (*ANY, "lean:20"),
    "side_leg_raise": (*ANY, *SIDEWAYS, "asymmetry.left:0.4"),
    "shoulder_abduction": (*ANY, *ARMS, *UNEVEN, *SIDEWAYS),
    "shoulder_flexion": (*ANY, *ARMS, *UNEVEN, "lean:20", "lean:-20"),
    "shoulder_press": (*ANY, *ARMS, *UNEVEN, *SIDEWAYS),
    "knee_raise": ("shallow:0.35", *PACE, *SIDEWAYS, "lean:20", *UNEVEN),
    "trunk_side_bend": ANY,
    "heel_raise": (*PACE, "lean:20", "bent_knee:30"),
    "tree": ("low_arm:25", "lean.left:20", "lean.right:20", "bent_knee.right:25"),
    "warrior_two": ("low_arm:25", "low_arm.left:30", "lean.left:20", "lean.right:20"),
    "chair": ("shallow:0.3", "low_arm:25", "lean:20"),
    "half_sun_salutation": ("shallow:0.4", "bent_knee:30"),
    "seated_arm_raise": (*ANY, *ARMS, "lean:-20"),
    "seated_knee_extension": (*ANY, "asymmetry.left:0.4", "lean:20", "lean:-20"),
}
"""What may go wrong in a motion; what a view does not support is left out there."""
PEOPLE, QUICK_PEOPLE = 20, 2
AT_ONCE = 4
"""Faults of one performance, each in a repetition of its own, with one done well before and behind it."""
LASTING = (3, 5)
"""First and last of the repetitions, from 1, that have a fault which lasts; three done well follow."""
SAID_SOON_S = 0.5
"""How long after a repetition its end has surely been seen, and what there is to say of it said."""
SAID_LATE_S = 1.5
"""The same of a fault that has to be said by then."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person who does one motion in one view."""

    motion: str
    view: View
    person: int
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one repetition, hold or flow, or of a fault that lasts.

    Attributes:
        case: Who, what, from where.
        fault: What was wrong; empty where nothing was.
        rep: Number of the repetition, from 1.
        found: Whether the coach saw one repetition there.
        named: Whether what it told has the limb and the direction.
        first: Whether that was what it told first.
        said: Of a fault that lasts, whether it was said no later than after the second time; of a
            performance done well, whether nothing was said; `None` elsewhere.
        praised: Of a fault that lasted, whether its end was confirmed; `None` elsewhere.
        off_deg: Degrees told less those that are true; `None` where none were told.
        told: Everything that was told, as text.
        untrue: What of it the truth does not bear out.
        cues: Corrections said, and how many of them the truth does not bear out.
    """

    case: Case
    fault: str
    rep: int
    found: bool = True
    named: bool = False
    first: bool = False
    said: bool | None = None
    praised: bool | None = None
    off_deg: float | None = None
    told: tuple[str, ...] = ()
    untrue: tuple[str, ...] = ()
    cues: tuple[int, int] = (0, 0)


@cache
def supported(motion: str, view: View) -> tuple[str, ...]:
    """The faults of a motion that a view supports."""
    return tuple(text for text in FAULTS[motion] if shows(motion, view, Fault.parse(text)))


def trials(case: Case) -> list[Trial]:
    """All that one person shows: faults in turn, then one that lasts; of a hold or flow, one and none."""
    faults = case.only or supported(case.motion, case.view)
    turn = case.person * AT_ONCE
    if MOTIONS[case.motion].kind is not StepKind.REPS:
        chosen = [faults[case.person % len(faults)]] if faults else []
        return [trial for fault in ("", *chosen) for trial in _in_turn(case, (fault,))]
    if not faults:
        return _in_turn(case, ())
    in_turn = tuple(dict.fromkeys(faults[(turn + n) % len(faults)] for n in range(AT_ONCE)))
    return [*_in_turn(case, in_turn), _lasting(case, faults[case.person % len(faults)])]


def _in_turn(case: Case, faults: tuple[str, ...]) -> list[Trial]:
    """Each fault in a repetition of its own."""
    reps = MOTIONS[case.motion].kind is StepKind.REPS
    given = [
        replace(Fault.parse(text), reps=(2 * number + 2,) * 2 if reps else None)
        for number, text in enumerate(faults)
        if text
    ]
    performer = athlete(
        case.motion, case.view, case.person, given, reps=max(2 * len(faults) + 1, 5) if reps else None
    )
    report = report_of(performer, sight(case.person), case.person)
    truth = Truth(performer, case.view)
    found = []
    for rep in performer.timeline.reps:
        fault = next((each for each in given if each.in_rep(rep.number)), None)
        text = "" if fault is None else faults[given.index(fault)]
        trial = Trial(case, text, rep.number, cues=_cues(report, truth, performer, rep))
        found.append(_judged(trial, _told(report, rep, truth, within=reps), fault, truth))
    return found


def _told(report: dict[str, Any], rep: Rep, truth: Truth, *, within: bool) -> list[Told] | None:
    """What was told of the one repetition that was found in a time; `None` where not one was.

    Of a pose that was never held it is what was said meanwhile.
    """
    own = [
        part
        for part in parts_of(report)
        if not within or rep.start_s < 0.5 * (part["start_s"] + part["end_s"]) < rep.end_s
    ]
    if not within and not own:
        begin_s, end_s = truth.held_s(rep.number)
        said = [cue for cue in report["cues"] if not cue["praise"] and begin_s < cue["t"] <= end_s]
        return [told_of(cue["about"]) for cue in said[:1]]
    return [told_of(fault) for fault in own[0]["faults"]] if len(own) == 1 else None


def _judged(trial: Trial, told: list[Told] | None, fault: Fault | None, truth: Truth) -> Trial:
    if told is None:
        return replace(trial, found=False)
    texts = tuple(each.text for each in told)
    untrue = tuple(each.text for each in told if not truth.supports(each, trial.rep))
    trial = replace(trial, told=texts, untrue=untrue)
    if fault is None:
        return replace(trial, named=not told, first=not told)
    named = named_by(told, fault, trial.case.view)
    if named is None:
        return trial
    true_deg = truth.off_deg(named, trial.rep)
    off_deg = None if true_deg is None or named.degrees == 0 else named.degrees - true_deg
    return replace(trial, named=True, first=named is told[0], off_deg=off_deg)


def _cues(report: dict[str, Any], truth: Truth, performer: Athlete, rep: Rep) -> tuple[int, int]:
    """Corrections said of a repetition, and how many of them are not so."""
    before_s = [each.end_s for each in performer.timeline.reps if each.number < rep.number]
    since_s = before_s[-1] + SAID_SOON_S if before_s else 0.0
    until_s = rep.end_s + SAID_SOON_S
    if performer.motion.kind is StepKind.HOLD:  # before it is held what is said is how to get there
        since_s, until_s = truth.held_s(rep.number)
    said = [
        told_of(cue["about"]) for cue in report["cues"] if not cue["praise"] and since_s < cue["t"] <= until_s
    ]
    return len(said), sum(not truth.supports(each, rep.number) for each in said)


def _lasting(case: Case, text: str) -> Trial:
    """A fault that comes, lasts for three repetitions, and goes."""
    first, last = LASTING
    fault = replace(Fault.parse(text), reps=LASTING)
    performer = athlete(case.motion, case.view, case.person, [fault], reps=last + 3)
    report = report_of(performer, sight(case.person), case.person)
    reps = performer.timeline.reps
    begin_s, late_s = reps[first - 1].start_s, reps[first].end_s + SAID_LATE_S
    about = [(cue["t"], told_of(cue["about"])) for cue in report["cues"] if not cue["praise"]]
    said = any(
        begin_s < at_s <= late_s and named_by([told], fault, case.view) is not None for at_s, told in about
    )
    over_s = reps[last - 1].end_s + SAID_LATE_S
    praised = any(cue["praise"] and cue["t"] > over_s for cue in report["cues"]) if said else None
    truth = Truth(performer, case.view)
    cues = np.array([_cues(report, truth, performer, rep) for rep in reps]).sum(axis=0)
    return Trial(
        case, text, 0, said=said, praised=praised, cues=(int(cues[0]), int(cues[1])),
        told=tuple(cue["text"] for cue in report["cues"]),
    )  # fmt: skip


def cases(people: int) -> list[Case]:
    """Every motion and person, from every view in which the coach judges it and does not ask to turn."""
    return [
        Case(motion, view, person)
        for motion in MOTIONS
        for view in View
        if not unsupported(routine(motion).steps[0], view)
        for person in range(people)
    ]


def rows(effort: Effort) -> Iterator[Row]:
    """The table."""
    everything = [
        trial
        for of_one in effort.each(trials, cases(QUICK_PEOPLE if effort.quick else PEOPLE))
        for trial in of_one
    ]
    in_turn = [trial for trial in everything if trial.said is None]
    faulty = [trial for trial in in_turn if trial.fault]
    yield _share("fault named: right limb and direction", [t.named for t in faulty], 0.95)
    yield _share("and named before anything else", [t.first for t in faulty], 0.95)
    yield _degrees(faulty)
    yield _share(
        "nothing told of a repetition done well", [t.named for t in in_turn if not t.fault and t.found], 0.98
    )
    said, wrong = np.array([t.cues for t in everything]).sum(axis=0)
    yield Row(
        "what is said is so",
        f"{1 - wrong / max(said, 1):.1%}",
        f"{said} cues",
        ">= 98 %",
        wrong <= 0.02 * said,
    )
    lasting = [trial for trial in everything if trial.said is not None]
    yield _share(
        "a fault that lasts is said after the second time at the latest",
        [bool(t.said) for t in lasting],
        0.95,
    )
    yield _share("and its end is confirmed", [t.praised for t in lasting if t.praised is not None], 0.95)
    kinds = Counter(trial.fault.partition(":")[0].partition(".")[0] for trial in faulty)
    for kind in sorted(kinds):
        own = [t for t in faulty if t.fault.startswith(kind)]
        degrees = [abs(t.off_deg) for t in own if t.off_deg is not None]
        mean = f", {np.mean(degrees):.1f} degrees off" if degrees else ""
        yield Row(
            f"{kind.replace('_', ' ')}: named", f"{np.mean([t.named for t in own]):.1%}{mean}", f"{len(own)}"
        )


def _share(measure: str, met: list[bool], bar: float) -> Row:
    share = sum(met) / max(len(met), 1)
    return Row(measure, f"{share:.1%}", f"{len(met)}", f">= {bar:.0%}", share >= bar)


def _degrees(faulty: list[Trial]) -> Row:
    off = np.abs([trial.off_deg for trial in faulty if trial.off_deg is not None])
    mean = float(off.mean()) if len(off) else np.nan
    return Row("degrees told, mean absolute error", f"{mean:.1f} degrees", f"{len(off)}", "<= 7", mean <= 7.0)
