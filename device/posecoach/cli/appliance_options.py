"""What a command line and the configuration say about the appliance."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from posecoach.cli.programmes_here import DayOf
from posecoach.cli.recordings import ModelChoice
from posecoach.cli.settings import Setup
from posecoach.coach.named_person import NamedPerson
from posecoach.service.faults import Injection

DisplayMode = Literal["auto", "fullscreen", "window", "headless"]


@dataclass(frozen=True, slots=True)
class ApplianceOptions:
    """What a command line says about the appliance.

    Attributes:
        camera: As for ``--camera``, live.
        model: As for ``--model``.
        display: As for ``--display``.
        record: Where the screen is recorded to.
        keep_history: Whether finished repetitions are stored.
        person: Whose they are; `None` of nobody in particular.
        forgetful: Whether what was done is not even remembered: a kiosk is for whoever comes.
        recording: Whether new movements can be recorded at the screen.
        start_by_itself: Whether whoever just begins to move, instead of choosing, is recognised.
        programmes: What this person was given to do.
        straight: Whether whoever comes goes on with the first of them without having to choose it.
        limit_s: When to stop, `None` never.
        injections: What goes wrong.
        setup: How the box is set.
    """

    camera: str
    model: ModelChoice
    display: DisplayMode = "auto"
    record: Path | None = None
    keep_history: bool = True
    person: NamedPerson | None = None
    forgetful: bool = False
    recording: bool = False
    start_by_itself: bool = False
    programmes: tuple[DayOf, ...] = ()
    straight: bool = False
    limit_s: float | None = None
    injections: tuple[Injection, ...] = ()
    setup: Setup = field(default_factory=Setup)
