"""``posecoach doctor``: is this box fit to coach."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import time
from pathlib import Path
from typing import Any

import posecoach
from posecoach.adapters.data_home import data_home
from posecoach.cli.sitting import seconds
from posecoach.errors import DisplayError, InputMissing
from posecoach.service.bundle import write_bundle
from posecoach.service.doctor import CHECKS, Examined, examine, exit_code
from posecoach.service.fault_picture import show_fault
from posecoach.service.findings import LIMIT_S, Box, Check, Finding, State


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "doctor",
        help="is this box fit to coach",
        description="Look at everything a session needs: software, Edge TPU, camera, screen, power, storage. "
        "Exit code 0: fit; 1: fit, with a warning; 2: something does not work.",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--gate",
        action="store_true",
        help="only what a new release must be able to do here: a camera frame, an inference, a picture, "
        "storage, no network; exit code 0 or 2",
    )
    command.add_argument("--only", type=_ids, default=(), metavar="IDS", help="only these checks: a,b,c")
    command.add_argument("--skip", type=_ids, default=(), metavar="IDS", help="all but these checks")
    command.add_argument(
        "--limit",
        type=seconds,
        default=LIMIT_S,
        metavar="S",
        help=f"what a check may take (default: {LIMIT_S:g}); a new release is given longer, for it reads "
        "everything from the card for the first time",
    )
    command.add_argument(
        "--camera", default="auto", metavar="SRC", help="the camera to try, as for `posecoach run`"
    )
    command.add_argument(
        "--bundle",
        type=Path,
        metavar="OUT.tar.gz",
        help="also write one file for support: findings, versions, logs; no pictures, no names, no addresses",
    )
    command.add_argument(
        "--fault-picture",
        type=seconds,
        metavar="S",
        help="show what is wrong on the screen for so long: what posecoach-fault.service does",
    )
    command.add_argument("--display", choices=["auto", "fullscreen", "window", "headless"], default="auto")
    command.add_argument(
        "--list", action="store_true", help="which checks there are, and the failures each tells"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Examine the box."""
    checks = _chosen(arguments)
    if arguments.list:
        _print_checks(checks, as_json=arguments.json)
        return 0
    box = Box(
        data_home(),
        environ=dict(os.environ),
        camera=arguments.camera,
        clock_s=time.time(),
        limit_s=arguments.limit,
    )
    if arguments.fault_picture:
        return _show_fault(box, arguments)
    width = max(len(check.id) for check in checks)
    tell = (lambda *_: None) if arguments.json else (lambda check, finding: _tell(check, finding, width))
    examined = examine(box, checks, tell)
    code = exit_code(examined, gate=arguments.gate)
    report = _report(examined, code)
    if arguments.json:
        print(json.dumps(report))
    else:
        counts = report["counts"]
        print(", ".join(f"{counts[state]} {state}" for state in counts))
    if arguments.bundle:
        write_bundle(arguments.bundle, box, report)
        if not arguments.json:
            print(f"for support: {arguments.bundle} (no pictures, no names; look into it before you send it)")
    return code


def _show_fault(box: Box, arguments: argparse.Namespace) -> int:
    """On the screen; where there is none it waits as long, for the service is started again after it."""
    from posecoach.app import open_display

    examined = examine(box, [check for check in CHECKS if not check.slow])
    try:
        display = open_display(arguments.display)
    except DisplayError:
        display = open_display("headless")
    with display:
        show_fault(display, examined, arguments.fault_picture)
    return exit_code(examined)


def _chosen(arguments: argparse.Namespace) -> list[Check]:
    known = [check.id for check in CHECKS]
    for name in (*arguments.only, *arguments.skip):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise InputMissing(f"there is no check {name!r}; {hint}")
    chosen = [
        check
        for check in CHECKS
        if (not arguments.only or check.id in arguments.only)
        and check.id not in arguments.skip
        and (check.gate or not arguments.gate)
    ]
    if not chosen:
        raise InputMissing("no check is left: correct --only, --skip and --gate")
    return chosen


def _tell(check: Check, finding: Finding, width: int) -> None:
    print(f"{finding.state.upper():4s}  {check.id:{width}s}  {finding.words}", flush=True)
    if finding.remedy:
        print(f"      {'':{width}s}  -> {finding.remedy}", flush=True)


def _report(examined: list[Examined], code: int) -> dict[str, Any]:
    return {
        "version": posecoach.__version__,
        "exit_code": code,
        "counts": {state.value: sum(finding.state is state for _, finding in examined) for state in State},
        "checks": [
            {
                "id": check.id,
                "state": finding.state.value,
                "words": finding.words,
                "remedy": finding.remedy or None,
                "detects": list(check.detects),
            }
            for check, finding in examined
        ],
    }


def _print_checks(checks: list[Check], *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                [
                    {"id": each.id, "asks": each.asks, "detects": each.detects, "gate": each.gate}
                    for each in checks
                ]
            )
        )
        return
    width = max(len(check.id) for check in checks)
    for check in checks:
        print(
            f"{check.id:{width}s}  {check.asks}? ({', '.join(check.detects)}{'; gate' if check.gate else ''})"
        )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
