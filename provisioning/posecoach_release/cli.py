"""``posecoach-release COMMAND``: see provisioning/README.md."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from posecoach_release import build, bundle, facts, first_boot, recovery, removal, stick, trial
from posecoach_release.alone import alone, detached, inside, is_to_be_detached, leave_no_lock
from posecoach_release.answers import answered, answered_outcome, bar, say
from posecoach_release.durable import remove, write_json, write_whole
from posecoach_release.layout import Layout, Outcome
from posecoach_release.refusal import BAD_BUNDLE, CANNOT_WRITE, NOT_HERE, Refusal


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    asked = _parser().parse_args(arguments)
    layout = Layout(asked.root)
    try:
        return int(asked.run(layout, asked))
    except Refusal as error:
        words = f"{'not installed' if error.begun else 'refused'}: {error.reason}"
        current, previous = layout.pointed(layout.current), layout.pointed(layout.previous)
        answer = Outcome(False, current, previous, reason=error.reason).answer()
        return answered(asked, answer, words, error.code)
    except PermissionError as error:
        say(f"refused: {error.filename}: {error.strerror}: try sudo")
        return CANNOT_WRITE
    except OSError as error:
        say(f"refused: {error.filename or 'a file'}: {error.strerror}")
        return CANNOT_WRITE


def _check(layout: Layout, asked: argparse.Namespace) -> int:
    manifest, found, would_change = _examined(layout, asked)
    answer = {
        "fit": not found,
        "version": manifest.version if manifest else None,
        "target": manifest.target if manifest else None,
        "would_change": would_change,
        "refusals": [{"code": each.code, "reason": each.reason} for each in found],
    }
    for each in found:
        say(f"refused: {each.reason}")
    words = (
        ""
        if found or manifest is None
        else f"{asked.bundle.name} fits this box"
        + ("" if would_change else f", which has {manifest.version} already")
    )
    return answered(asked, answer, words, found[0].code if found else 0)


def _examined(
    layout: Layout, asked: argparse.Namespace
) -> tuple[bundle.Manifest | None, list[Refusal], bool]:
    """The manifest, why not, and whether installing would change anything. Changes nothing."""
    try:
        manifest = bundle.read_manifest(asked.bundle, asked.signers or layout.signers)
        box = facts.facts_of(layout)
        found = facts.refusals(manifest, box, facts.needed_bytes(manifest, layout, box))
        about = layout.about(manifest.version)
        if about is not None and about["manifest"] != manifest.digest:
            reason = (
                f"{manifest.version} is on this box already, from another bundle: give this one a version "
                "of its own"
            )
            found.append(Refusal(reason, BAD_BUNDLE))
        if not found:
            bundle.verify_files(asked.bundle, manifest, bar("checking"))
    except Refusal as error:
        return None, [error], False
    return manifest, found, layout.pointed(layout.current) != manifest.version


def _install(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    manifest, found, would_change = _examined(layout, asked)
    for each in found[1:]:
        say(f"refused: {each.reason}")
    if found:
        if inside():  # it was fit a moment ago
            _leave_nothing(layout, kept=False)
        raise found[0]
    assert manifest is not None
    if not would_change:
        with alone(layout):
            changed = _keep_signers(layout, asked)
            outcome = trial.settle(
                layout, Outcome(changed, manifest.version, layout.pointed(layout.previous))
            )
        return answered_outcome(asked, outcome, f"{manifest.version} is installed already")
    if not inside():
        with alone(layout):
            recovery.recover(layout, say)
            build.stage_tool(layout, Path(sys.argv[0]))
        if is_to_be_detached(layout):
            signers = [] if asked.signers is None else ["--signers", str(asked.signers.resolve())]
            return detached(layout, ["install", str(asked.bundle.resolve()), *signers, *_again(asked)])
    with alone(layout):
        write_json(layout.under_way, {"what": "install", "version": manifest.version})
        kept = _keep_signers(layout, asked)
        try:
            if layout.about(manifest.version) is None:
                build.build(layout, asked.bundle, manifest, say, kernels=not asked.unstarted)
            outcome = trial.switch(layout, manifest.version, say, asked.gate_s, unstarted=asked.unstarted)
        except Refusal as error:
            error.begun = True
            recovery.recover(layout, lambda words: None)
            raise
        finally:
            if layout.pointed(layout.current) is None:
                _leave_nothing(layout, kept)
        return answered_outcome(asked, outcome, f"{outcome.version} is installed")


def _stick(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    asked.bundle = stick.newest_on(layout, asked.folder, say)
    if asked.bundle is None:
        version, previous = layout.pointed(layout.current), layout.pointed(layout.previous)
        return answered_outcome(
            asked, Outcome(False, version, previous), "nothing on this stick is to be installed"
        )
    return _install(layout, asked)


def _keep_signers(layout: Layout, asked: argparse.Namespace) -> bool:
    """Have the box remember whose bundles it takes; whether it had to learn it."""
    if asked.signers is None:
        return False
    said = asked.signers.read_bytes()
    if layout.signers.exists() and layout.signers.read_bytes() == said:
        return False
    layout.settings.mkdir(parents=True, exist_ok=True)
    write_whole(layout.signers, said)
    return True


def _leave_nothing(layout: Layout, kept: bool) -> None:
    """Where a first install came to nothing, the box is as it was, but for Debian packages."""
    remove(layout.next_tool)
    if kept:
        remove(layout.signers)
    for folder in (layout.home / "bin", layout.releases, layout.environments, layout.home, layout.settings):
        with suppress(OSError):
            folder.rmdir()


def _switch(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    version, said = layout.pointed(layout.previous), ["rollback"]
    if asked.command == "switch":
        version, said = asked.version, ["switch", asked.version]
    if version is None:
        raise Refusal("there is no previous release to go back to", NOT_HERE)
    if layout.about(version) is None:
        raise Refusal(
            f"release {version} is not on this box; there are: {', '.join(layout.complete()) or 'none'}",
            NOT_HERE,
        )
    if is_to_be_detached(layout) and version != layout.pointed(layout.current):
        return detached(layout, [*said, *_again(asked)])
    with alone(layout):
        recovery.recover(layout, say)
        outcome = trial.switch(layout, version, say, asked.gate_s)
    return answered_outcome(asked, outcome, f"{outcome.version} runs")


def _status(layout: Layout, asked: argparse.Namespace) -> int:
    answer = trial.status(layout)
    last = answer["last"] or {}
    lines = [
        f"release   {answer['version'] or 'none'} (before it: {answer['previous'] or 'none'})",
        f"service   {answer['service']}  {answer['status']}",
        f"last      {last.get('reason') or ('installed' if last else 'nothing')}",
        f"free      {answer['free_mib']} MiB",
    ]
    if answer["under_way"]:
        lines.append(f"under way {answer['under_way']}")
    return answered(asked, answer, "\n".join(lines), 0)


def _recover(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    with suppress(Refusal), alone(layout):
        outcome = recovery.recover(layout, say, boot=asked.boot)
        return answered(asked, outcome.answer(), outcome.reason or "nothing was under way", 0)
    return answered(asked, trial.status(layout), "somebody is at work", 0)


def _first_boot(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    changed = first_boot.first_boot(layout, say)
    return answered(asked, {"changed": changed}, "", 0)


def _uninstall(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    with alone(layout):
        outcome = removal.uninstall(layout, say, purge_data=asked.purge_data)
    leave_no_lock(layout)
    return answered_outcome(
        asked, outcome, "posecoach is removed" if outcome.changed else "posecoach was not installed"
    )


def _root_only(layout: Layout) -> None:
    if layout.root == Path("/") and os.geteuid() != 0:
        raise Refusal("only root can change what is installed: try sudo", CANNOT_WRITE)


def _again(asked: argparse.Namespace) -> list[str]:
    """Options that the same command is given again."""
    return ["--gate-s", f"{asked.gate_s:g}", *(["--json"] if asked.json else [])]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="posecoach-release", description="Releases of posecoach on this box."
    )
    parser.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="is a bundle for this box; changes nothing")
    install = commands.add_parser("install", help="install a bundle, on trial until its gate has passed")
    switch = commands.add_parser("switch", help="to a release that is here already")
    rollback = commands.add_parser("rollback", help="to the release before this one")
    status = commands.add_parser("status", help="what holds on this box")
    recover = commands.add_parser("recover", help="after a power cut: what systemd does at boot")
    boot = commands.add_parser("first-boot", help="what posecoach.txt says, and a self for a copied card")
    uninstall = commands.add_parser("uninstall", help="remove everything but the data")
    for command in (check, install):
        command.add_argument("bundle", type=Path)
        command.add_argument(
            "--signers", type=Path, help="whose bundles are taken; default: /etc/posecoach/allowed_signers"
        )
    for command in (install, switch, rollback):
        command.add_argument(
            "--gate-s", type=float, default=trial.GATE_S, help="seconds for gate and start together"
        )
    install.add_argument(
        "--unstarted", action="store_true", help="for an image that does not run: without a gate"
    )
    from_stick = commands.add_parser(
        "stick", help="install the newest bundle of a folder, if newer than this"
    )
    from_stick.add_argument("folder", type=Path)
    from_stick.set_defaults(signers=None, gate_s=trial.GATE_S, unstarted=False)
    switch.add_argument("version")
    recover.add_argument("--boot", action="store_true", help="systemd is about to start the coach anyway")
    recover.add_argument("--quiet", action="store_true")
    uninstall.add_argument(
        "--purge-data", action="store_true", help="the data, the settings and the user as well"
    )
    runs = {check: _check, install: _install, switch: _switch, rollback: _switch, status: _status,
            recover: _recover,
            boot: _first_boot, from_stick: _stick, uninstall: _uninstall}  # fmt: skip
    for command, run in runs.items():
        command.add_argument("--json", action="store_true", help="print one line of JSON")
        command.set_defaults(run=run, quiet=False)
    return parser
