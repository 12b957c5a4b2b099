"""``posecoach routine``: make, list, show, check and draw routines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any, Final

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli import (
    routine_check,
    routine_export,
    routine_import,
    routine_install,
    routine_record,
    routine_render,
)
from posecoach.cli.arrival import came_with
from posecoach.cli.recordings import routines
from posecoach.coach.body_limits import in_words
from posecoach.coach.calibration import calibration
from posecoach.coach.demonstrated import demonstrated
from posecoach.coach.routine import Routine, Sides, Step, View
from posecoach.coach.view import StepKind
from posecoach.errors import PosecoachError

NAMES: Final = {"start": "start", "out": "on the way", "turn": "", "back": "way back"}
"""What the phases are called; the turn as the coach calls it."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its sub-commands."""
    command = subparsers.add_parser(
        "routine", help="make and look after routines", description="Stored routines."
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)

    routine_import.add_parser(
        actions.add_parser("import", help="learn a routine from one or several recordings")
    )

    listed = actions.add_parser("list", help="the routines on this box, own and starter")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=run_list)

    shown = actions.add_parser("show", help="one routine in words")
    shown.add_argument("routine", metavar="ID")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=run_show)

    routine_check.add_parser(
        actions.add_parser("check", help="is a routine whole, and what is weak about it")
    )
    routine_export.add_parser(actions)
    routine_install.add_parsers(actions)
    routine_render.add_parser(
        actions.add_parser("render", help="a figure that does it, as a film, or a page to hang up")
    )
    routine_record.add_parsers(actions)


def run_list(arguments: argparse.Namespace) -> int:
    """List the routines; one that cannot be read is listed with the reason."""
    store = routines()
    rows = []
    for routine_id in store.ids():
        origin = _origin(routine_id, store)
        try:
            rows.append({**_facts(store.load(routine_id)), "origin": origin})
        except PosecoachError as error:
            rows.append({"id": routine_id, "origin": origin, "error": str(error)})
    if arguments.json:
        print(json.dumps(rows))
    for row in rows if not arguments.json else []:
        print(f"{row['id']:24} {row['origin']:8} {row.get('error') or _in_words(row)}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Show one routine."""
    store = routines()
    routine = store.load(arguments.routine)
    facts = {**_facts(routine), "origin": _origin(arguments.routine, store)}
    facts["came_with"] = came = came_with(store, arguments.routine)
    if arguments.json:
        print(json.dumps(facts))
        return 0
    print(f"{routine.name} ({store.path(arguments.routine)}, {facts['origin']})")
    if came is not None:
        signed = f"signed by {came['signed_by']}" if came["signed_by"] else "not signed by anybody known here"
        print(
            f"  by {came['author'] or 'nobody who says so'}, {signed}; {came['licence'] or 'no licence told'}"
        )
    for sentence in filter(None, (routine.summary, *routine.instructions)):
        print(f"  {sentence}")
    for number, step in enumerate(facts["steps"], 1):
        print(f"  step {number}: {_step_in_words(step)}")
        for remark in _remarks(step):
            print(f"    {remark}")
        for limb, rule in step["limbs"].items():
            bar = "#" * round(10 * rule["emphasis"])
            print(f"    {limb.replace('_', ' '):10} {bar:10} tolerance {rule['tolerance']:.2f} torso lengths")
        for view in routine.steps[number - 1].views:
            print(f"    seen from the {view}: {_phases(routine.steps[number - 1], view)}")
            for sentence in calibration(routine.steps[number - 1], view):
                print(f"    {sentence}")
        for key, words in step["cues"].items():
            print(f"    {key.replace('_', ' ')}: {words}")
    for note in routine.notes:
        print(f"  {note}")
    return 0


def _origin(routine: str, store: RoutineFolders) -> str:
    """Where a routine comes from; the path of a folder is one's own, wherever it lies."""
    return "own" if store.is_own(routine) else "starter"


def _facts(routine: Routine) -> dict[str, Any]:
    steps = [
        {
            "kind": step.kind.value,
            "reps": step.reps,
            "hold_s": step.hold_s,
            "seated": step.seated,
            "sides": step.sides.value,
            "rest_s": step.rest_s,
            "posture": step.posture,
            "tempo": list(step.tempo),
            "learned": step.origin
            and {
                "recordings": step.origin.recordings,
                "performances": {view.value: n for view, n in step.origin.performances.items()},
                "within": step.origin.within,
                "between": step.origin.between,
            },
            "best_views": [view.value for view in step.best_views],
            "without": list(step.without),
            "views": {view.value: round(track.duration_s, 2) for view, track in step.views.items()},
            "limbs": {
                limb.value: {"emphasis": rule.emphasis, "tolerance": rule.tolerance}
                for limb, rule in step.limbs.items()
            },
            "cues": dict(step.cues),
        }
        for step in routine.steps
    ]
    return {
        "id": routine.id,
        "name": routine.name,
        "summary": routine.summary,
        "instructions": list(routine.instructions),
        "steps": steps,
        "notes": list(routine.notes),
    }


def _in_words(facts: dict[str, Any]) -> str:
    return f"{facts['name']}: {'; '.join(_step_in_words(step) for step in facts['steps'])}"


def _step_in_words(step: dict[str, Any]) -> str:
    asked = (
        f"{step['reps']} reps"
        if step["reps"]
        else f"hold {step['hold_s']:g} s"
        if step["hold_s"]
        else step["kind"]
    )
    views = ", ".join(
        f"{view} ({length:.1f} s)" if length else view for view, length in step["views"].items()
    )
    return f"{asked}, seen from {views}"


def _phases(step: Step, view: View) -> str:
    """What follows what, with the times."""
    shown = demonstrated(step, view)
    if step.kind is StepKind.HOLD:
        return "one pose"
    parts = [
        f"{NAMES[each.name] or shown.turn or 'furthest'} {each.start_s:.1f}-{each.end_s:.1f} s"
        for each in shown.phases
    ]
    joint = (
        ""
        if shown.joint is None
        else f"; {shown.joint.replace('_', ' ')} from {shown.angle_deg.min():.0f} to "
        f"{shown.angle_deg.max():.0f} degrees"
    )
    return ", ".join(parts) + joint


def _remarks(step: dict[str, Any]) -> Iterator[str]:
    """How to stand before the camera for it."""
    if step["best_views"]:
        yield f"judged best from the {' or '.join(step['best_views'])}"
    if step["rest_s"]:
        yield f"then rest {step['rest_s']:g} s"
    if tuple(step["tempo"]) != (1.0, 1.0):
        slowest, fastest = step["tempo"]
        yield f"recorded at {slowest:.2f} to {fastest:.2f} times the reference's pace"
    if learned := step["learned"]:
        seen = ", ".join(f"{n} from the {view}" for view, n in learned["performances"].items())
        yield f"learned from {learned['recordings']} recordings: {seen}"
    if step["seated"]:
        yield "done seated"
    if step["sides"] == Sides.EITHER:
        yield "may be done on the other side as well"
    if step["without"]:
        yield f"nothing is asked of {in_words(step['without'])}"
