"""A box in a folder: releases that are files, so that what is done with links can be looked at."""

from __future__ import annotations

import json
from pathlib import Path

from posecoach_release.durable import point
from posecoach_release.layout import Layout

UNITS = (
    "posecoach.service",
    "posecoach-gate.service",
    "posecoach-recover.service",
    "posecoach.sysusers.conf",
)


def box(root: Path, *versions: str, current: str | None = None, previous: str | None = None) -> Layout:
    """A layout below `root` with complete releases, all of one environment."""
    layout = Layout(root)
    (layout.environments / "e1").mkdir(parents=True)
    (layout.environments / "e1/complete").write_text("{}")
    for version in versions:
        release(layout, version)
    for link, version in ((layout.current, current), (layout.previous, previous)):
        if version is not None:
            point(link, f"releases/{version}")
    return layout


def release(layout: Layout, version: str, environment: str = "e1", *, complete: bool = True) -> None:
    """One release, or the half of one."""
    folder = layout.release(version)
    (folder / "units").mkdir(parents=True)
    (folder / "bin").mkdir()
    for name in UNITS:
        (folder / "units" / name).write_text(f"# {version}\n")
    if complete:
        about = {
            "version": version,
            "environment": environment,
            "manifest": f"m-{version}",
            "target": "trixie-arm64",
        }
        (folder / "release.json").write_text(json.dumps(about))
