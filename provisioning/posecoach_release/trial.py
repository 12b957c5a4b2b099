"""A release on trial: it holds once its gate has passed; until then every way out leads back."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from typing import Any, Final

from posecoach_release import system
from posecoach_release.build import writable
from posecoach_release.durable import point, read_json, remove, write_json
from posecoach_release.facts import free_bytes
from posecoach_release.layout import GATE_UNIT, UNIT, Layout, Outcome
from posecoach_release.refusal import GATE_FAILED, NOT_HERE, Refusal

Told = Callable[[str], None]
GATE_S: Final = 60.0
GATE_TRIES: Final = 2
"""What was read from a slow card the first time is in memory the second time."""
SETTLED_S: Final = 3.0
"""How long the coach must stay up after it was ready: one that dies at once is none."""
GATE_ANSWER: Final = "run/posecoach-gate.json"


def switch(
    layout: Layout, version: str, told: Told, gate_s: float = GATE_S, *, unstarted: bool = False
) -> Outcome:
    """Make a complete release the one that runs, if it passes its gate within a time; else take it back.

    Args:
        layout: Of the box.
        version: Of a complete release.
        told: Called with what happens.
        gate_s: The most that gate and start may take together.
        unstarted: For an image that does not run: without a gate.

    Raises:
        Refusal: There is no such release.
    """
    if layout.about(version) is None:
        here = ", ".join(layout.complete()) or "none"
        raise Refusal(f"release {version} is not on this box; there are: {here}", NOT_HERE)
    old = layout.pointed(layout.current)
    if old == version:
        return settle(layout, Outcome(False, version, layout.pointed(layout.previous)))
    wanted = old is None or system.is_wanted(layout)
    write_json(layout.under_way, {"what": "trial", "version": version, "previous": old})
    point(layout.current, f"releases/{version}")
    system.lay_links(layout)
    system.reload(layout)
    if not unstarted and system.running(layout):
        told(f"{version} is on trial")
        reason = _gate(layout, version, wanted, gate_s)
        if reason is not None:
            return back(layout, f"{version}: {reason}", told)
    if old is not None:
        point(layout.previous, f"releases/{old}")
    if layout.next_tool.exists():
        layout.next_tool.replace(layout.tool)
    outcome = Outcome(True, version, old)
    remember(layout, outcome)
    remove(layout.under_way)
    sweep(layout)
    return settle(layout, outcome, enable=wanted)


def settle(layout: Layout, outcome: Outcome, *, enable: bool = False) -> Outcome:
    """See to it that systemd sees the current release, and where asked starts it at boot; what changed."""
    changed = system.lay_links(layout)
    if not layout.tool.exists() and layout.next_tool.exists():
        layout.next_tool.replace(layout.tool)
        changed = True
    remove(layout.next_tool)
    changed |= system.enable(layout) if enable else False
    if changed:
        system.reload(layout)
    return outcome if outcome.changed or not changed else Outcome(True, outcome.version, outcome.previous)


def back(layout: Layout, reason: str, told: Told, *, boot: bool = False, keep: bool = False) -> Outcome:
    """Undo a trial.

    Args:
        layout: Of the box.
        reason: Why.
        told: Called with what happens.
        boot: Whether systemd is about to start the coach anyway.
        keep: Whether the release that was on trial stays, to be tried again.
    """
    trial = read_json(layout.under_way) or {}
    old, tried = trial.get("previous"), trial.get("version")
    told(f"back to {old}" if old else "back to nothing: there was no release before")
    if old is not None and layout.about(old) is not None:
        point(layout.current, f"releases/{old}")
        system.lay_links(layout)
    else:
        old = None
        system.systemctl(layout, "--no-block" if boot else "--quiet", "stop", UNIT)
        remove(layout.current)
        system.disable(layout)
        for link in system.our_links(layout):
            remove(link)
    remove(layout.next_tool)
    system.reload(layout)
    outcome = Outcome(False, old, layout.pointed(layout.previous), True, reason, GATE_FAILED)
    remember(layout, outcome, tried)
    if tried and not keep:
        discard(layout, tried)
    remove(layout.under_way)
    if old is not None and not boot and system.is_wanted(layout):
        system.systemctl(layout, "reset-failed", UNIT)
        system.systemctl(layout, "restart", UNIT)
    return outcome


def _gate(layout: Layout, version: str, wanted: bool, limit_s: float) -> str | None:
    """Why a release does not hold; `None` where it does."""
    deadline = time.monotonic() + limit_s
    system.systemctl(layout, "stop", UNIT, "posecoach-fault.service")
    reason: str | None = "the gate was not asked"
    for _ in range(GATE_TRIES):
        left_s = deadline - time.monotonic()
        if left_s > 0.0:
            reason = _asked(layout, version, left_s)
        if reason is None:
            return _started(layout, deadline) if wanted else None
    return reason


def _asked(layout: Layout, version: str, limit_s: float) -> str | None:
    """What the gate says against a release."""
    answer = layout.root / GATE_ANSWER
    answer.unlink(missing_ok=True)
    done = system.systemctl(layout, "start", GATE_UNIT, limit_s=limit_s)
    if done.returncode == 124:
        system.systemctl(layout, "kill", "--signal=KILL", GATE_UNIT)
        return f"the gate gave no answer within {limit_s:.0f} s"
    said = read_json(answer)
    if said is None:
        how = system.shown(layout, GATE_UNIT, "Result", "ExecMainStatus")
        told = f"{how.get('Result')}, {how.get('ExecMainStatus')}"
        return f"the gate did not start ({told}): journalctl -u {GATE_UNIT}"
    failed = [check for check in said.get("checks", []) if check.get("state") == "fail"]
    if failed or done.returncode:
        first = failed[0] if failed else {"id": "gate", "words": "no reason was given"}
        return f"gate failed: {first['id']}: {first['words']}"
    if said.get("version") != version:
        return f"gate failed: the release says that it is {said.get('version')}"
    return None


def _started(layout: Layout, deadline: float) -> str | None:
    system.systemctl(layout, "reset-failed", UNIT)
    left_s = max(1.0, deadline - time.monotonic())
    done = system.systemctl(layout, "start", UNIT, limit_s=left_s)
    if done.returncode:
        how = system.shown(layout, UNIT, "Result", "StatusText")
        said = how.get("StatusText") or done.stderr.strip().splitlines()[:1]
        return f"posecoach.service was not ready ({how.get('Result')}): {said}"
    time.sleep(SETTLED_S)
    how = system.shown(layout, UNIT, "ActiveState", "NRestarts")
    if how.get("ActiveState") != "active" or how.get("NRestarts") not in ("0", None):
        return "posecoach.service died right after it was ready: journalctl -u posecoach"
    return None


def discard(layout: Layout, version: str) -> None:
    """Remove a release: first what makes it one."""
    folder = layout.release(version)
    writable(folder)
    remove(folder / "release.json")
    shutil.rmtree(folder, ignore_errors=True)


def sweep(layout: Layout) -> None:
    """Remove every release but the current and the previous one, and environments that nobody uses."""
    kept = {layout.pointed(layout.current), layout.pointed(layout.previous)} - {None}
    for folder in layout.releases.glob("*"):
        if folder.name not in kept:
            discard(layout, folder.name)
    used = {(layout.about(version) or {}).get("environment") for version in kept if version}
    for folder in layout.environments.glob("*"):
        if folder.name not in used:
            writable(folder)
            remove(folder / "complete")
            shutil.rmtree(folder, ignore_errors=True)


def remember(layout: Layout, outcome: Outcome, tried: str | None = None) -> None:
    """Keep what came of it, and what was taken back, for whoever was cut off and asks later."""
    said = {"tried": tried, "exit_code": outcome.code, "at": int(time.time())}
    write_json(layout.last, {**outcome.answer(), **said})


def status(layout: Layout) -> dict[str, Any]:
    """What holds on this box."""
    current = layout.pointed(layout.current)
    return {
        "version": current,
        "previous": layout.pointed(layout.previous),
        "releases": layout.complete(),
        "target": (layout.about(current) or {}).get("target") if current else None,
        "under_way": read_json(layout.under_way),
        "last": read_json(layout.last),
        "service": system.systemctl(layout, "is-active", UNIT).stdout.strip() or "unknown",
        "status": system.shown(layout, UNIT, "StatusText").get("StatusText", ""),
        "free_mib": free_bytes(layout.home) >> 20,
    }


def as_line(answer: dict[str, Any]) -> str:
    """One line of JSON."""
    return json.dumps(answer, sort_keys=True)
