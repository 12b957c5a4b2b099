"""What many unit tests learn from the same tracks, once, and other parts they share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import arm_raise_track, hold_track, learned, squat_track
from posecoach.coach.routine import Routine
from posecoach.coach.view import StepKind
from posecoach.service.board import Board


@pytest.fixture(scope="session")
def arms() -> Routine:
    return learned(arm_raise_track())


@pytest.fixture(scope="session")
def squats() -> Routine:
    return learned(squat_track())


@pytest.fixture(scope="session")
def routines(arms) -> tuple[Routine, Routine]:
    """What a box offers where it does not matter what: a movement, and a pose to hold."""
    hold = learned(hold_track(), kind=StepKind.HOLD)
    return replace(arms, id="arms", name="Arms"), replace(hold, id="hold", name="Hold")


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def no_storms(monkeypatch) -> None:
    """What ends again and again is begun again at once."""
    monkeypatch.setattr("posecoach.service.ladder.STORM_PAUSE_S", 0.0)
