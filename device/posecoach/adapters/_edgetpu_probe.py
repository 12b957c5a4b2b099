"""Try an Edge TPU in a throw-away process.

A libedgetpu that was built for another TensorFlow than the interpreter passes structs of another size
and ends the process (C11); a bad cable does the same (C2). No exception can be caught, so the first use
happens where nothing is lost. ``python -m posecoach.adapters._edgetpu_probe`` is that process: the model
comes by standard input, and each line it prints is one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from posecoach.adapters._edgetpu import crashed, library, open_on_edgetpu, pair_name, runtime_name
from posecoach.errors import ModelUnavailable

TIMEOUT_S: Final = 60.0
"""Firmware, weights, a slow port and every attempt take less."""

_PACKAGE_PARENT: Final = Path(__file__).resolve().parents[2]


def probe_pair(
    content: bytes, model_id: str, *, device: str, num_threads: int | None, timeout_s: float = TIMEOUT_S
) -> None:
    """Load, allocate and run twice, in another process.

    Raises:
        ModelUnavailable: It failed; names the interpreter and the library, and what to do.
    """
    # -P: no module is taken from the working directory.
    command = [sys.executable, "-P", "-m", __name__, model_id, device, str(num_threads or 0)]
    searched = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, searched))}
    try:
        done = subprocess.run(
            command, input=content, env=environ, capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelUnavailable(
            f"the Edge TPU did not answer within {timeout_s:g} s, so {model_id} cannot run: "
            "unplug the stick and plug it back"
        ) from error
    said = _lines(done.stdout)
    if done.returncode == 0 and said.get("done"):
        return
    if "refused" in said:
        raise ModelUnavailable(said["refused"])
    pair = said.get("pair") or f"{runtime_name()} with {library()}"
    raise crashed(model_id, pair, _how(done.returncode, said.get("stage"), done.stderr))


def _how(code: int, stage: str | None, stderr: bytes) -> str:
    try:
        ended = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    except ValueError:
        ended = f"ended by signal {-code}"
    lines = stderr.decode("utf-8", errors="replace").splitlines()
    last = next((line.strip() for line in reversed(lines) if line.strip() and not _is_chatter(line)), "")
    return f"{ended}{f' when it {stage}' if stage else ''}{f' ({last})' if last else ''}"


def _is_chatter(line: str) -> bool:
    return line.startswith(("INFO:", "WARNING:"))


def _lines(stdout: bytes) -> dict[str, Any]:
    """All that the process said, later lines over earlier ones; a library may print lines of its own."""
    said: dict[str, Any] = {}
    for line in stdout.decode("utf-8", errors="replace").splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if isinstance(one, dict):
            said |= one
    return said


def _say(**words: Any) -> None:
    os.write(1, (json.dumps(words) + "\n").encode())


def _main(model_id: str, device: str, num_threads: str) -> None:
    content = sys.stdin.buffer.read()
    _say(pair=pair_name())
    try:
        open_on_edgetpu(
            content,
            model_id,
            device=device,
            num_threads=int(num_threads) or None,
            probe=False,
            stage=lambda words: _say(stage=words),
        )
    except ModelUnavailable as error:
        _say(refused=str(error))
        sys.exit(1)
    _say(done=True)


if __name__ == "__main__":
    _main(*sys.argv[1:])
