"""Can the coach be heard? It need not be: a machine without sound works silently."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from posecoach.service.findings import Box, Check, Finding, passed, warned

_PROGRAM: Final = "espeak-ng"
_PATH: Final = "/usr/bin:/bin:/usr/local/bin"


def _there(box: Box) -> Finding:
    outputs = sorted(box.root.glob("dev/snd/pcmC*p"))
    if not outputs:
        return warned(
            "no sound card: the coach is silent",
            "plug a loudspeaker or a screen with sound in, or set sound.mode to off",
        )
    closed = [output for output in outputs if not os.access(output, os.R_OK | os.W_OK)]
    if len(closed) == len(outputs):
        return warned(
            f"{closed[0]} may not be opened by user {os.getuid()}", "put the user into the group audio"
        )
    names = [box.text(f"sys/class/sound/card{card}/id") or f"card {card}" for card in _cards(outputs)]
    return passed(f"sound from {', '.join(names)}")


def _cards(outputs: list[Path]) -> list[str]:
    """The numbers of the cards, of devices such as ``pcmC1D0p``."""
    return list(dict.fromkeys(output.name.removeprefix("pcmC").partition("D")[0] for output in outputs))


def _speech(box: Box) -> Finding:
    for folder in box.environ.get("PATH", _PATH).split(":"):
        program = box.root / folder.lstrip("/") / _PROGRAM
        if os.access(program, os.X_OK):
            return passed(f"{_PROGRAM} speaks")
    return warned(
        f"{_PROGRAM} is not installed: the coach has signs, but no words", f"sudo apt install {_PROGRAM}"
    )


SOUND_CHECKS: Final = (
    Check("sound", "is there a loudspeaker, and may this user use it", ("A1",), _there),
    Check("speech", "is there something that speaks", ("A2",), _speech),
)
