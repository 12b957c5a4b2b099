"""Why a run is refused before anything is touched: the inventory, its variables, a box that does not fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

ROLES = Path(__file__).resolve().parents[1] / "roles"
GROUP = "boxes"
SECRETS = ("ansible_password", "ansible_ssh_pass", "ansible_become_password", "ansible_become_pass")
ARCHITECTURES = {"arm64": "64-bit ARM", "amd64": "64-bit PC"}
RELEASES = ("bookworm", "trixie")
SUPPORTED = "Raspberry Pi OS or Debian, Bookworm or Trixie, 64 bit"
OLDEST_PYTHON = (3, 11)
SPARE_BYTES = 64 << 20
"""What must be left afterwards, for the history and the log."""


def options() -> dict[str, Any]:
    """What every role can be told, as its ``meta/argument_specs.yml`` says."""
    known: dict[str, Any] = {}
    for path in sorted(ROLES.glob("*/meta/argument_specs.yml")):
        spec = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]
        known |= spec.get("options", {})
    return known


def known_names(names: Iterable[str]) -> list[str]:
    """Those of some variables that a role can be told."""
    return sorted(set(names) & set(options()))


def inventory_refusals(groups: Mapping[str, list[str]], hostvars: Mapping[str, Any]) -> list[str]:
    """What is wrong with an inventory as a whole."""
    boxes, wrong = list(groups.get(GROUP, ())), list[str]()
    if not boxes:
        return [f"the inventory has no box: list them in the group {GROUP!r} (see inventory.example)"]
    wrong += [
        f"{host} is not in the group {GROUP!r}: move it there, or out of the inventory"
        for host in sorted(set(groups.get("all", ())) - set(boxes) - {"localhost"})
    ]
    places: dict[tuple[str, str], str] = {}
    for host in boxes:
        place = str(hostvars[host].get("ansible_host", host)), str(hostvars[host].get("ansible_port", 22))
        if place in places:
            wrong.append(f"{host} and {places[place]} have the same address {place[0]}")
        places.setdefault(place, host)
    return wrong


def variable_refusals(variables: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """What is wrong with the variables of one box.

    Args:
        variables: All of them, by name.
        given: Those that a role can be told, templated.
    """
    known = options()
    prefixes = tuple(f"{path.name}_" for path in sorted(ROLES.iterdir()) if path.is_dir())
    wrong = []
    for name in sorted(variables):
        if name in SECRETS:
            wrong.append(f"{name} is a secret in the inventory: use keys, and sudo without a password")
        elif name.startswith(prefixes) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f": did you mean {near[0]}?" if near else ""
            wrong.append(f"there is no variable {name}{hint}")
    checked = ArgumentSpecValidator(known).validate(
        {name: value for name, value in given.items() if name in known}, validate_role_argument_spec=True
    )
    wrong += [str(message) for message in checked.error_messages]
    return wrong


def box_refusals(look: Mapping[str, Any], bundles: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What a box lacks that nothing sent to it can bring.

    Args:
        look: What ``look.sh`` has said.
        bundles: What is sent, by target; see the lookup ``bundle``.
        wanted: ``radio_off``, ``key_only``, ``packages``, and ``coral``: the library's package, or
            empty, with ``coral_sha256``, its checksum by target.
    """
    wrong, release, arch = [], look["release"], look["arch"]
    if look["os"] not in ("debian", "raspbian") or release not in RELEASES:
        wrong.append(f"{look['name'] or 'an unknown system'} is not supported: {SUPPORTED}")
    elif arch not in ARCHITECTURES:
        wrong.append(f"the system is {arch} ({look['machine']} kernel), 32 bit or unknown: {SUPPORTED}")
    else:
        wrong += _bundle_refusals(look, bundles, f"{release}-{arch}", wanted)
    if look["init"] != "systemd":
        wrong.append(f"process 1 is {look['init']}, not systemd")
    version = tuple(int(part) for part in look["python"].split(".") if part.isdigit())
    if version < OLDEST_PYTHON:
        wrong.append(f"/usr/bin/python3 is {look['python'] or 'not there'}, 3.11 or later is needed")
    if not look["sudo"]:
        wrong.append(f"{look['user']} may not use sudo without a password")
    if not look["sftp"]:
        wrong.append("sshd offers no sftp: nothing can be copied")
    if wanted["key_only"] and look["keys"] in ("", "0"):
        wrong.append(f"{look['user']} has no authorized key: key-only SSH would lock you out")
    if wanted["radio_off"] and look["wireless"]:
        wrong.append(f"you reach it over {look['wireless']}: hardening_radio_off would cut you off")
    if look["overlay"]:
        wrong.append("its root is read-only now: run ./fleet thaw first")
    return wrong


def _bundle_refusals(
    look: Mapping[str, Any], bundles: Mapping[str, Any], target: str, wanted: Mapping[str, Any]
) -> list[str]:
    if not bundles:
        return []
    if target not in bundles:
        return [f"there is no bundle for {target}: make bundle TARGET={target}"]
    bundle, wrong = bundles[target], []
    library, checksum = wanted["coral"], wanted["coral_sha256"].get(target)
    if library in bundle["debs"] and bundle["debs"][library] != checksum:
        wrong.append(f"{library} in the bundle is not the file that coral_sha256 names for {target}")
    missing = set(look["missing"].split()) & set(wanted["packages"]) - set(bundle["debs"])
    if missing:
        names = ", ".join(sorted(missing))
        wrong.append(f"{names} is neither on the box nor in the bundle: add the .deb with EXTRAS")
    if bundle["version"] == look["current"]:
        return wrong
    needs = {"home": bundle["bytes"], "opt": bundle["installed_bytes"] + SPARE_BYTES}
    for place, size in needs.items():
        mib, free = size // 2**20 + 1, look["free_mib"][place]
        if free < mib:
            where = {"home": look["home"], "opt": "/opt"}[place]
            wrong.append(f"no space: {free} MiB are free for {where}, {mib} are needed")
    return wrong


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Any]:
        """By name."""
        return {
            "known_names": known_names,
            "inventory_refusals": inventory_refusals,
            "variable_refusals": variable_refusals,
            "box_refusals": box_refusals,
        }
