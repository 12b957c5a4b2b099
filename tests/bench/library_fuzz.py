"""Hostile and damaged libraries, many of them: refused in one line, in bounded memory, or read as they were.

Each input is a sound library with something done to it: bytes changed, cut, zeroed or copied elsewhere; whole
pages exchanged, which is what sends a reader round in circles; numbers made absurd where SQLite keeps lengths
and page numbers; rows and tables altered by SQL; and, as somebody would who means it, poses, crops and JPEGs
changed and given the checksum that they need. Everybody in it is then read, with their thumbnails, and
searched. What is counted: refused, read as before, read as it was forged, and anything else, which fails.

Usage: python tests/bench/library_fuzz.py [--inputs N] [--seed N] [--processes N]
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests")]

import numpy as np  # noqa: E402

from library_makers import a_library, a_pose  # noqa: E402
from posecoach.adapters._library_rows import picture_sum, thumbnail_sum  # noqa: E402
from posecoach.adapters.picture_library import PictureLibrary  # noqa: E402
from posecoach.cli.posed_pictures import picture_of  # noqa: E402
from posecoach.errors import LibraryError, OutputError  # noqa: E402
from posecoach.library.metric import Metric, asked  # noqa: E402

MOST_MEMORY_MB = 64.0
LONGEST_S = 5.0
PAGE = 4096
WANTED = a_pose(7)
STATEMENTS = (
    "UPDATE picture SET poses = randomblob(208 * (1 + abs(random()) % 70))",
    "UPDATE picture SET checksum = random()",
    "UPDATE picture SET width = random(), height = random()",
    "UPDATE picture SET path = '../../../../etc/passwd'",
    "UPDATE picture SET state = abs(random()) % 4",
    "UPDATE picture SET id = id + 9223372036854770000",
    "UPDATE thumbnail SET jpeg = randomblob(2000), checksum = 0",
    "UPDATE thumbnail SET x = random(), w = random()",
    "INSERT INTO thumbnail SELECT picture, person + 100, x, y, w, h, jpeg, checksum FROM thumbnail",
    "UPDATE library SET value = char(0, 27, 10) || hex(randomblob(2000))",
    "DELETE FROM library",
    "CREATE VIEW more AS SELECT * FROM picture",
    "CREATE INDEX sqlite ON picture (path)",
    "ALTER TABLE picture ADD COLUMN more TEXT",
    "ALTER TABLE picture RENAME TO pictures",
    "DROP TABLE thumbnail",
)


def everything(path: Path) -> list[tuple[object, ...]]:
    """All that is read of a library."""
    with PictureLibrary(path) as library:
        _ = library.origin, library.contents(), library.problems()
        index = library.index()
        people = [library.person(at) for at in range(len(index))]
        for metric in Metric:
            index.nearest(asked(WANTED.keypoints_xy, WANTED.keypoint_scores, metric), 5)
    found: list[tuple[object, ...]] = []
    for person in people:
        kept = person.kept
        pixels = picture_of(person).image
        found.append((person.path, person.number, kept.pose.keypoints_xy.tobytes(), kept.crop, pixels.sum()))
    return found


def scrambled(content: bytes, rng: np.random.Generator) -> bytes:
    """Some of its bytes changed; now and then cut off."""
    changed = bytearray(content)
    for at in rng.integers(len(changed), size=rng.integers(1, 6)):
        changed[at] = int(rng.integers(256))
    return bytes(changed[: int(rng.integers(len(changed)))] if rng.random() < 0.1 else changed)


def forged(connection: sqlite3.Connection, rng: np.random.Generator) -> None:
    """Change a row so that its checksum holds."""
    if rng.random() < 0.5:
        rows = connection.execute("SELECT picture, person, x, y, w, h, jpeg FROM thumbnail").fetchall()
        picture, person, *crop, jpeg = rows[rng.integers(len(rows))]
        if rng.random() < 0.3:
            crop[rng.integers(4)] = int(rng.choice([0, 1, 2**20, 2**31, 2**62, -1]))
        jpeg = scrambled(jpeg, rng)
        connection.execute(
            "UPDATE thumbnail SET x = ?, y = ?, w = ?, h = ?, jpeg = ?, checksum = ? "
            "WHERE picture = ? AND person = ?",
            (*crop, jpeg, thumbnail_sum(picture, person, crop, jpeg), picture, person),
        )
        return
    rows = connection.execute(
        "SELECT id, path, width, height, poses FROM picture WHERE length(poses)"
    ).fetchall()
    number, path, width, height, poses = rows[rng.integers(len(rows))]
    poses = scrambled(poses, rng) if rng.random() < 0.7 else bytes(len(poses))
    width = int(rng.choice([width, 0, 2**40, -5]))
    path = str(rng.choice([path, "../../../etc/passwd", "", "a\x1b[2J"]))
    checksum = picture_sum(number, path.encode(), width, height, poses)
    connection.execute(
        "UPDATE picture SET path = ?, width = ?, poses = ?, checksum = ? WHERE id = ?",
        (path, width, poses, checksum, number),
    )


def damaged(sound: bytes, rng: np.random.Generator, path: Path) -> bool:
    """Write what came of a sound library; whether somebody meant it."""
    content = bytearray(sound)
    if rng.random() < 0.15:
        path.write_bytes(content)
        connection = sqlite3.connect(path, isolation_level=None)
        forged(connection, rng)
        connection.close()
        return True
    if rng.random() < 0.15:
        path.write_bytes(content)
        connection = sqlite3.connect(path, isolation_level=None)
        for _ in range(rng.integers(1, 3)):
            with suppress(sqlite3.Error):
                connection.execute(STATEMENTS[rng.integers(len(STATEMENTS))])
        connection.close()
        return False
    pages = len(content) // PAGE
    for _ in range(rng.integers(1, 8)):
        at, kind = int(rng.integers(len(content))), int(rng.integers(7))
        if kind == 0:
            content[at] = int(rng.integers(256))
        elif kind == 1:
            content[at] ^= 1 << int(rng.integers(8))
        elif kind == 2:
            part = content[at : at + int(rng.integers(1, 200))]
            content[at : at + len(part)] = bytes(len(part))
        elif kind == 3:
            part = content[at : at + int(rng.integers(1, 200))]
            to = int(rng.integers(len(content)))
            content[to : to + len(part)] = part[: len(content) - to]
        elif kind == 4 and len(content) == len(sound):  # one page in the place of another
            one, other = (PAGE * int(rng.integers(pages)) for _ in range(2))
            content[one : one + PAGE] = content[other : other + PAGE]
        elif kind == 5:  # where a page begins: what it is, how many cells, where they are
            start = PAGE * int(rng.integers(pages)) + (100 if rng.random() < 0.1 else 0)
            place = start + int(rng.integers(40))
            content[place] = int(rng.choice([0, 1, 2, 5, 10, 13, 127, 128, 255]))
        elif rng.random() < 0.2:
            del content[max(at, 64) :]
            break
    path.write_bytes(content)
    return False


def tried(sound: bytes, seed: int, count: int) -> tuple[Counter[str], list[str], float, float]:
    """Outcomes of so many inputs; what was wrong; the longest one took, and memory by which this grew."""
    whole, outcomes, wrong, longest = None, Counter[str](), [], 0.0
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        path = Path(scratch, "some.library")
        path.write_bytes(sound)
        whole = set(everything(path))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(count):
            meant = damaged(sound, rng, path)
            start = time.perf_counter()
            try:
                found = everything(path)
                as_before = set(found) <= whole
                outcomes["as before" if as_before else "as forged" if meant else "changed"] += 1
                if not as_before and not meant:
                    wrong.append(f"seed {seed}, input {number}: read what was never kept")
            except (LibraryError, OutputError) as error:
                outcomes["refused"] += 1
                if "\n" in str(error) or len(str(error)) > 500:
                    wrong.append(f"seed {seed}, input {number}: not one clear line: {str(error)[:300]!r}")
            except Exception as error:  # what must not be
                outcomes["crashed"] += 1
                wrong.append(f"seed {seed}, input {number}: {type(error).__name__}: {error}")
            longest = max(longest, time.perf_counter() - start)
            left = [each.name for each in Path(scratch).iterdir() if each != path]
            if left:
                wrong.append(f"seed {seed}, input {number}: left {left}")
                for name in left:
                    Path(scratch, name).unlink()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return outcomes, wrong, longest, grown


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sound = a_library(Path(scratch, "sound.library")).read_bytes()
    parts = 5 * arguments.processes
    each = -(-arguments.inputs // parts)
    outcomes, wrong, longest, grown = Counter[str](), [], 0.0, 0.0
    start = time.perf_counter()
    with ProcessPoolExecutor(arguments.processes) as pool:
        seeds = range(arguments.seed, arguments.seed + parts)
        for found in pool.map(tried, [sound] * parts, seeds, [each] * parts):
            outcomes += found[0]
            wrong += found[1]
            longest, grown = max(longest, found[2]), max(grown, found[3])
    took = time.perf_counter() - start
    print(f"{sum(outcomes.values())} inputs of {len(sound)} bytes in {took:.0f} s: {dict(outcomes)}")
    print(f"longest {longest:.2f} s (at most {LONGEST_S})")
    print(f"memory grew by {grown:.1f} MB (at most {MOST_MEMORY_MB})")
    for line in wrong[:20]:
        print(f"  {line}")
    return int(bool(wrong) or longest > LONGEST_S or grown > MOST_MEMORY_MB)


if __name__ == "__main__":
    sys.exit(main())
