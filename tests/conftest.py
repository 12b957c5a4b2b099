"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

# Also for the processes that tests start:
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")  # sessions are heard by nobody
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")  # there is a worker for every core already


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published models and data beside the checkout."""
    folder = Path(os.environ.get("POSECOACH_SHARED", CHECKOUT.parent / "shared"))
    if not (folder / "models").is_dir():
        reason = f"needs the published models and data in {folder} (or POSECOACH_SHARED)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
