"""Ending so that systemd starts the coach again, or the whole box; and knowing when that has not helped.

The counts outlive the process in a small file. They are of events, not of times: a box without a network
has no clock to trust (S8).
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from posecoach.errors import OutputError, PosecoachError
from posecoach.whole_file import write_whole

_log = logging.getLogger(__name__)

EXIT_RESTART: Final = 75
"""Exit code: start me again."""
EXIT_REBOOT: Final = 76
"""Exit code: starting me again has not helped; the unit starts the whole box again."""
MOST_EXITS: Final = 2
MOST_REBOOTS: Final = 2


class RestartWanted(PosecoachError):
    """Only a new process can help now."""

    exit_code = EXIT_RESTART


class RebootWanted(RestartWanted):
    """Only a new start of the whole box can help now."""

    exit_code = EXIT_REBOOT


@dataclass(frozen=True, slots=True)
class Endings:
    """How often it was tried since the camera has worked last.

    Attributes:
        exits: New starts of the coach, since the last of the box.
        reboots: New starts of the box.
    """

    exits: int = 0
    reboots: int = 0

    def next(self) -> tuple[Endings, int | None]:
        """What is counted, and the exit code to end with; `None` where it is no use any more."""
        if self.exits < MOST_EXITS:
            return replace(self, exits=self.exits + 1), EXIT_RESTART
        if self.reboots < MOST_REBOOTS:
            return Endings(0, self.reboots + 1), EXIT_REBOOT
        return self, None


class LastResort:
    """Keeps count in a file."""

    def __init__(self, path: Path) -> None:
        """Count in `path`, whose folder need not exist."""
        self._path = path
        self._endings = _read(path)

    def worked(self) -> None:
        """The camera works: what was counted is history."""
        if self._endings != Endings():
            self._keep(Endings())

    def ask(self, why: str) -> None:
        """End the process if that may help.

        Returns where it was tried often enough, or cannot be counted: a box that ends for ever helps nobody.

        Raises:
            RestartWanted: End, and be started again.
            RebootWanted: End, and have the box started again.
        """
        endings, code = self._endings.next()
        if code is None or not self._keep(endings):
            return
        if code == EXIT_REBOOT:
            raise RebootWanted(f"{why}; the box is to be started again")
        raise RestartWanted(f"{why}; the coach is to be started again")

    def _keep(self, endings: Endings) -> bool:
        self._endings = endings
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps({"exits": endings.exits, "reboots": endings.reboots}).encode())
        except (OutputError, OSError) as error:
            _log.warning("how often the coach was started again cannot be kept: %s", error)
            return False
        return True


def _read(path: Path) -> Endings:
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        return Endings(int(kept["exits"]), int(kept["reboots"]))
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or torn: begin anew
        return Endings()
