"""Multi-pose decoding of the golden heads: ours, numpy and compiled, beside the npm decoder in one run.

The npm decoder (@tensorflow-models/posenet) runs in node on the same heads, given to it as floats with the
sigmoid already taken; ours starts from the bytes. Of several passes in turn the quietest counts.

Usage: python tests/bench/decode.py [--passes N] [--pictures NAME...]
Node's packages are looked for in $PEERS/node (default: posecoach-peers in the temporary folder).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "device"))

from posecoach.kernels import build_kernels  # noqa: E402
from posecoach.vision.heads import Head, Heads  # noqa: E402
from posecoach.vision.multi_pose import decode_multi_pose  # noqa: E402
from posecoach.vision.multi_pose_compiled import fastest_decoder  # noqa: E402

SHARED = Path(os.environ.get("POSECOACH_SHARED", ROOT.parent / "shared"))
SIZES = ("353_481", "481_641", "721_1281")
HEADS = ("heatmaps", "short_offsets", "mid_offsets")
STRIDE = 16
PACKAGES = (
    "@tensorflow-models/posenet@2.2.2 @tensorflow/tfjs-core@3 @tensorflow/tfjs-converter@3 "
    "@tensorflow/tfjs-backend-cpu@3"
)

Times = tuple[float, float]  # median and least, in milliseconds


def main() -> int:
    chosen = _options()
    build_kernels()
    fastest = fastest_decoder()
    if fastest is decode_multi_pose:
        print("numba is not installed here (pip install 'posecoach[fast]'): no compiled decoder")
    names = [f"{picture}__{size}" for size in SIZES for picture in chosen.pictures]
    peers = Path(os.environ.get("PEERS", Path(tempfile.gettempdir()) / "posecoach-peers"))
    times: dict[str, dict[str, Times]] = {name: {} for name in names}
    with tempfile.TemporaryDirectory() as folder:
        node = _node(peers, Path(folder), names)
        for _ in range(chosen.passes):
            for name in names:
                heads = golden_heads(name)
                _keep(times[name], "numpy", timed(lambda heads=heads: decode_multi_pose(heads)))
                if fastest is not decode_multi_pose:
                    _keep(times[name], "compiled", timed(lambda heads=heads: fastest(heads, None)))
            if node:
                for name, took in npm_times(Path(folder), chosen.pictures).items():
                    _keep(times[name], "npm", took)
    _table(times, {name: len(decode_multi_pose(golden_heads(name))) for name in names})
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--pictures", nargs="+", default=["test_couple", "squat", "crowd"])
    return parser.parse_args()


def golden_heads(name: str) -> Heads:
    """The heads of one golden file."""
    with np.load(SHARED / "golden" / f"{name}.npz", allow_pickle=False) as stored:
        quantisation = [(float(scale), int(zero)) for scale, zero in stored["quant"]]
        return Heads(*(Head(stored[n], *q) for n, q in zip(HEADS, quantisation, strict=True)), STRIDE)


def timed(work: Callable[[], object], for_s: float = 0.3) -> Times:
    """How long `work` takes, warm."""
    for _ in range(10):
        work()
    took = []
    end = time.perf_counter() + for_s
    while len(took) < 20 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        took.append(1e3 * (time.perf_counter() - start))
    return float(np.median(took)), min(took)


def _keep(times: dict[str, Times], decoder: str, took: Times) -> None:
    """Of two passes, the one with the lower median."""
    times[decoder] = min(times.get(decoder, took), took)


def _node(peers: Path, folder: Path, names: list[str]) -> bool:
    """Lay out what the script of the npm decoder reads; whether it can run."""
    script = SHARED / "peers" / "bench_decode_js.js"
    modules = peers / "node" / "node_modules"
    if shutil.which("node") is None or not script.is_file():
        print(f"no npm decoder to compare with: needs node and {script}")
        return False
    if not (modules / "@tensorflow-models" / "posenet").is_dir():
        print(f"no npm decoder to compare with; to have it: npm install --prefix {peers / 'node'} {PACKAGES}")
        return False
    (folder / "node").mkdir()
    (folder / "node" / "node_modules").symlink_to(modules, target_is_directory=True)
    workload = folder / "workload" / "golden"
    workload.mkdir(parents=True)
    for name in names:
        with np.load(SHARED / "golden" / f"{name}.npz", allow_pickle=False) as stored:
            for head in HEADS:
                (workload / f"{name}__graph.{head}.u8").write_bytes(stored[head].tobytes())
            poses = [
                {
                    "score": float(score),
                    "keypoints": [
                        {"y": float(y), "x": float(x), "score": float(s)}
                        for (y, x), s in zip(yx, scores, strict=True)
                    ],
                }
                for yx, scores, score in zip(
                    stored["keypoints_yx"], stored["keypoint_scores"], stored["pose_scores"], strict=True
                )
            ]
            graph = {
                "shape": stored["heatmaps"].shape[:2],
                "quant": stored["quant"].tolist(),
                "poses": poses,
            }
            (workload / f"{name}__graph.json").write_text(json.dumps(graph), encoding="utf-8")
    return True


def npm_times(folder: Path, pictures: list[str]) -> dict[str, Times]:
    """One pass of the npm decoder over all heads."""
    results = folder / "results" / "decode_js.json"
    results.unlink(missing_ok=True)
    ran = subprocess.run(
        ["node", str(SHARED / "peers" / "bench_decode_js.js"), *pictures],
        env={**os.environ, "PEERS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        sys.exit(f"the npm decoder failed: {ran.stderr[-2000:]}")
    rows = [row for row in json.loads(results.read_text(encoding="utf-8")) if "posenet 2" in row["peer"]]
    times = {}
    for row in rows:
        size, picture = row["work"].split()
        times[f"{picture}__{size}"] = (row["median_ms"], row["min_ms"])
    return times


def _table(times: dict[str, dict[str, Times]], people: dict[str, int]) -> None:
    print(f"{'heads':24s} people   ms, median (least)")
    decoders = [name for name in ("numpy", "compiled", "npm") if name in next(iter(times.values()))]
    compared = " npm/compiled" if decoders[-2:] == ["compiled", "npm"] else ""
    print(f"{'':33s}" + "".join(f"{name:>16s}" for name in decoders) + compared)
    for name, row in times.items():
        cells = "".join(f"{row[decoder][0]:8.3f} ({row[decoder][1]:.3f})" for decoder in decoders)
        ratio = ""
        if "npm" in row and "compiled" in row:
            ratio = f"{row['npm'][0] / row['compiled'][0]:10.1f}x"
        print(f"{name:24s}{people[name]:7d}  {cells}{ratio}")


if __name__ == "__main__":
    sys.exit(main())
