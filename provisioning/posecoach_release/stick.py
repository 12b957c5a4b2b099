"""A USB stick with bundles: the newest that is for this box and signed by whom it trusts, or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from posecoach_release import facts
from posecoach_release.bundle import read_manifest
from posecoach_release.durable import read_json
from posecoach_release.layout import Layout
from posecoach_release.refusal import Refusal

MOST: Final = 8
"""Bundles that are looked at: a stick is somebody else's."""


def newest_on(layout: Layout, folder: Path, told: Callable[[str], None]) -> Path | None:
    """The bundle to install from a stick; `None` where there is none newer than what runs.

    The box's own list of signers decides, never one on the stick. What was just tried and taken back is left
    alone: a stick that stays in comes again at every start.
    """
    current = layout.pointed(layout.current) or "0"
    last = read_json(layout.last) or {}
    failed = last.get("tried") if last.get("rolled_back") else None
    best: tuple[tuple[int, ...], Path] | None = None
    for path in sorted(folder.glob("posecoach-*.tar"))[:MOST]:
        if path.is_symlink():  # may lead out of the stick
            continue
        try:
            manifest = read_manifest(path, layout.signers)
            box = facts.facts_of(layout)
            wrong = facts.refusals(manifest, box, facts.needed_bytes(manifest, layout, box))
        except Refusal as error:
            told(f"not taken: {error.reason}")
            continue
        order = in_order(manifest.version)
        if wrong:
            told(f"not taken: {path.name}: {wrong[0].reason}")
        elif order <= in_order(current):
            told(f"not taken: {path.name} is not newer than {current}")
        elif manifest.version == failed:
            told(f"not taken: {path.name} was tried and taken back ({last['reason']}); again: install.sh")
        elif best is None or order > best[0]:
            best = (order, path)
    return best[1] if best else None


def in_order(version: str) -> tuple[int, ...]:
    """Numbers by which versions are ordered: 0.10 comes after 0.9, and 1.0rc1 before 1.0.

    What follows a ``+`` only names a build.
    """
    numbers, _, rest = re.sub(r"\+.*", "", version).partition("rc")
    parts = [int(part) for part in re.findall(r"\d+", numbers)]
    parts += [0] * (4 - len(parts))
    return (*parts, int(rest) if rest.isdigit() else 1 << 30)
