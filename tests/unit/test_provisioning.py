"""The Ansible project, as far as it can be read: `make check` lints it, `make system-test` runs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROVISIONING = Path(__file__).parents[2] / "provisioning"
ROLES = sorted(path.name for path in (PROVISIONING / "roles").iterdir())
README = (PROVISIONING / "README.md").read_text(encoding="utf-8")


def names(role: str, file: str, pattern: str) -> set[str]:
    text = (PROVISIONING / "roles" / role / file).read_text(encoding="utf-8")
    return set(re.findall(pattern, text, re.M))


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_has_a_kind_a_default_and_a_line_in_the_readme(role: str) -> None:
    specified = names(role, "meta/argument_specs.yml", r"^ {6}(\w+):")
    assert specified, "it takes no variables: is its file laid out as the others are?"
    assert names(role, "defaults/main.yml", r"^(\w+):") == specified
    assert all(name.startswith(f"{role}_") for name in specified)
    missing = [name for name in sorted(specified) if f"| `{name}` |" not in README]
    assert not missing


def test_every_role_and_playbook_is_in_the_readme() -> None:
    assert [role for role in ROLES if f"| `{role}` |" not in README] == []
    commands = re.findall(r'^ {4}"(\w+)": "', (PROVISIONING / "fleet").read_text(encoding="utf-8"), re.M)
    assert len(commands) >= 6
    for command in commands:
        assert (PROVISIONING / f"{command}.yml").is_file()
        assert f"./fleet {command}" in README


def test_a_box_that_drops_off_is_given_up_in_seconds() -> None:
    """Without it a run was seen to hang for ten minutes."""
    config = (PROVISIONING / "ansible.cfg").read_text(encoding="utf-8")
    found = dict(re.findall(r"-o (ServerAlive\w+|ConnectTimeout)=(\d+)", config))
    assert int(found["ServerAliveInterval"]) * int(found["ServerAliveCountMax"]) <= 10
    assert int(found["ConnectTimeout"]) <= 10


def test_only_what_comes_with_ansible_is_used_and_no_password_is_there() -> None:
    for path in PROVISIONING.glob("**/*.yml"):
        text = path.read_text(encoding="utf-8")
        collections = set(re.findall(r"^\s+(?:- )?([a-z_]+\.[a-z_]+)\.[a-z_0-9]+:", text, re.M))
        assert collections <= {"ansible.builtin"}, path
        assert not re.search(r"^\s*\w*(password|passwd|secret)\w*:\s*\S", text, re.M), path
