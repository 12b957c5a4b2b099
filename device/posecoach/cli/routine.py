"""``posecoach routine``: make, list, show, check and draw routines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli import routine_check, routine_import
from posecoach.cli.recordings import routines
from posecoach.coach.body_limits import in_words
from posecoach.coach.calibration import calibration
from posecoach.coach.routine import Routine, Sides
from posecoach.errors import PosecoachError


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
    if arguments.json:
        print(json.dumps(facts))
        return 0
    print(f"{routine.name} ({store.path(arguments.routine)})")
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


def _remarks(step: dict[str, Any]) -> Iterator[str]:
    """How to stand before the camera for it."""
    if step["best_views"]:
        yield f"judged best from the {' or '.join(step['best_views'])}"
    if step["seated"]:
        yield "done seated"
    if step["sides"] == Sides.EITHER:
        yield "may be done on the other side as well"
    if step["without"]:
        yield f"nothing is asked of {in_words(step['without'])}"
