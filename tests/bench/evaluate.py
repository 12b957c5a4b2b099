"""How far the scores can be believed: one table of measured figures, beside plain DTW and what is published.

Usage: python tests/bench/evaluate.py [SECTION...] [--quick] [--motions NAME,...] [--jobs N] [--json OUT]

Everything goes through the public interface: pose tracks in, what `posecoach score --json` says out.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "device"))

from evaluation.record import NOTHING
from evaluation.rows import Effort, Row
from posecoach.synthetic.motions import MOTIONS

SECTIONS = {
    "people": "correct and incorrect repetitions of ten people (UI-PRMD, Kinect)",
    "imported": "the same people through the command line: routine import of nine, score of the tenth",
    "counting": "counting: the athlete, 16 motions, 20 bodies, 3 views, with all that happens around a set",
    "verdicts": "scores: perfect, another body, half done, standing still, another exercise, larger faults",
    "cues": "named faults: limb, direction and degrees, and silence where nothing is wrong",
    "views": "seen from beside the recorded view, or only in part",
    "spotting": "spotting repetitions in a stream, as a cross-check of the count",
    "recognise": "recognising: 16 routines, 3 views, both sides, 6 bodies, and people who do none of them",
    "heard": "what is heard: how late, how much of what it should be, and whether it agrees with the log",
    "videos": "real videos",
    "framing": "framing: somebody stands anywhere before a camera that is set up anyhow",
    "record": "recording: shown three times with 5 degrees of variation, learned, done by another body",
    "gestures": "gestures: 20 bodies, from the front and 30 degrees beside, and none where none was made",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="a small choice of everything")
    parser.add_argument("--motions", default="", metavar="NAME,...", help="of record: only these, in pieces")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, metavar="OUT")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.sections if name not in SECTIONS]:
        parser.error(f"no section {unknown[0]!r}; expected one of {', '.join(SECTIONS)}")
    motions = tuple(name for name in chosen.motions.split(",") if name)
    if strange := [name for name in motions if name not in (*MOTIONS, NOTHING)]:
        parser.error(f"no motion {strange[0]!r}; expected some of {', '.join((*MOTIONS, NOTHING))}")
    effort = Effort(chosen.quick, chosen.jobs, _progress, motions)
    figures: dict[str, list[dict[str, object]]] = {}
    for name in chosen.sections or SECTIONS:
        began = time.monotonic()
        rows = list(importlib.import_module(f"evaluation.{name}").rows(effort))
        print(f"\n### {SECTIONS[name]}\n\n{_table(rows)}\n\n({time.monotonic() - began:.0f} s)", flush=True)
        figures[name] = [asdict(row) for row in rows]
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1, default=lambda value: value.item()) + "\n")


def _table(rows: list[Row]) -> str:
    head = ("measure", "value", "of", "bar", "met", "plain DTW", "published")
    lines = [head, tuple("---" for _ in head)]
    for row in rows:
        met = "" if row.met is None else "yes" if row.met else "**no**"
        lines.append((row.measure, row.value, row.of, row.bar, met, row.floor, row.published))
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {of} ", end="" if done < of else "\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
