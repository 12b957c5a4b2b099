"""The recipe of a card: what can be said of it without its builder."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

IMAGE = Path(__file__).parents[2] / "provisioning/image"
LAYER = (IMAGE / "layer/posecoach.yaml").read_text()


def test_the_layer_says_of_itself_what_the_builder_asks() -> None:
    head = LAYER.partition("# METAEND")[0]
    assert head.startswith("# METABEGIN\n")
    said = dict(re.findall(r"# (X-Env-[\w-]+): ?(.*)", head))
    assert said["X-Env-Layer-Name"] == "posecoach"
    assert {"X-Env-Layer-Category", "X-Env-Layer-Desc", "X-Env-Layer-Version", "X-Env-VarPrefix"} <= set(said)
    for name in set(re.findall(r"\$IGconf_posecoach_(\w+)", LAYER)):
        assert said[f"X-Env-Var-{name}-Required"] == "y", name
        assert f"X-Env-Var-{name}-Valid" in said


def test_the_hook_is_a_script() -> None:
    body = LAYER.partition("customize-hooks:\n    - |-\n")[2]
    script = "\n".join(line[6:] for line in body.splitlines())
    assert "install.sh --unstarted" in script
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0


@pytest.mark.parametrize("board", ["4", "5"])
def test_a_board_s_configuration_takes_the_layer(board: str) -> None:
    text = (IMAGE / f"config/posecoach-pi{board}.yaml").read_text()
    assert f"layer: rpi{board}\n" in text
    assert "app: posecoach\n" in text
    assert "pubkey_only: y\n" in text
    assert "pass" not in text, "no password is in an image"
