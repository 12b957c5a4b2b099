"""``posecoach config``: what this box is set to."""

from __future__ import annotations

import argparse
import json

from posecoach.adapters.configuration import DEFAULT, as_toml, device_file, load


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "config",
        help="what this box is set to",
        description="The effective configuration, as a file that says the same: the defaults, then the file "
        "of this box (/etc/posecoach/posecoach.toml, or ~/.config/posecoach/posecoach.toml, or what "
        "$POSECOACH_CONFIG names), then conf.d/*.toml beside it. Exit code 78 where something is wrong.",
    )
    command.add_argument(
        "--changes", action="store_true", help="only what is not as shipped, and from which file"
    )
    command.add_argument("--json", action="store_true", help="print JSON: value and origin of each key")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the configuration."""
    file = device_file()
    configuration = load(file)
    changed = [key for key, origin in configuration.origins.items() if origin != DEFAULT]
    keys = changed if arguments.changes else list(configuration.values)
    if arguments.json:
        print(
            json.dumps(
                {
                    key: {"value": configuration.values[key], "origin": configuration.origins[key]}
                    for key in keys
                }
            )
        )
        return 0
    if not keys:
        print(f"# everything is as shipped; changes belong into {file}")
        return 0
    if arguments.changes:
        for key in keys:
            print(f"# {key}: {configuration.origins[key]}")
    print(as_toml(configuration, iter(keys)), end="")
    return 0
