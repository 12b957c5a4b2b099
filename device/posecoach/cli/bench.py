"""``posecoach bench``: where the time of a frame goes on this box."""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from posecoach.cli.progress_bar import ProgressBar
from posecoach.cli.recordings import ModelChoice, add_model_option, model_choice, open_estimator, track_video
from posecoach.cli.sample_video import sample_video
from posecoach.coach.learn import learn
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import StepKind
from posecoach.frame import Frame
from posecoach.ports import StagedEstimator
from posecoach.pose import PoseEstimate

Result = TypeVar("Result")

WH: Final = (1280, 720)
SWAY_PX: Final = 40
WARM_UP: Final = 20
STAGES: Final = ("read", "letterbox", "infer", "decode", "session", "draw")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "bench",
        help="where the time of a frame goes on this box",
        description="Play a 1280x720 video of a person through camera, network, session and screen, and "
        "print the median and the 95th percentile of each stage in milliseconds.",
    )
    command.add_argument("--video", type=Path, help="a video of a repeated movement (default: the demo's)")
    command.add_argument("--frames", type=int, default=300, help="frames to measure (default: 300)")
    command.add_argument("--json", action="store_true")
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        video = Path(folder) / "bench.mp4"
        source = arguments.video or sample_video()
        as_1280x720(source, video, arguments.frames + WARM_UP)
        took_ms = measured(source, video, model_choice(arguments))
    rows = {stage: _percentiles(values) for stage, values in took_ms.items()}
    if arguments.json:
        print(json.dumps({"input": "1280x720 H.264", "frames": len(took_ms["read"]), "ms": rows}))
        return 0
    print(f"{'stage':26}{'p50 ms':>9}{'p95 ms':>9}   ({len(took_ms['read'])} frames, 1280x720 H.264)")
    for stage, row in rows.items():
        print(f"{stage:26}{row['p50']:9.2f}{row['p95']:9.2f}")
    return 0


def as_1280x720(source: Path, target: Path, frames: int) -> None:
    """Play a video over and over into a 1280x720 one, at 30 frames a second.

    The picture sways over a speckled ground, so that the codec finds something new in every frame.
    """
    from posecoach.adapters.file_camera import FileCamera
    from posecoach.adapters.mp4_writer import Mp4Writer

    with FileCamera(source) as camera:
        images = [_fitting(frame.image) for frame in camera.frames()]
    ground = np.random.default_rng(0).integers(80, 120, (WH[1], WH[0] + 2 * SWAY_PX, 3), dtype=np.uint8)
    with Mp4Writer(target, wh=WH, rate_hz=30.0) as writer:
        bar = ProgressBar("preparing", frames)
        for number in range(frames):
            image = images[number // 6 % len(images)]  # 5 frames a second become 30
            sway_px = round(SWAY_PX * (1.0 + np.sin(number / 15.0)))
            canvas = ground[:, sway_px : sway_px + WH[0]].copy()
            top, left = (WH[1] - image.shape[0]) // 2, (WH[0] - image.shape[1]) // 2 + sway_px - SWAY_PX
            canvas[top : top + image.shape[0], left : left + image.shape[1]] = image
            writer.write(canvas)
            bar.advance(number)
        bar.close()


def measured(source: Path, video: Path, model: ModelChoice) -> dict[str, list[float]]:
    """Milliseconds of each stage for every frame after the warm-up; ``all but inference`` sums the rest."""
    from posecoach.adapters.file_camera import FileCamera
    from posecoach.adapters.pygame_display import PygameDisplay
    from posecoach.coach.compose import compose

    took_ms: dict[str, list[float]] = defaultdict(list)

    def timed(stage: str, work: Callable[[], Result]) -> Result:
        start = time.perf_counter()
        result = work()
        took_ms[stage].append(1000.0 * (time.perf_counter() - start))
        return result

    with (
        open_estimator(model) as estimator,
        FileCamera(video) as camera,
        PygameDisplay("headless", wh=WH) as display,
    ):
        step = learn([track_video(source, estimator)], StepKind.REPS).step
        options = SessionOptions(gated=False, open_ended=True)
        session = Session(Routine("bench", "Bench", (step,)), partial(compose, screen_wh=WH), options)
        frames = camera.frames()
        while (frame := timed("read", lambda: next(frames, None))) is not None:
            network_input = timed("letterbox", partial(estimator.prepare, frame))
            answer = timed("infer", partial(estimator.infer, network_input))
            poses = timed("decode", partial(_people, estimator, answer, frame))
            scene = timed("session", partial(session.step, frame.captured_at, frame, poses))
            timed("draw", partial(display.show, scene))
    kept = {stage: took_ms[stage][WARM_UP : len(took_ms["draw"])] for stage in STAGES}
    rest = [
        sum(values) for values in zip(*(kept[stage] for stage in STAGES if stage != "infer"), strict=True)
    ]
    return {**kept, "all but inference": rest}


def _people(estimator: StagedEstimator, answer: Any, frame: Frame) -> list[PoseEstimate]:
    return estimator.place(estimator.decode(answer), frame)


def _fitting(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture shrunk by whole steps until it fits, with room to sway."""
    step = int(np.ceil(max(image.shape[1] / (WH[0] - 2 * SWAY_PX), image.shape[0] / WH[1])))
    return image[::step, ::step]


def _percentiles(values: list[float]) -> dict[str, float]:
    return {
        "p50": round(float(np.percentile(values, 50)), 3),
        "p95": round(float(np.percentile(values, 95)), 3),
    }
