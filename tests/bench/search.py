"""Search among 80,000 and 1,000,000 poses beside its peers, on the fixed workload of `shared/peers`.

One query at a time, exact top 20, one thread, all in one run; of several passes in turn the quietest counts.
Beside ours stand a bare numpy product, the vantage-point tree that Move Mirror used (npm vptree 1.0.0, where
node is installed), scikit-learn's ball tree, scipy's cdist and faiss's flat index. Peers that are not
installed are left out:

    python -m venv SCRATCH/venv && SCRATCH/venv/bin/pip install numpy scipy scikit-learn faiss-cpu numba
    (mkdir -p SCRATCH/node SCRATCH/results && cd SCRATCH/node && npm init -y && npm install vptree@1.0.0)
    (cd shared/peers && PEERS=SCRATCH SCRATCH/venv/bin/python make_workload.py)
    PEERS=SCRATCH SCRATCH/venv/bin/python tests/bench/search.py [--poses N] [--passes N]

And ``tests/bench/search.py --load``, with the project's own Python: how long a library of 80,000 people
takes to be opened, and what it takes in memory.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "device"))

import numpy as np  # noqa: E402

from posecoach.library.metric import Asked, Metric, asked  # noqa: E402
from posecoach.library.pose_index import PoseIndex  # noqa: E402
from posecoach.library.scan import NUMPY, fastest_scans  # noqa: E402
from posecoach.library.scan_compiled import KERNELS  # noqa: E402

PEERS = Path(os.environ.get("PEERS", "/var/tmp/peers"))
WORK = PEERS / "workload"
SHARED = Path(os.environ.get("POSECOACH_SHARED", ROOT.parent / "shared"))
TOP = 20
QUERIES = 32
ALIKE = 1e-5
Way = Callable[[int], "np.ndarray"]


def top_of(similarities: np.ndarray) -> np.ndarray:
    """As the peers' bench has it."""
    nearest = np.argpartition(similarities, len(similarities) - TOP)[-TOP:]
    return nearest[np.argsort(-similarities[nearest])]


def peers_by_cosine(poses: np.ndarray, queries: np.ndarray) -> dict[str, Way]:
    """The peers that are installed here."""
    across = np.ascontiguousarray(poses.T)
    ways: dict[str, Way] = {"bare numpy product": lambda i: top_of(queries[i] @ across)}
    try:
        faiss = import_module("faiss")
        faiss.omp_set_num_threads(1)
        flat = faiss.IndexFlatIP(34)
        flat.add(poses)
        ways["faiss IndexFlatIP"] = lambda i: flat.search(queries[i : i + 1], TOP)[1][0]
    except ImportError:
        print("faiss is not installed here, and left out")
    if len(poses) <= 100_000:
        try:
            tree = import_module("sklearn.neighbors").BallTree(poses, leaf_size=40)
            ways["scikit-learn BallTree"] = lambda i: tree.query(queries[i : i + 1], TOP)[1][0]
        except ImportError:
            print("scikit-learn is not installed here, and left out")
    return ways


def peers_by_weight(poses: np.ndarray, queries: np.ndarray, scores: np.ndarray) -> dict[str, Way]:
    """Likewise."""
    try:
        cdist = import_module("scipy.spatial.distance").cdist
    except ImportError:
        print("scipy is not installed here, and left out")
        return {}
    wide, weights = poses.astype(np.float64), np.repeat(scores / scores.sum(1, keepdims=True), 2, axis=1)

    def way(i: int) -> np.ndarray:
        query = queries[i : i + 1].astype(np.float64)
        return top_of(-cdist(query, wide, "cityblock", w=weights[i].astype(np.float64))[0])

    return {"scipy cdist": way}


def ours(index: PoseIndex, wanted: list[Asked]) -> Way:
    return lambda i: np.array([found.at for found in index.nearest(wanted[i], TOP)])


def in_turn(ways: dict[str, Way], passes: int, rounds: int) -> dict[str, float]:
    """Median of each way's quietest pass, in milliseconds."""
    best = dict.fromkeys(ways, np.inf)
    for _ in range(passes):
        for name, way in ways.items():
            took = []
            for i in range(rounds):
                start = time.perf_counter()
                way(i % QUERIES)
                took.append(time.perf_counter() - start)
            best[name] = min(best[name], float(np.median(took[2:])) * 1e3)
    return best


def vptree_ms(count: int, passes: int) -> float | None:
    """Median of npm's vptree, of its quietest pass; `None` where it is not here."""
    script = SHARED / "peers" / "bench_search_vptree.js"
    if shutil.which("node") is None or not (PEERS / "node" / "node_modules" / "vptree").is_dir():
        print("node or npm's vptree is not installed here, and left out")
        return None
    (PEERS / "results").mkdir(exist_ok=True)
    found = []
    for _ in range(passes):
        ran = subprocess.run(
            ["node", "--expose-gc", str(script), str(count), str(QUERIES)],
            env={**os.environ, "PEERS": str(PEERS)},
            capture_output=True,
            text=True,
            check=True,
        )
        found += [float(ms) for ms in re.findall(r'"median_ms":([0-9.]+)', ran.stdout)]
    return min(found)


def require_exact(name: str, found: np.ndarray, distances: np.ndarray) -> None:
    """Stop where what was found is farther away than what there is, beyond what float32 can tell."""
    nearest = np.sort(distances)[:TOP]
    assert np.allclose(np.sort(distances[found]), nearest, atol=ALIKE), f"{name} is not exact"


def verdict(value: float, bar: float, *, least: bool) -> tuple[str, bool]:
    met = value >= bar if least else value <= bar
    return f"({'at least' if least else 'at most'} {bar:g}: {'met' if met else 'MISSED'})", met


def searched(count: int, passes: int) -> bool:
    """One size of library; whether every bar is met."""
    poses = np.load(WORK / f"lib_{count}.npy")
    held = np.load(WORK / "queries.npz")
    queries, scores = held["q"][:QUERIES], held["conf"][:QUERIES]
    start = time.perf_counter()
    index = PoseIndex([poses.reshape(-1, 17, 2)])
    took_s, megabytes = time.perf_counter() - start, index.nbytes / 1e6
    print(f"\n{count} poses; the index is made in {took_s:.2f} s, {megabytes:.1f} MB")
    large, rounds, met = count > 100_000, 24 if count > 100_000 else 200, True
    for metric in Metric:
        both = [
            [asked(q.reshape(17, 2), c, metric, twin=twin) for q, c in zip(queries, scores, strict=True)]
            for twin in (False, True)
        ]
        ways: dict[str, Way] = {"ours": ours(index, both[0]), "ours, and the twin": ours(index, both[1])}
        if metric is Metric.COSINE:
            ways |= peers_by_cosine(poses, queries)
        else:
            ways |= peers_by_weight(poses, queries, scores)
        for name, way in ways.items():
            if "twin" not in name:
                for i in range(0, QUERIES, 8):
                    query = queries[i].astype(np.float64)
                    if metric is Metric.COSINE:
                        away = -(poses @ query)
                    else:
                        shares = np.repeat(scores[i] / scores[i].sum(), 2)
                        away = np.abs(poses - query) @ shares
                    require_exact(name, way(i), away)
        best = in_turn(ways, passes, rounds)
        if metric is Metric.COSINE and not large and (tree := vptree_ms(count, passes)) is not None:
            best["npm vptree 1.0.0"] = tree
        print(f"  {metric}, top {TOP}, ms")
        for name, took in best.items():
            print(f"    {name:22s} {took:8.3f}  {took / best['ours']:6.2f} x")
        bars = []
        if metric is Metric.COSINE and large:
            bars.append(("ms", best["ours"], 8.0, False))
        elif metric is Metric.COSINE:
            bars.append(("times a bare product", best["ours"] / best["bare numpy product"], 1.5, False))
            if "npm vptree 1.0.0" in best:
                bars.append(
                    ("times as quick as the tree", best["npm vptree 1.0.0"] / best["ours"], 8.0, True)
                )
        elif large:
            bars.append(("ms", best["ours"], 14.0, False))
        elif "scipy cdist" in best:
            bars.append(("times as quick as cdist", best["scipy cdist"] / best["ours"], 1.0, True))
        for what, value, bar, least in bars:
            words, held_here = verdict(value, bar, least=least)
            met = met and held_here
            print(f"    {value:.2f} {what}   {words}")
    return met


def loaded() -> bool:
    """How long a library of 80,000 people takes to be opened, and its memory; each time another process."""
    sys.path.insert(1, str(ROOT / "tests"))
    from library_makers import ORIGIN, a_picture, stamps
    from posecoach.adapters.picture_library import PictureLibrary

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "many.library")
        some = [a_picture(number, 1) for number in range(50)]
        with PictureLibrary(path, to_build=True) as library:
            library.begin(ORIGIN)
            names = [f"pictures/{number:06d}.jpg" for number in range(80_000)]
            for number, _ in library.take_stock(stamps(names)):
                library.keep(number, some[number % len(some)])
            library.finish()
        code = (
            "import sys, time; sys.path.insert(0, sys.argv[1])\n"
            "from pathlib import Path\n"
            "from posecoach.adapters.picture_library import PictureLibrary\n"
            "def most_mb():\n"
            "    lines = Path('/proc/self/status').read_text().splitlines()\n"
            "    return next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) / 1024\n"
            "before, start, busy = most_mb(), time.perf_counter(), time.process_time()\n"
            "library = PictureLibrary(Path(sys.argv[2])); index = library.index()\n"
            "took, busy = time.perf_counter() - start, time.process_time() - busy\n"
            "print(took, most_mb() - before, len(index), busy)\n"
        )
        runs = []
        for _ in range(5):
            ran = subprocess.run(
                [sys.executable, "-c", code, str(ROOT / "device"), str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            runs.append([float(value) for value in ran.stdout.split()])
        size = path.stat().st_size / 1e6
    took, room, busy = min(run[0] for run in runs), max(run[1] for run in runs), min(run[3] for run in runs)
    print(f"a library of {runs[0][2]:.0f} people, {size:.0f} MB with their pictures")
    words, quick = verdict(took, 0.3, least=False)
    print(f"  opened and indexed in {took:.3f} s, {busy:.3f} s of the processor   {words}")
    words, small = verdict(room, 60, least=False)
    print(f"  at most {room:.1f} MB more in memory meanwhile   {words}")
    return quick and small


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--poses", type=int, choices=[80_000, 1_000_000])
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--load", action="store_true")
    arguments = parser.parse_args()
    if arguments.load:
        return 0 if loaded() else 1
    for kernel in KERNELS:
        kernel.build()
    if fastest_scans() is NUMPY:
        print("numba is not installed here (pip install 'posecoach[fast]'): the numpy way is measured")
    sizes = [arguments.poses] if arguments.poses else [80_000, 1_000_000]
    met = [searched(count, arguments.passes) for count in sizes]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
