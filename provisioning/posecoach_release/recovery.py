"""After a power cut, or when an installer was killed: one working release, whatever was under way."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from posecoach_release import debian, system, trial
from posecoach_release.build import writable
from posecoach_release.durable import point, read_json, remove
from posecoach_release.layout import Layout, Outcome


def recover(layout: Layout, told: Callable[[str], None], *, boot: bool = False) -> Outcome:
    """Undo what is under way; finish nothing.

    Args:
        layout: Of the box; nobody else may be changing it.
        told: Called with what happens.
        boot: Whether systemd is about to start the coach anyway.
    """
    begun = read_json(layout.under_way)
    outcome = Outcome(False, layout.pointed(layout.current), layout.pointed(layout.previous))
    if (
        begun is None and layout.under_way.exists()
    ):  # cannot be: it is written whole; but a disk may be damaged
        begun = {"what": "install"}
    if begun is not None and begun.get("what") == "trial":
        if begun.get("version") == layout.pointed(layout.current) or outcome.version is None:
            outcome = trial.back(
                layout, f"the trial of {begun.get('version')} was cut short", told, boot=boot, keep=True
            )
        else:  # cut before the link was switched
            outcome = _unchanged(layout, f"the switch to {begun.get('version')} was cut short")
    elif begun is not None:
        told(f"what was left of {begun.get('version', 'an install')} goes away")
        outcome = _unchanged(layout, f"the install of {begun.get('version')} was cut short")
        if layout.root == layout.root.__class__("/"):
            debian.repair()
    if begun is not None:
        _sweep_halves(layout)
        remove(layout.under_way)
    return _mended(layout, outcome, told, boot=boot)


def _unchanged(layout: Layout, reason: str) -> Outcome:
    outcome = Outcome(False, layout.pointed(layout.current), layout.pointed(layout.previous), False, reason)
    trial.remember(layout, outcome)
    return outcome


def _sweep_halves(layout: Layout) -> None:
    """Remove what is not complete."""
    shutil.rmtree(layout.incoming, ignore_errors=True)
    remove(layout.next_tool)
    for folder in layout.releases.glob("*"):
        if layout.about(folder.name) is None:
            writable(folder)
            shutil.rmtree(folder, ignore_errors=True)
    for folder in layout.environments.glob("*"):
        if not (folder / "complete").exists():
            writable(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _mended(layout: Layout, outcome: Outcome, told: Callable[[str], None], *, boot: bool) -> Outcome:
    """Where the link leads nowhere and a release is there, take that; the previous one first."""
    if layout.pointed(layout.current) is not None or not (layout.current.is_symlink() or layout.complete()):
        return outcome
    if not layout.current.is_symlink():  # nothing was ever confirmed here
        return outcome
    best = layout.pointed(layout.previous) or next(reversed(layout.complete()), None)
    if best is None:
        return outcome
    told(f"current led nowhere: {best}")
    point(layout.current, f"releases/{best}")
    system.lay_links(layout)
    system.reload(layout)
    if not boot:
        system.systemctl(layout, "restart", "posecoach.service")
    mended = Outcome(True, best, layout.pointed(layout.previous), False, "current led nowhere")
    trial.remember(layout, mended)
    return mended
