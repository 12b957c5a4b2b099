"""``posecoach routine render``: a routine to look at: an animated figure, or a page to hang up."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._languages_here import languages
from posecoach.adapters.languages import words_in
from posecoach.adapters.paper_language import paper_catalogue
from posecoach.cli.progress_bar import counted
from posecoach.cli.recordings import routines
from posecoach.coach.demonstrated import Demonstrated, demonstrated
from posecoach.coach.demonstration import demonstration
from posecoach.coach.learn_sides import side_of
from posecoach.coach.paper.poster_page import poster_page
from posecoach.coach.paper.sheet import A4, PAPERS
from posecoach.coach.paper.words import PaperWords, translated
from posecoach.coach.routine import Routine, Sides, Step, View
from posecoach.coach.scene import Scene
from posecoach.coach.support import travel, unsupported
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.whole_file import write_whole

FILMS: Final = (".mp4", ".gif")
PAGES: Final = (".png", ".pdf")
PAUSE_S: Final = 0.7
"""How long the first pose stands before it moves, and the last one after."""
TIMES: Final = 3
"""How often a film shows it; a GIF begins again by itself."""
FILM_WH: Final = (1280, 720)
FILM_HZ: Final = 25.0
GIF_WH: Final = (640, 360)
GIF_HZ: Final = 12.5


def add_parser(command: argparse.ArgumentParser) -> None:
    """Add its options."""
    command.description = (
        "Draw a routine. .mp4 and .gif: a figure that does it, with its phases, how far off is still perfect "
        "as a band behind what matters, and how far the joint goes that goes furthest. .png and .pdf: a page "
        "to hang up. All is drawn as in a mirror, as on the screen."
    )
    command.set_defaults(refuse=command.error)
    command.add_argument("routine", metavar="ID")
    command.add_argument(
        "-o", "--output", type=Path, metavar="OUT.mp4|.gif|.png|.pdf", help="default: ID.mp4 here"
    )
    command.add_argument(
        "--view", choices=[view.value for view in View], help="default: the one it is judged best from"
    )
    command.add_argument("--side", choices=("left", "right"), help="of what may be done with either side")
    command.add_argument("--large", action="store_true", help="a page with larger type and fewer pictures")
    command.add_argument(
        "--paper", choices=tuple(PAPERS), default=A4.name, help="of a page (default: %(default)s)"
    )
    command.add_argument(
        "--language", choices=languages(), default=languages()[0], help="default: %(default)s"
    )
    command.set_defaults(run=run_render)


def run_render(arguments: argparse.Namespace) -> int:
    """Draw a routine."""
    routine = routines().load(arguments.routine)
    output = arguments.output or Path(f"{routine.id}.mp4")
    kind = output.suffix.lower()
    if kind not in (*FILMS, *PAGES):
        arguments.refuse(f"{output}: a routine is drawn as one of {', '.join((*FILMS, *PAGES))}")
    words = translated(paper_catalogue(arguments.language), words_in(arguments.language).catalogue)
    steps = [_on_side(step, arguments.side) for step in routine.steps]
    view = View(arguments.view) if arguments.view else None
    shown = [demonstrated(step, best_view(step, view)) for step in steps]
    if kind in PAGES:
        write_whole(output, _page(routine, shown, view, arguments, words, png=kind == ".png"))
    else:
        _film(output, routine, shown, words)
    print(output)
    return 0


def best_view(step: Step, wanted: View | None) -> View:
    """The view that is asked for; else the one that is recommended, or shows most.

    Raises:
        RoutineError: It is not known from there.
    """
    if wanted is not None:
        if wanted not in step.views:
            known = ", ".join(step.views)
            raise RoutineError(f"it was not recorded from the {wanted}; expected one of: {known}")
        return wanted
    if step.best_views:
        return step.best_views[0]
    return max(step.views, key=lambda view: (not unsupported(step, view), travel(step, view)))


def _on_side(step: Step, side: str | None) -> Step:
    """The step as it is done with a side of the body.

    Raises:
        RoutineError: It is not one of the left or the right.
    """
    if side is None:
        return step
    if step.sides is not Sides.EITHER:
        raise RoutineError(
            '--side: this is done with both sides; its routine.toml does not say sides = "either"'
        )
    own = next((found for track in step.views.values() if (found := side_of(track))), "left")
    return step if own == side else step.mirrored()


def _page(
    routine: Routine,
    shown: list[Demonstrated],
    view: View | None,
    arguments: argparse.Namespace,
    words: PaperWords,
    *,
    png: bool,
) -> bytes:
    from posecoach.adapters.pdf_page import pdf_of, png_of

    paper = PAPERS[arguments.paper]
    rows = list(shown)
    if len(rows) == 1 and view is None:
        first = rows[0]
        others = (demonstrated(first.step, other) for other in _other_views(first))
        rows += [other for other in others if set(other.stands) & set(first.stands)]
    drawn = replace(routine, steps=tuple(each.step for each in shown))
    scene = poster_page(drawn, rows, large=arguments.large, paper=paper, words=words)
    pdf = pdf_of(scene, paper.wh_pt, title=f"posecoach: {routine.name}", language=arguments.language)
    return png_of(pdf) if png else pdf


def _other_views(first: Demonstrated) -> Iterator[View]:
    """From the other side as well where that shows something: the front beside a profile, or the reverse."""
    for view in first.step.views:
        if (view is View.FRONT) != (first.view is View.FRONT):
            yield view
            return


def _film(output: Path, routine: Routine, shown: list[Demonstrated], words: PaperWords) -> None:
    """Write the moments of all steps, one after the other."""
    from posecoach.adapters.pygame_display import PygameDisplay

    is_gif = output.suffix.lower() == ".gif"
    wh, rate_hz = (GIF_WH, GIF_HZ) if is_gif else (FILM_WH, FILM_HZ)
    moments = [
        (each, float(at_s))
        for _ in range(1 if is_gif else TIMES)
        for each in shown
        for at_s in _times(each, rate_hz)
    ]
    with PygameDisplay("headless", wh=wh) as display, _writer(output, wh, rate_hz) as writer:
        for each, at_s in counted(output.name, moments, len(moments)):
            writer.write(_picture(display, demonstration(each, at_s, routine.name, words=words)))


def _picture(display: Any, scene: Scene) -> NDArray[np.uint8]:
    display.show(scene)
    pixels: NDArray[np.uint8] = display.pixels()
    return pixels


def _writer(output: Path, wh: tuple[int, int], rate_hz: float) -> AbstractContextManager[Any]:
    if output.suffix.lower() == ".gif":
        from posecoach.adapters.gif_writer import GifWriter

        return GifWriter(output, wh=wh, rate_hz=rate_hz)
    from posecoach.adapters.mp4_writer import Mp4Writer

    return Mp4Writer(output, wh=wh, rate_hz=rate_hz)


def _times(shown: Demonstrated, rate_hz: float) -> NDArray[np.float64]:
    """Seconds into the step, picture by picture: a rest, the way, a rest; of a held pose its time."""
    if shown.step.kind is StepKind.HOLD:
        return np.arange(0.0, min(shown.step.hold_s or 1.0, 5.0), 1.0 / rate_hz)
    moving = np.arange(0.0, shown.duration_s, 1.0 / rate_hz)
    rest = round(PAUSE_S * rate_hz)
    return np.concatenate([np.zeros(rest), moving, np.full(rest, shown.duration_s)])
