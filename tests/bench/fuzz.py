"""Throw spoiled files at everything that reads what others have made: each is refused in one line.

``python tests/bench/fuzz.py [routine track file sealed configuration] [--inputs 25000] [--seed 0]``

Each target runs in a process of its own with a limit of memory. Whole files that posecoach wrote are spoiled
by hypothesis (bytes, numbers, words, whole pieces, depth, length) and read by the real reader. An input is
*taken*, or *refused* with a `PosecoachError` of one readable line; anything else is a crash, and kept as a
file. Nothing outside the folder that is read may have changed afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests")]

from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import seed as seeded  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from posecoach.adapters.configuration import DEFAULTS, load  # noqa: E402
from posecoach.adapters.exchange_file import read_routine_file, routine_file  # noqa: E402
from posecoach.adapters.routine_folder import STARTER, RoutineFolders  # noqa: E402
from posecoach.adapters.routine_shelf import RoutineShelf  # noqa: E402
from posecoach.adapters.track_file import read_track, write_track  # noqa: E402
from posecoach.errors import PosecoachError  # noqa: E402

TARGETS = ("routine", "track", "file", "sealed", "configuration")
MEMORY_BYTES = 1 << 30
"""Of address space; numpy and its threads alone take a third."""
ONE_RUN = 2500
LONGEST_MESSAGE = 2000
TOKENS = [
    *(b"nan", b"inf", b"-inf", b"NaN", b"Infinity", b"-Infinity", b"1e308", b"-1e308", b"1e400", b"1e-400"),
    *(b"0", b"-0", b"-1", b"9" * 30, b"9" * 5000, b"0x" + b"f" * 5000, b"1_0", b"1e5", b"0.1", b"true"),
    *(
        b"null",
        b"false",
        b'""',
        b'"a\\nb"',
        b'"\\u0000"',
        b'"\\ud800"',
        b'"\\u202e"',
        b"\xff\xfe",
        b"\xc0\x80",
    ),
    *(b"\xef\xbb\xbf", b"\x00", b"\x1b[2J", b"\r\n", b"[" * 3000, b"{" * 3000, b'{"a":' * 2000, b"[[a" * 50),
    *(b"[" * 900 + b"]" * 900, b"[" * 980 + b"]" * 980, b'{"a":' * 900 + b"1" + b"}" * 900),
    *(
        b"a." * 3000 + b"b = 1",
        b"[[steps]]\n",
        b"[steps.tracks]\n",
        b"1979-05-27T07:32:00Z",
        b"'''",
        b"..",
        b"/",
    ),
    *(b"../../etc/passwd", b"CON", b"x" * 300, b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"\n"),
    *(
        b'"\\\n" = 1\n',
        b'"\x1b[2J" = 1\n',
        b'"t": 0, "t": 1,',
        b'"keypoints": null',
        b"[], " * 500,
        b"#" * 500,
    ),
]

VALUE = re.compile(rb'"[^"\n]*"|-?[0-9][0-9.e-]*|true|false|null|\[[^\[\]\n]*\]')


def spoiled(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """One of `seeds` with up to five things done to it."""

    @st.composite
    def made(draw: st.DrawFn) -> bytes:
        content = bytearray(draw(st.sampled_from(seeds)))
        for _ in range(draw(st.integers(1, 5))):
            what = draw(st.integers(0, 8))
            at = draw(st.integers(0, max(len(content) - 1, 0)))
            length = draw(st.sampled_from((1, 1, 2, 4, 16, 200, 5000)))
            if what == 0:
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            elif what == 1:
                content[at:at] = draw(st.sampled_from(TOKENS))
            elif what == 2:
                del content[at : at + length]
            elif what == 3:
                content[at:at] = content[at : at + length] * draw(st.sampled_from((1, 2, 50)))
            elif what == 4:
                del content[at:]
            elif what in (5, 6):  # a value in the place of another
                values = list(islice(VALUE.finditer(content, at), 30)) or list(
                    islice(VALUE.finditer(content), 30)
                )
                if values:
                    begin, end = draw(st.sampled_from(values)).span()
                    content[begin:end] = draw(st.sampled_from(TOKENS))
            elif what == 7:
                other = draw(st.sampled_from(seeds))
                content[at : at + length] = other[at % max(len(other), 1) :][:length]
            else:
                content[at:at] = draw(st.binary(max_size=40))
            if len(content) > 1 << 20:
                break
        return bytes(content)

    return made()


@cache
def known_track(path: Path) -> object:
    """What a track reads as: the same bytes again and again."""
    return read_track(path)


def starter(name: str) -> dict[str, bytes]:
    """The files of a routine that ships."""
    return {path.name: path.read_bytes() for path in sorted((STARTER / name).iterdir())}


def target(name: str, folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    """What is spoiled, and what reads it, in a folder."""
    shelf_folder = folder / "routines"
    shelf_folder.mkdir()
    store = RoutineFolders(shelf_folder, read_track=read_track, write_track=write_track)
    shelf = RoutineShelf(shelf_folder, store.load)
    path = folder / "input"
    if name == "track":
        coco = [{"image_id": 1, "keypoints": [1.0, 2.0, 0.5] * 17, "score": 0.5}] * 2
        seeds = [*starter("tree").values(), *starter("knee_raise").values(), json.dumps(coco).encode()]

        def read(content: bytes) -> object:
            path.write_bytes(content)
            return read_track(path)

        return [each for each in seeds if each.startswith((b"{", b"["))], read
    if name == "configuration":
        path = folder / "posecoach.toml"

        def read_configuration(content: bytes) -> object:
            path.write_bytes(content)
            return load(path)

        keys = b'[body]\nwithout = ["left_arm"]\n[keys]\nnext = "b, f13"\n[run]\nperson = "Anna"\n'
        return [DEFAULTS.read_bytes(), keys], read_configuration
    if name == "routine":
        quick = RoutineFolders(shelf_folder, read_track=known_track, write_track=write_track)
        for file, content in starter("squat").items():
            (shelf_folder / "a").mkdir(exist_ok=True)
            (shelf_folder / "a" / file).write_bytes(content)

        def read_routine(content: bytes) -> object:
            (shelf_folder / "a" / "routine.toml").write_bytes(content)
            return quick.load("a")

        return [
            starter(each)["routine.toml"] for each in ("squat", "tree", "half_sun_salutation")
        ], read_routine
    told = {"author": "A. Meyer", "licence": "CC0-1.0", "made_with": "posecoach"}
    whole = routine_file("tree", "Tree", starter("tree"), **told)
    if name == "file":
        squat = routine_file("squat", "Squat", starter("squat"), **told)

        def read_file(content: bytes) -> object:
            path.write_bytes(content)
            file = read_routine_file(path)
            return shelf.check(file.stored())

        return [whole.packed(), squat.packed()], read_file

    def read_sealed(content: bytes) -> object:
        """What is in the file is spoiled, and its checksums are right all the same."""
        number = content[0] % len(parts) if content else 0
        parts_here = parts | {list(parts)[number]: content[1:]}
        path.write_bytes(routine_file("tree", "Tree", parts_here, **told).packed())
        file = read_routine_file(path)
        return shelf.check(file.stored())

    parts = starter("tree")
    return [bytes([number]) + content for number, content in enumerate(parts.values())], read_sealed


def tree(folder: Path) -> str:
    """What a folder holds, as one checksum: names, kinds and contents."""
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        told.update(f"{path.relative_to(folder)} {path.lstat().st_mode}".encode())
        if path.is_file() and not path.is_symlink():
            told.update(path.read_bytes())
    return told.hexdigest()


def one_target(name: str, inputs: int, number: int) -> dict[str, object]:
    """Run a target in this process; what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    counts = {"inputs": 0, "taken": 0, "refused": 0}
    crashes: dict[str, str] = {}
    slowest_s = 0.0
    with TemporaryDirectory(prefix="posecoach-fuzz-") as place:
        outside, inside = Path(place) / "outside", Path(place) / "inside"
        for folder in (outside, inside):
            folder.mkdir()
        (outside / "precious").write_text("mine")
        before = tree(outside)
        seeds, read = target(name, inside)

        def attempt(content: bytes) -> None:
            nonlocal slowest_s
            counts["inputs"] += 1
            began = time.perf_counter()
            wrong = ""
            try:
                read(content)
                counts["taken"] += 1
            except PosecoachError as error:
                counts["refused"] += 1
                said = str(error)
                if not said.isprintable() or len(said) > LONGEST_MESSAGE:
                    wrong = f"not one readable line: {said[:300]!r}"
                if error.exit_code not in (65, 66, 78):
                    wrong = f"exit code {error.exit_code}"
            except Exception as error:  # a crash is what is looked for
                place_of = error.__traceback__
                while place_of is not None and place_of.tb_next is not None:
                    place_of = place_of.tb_next
                where = (
                    f"{Path(place_of.tb_frame.f_code.co_filename).name}:{place_of.tb_lineno}"
                    if place_of
                    else ""
                )
                wrong = f"{type(error).__name__} at {where}: {str(error)[:200]!r}"
            slowest_s = max(slowest_s, time.perf_counter() - began)
            if wrong and wrong.split(":")[0] not in {each.split(":")[0] for each in crashes}:
                kept = Path.cwd() / f"crash-{name}-{hashlib.sha256(content).hexdigest()[:8]}"
                kept.write_bytes(content)
                crashes[wrong] = str(kept)

        while counts["inputs"] < inputs:
            run = settings(
                max_examples=min(ONE_RUN, inputs - counts["inputs"]),
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(given(spoiled(seeds))(attempt))
            seeded(number)(run)()
            number += 1
        untouched = tree(outside) == before and {path.name for path in Path(place).iterdir()} == {
            "outside",
            "inside",
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "target": name, **counts, "slowest_ms": round(slowest_s * 1000), "peak_mb": round(peak),
        "untouched": untouched, "crashes": crashes,
    }  # fmt: skip


def main() -> int:
    """Run the targets, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", default=TARGETS, metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--inputs", type=int, default=25_000, help="for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        print(json.dumps(one_target(arguments.targets[0], arguments.inputs, arguments.seed)))
        return 0
    print(
        "| target | inputs | taken | refused | crashes | slowest, ms | peak memory, MB | outside untouched |"
    )
    print("|---|---|---|---|---|---|---|---|")
    failed = False
    for name in arguments.targets:
        numbers = ["--inputs", str(arguments.inputs), "--seed", str(arguments.seed)]
        done = subprocess.run(
            [sys.executable, __file__, name, "--here", *numbers],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        told = {}
        with suppress(ValueError, IndexError):
            told = json.loads(done.stdout.strip().splitlines()[-1])
        if not told:
            print(f"| {name} | died with {done.returncode} | | | | | | |", flush=True)
            failed = True
            continue
        keys = ("inputs", "taken", "refused")
        cells = [
            name,
            *(told[key] for key in keys),
            len(told["crashes"]),
            told["slowest_ms"],
            told["peak_mb"],
        ]
        print(f"| {' | '.join(map(str, cells))} | {'yes' if told['untouched'] else 'NO'} |", flush=True)
        for what, kept in told["crashes"].items():
            print(f"  {what}  ({kept})", flush=True)
        failed |= bool(told["crashes"]) or not told["untouched"]
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
