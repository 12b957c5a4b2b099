"""A Debian with systemd that commands can be run in, wherever it runs."""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

Done = subprocess.CompletedProcess[str]


class Inside(ABC):
    """What a container and a machine have in common.

    Attributes:
        poll_s: How long to wait before something is asked again.
    """

    poll_s = 0.1

    @abstractmethod
    def run(self, *command: str, check: bool = True, limit_s: float = 60.0) -> Done:
        """Run a command inside, as root."""

    @property
    @abstractmethod
    def running(self) -> bool:
        """Whether commands can be run."""

    def shows(self, *properties: str, unit: str = "posecoach.service") -> dict[str, str]:
        """Properties of a unit."""
        said = self.run("systemctl", "show", unit, "--property", ",".join(properties)).stdout
        return dict(line.partition("=")[::2] for line in said.splitlines())

    def wait_for(self, what: Callable[[], object], limit_s: float, words: str) -> object:
        """Wait until something is true; fails with `words` and the journal."""
        return self.until(what, time.monotonic() + limit_s, words)

    def journal(self) -> str:
        """The log of the service."""
        show = ("--no-pager", "-o", "short-monotonic")
        return self.run("journalctl", "-u", "posecoach.service", *show, check=False).stdout

    def until(self, what: Callable[[], object], deadline: float, words: str) -> object:
        """Wait until something is true, or a time on the monotonic clock."""
        while not (found := what()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{words}\n{self.journal()[-3000:] if self.running else ''}")
            time.sleep(self.poll_s)
        return found
