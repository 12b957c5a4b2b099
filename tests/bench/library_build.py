"""How quickly a library of pictures is built, beside inference alone on all cores, in the same run.

The pictures are those of the shared data, again and again. A pass builds a library of them with as many
processes as there are cores, and then has as many processes run the network alone, each on one picture that
is ready for it, as often. Both rates are taken from when every process works until the first has nothing more
to do. Of several passes in turn the quietest counts.

Usage: python tests/bench/library_build.py [--passes N] [--pictures N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "device"))
sys.path.insert(1, str(ROOT / "tests" / "bench"))

from inference_alone import PICTURES, open_inference  # noqa: E402
from posecoach import app  # noqa: E402
from posecoach.adapters.picture_library import Origin, PictureLibrary  # noqa: E402
from posecoach.cli.library_build import pictures_in  # noqa: E402
from posecoach.cli.picture_reader import answered, open_reader  # noqa: E402
from posecoach.cli.recordings import ModelChoice  # noqa: E402
from posecoach.service.crew import Crew  # noqa: E402

BAR = 1.10
CORES = len(os.sched_getaffinity(0))


def rate(crew: Crew[int], questions: list[tuple[int, bytes]], kept: Callable[[int, bytes], None]) -> float:
    """Answers a second, from when every process has given some until there is nothing more to ask."""
    warm, left = 4 * CORES, len(questions)

    def asked() -> Iterator[tuple[int, bytes]]:
        nonlocal left
        for question in questions:
            left -= 1
            yield question

    started, done = 0.0, 0
    for number, answer in crew.answers(asked()):
        assert isinstance(answer, bytes), answer
        kept(number, answer)
        done += 1
        if done == warm:
            started = time.perf_counter()
        if left == 0:
            break
    return (done - warm) / (time.perf_counter() - started)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=240)
    arguments = parser.parse_args()
    sources = sorted(PICTURES.glob("*.jpg"))
    choice = ModelChoice(None, num_threads=1)
    best_build = best_alone = 0.0
    ratios = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "pictures")
        folder.mkdir()
        for number in range(arguments.pictures):
            shutil.copy(sources[number % len(sources)], folder / f"{number:05d}.jpg")
        for turn in range(arguments.passes):
            with (
                PictureLibrary(Path(scratch, f"{turn}.library"), to_build=True) as library,
                Crew[int](partial(open_reader, choice), CORES, prepare=app.import_estimator) as crew,
            ):
                library.begin(Origin(str(folder), "", ""))
                asked = [
                    (n, os.fsencode(folder / path)) for n, path in library.take_stock(pictures_in(folder))
                ]
                build = rate(
                    crew, asked, lambda n, answer, library=library: library.keep(n, answered(answer))
                )
            with Crew[int](partial(open_inference, choice), CORES, prepare=app.import_estimator) as crew:
                alone = rate(crew, [(n, b"") for n in range(arguments.pictures)], lambda n, answer: None)
            best_build, best_alone = max(best_build, build), max(best_alone, alone)
            ratios.append(alone / build)
            print(f"  pass {turn + 1}: build {build:6.1f}, inference alone {alone:6.1f} pictures/s")
    ratio = best_alone / best_build
    print(f"{CORES} processes: build {best_build:.1f}, inference alone {best_alone:.1f} pictures/s")
    met = "met" if ratio <= BAR else "MISSED"
    print(f"inference alone is {ratio:.3f} times as quick (at most {BAR}: {met}); by pass {min(ratios):.3f}")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
