"""What the tests of parts that go on have in common: what they tell of, and no waiting."""

from __future__ import annotations

from dataclasses import replace

from posecoach.service.board import Board
from posecoach.service.ladder import Ladder


def codes(board: Board) -> list[str]:
    """Of what is wrong now."""
    return [trouble.code for trouble in board.troubles]


def without_pauses(ladder: Ladder) -> Ladder:
    """The same steps, each at once."""
    rungs = tuple(replace(rung, pauses_s=(0.0,)) for rung in ladder.rungs)
    return replace(ladder, rungs=rungs, absent=replace(ladder.absent, pauses_s=(0.0,)))
