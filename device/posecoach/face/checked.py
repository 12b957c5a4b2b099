"""What doctor's checks say on the screen: to whoever stands before it, in their language.

Doctor itself speaks English and tells figures, paths and commands, to whoever looks after the box.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posecoach.coach.phrase import Phrase

_ASK: Final = Phrase("Ask whoever set up this box: posecoach doctor says more")
_BLUE: Final = Phrase("Plug it into a blue USB port, without a hub")
_RESTART: Final = Phrase("Restart the box")

WRONG: Final[Mapping[str, tuple[Phrase, Phrase]]] = {
    "configuration": (
        Phrase("A setting of the box has a mistake"),
        Phrase("What was good last is used until it is corrected"),
    ),
    "packages": (Phrase("Two programs stand in each other's way"), _ASK),
    "model": (Phrase("A network is missing or damaged"), _ASK),
    "tpu-there": (Phrase("There is no Coral stick: the coach is slower"), _BLUE),
    "tpu-speed": (Phrase("The Coral stick is linked slowly"), _BLUE),
    "tpu-access": (Phrase("The Coral stick may not be used"), _ASK),
    "camera-there": (
        Phrase("There is no camera"),
        Phrase("Push its cable in at both ends, or plug in a USB camera"),
    ),
    "camera-access": (Phrase("The camera may not be used"), _ASK),
    "screen-there": (Phrase("There is no screen"), Phrase("Switch it on and check its cable")),
    "screen-access": (Phrase("The screen may not be used"), _ASK),
    "sound": (
        Phrase("There is no loudspeaker: the coach is silent"),
        Phrase("Plug one in, or a screen with sound"),
    ),
    "speech": (Phrase("The coach has signs, but no words"), _ASK),
    "power": (
        Phrase("The box has too little power, or is too hot"),
        Phrase("Use its own power supply, and free its vents"),
    ),
    "heat": (Phrase("The box is hot and slows down"), Phrase("Free its vents, or add a fan")),
    "memory": (Phrase("Little memory is free"), _RESTART),
    "camera-memory": (Phrase("Little memory is free for the camera"), _RESTART),
    "clock": (Phrase("The clock was never set"), Phrase("Let the box see a network once")),
    "hardware-watchdog": (Phrase("The watchdog would restart the box again and again"), _ASK),
    "kernel-log": (
        Phrase("The system complains of power, USB, card or camera"),
        Phrase("Check power supply and cables, then restart the box"),
    ),
    "data-writable": (Phrase("What you do cannot be kept"), _ASK),
    "data-lasting": (Phrase("What you do is lost when the power goes"), _ASK),
    "disk-space": (Phrase("The card is nearly full"), Phrase("Delete what is not needed")),
    "history": (Phrase("The history was damaged: a new one was begun"), _ASK),
    "routines": (Phrase("A routine cannot be read"), _ASK),
    "offline": (Phrase("The coach is not shut off from networks"), _ASK),
}
"""By the check's id: what is wrong where it does not pass, and what to do about it."""
