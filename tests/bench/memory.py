"""Flat memory: a ten-minute video through the whole coach; RSS after one minute and at the end.

Ends with an error when the end is more than 10 % above the first minute.
"""

from __future__ import annotations

import os
import resource
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from posecoach.adapters.file_camera import FileCamera
from posecoach.adapters.mp4_writer import Mp4Writer
from posecoach.app import open_display
from posecoach.cli.recordings import ModelChoice, open_estimator, track_video
from posecoach.cli.sample_video import sample_video
from posecoach.cli.sitting import Sitting
from posecoach.coach.learn import learn
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session
from posecoach.coach.view import StepKind
from posecoach.ports import Display

MINUTES = 10
RATE_HZ = 5.0
MOST_GROWTH = 0.10


def rss_mib() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


class Watch:
    """Notes the memory once a minute of the recording."""

    def __init__(self) -> None:
        self.by_minute: dict[int, float] = {}

    def __call__(self, session: Session, display: Display) -> None:
        minute = int(session.now // 60)
        if minute not in self.by_minute:
            self.by_minute[minute] = rss_mib()
            reps = len(session.view(session.now).reps)
            print(f"minute {minute:2d}: {self.by_minute[minute]:7.1f} MiB, {reps} reps")


def long_video(source: Path, target: Path) -> None:
    """The source over and over, for `MINUTES`."""
    with FileCamera(source) as camera:
        images = [frame.image[::2, ::2] for frame in camera.frames()]
    with Mp4Writer(target, wh=(images[0].shape[1], images[0].shape[0]), rate_hz=RATE_HZ) as writer:
        for number in range(int(MINUTES * 60 * RATE_HZ)):
            writer.write(images[number % len(images)])


def main() -> int:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else sample_video()
    watch = Watch()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        os.environ["POSECOACH_DATA"] = folder
        video = Path(folder) / "long.mp4"
        long_video(source, video)
        estimator = stack.enter_context(open_estimator(ModelChoice()))
        step = learn([track_video(source, estimator)], StepKind.REPS).step
        sitting = Sitting(
            stack,
            stack.enter_context(FileCamera(video)),
            estimator,
            stack.enter_context(open_display("headless")),
            record=Path(folder) / "screen.mp4",
            keep_history=True,
            paced=False,
            limit_s=None,
            watch=watch,
        )
        sitting.coach(Routine("long", "Long", (replace(step, reps=10_000),)))
        end = rss_mib()
    growth = end / watch.by_minute[1] - 1.0
    print(f"end:       {end:7.1f} MiB, {growth:+.1%} against the end of minute 1")
    return 0 if growth <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
