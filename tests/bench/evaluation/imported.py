"""`posecoach routine import` of the correct repetitions of nine people, and `score` of the tenth (UI-PRMD).

As `people` has it under *others*, but with nothing in between: each repetition is a file, the command line
makes the routine of the files and scores the files. Nobody touches a tolerance. *One of each* imports
repetition 5 of the nine, like there; *all* imports all ten of each, which are 90 files.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation import people
from evaluation.people import Take, Told, Trial, told_row
from evaluation.rows import Effort, Row
from posecoach.adapters.track_file import write_track
from posecoach.cli import main

ONE, ALL = "one of each", "all"
LEAST = 0.80


@dataclass(frozen=True, slots=True)
class Imported:
    """What one trial came to.

    Attributes:
        told: How well the sequences were told apart.
        left_out: Recordings that the import left out.
        recordings: All that it was given.
        views: From where the routine can be judged.
    """

    told: Told
    left_out: int
    recordings: int
    views: tuple[str, ...]


def told_apart(trial: Trial) -> Imported:
    """Import and score with the command line, in a data folder of its own."""
    found = people.takes(trial.movement)
    models = sorted(
        take
        for take in found
        if take[2] and take[0] != trial.person and (trial.models == ALL or take[1] == people.MODEL_REP)
    )
    tried: list[Take] = [(trial.person, rep, right) for right in (True, False) for rep in people.REPS]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["POSECOACH_DATA"] = folder
        files = {take: Path(folder, f"{take[0]}-{take[1]}-{take[2]}.json") for take in (*models, *tried)}
        for take, file in files.items():
            write_track(file, people.track(found[take], trial.yaw_deg))
        named = ["--name", "Movement", "--kind", "reps", "--json"]
        learned = said(["routine", "import", *(str(files[take]) for take in models), *named])
        assert learned is not None, trial
        scores = [said(["score", str(files[take]), "--routine", "movement", "--json"]) for take in tried]
    points = [-1.0 if each is None or each["score"] is None else each["score"] for each in scores]
    right = [take[2] for take in tried]
    flat = [people.flattened(people.projected(found[take], trial.yaw_deg)) for take in (*models, *tried)]
    plain = [-people.plain_distance(each, flat[: len(models)]) for each in flat[len(models) :]]
    unscored = sum(each == -1.0 for each in points)
    told = Told(trial, people.auc(points, right), people.auc(plain, right), unscored, len(tried))
    left_out = sum(each["left_out"] is not None for each in learned["recordings"])
    return Imported(told, left_out, len(models), tuple(learned["views"]))


def said(arguments: Sequence[str]) -> dict | None:
    """What a command says as JSON; `None` where it refuses."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    return json.loads(out.getvalue()) if code == 0 else None


def rows(effort: Effort) -> Iterator[Row]:
    """The rows of this section; none but a reason where the data is not there."""
    if not (people.shared() / people.DATA).is_dir():
        yield Row(
            f"not measured: no {people.DATA} in {people.shared().name} (POSECOACH_SHARED says where)", "-"
        )
        return
    who = range(1, 4) if effort.quick else range(1, 11)
    trials = [
        Trial(movement, yaw_deg, person, models)
        for models in (ONE, ALL)
        for yaw_deg in people.YAWS_DEG
        for movement in people.MOVEMENTS
        for person in who
    ]
    done = list(effort.each(told_apart, trials))
    for models in (ONE, ALL):
        front = 0.0
        for yaw_deg in people.YAWS_DEG:
            where = "front" if not yaw_deg else f"turned by {yaw_deg:.0f} degrees"
            mine = [
                each.told
                for each in done
                if (each.told.trial.models, each.told.trial.yaw_deg) == (models, yaw_deg)
            ]
            for movement, words in people.MOVEMENTS.items():
                some = [each for each in mine if each.trial.movement == movement]
                yield told_row(f"nine imported, {models}, {words}, {where}", some)
            mean = float(np.mean([each.auc for each in mine]))
            front = front or mean
            least = LEAST if not yaw_deg else front - people.MOST_LOST
            yield told_row(f"nine imported, {models}, mean, {where}", mine, least=least)
    given, left_out = sum(each.recordings for each in done), sum(each.left_out for each in done)
    yield Row("recordings that the import left out", f"{100 * left_out / given:.1f} %", f"{given} recordings")
    several = sum(len(each.views) > 1 for each in done)
    yield Row("routines that came to have several views", f"{several}", f"{len(done)} imports")
