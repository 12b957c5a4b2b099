"""``posecoach routine record``: show a movement to the camera, and it is a routine; and ``rename``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from posecoach.adapters._languages_here import languages
from posecoach.adapters.routine_folder import FILE
from posecoach.cli.progress_bar import ProgressBar
from posecoach.cli.recorded import folder_of, id_of, keep_recorded
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines
from posecoach.cli.settings import Setup, body_here, settings_for, setup_of
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.look import PictureMode
from posecoach.coach.recording import Asked
from posecoach.coach.routine import Routine, View
from posecoach.coach.session import Session
from posecoach.coach.showing import Lesson, NotShown
from posecoach.coach.view import StepKind
from posecoach.coach.words import Words
from posecoach.errors import RoutineError
from posecoach.face.compose_visit import Shown, compose_visit
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.recorder import Records
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.frame_loop import ticks_of
from posecoach.ticks import SCREEN_RATE_HZ, still_ticks

if TYPE_CHECKING:
    from posecoach.ports import Camera, Display, PoseEstimator
    from posecoach.ticks import Tick

LOOKED_AT_S: Final = 5.0
"""How long what was learned stays on a window, where nobody is asked whether to keep it."""
_ASKED: Final = (Place.REVIEW, Place.REFUSED)
_OVER: Final = (Place.KEPT, Place.CHOOSE, Place.ATTRACT)


def add_parsers(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both actions."""
    command = actions.add_parser(
        "record",
        help="show a movement to the camera: it becomes a routine",
        description="Stand as the movement begins, wait for the countdown, show it three times, stand still. "
        "Before a live camera you then keep it with your right hand, or throw it away with your left; what a "
        "recording or the built-in athlete shows is kept without asking. Keypoints are kept, never pictures.",
    )
    command.add_argument("--name", help="in words; its id is made from it (default: Recorded 1, 2, ...)")
    command.add_argument(
        "--kind", choices=[kind.value for kind in StepKind], help="default: found from the movement"
    )
    command.add_argument(
        "--times", type=_times, default=3, metavar="N", help="how often to show it (default 3)"
    )
    command.add_argument(
        "--view", choices=[view.value for view in View], help="side filmed (default: recognised)"
    )
    command.add_argument(
        "--camera",
        metavar="SRC",
        help="as for `posecoach run`: auto, picamera2, v4l2:/dev/video0, file:PATH, synthetic:MOTION,reps=3",
    )
    command.add_argument("--display", choices=["auto", "fullscreen", "window", "headless"])
    command.add_argument("--language", choices=languages(), help="of the screen")
    command.add_argument("--picture", choices=[str(mode) for mode in PictureMode])
    command.add_argument("--json", action="store_true")
    add_model_option(command)
    # What `run` may be told besides, and this is not.
    command.set_defaults(
        run=run_record, sound="off", routine="", duration=None, no_history=True, kiosk=False, person=None,
        cue_sheet=None,
    )  # fmt: skip

    renamed = actions.add_parser("rename", help="give a routine of your own another name")
    renamed.add_argument("routine", metavar="ID")
    renamed.add_argument("name", metavar="NAME", help="in words; the id stays")
    renamed.set_defaults(run=run_rename)


def run_record(arguments: argparse.Namespace) -> int:
    """Record a routine."""
    from posecoach.app import open_camera, open_display

    configuration = settings_for(arguments)
    setup = setup_of(configuration, arguments, body_here(configuration))
    if arguments.name is not None and (id_ := id_of(arguments.name)) in routines().ids():
        raise RoutineError(
            f"--name {arguments.name!r}: there is a routine {id_!r} already; choose another name"
        )
    lessons: list[Lesson] = []

    def keep(lesson: Lesson, words: Words) -> Routine:
        lessons.append(lesson)
        return keep_recorded(lesson, words, arguments.name)

    with ExitStack() as stack:
        camera = stack.enter_context(open_camera(arguments.camera))
        estimator = stack.enter_context(open_estimator(model_choice(arguments)))
        display = stack.enter_context(open_display(arguments.display, keys=setup.keys))
        kept = _Sitting(arguments, setup, keep).record(
            camera, estimator, display, paced=arguments.display != "headless"
        )
    _tell(kept, lessons[-1], as_json=arguments.json)
    return 0


def run_rename(arguments: argparse.Namespace) -> int:
    """Give a routine another name."""
    from posecoach.adapters.routine_name import rename

    store = routines()
    before = store.load(arguments.routine)
    if not store.is_own(arguments.routine):
        raise RoutineError(f"{before.id} ships with posecoach; its name cannot be changed")
    rename(store.path(arguments.routine) / FILE, arguments.name)
    print(f"{before.id}: {before.name} is now {store.load(arguments.routine).name}")
    return 0


class _Sitting:
    """One recording before a camera, and what becomes of it."""

    def __init__(
        self, arguments: argparse.Namespace, setup: Setup, keep: Callable[[Lesson, Words], Routine]
    ) -> None:
        session = setup.session
        self._asked = Asked(arguments.times, session.place_s, session.countdown_s)
        kind = StepKind(arguments.kind) if arguments.kind else None
        view = View(arguments.view) if arguments.view else None
        records = Records(keep, self._asked, kind, view)
        self._visit = Visit(Offer((), records=records), Session, Wishes(setup.look))

    def record(self, camera: Camera, estimator: PoseEstimator, display: Display, *, paced: bool) -> Routine:
        """Record until it is kept.

        Raises:
            NotShown: A recording shows no movement that could be learned.
            RoutineError: Nothing was kept: nobody came, or somebody threw it away.
        """
        visit, now = self._visit, 0.0
        lead_in_s = self._asked.place_s + self._asked.countdown_s + 0.4
        bar = ProgressBar("recording", camera.duration_s)
        try:
            for tick in ticks_of(camera, lead_in_s=lead_in_s, paced=paced and not camera.live, limit_s=None):
                if now == 0.0:
                    visit.record(tick.now)
                now = tick.now
                bar.advance(now)
                if not self._step(tick, estimator, display, asks=camera.live):
                    break
            else:
                visit.take(Intent(Wish.PAUSE), now)  # that was all of it
                visit.pass_time(now)
        finally:
            bar.close()
        if paced and not camera.live:
            self._play_back(display, now)
        if visit.place is Place.REVIEW and not camera.live:
            visit.take(Intent(Wish.CHOOSE), now)
            visit.pass_time(now)
        recorder = visit.recorder
        if recorder.kept is not None:
            return recorder.kept
        if recorder.refused is not None:
            raise NotShown(recorder.refused)
        raise RoutineError(
            f"nothing was kept: {recorder.problem or 'nobody has shown a movement and kept it'}"
        )

    def _step(self, tick: Tick, estimator: PoseEstimator, display: Display, *, asks: bool) -> bool:
        """Take one tick; whether to go on."""
        visit = self._visit
        if tick.frame is not None:
            visit.look(tick.frame, estimator.estimate(tick.frame))
        else:
            visit.pass_time(tick.now)
        for intent in display.intents():
            visit.take(intent, tick.now)
        if visit.place in _OVER or not visit.wanted:
            return False
        if tick.draw and not display.show(compose_visit(visit, Shown(tick.now), display.wh)):
            return False
        return asks or visit.place not in _ASKED

    def _play_back(self, display: Display, now: float) -> None:
        """Show what was learned, or why nothing was, to whoever looks on."""
        for tick in still_ticks(now, LOOKED_AT_S, SCREEN_RATE_HZ, paced=True):
            scene = compose_visit(self._visit, Shown(tick.now), display.wh)
            if self._visit.place not in _ASKED or not display.show(scene):
                return


def _tell(kept: Routine, lesson: Lesson, *, as_json: bool) -> None:
    folder, step = folder_of(kept), lesson.learned.step
    if as_json:
        facts: dict[str, Any] = {
            "id": kept.id,
            "name": kept.name,
            "folder": str(folder),
            "kind": lesson.kind.value,
            "times": lesson.times,
            "spans_s": [[round(start_s, 2), round(end_s, 2)] for start_s, end_s in lesson.spans_s],
            "views": [view.value for view in step.views],
            "limbs": {
                limb.value: {"emphasis": rule.emphasis, "tolerance": rule.tolerance}
                for limb, rule in step.limbs.items()
            },
            "notes": list(lesson.learned.notes),
        }
        print(json.dumps(facts))
        return
    print(f"{kept.id}: {folder}")
    for note in lesson.learned.notes:
        print(f"  {note}")
    print(f"  {lesson.kind}, seen from: {', '.join(step.views)}")
    print(f"next: posecoach run --routine {kept.id}")


def _times(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 20:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 20, got {text!r}")
    return number
