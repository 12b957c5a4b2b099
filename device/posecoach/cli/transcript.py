"""What was done wrong on purpose, and what the coach said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from posecoach.coach.progress import Part
from posecoach.coach.report import report
from posecoach.coach.routine import View
from posecoach.coach.summary import Performance
from posecoach.coach.view import CueView
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.naming import limbs_of, named_by

SAID_WITHIN_S: Final = 2.5
"""A fault is named in time when the coach says it no later than this behind the repetition."""


@dataclass(frozen=True, slots=True)
class Act:
    """One routine of the demonstration.

    Attributes:
        motion: What the athlete does, and the id of the starter routine it is coached with.
        view: From where it is seen.
        reps: How often.
        faults: One a repetition, from the first on; empty for a clean performance. After the last it
            begins again.
    """

    motion: str
    view: View
    reps: int
    faults: tuple[str, ...] = ()

    def lasting(self, duration_s: float) -> Act:
        """The same with as many repetitions as fit into a time; at least one."""
        rep_s = MOTIONS[self.motion].period_s + 0.4
        return replace(self, reps=max(1, int((duration_s - 2.0) / rep_s)))

    def given(self) -> list[str]:
        """The fault of each repetition, as the synthetic camera takes it."""
        if not self.faults:
            return []
        return [f"{self.faults[rep % len(self.faults)]}@{rep + 1}" for rep in range(self.reps)]

    def scenario(self, seed: int, rate_hz: float) -> str:
        """The options of the synthetic camera."""
        options = [f"reps={self.reps}", f"seed={seed}", f"view={self.view}", f"rate={rate_hz:g}"]
        return ",".join([self.motion, *options, *(f"fault={fault}" for fault in self.given())])


def transcript(
    act: Act, scenario: str, athlete: Athlete, performance: Performance, lead_in_s: float
) -> dict[str, Any]:
    """One act: the faults that were put in, what the coach made of each, and its whole report.

    Args:
        act: What was asked of the athlete.
        scenario: The options that give the same again.
        athlete: Who did it.
        performance: What the coach saw.
        lead_in_s: When on the session's clock the athlete's time begins.
    """
    cues = [cue for outcome in performance.steps for cue in outcome.cues]
    done = [rep for rep in athlete.timeline.reps if not rep.skipped]
    faults: list[dict[str, Any]] = []
    for rep in done:
        start_s, end_s = rep.start_s + lead_in_s, rep.end_s + lead_in_s
        part = _part_between(performance, start_s, end_s)
        faults += [
            _fault(rep.number, start_s, end_s, fault, act, part, cues, performance)
            for fault in athlete.faults
            if fault.in_rep(rep.number)
        ]
    counted = [part for outcome in performance.steps for part in outcome.parts]
    return {
        "routine": act.motion,
        "name": performance.routine.name,
        "scenario": scenario,
        "reps_done": len(done),
        "reps_counted": len(counted),
        "faults": faults,
        "report": report(performance),
    }


def _part_between(performance: Performance, start_s: float, end_s: float) -> Part | None:
    """The finished repetition whose middle lies in a time."""
    return next(
        (part for part in performance.parts if start_s < 0.5 * (part.start_s + part.end_s) < end_s), None
    )


def _fault(
    rep: int,
    start_s: float,
    end_s: float,
    fault: Fault,
    act: Act,
    part: Part | None,
    cues: list[CueView],
    performance: Performance,
) -> dict[str, Any]:
    told = named_by(part.faults, fault, performance.view) if part is not None else None
    named = None
    if part is not None and told is not None:
        said = next(
            (
                cue
                for cue in cues
                if part.end_s - 0.5 <= cue.since <= part.end_s + SAID_WITHIN_S
                and cue.text.lower().startswith(told.text.lower())
            ),
            None,
        )
        named = {
            "limb": told.limb.value if told.limb else None,
            "phase": told.phase,
            "degrees": round(told.degrees, 1),
            "text": told.text,
            "said_at_s": round(said.since, 3) if said else None,
        }
    return {
        "rep": rep,
        "kind": fault.kind.value,
        "side": fault.side,
        "amount": fault.amount,
        "limbs": sorted(limb.value for limb in limbs_of(fault, MOTIONS[act.motion])),
        "start_s": round(start_s, 3),
        "end_s": round(end_s, 3),
        "named": named,
    }


def transcript_lines(act: dict[str, Any]) -> Iterator[str]:
    """The same for people: a line for every repetition, and how it went."""
    told = act["report"]
    score = "no score" if told["score"] is None else f"{told['score']:.0f} of 100"
    yield f"{act['name']}, seen from the {told['view']}: {score}"
    for rep in told["reps"]:
        points = "  -" if rep["score"] is None else f"{rep['score']:3.0f}"
        put_in = next(
            (f for f in act["faults"] if f["start_s"] < 0.5 * (rep["start_s"] + rep["end_s"]) < f["end_s"]),
            None,
        )
        said = [
            cue["text"]
            for cue in told["cues"]
            if rep["end_s"] - 0.5 <= cue["t"] <= rep["end_s"] + SAID_WITHIN_S
        ]
        line = f"  {rep['index'] + 1}  {points}  {rep['verdict'].replace('_', ' '):10s}"
        if put_in is not None:
            line += f"  {fault_words(put_in):34s}"
        yield f"{line}  {' '.join(said)}".rstrip()
    yield f"  {act['reps_done']} done, {act['reps_counted']} counted"
    if act["faults"]:
        named = sum(fault["named"] is not None for fault in act["faults"])
        yield f"  {len(act['faults'])} faults put in, {named} named"


def fault_words(fault: dict[str, Any]) -> str:
    """A fault that was put in, in words: ``left arm 30 degrees low``."""
    side, amount = fault["side"], fault["amount"]
    whose = f"{side} " if side else "both "
    words = {
        FaultKind.SHALLOW: f"{amount:.0%} of the way missing",
        FaultKind.ASYMMETRY: f"{side or 'left'} side {amount:.0%} short",
        FaultKind.LOW_ARM: f"{whose}arm{'' if side else 's'} {amount:.0f} degrees low",
        FaultKind.BENT_KNEE: f"{whose}knee{'' if side else 's'} {amount:.0f} degrees bent",
        FaultKind.LEAN: f"leaning {amount:.0f} degrees {f'to the {side}' if side else 'forward'}",
        FaultKind.FAST: f"{amount:g} times as fast",
        FaultKind.PAUSE: f"stopping for {amount:g} s",
    }
    return words.get(FaultKind(fault["kind"]), str(fault["kind"]))
