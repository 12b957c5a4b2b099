"""``posecoach routine``: make, list, show and check routines."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli import routine_record
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines, track_of
from posecoach.coach.body_limits import in_words
from posecoach.coach.calibration import calibration
from posecoach.coach.routine import TOLERANCE_FLOOR, Routine, Sides, View
from posecoach.coach.view import StepKind
from posecoach.errors import PosecoachError, RoutineError
from posecoach.ports import PoseEstimator


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its sub-commands."""
    command = subparsers.add_parser(
        "routine", help="make and look after routines", description="Stored routines."
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)

    imported = actions.add_parser("import", help="learn a routine from one or several recordings")
    imported.add_argument("recordings", type=Path, nargs="+", metavar="VIDEO|TRACK")
    imported.add_argument("--name", required=True, help="in words; its id is made from it")
    imported.add_argument("--kind", required=True, choices=[kind.value for kind in StepKind])
    imported.add_argument(
        "--view", choices=[view.value for view in View], help="side filmed (default: recognised)"
    )
    add_model_option(imported)
    imported.set_defaults(run=run_import)

    listed = actions.add_parser("list", help="the routines on this box, own and starter")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=run_list)

    shown = actions.add_parser("show", help="one routine in words")
    shown.add_argument("routine", metavar="ID")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=run_show)

    checked = actions.add_parser("check", help="is a routine whole, and what is weak about it")
    checked.add_argument("routine", metavar="ID", nargs="*", help="default: all of your own")
    checked.set_defaults(run=run_check)

    routine_record.add_parsers(actions)


def run_import(arguments: argparse.Namespace) -> int:
    """Learn a routine."""
    from posecoach.coach.learn import learn

    routine_id = re.sub(r"[^a-z0-9._-]+", "-", arguments.name.lower()).strip("-._")
    if not routine_id:
        raise RoutineError(f"--name {arguments.name!r} holds no letter or digit to make an id from")
    with ExitStack() as stack:

        @cache
        def estimator() -> PoseEstimator:
            return stack.enter_context(open_estimator(model_choice(arguments)))

        tracks = [track_of(recording, estimator) for recording in arguments.recordings]
    learned = learn(tracks, StepKind(arguments.kind), View(arguments.view) if arguments.view else None)
    folder = routines().save(routine_id[:64], arguments.name, learned)
    print(f"{routine_id}: {folder}")
    for note in learned.notes:
        print(f"  {note}")
    print(f"  seen from: {', '.join(learned.tracks)}")
    print(f"next: posecoach run --routine {routine_id}")
    return 0


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


def run_check(arguments: argparse.Namespace) -> int:
    """Check routines; a broken one is reported, and the others are checked all the same."""
    store = routines()
    code = 0
    for routine_id in arguments.routine or store.own_ids():
        try:
            routine = store.load(routine_id)
        except PosecoachError as error:
            print(f"posecoach: {error}", file=sys.stderr)
            code = code or error.exit_code
            continue
        print(f"{routine.id}: whole")
        for step in routine.steps:
            for view in step.views:
                for sentence in calibration(step, view):
                    print(f"  {sentence}")
        for reason in _weaknesses(routine):
            print(f"  weak: {reason}")
    return code


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


def _weaknesses(routine: Routine) -> list[str]:
    weak = []
    for number, step in enumerate(routine.steps, 1):
        if all(rule.tolerance <= TOLERANCE_FLOOR for rule in step.limbs.values()):
            weak.append(f"step {number}: tolerances are the floor; import several recordings to learn them")
        if len(step.views) == 1:
            weak.append(
                f"step {number}: known only from the {next(iter(step.views))}; it is scored from there only"
            )
        for view, reference in step.views.items():
            coverage = float((reference.weights.mean(axis=0) * step.emphasis()).sum() / step.emphasis().sum())
            if coverage < 0.8:
                weak.append(
                    f"step {number}, {view}: only {coverage:.0%} of what matters is seen in the recording"
                )
    return weak
