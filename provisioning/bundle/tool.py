"""The box's own tool as one file that Python runs: nothing has to be installed for it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

FIRST_LINE: Final = b"#!/usr/bin/python3\n"
SOURCES: Final = Path(__file__).resolve().parents[1] / "posecoach_release"
_START: Final = "from posecoach_release.cli import main\nraise SystemExit(main())\n"


def write_tool(path: Path) -> None:
    """Write posecoach-release: the same bytes for the same sources."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sorted(SOURCES.glob("*.py")):
            archive.writestr(zipfile.ZipInfo(f"posecoach_release/{source.name}"), source.read_bytes())
        archive.writestr(zipfile.ZipInfo("__main__.py"), _START)
    path.write_bytes(FIRST_LINE + content.getvalue())
    path.chmod(0o755)
