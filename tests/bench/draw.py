"""What a scene costs: ``python tests/bench/draw.py``. Compare with one bare scaling of the camera picture."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests")]

import pygame  # noqa: E402

import screen_views as views  # noqa: E402
from posecoach.adapters.pygame_display import PygameDisplay  # noqa: E402
from posecoach.coach.compose import compose  # noqa: E402
from posecoach.coach.view import StepKind  # noqa: E402

FRAMES = 300


def moving(number):
    """The busiest screen: everything that can move does, in every frame."""
    t = number / 30
    swing = 0.5 - 0.5 * np.cos(t * 2)
    person = views.person()
    shift = np.array([20 * np.sin(t), 40 * swing])
    return replace(
        views.view(reps=views.reps(9)),
        now=36.0 + t % 3,
        person=replace(person, keypoints_xy=person.keypoints_xy + shift),
        phase=(t / 3) % 1,
        reach=float(swing),
        best_reach=float(max(swing, 0.5)),
        pace=float(1.0 + swing),
        score=80 + 10 * float(swing),
    )


def table(name, work):
    """One line: p50 and p95 of `work`, which takes the number of the frame."""
    took = []
    for number in range(FRAMES):
        start = time.perf_counter()
        work(number)
        took.append((time.perf_counter() - start) * 1e3)
    p50, p95 = np.percentile(took[20:], [50, 95])
    print(f"{name:44s} p50 {p50:6.3f} ms   p95 {p95:6.3f} ms")


def main():
    """Print the table."""
    image = views.gradient(views.LANDSCAPE)
    for wh in ((1280, 720), (800, 480), (1920, 1080), (720, 1280)):
        with PygameDisplay("headless", wh=wh) as display:
            shown = [moving(number) for number in range(FRAMES)]
            scenes = [compose(view, wh) for view in shown]
            hold = [
                replace(v, kind=StepKind.HOLD, hold_s=v.now - 36, hold_target_s=3.0, reps=()) for v in shown
            ]
            holds = [compose(view, wh) for view in hold]
            screen = pygame.Surface(wh, 0, 32)
            camera = pygame.Surface((1280, 720), 0, 32)

            def bare(_, camera=camera, screen=screen, wh=wh):
                camera.blit(pygame.image.frombuffer(image, (1280, 720), "RGB"), (0, 0))
                pygame.transform.scale(camera, wh, screen)

            print(f"{wh[0]}x{wh[1]}, camera 1280x720")
            table("  bare: convert the camera picture and scale it", bare)
            table("  compose", lambda number, shown=shown, wh=wh: compose(shown[number], wh))
            table("  draw, all that can move moves", lambda n, d=display, s=scenes: d.show(s[n]))
            table("  draw, hold clock", lambda n, d=display, s=holds: d.show(s[n]))
            table("  read the pixels back", lambda _, d=display: d.pixels())


if __name__ == "__main__":
    main()
