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
from posecoach.adapters.picture_library import PictureLibrary  # noqa: E402
from posecoach.cli.library_build import pictures_in  # noqa: E402
from posecoach.cli.picture_reader import answered, open_reader  # noqa: E402
from posecoach.cli.recordings import ModelChoice  # noqa: E402
from posecoach.library.stock import Origin  # noqa: E402
from posecoach.service.crew import Crew  # noqa: E402

BAR = 1.10
CORES = len(os.sched_getaffinity(0))


def busy_s(pids: list[int]) -> float:
    """What these processes have had of the processor."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measured(
    crew: Crew[int], questions: list[tuple[int, bytes]], kept: Callable[[int, bytes], None]
) -> tuple[float, float]:
    """Answers a second, and processor's time for one, from when every process has given some.

    Until there is nothing more to ask; ours, which keeps what comes, counts as well.
    """
    warm, left = 4 * CORES, len(questions)

    def asked() -> Iterator[tuple[int, bytes]]:
        nonlocal left
        for question in questions:
            left -= 1
            yield question

    started = busy = own = 0.0
    done = 0
    for number, answer in crew.answers(asked()):
        assert isinstance(answer, bytes), answer
        kept(number, answer)
        done += 1
        if done == warm:
            started, busy, own = time.perf_counter(), busy_s(crew.pids), time.process_time()
        if left == 0:
            break
    spent = busy_s(crew.pids) - busy + time.process_time() - own
    return (done - warm) / (time.perf_counter() - started), spent / (done - warm)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=240)
    parser.add_argument("--model", metavar="ID", help="the network (default: PoseNet 481x641)")
    arguments = parser.parse_args()
    sources = sorted(PICTURES.glob("*.jpg"))
    choice = ModelChoice(arguments.model, num_threads=1)
    passes = []
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
                build, build_s = measured(
                    crew, asked, lambda n, answer, library=library: library.keep(n, answered(answer))
                )
            with Crew[int](partial(open_inference, choice), CORES, prepare=app.import_estimator) as crew:
                alone, alone_s = measured(
                    crew, [(n, b"") for n in range(arguments.pictures)], lambda n, answer: None
                )
            passes.append((build, alone, build_s, alone_s))
            print(
                f"  pass {turn + 1}: build {build:6.1f}, inference alone {alone:6.1f} pictures/s; of the "
                f"processor {build_s * 1e3:.1f} and {alone_s * 1e3:.1f} ms a picture"
            )
    build, alone = max(each[0] for each in passes), max(each[1] for each in passes)
    build_s, alone_s = min(each[2] for each in passes), min(each[3] for each in passes)
    print(f"{CORES} processes: build {build:.1f}, inference alone {alone:.1f} pictures/s")
    met = "met" if alone / build <= BAR else "MISSED"
    print(f"inference alone is {alone / build:.3f} times as quick (at most {BAR}: {met})")
    print(f"processor's time, which others on the machine disturb less: {build_s / alone_s:.3f} times")
    return 0 if alone / build <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
