"""What a command says that refuses."""

from __future__ import annotations

import pytest


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error, and nothing else anywhere."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err
