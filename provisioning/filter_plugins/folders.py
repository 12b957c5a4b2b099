"""What is in a folder of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def folders_with(folder: str, name: str) -> list[str]:
    """Names of the folders in a folder that hold a file of that name, sorted."""
    return sorted(path.parent.name for path in Path(folder).expanduser().glob(f"*/{name}"))


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Any]:
        """By name."""
        return {"folders_with": folders_with}
