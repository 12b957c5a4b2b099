"""Train the network from nothing on the athlete.

Usage: python train.py OUT.keras [--only N...] [--start IN.keras] [--share S] [--seed N]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Final, NamedTuple

import keras
import numpy as np

from accuracy import found, pck
from batches import CROP_WH, Painter, Painting, as_the_product_sees
from losses import heads_loss
from network import network
from posecoach.vision.heads import HEATMAP_CHANNELS, SHORT_OFFSET_CHANNELS, Head, Heads
from posecoach.vision.multi_pose import decode_multi_pose
from scenes import CAMERA_WH, HELD_OUT_SEED, INPUT_WH, Scene, scenes
from targets import STRIDE

_REPORT: Final = 100


class Phase(NamedTuple):
    """A stretch of the training with pictures of one kind.

    Attributes:
        name: For the log.
        steps: How many batches.
        peak: Largest learning rate.
        painting: What they are made of.
    """

    name: str
    steps: int
    peak: float
    painting: Painting


_PHASES: Final = (
    Phase("crops", 8500, 3e-3, Painting(16, CROP_WH)),
    Phase("whole pictures", 3000, 1e-3, Painting(8, INPUT_WH, by_camera=True)),
    Phase("crops, hard ones more often", 3400, 1.2e-3, Painting(16, CROP_WH, hard_share=0.35)),
    Phase("crops, visits too", 2700, 1.2e-3, Painting(16, CROP_WH, hard_share=0.25, visit_share=0.45)),
    Phase("crops, visits now and then", 13600, 1e-3, Painting(16, CROP_WH, hard_share=0.25, visit_share=0.3)),
)


def main() -> None:
    """Train on crops, then on whole pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", type=int, nargs="*", metavar="N", help="which of the phases, from 0; all")
    parser.add_argument("--share", type=float, default=1.0, help="of the steps of each phase; to try things")
    parser.add_argument("--start", type=Path, help="a saved network to go on with")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    keras.utils.set_random_seed(chosen.seed)
    model = network((None, None))
    if chosen.start:
        model.set_weights(keras.models.load_model(chosen.start, compile=False).get_weights())
    print(f"{model.count_params()} parameters", flush=True)
    watched = [next(as_seen(HELD_OUT_SEED + 500_000 + number)) for number in range(48)]
    first_seed = chosen.seed * 1_000_000
    for number, phase in enumerate(_PHASES):
        if chosen.only is None or number in chosen.only:
            painter = Painter(first_seed + number * 500_000, phase.painting)
            fit(model, painter, phase, max(round(phase.steps * chosen.share), 1), watched, chosen.out)
            painter.close()


def as_seen(seed: int) -> map[Scene]:
    """Scenes of one seed in the network's input."""
    return map(as_the_product_sees, scenes(seed, CAMERA_WH))


def fit(
    model: keras.Model, painter: Painter, phase: Phase, steps: int, watched: list[Scene], out: Path
) -> None:
    """Train for some steps: up to the peak rate in a twentieth of them, and down to nothing by a cosine.

    The network is saved now and then: of a training that was cut off, something is left.
    """
    warm = max(steps // 20, 1)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm, warmup_target=phase.peak, warmup_steps=warm
    )
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4, clipnorm=5.0), heads_loss)
    begun, losses = time.monotonic(), []
    for step, (pixels, target) in zip(range(1, steps + 1), painter, strict=False):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(pixels.astype(np.float32), target)))
        if step % _REPORT == 0 or step == steps:
            spent = time.monotonic() - begun
            line = f"{phase.name} {step}/{steps}  loss {np.mean(losses[-_REPORT:]):.3f}  {spent / 60:.1f} min"
            line += f", {spent / step * (steps - step) / 60:.0f} left"
            if step % (10 * _REPORT) == 0 or step == steps:
                line += f"  PCK {watched_pck(model, watched):.3f}"
                model.save(out)
            print(line, flush=True)


def watched_pck(model: keras.Model, watched: list[Scene]) -> float:
    """PCK of the network as it is, before quantisation, on a few held-out scenes."""
    results = []
    for scene in watched:
        out = np.asarray(model(scene.pixels[None].astype(np.float32), training=False))[0]
        results.append(found(decode_multi_pose(heads_of(out)), scene))
    return pck(results)


def heads_of(out: np.ndarray) -> Heads:
    """The network's output as the decoder takes it: offsets in pixels."""
    ends = [HEATMAP_CHANNELS, HEATMAP_CHANNELS + SHORT_OFFSET_CHANNELS]
    heat, short, mid = np.split(out.astype(np.float32), ends, axis=-1)
    return Heads(Head(heat.copy()), Head(short * STRIDE), Head(mid * STRIDE), STRIDE)


if __name__ == "__main__":
    main()
