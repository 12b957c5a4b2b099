"""What the coach makes of every fault of the athlete, one by one: the section `cues` of the evaluation.

Usage: python tests/bench/faults.py [MOTION...] [--view V] [--people N] [--fault F...] [--jobs N] [--verbose]

For each motion, view and fault: how often it was tried, found, named, named first, said, and how many
corrections there were that the athlete's own angles in space do not bear out.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "device"))

from dataclasses import replace

from evaluation.cues import Trial, cases, supported, trials
from evaluation.rows import Effort


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("motions", nargs="*")
    parser.add_argument("--view")
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--fault", nargs="*", help="these alone, where the view supports them")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="what was told wherever that was not right")
    chosen = parser.parse_args()
    wanted = [
        case
        for case in cases(chosen.people)
        if (not chosen.motions or case.motion in chosen.motions)
        and (not chosen.view or case.view == chosen.view)
    ]
    if chosen.fault:
        only = {
            case: tuple(f for f in chosen.fault if f in supported(case.motion, case.view)) for case in wanted
        }
        wanted = [replace(case, only=only[case]) for case in wanted if only[case]]
    effort = Effort(False, chosen.jobs, lambda done, of: None)
    table: dict[tuple[str, str, str], list[Trial]] = defaultdict(list)
    for of_one in effort.each(trials, wanted):
        for trial in of_one:
            table[trial.case.motion, trial.case.view, trial.fault or "-"].append(trial)
            if chosen.verbose:
                _explain(trial)
    print(f"{'':46s}  reps found named first  said praised  off deg   untrue")
    for (motion, view, fault), tried in sorted(table.items()):
        _line(f"{motion:22s}{view:6s}{fault:18s}", tried)
    _line("clean", [t for (*_, fault), tried in table.items() if fault == "-" for t in tried])
    _line("faulty", [t for (*_, fault), tried in table.items() if fault != "-" for t in tried])


def _line(name: str, tried: list[Trial]) -> None:
    reps = [t for t in tried if t.said is None]
    lasting = [t for t in tried if t.said is not None]
    off = [t.off_deg for t in reps if t.off_deg is not None]
    degrees = f"{np.mean(np.abs(off)):5.1f}{np.mean(off):+6.1f}" if off else " " * 11
    untrue = sum(len(t.untrue) for t in reps)
    cues = sum(t.cues[0] for t in tried), sum(t.cues[1] for t in tried)
    wrong = any(not (t.found and t.named and t.first) for t in reps) or not all(t.said for t in lasting)
    print(
        f"{name:46s} {len(reps):5d} {sum(t.found for t in reps):5d} {sum(t.named for t in reps):5d} "
        f"{sum(t.first for t in reps):5d} {sum(bool(t.said) for t in lasting):2d}/{len(lasting):<2d} "
        f"{sum(bool(t.praised) for t in lasting):5d}  {degrees} {untrue:4d} {cues[1]:3d}/{cues[0]:<3d}"
        f"{'  <--' if wrong or untrue or cues[1] else ''}"
    )


def _explain(trial: Trial) -> None:
    fine = trial.said and trial.praised if trial.said is not None else trial.found and trial.first
    if fine and not trial.untrue and not trial.cues[1]:
        return
    case = trial.case
    what = f"{case.motion} {case.view} person {case.person} rep {trial.rep} {trial.fault or 'clean'}"
    missing = " NOT FOUND" if not trial.found else "" if trial.named or trial.said else " NOT NAMED"
    print(f"{what}:{missing} {trial.cues}")
    for text in trial.told:
        print(f"    {text}{'   UNTRUE' if text in trial.untrue else ''}")


if __name__ == "__main__":
    main()
