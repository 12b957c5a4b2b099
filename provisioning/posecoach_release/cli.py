"""``posecoach-release COMMAND``: see provisioning/README.md."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from posecoach_release import build, bundle, facts, first_boot, recovery, removal, stick, system, trial
from posecoach_release.durable import remove, write_json, write_whole
from posecoach_release.layout import Layout, Outcome
from posecoach_release.refusal import BAD_BUNDLE, CANNOT_WRITE, NOT_HERE, Refusal

INSIDE: Final = "POSECOACH_RELEASE_INSIDE"
UPDATE_UNIT: Final = "posecoach-update.service"
WAIT_TIMES: Final = 20
WAIT_S: Final = 0.25
LOCK: Final = "run/posecoach-release.lock"
PLAIN: Final = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    asked = _parser().parse_args(arguments)
    layout = Layout(asked.root)
    try:
        return int(asked.run(layout, asked))
    except Refusal as error:
        words = f"{'not installed' if error.begun else 'refused'}: {error.reason}"
        return _answer(asked, _refused(layout, asked, [error]), words, error.code)
    except PermissionError as error:
        _say(f"refused: {error.filename}: {error.strerror}: try sudo")
        return CANNOT_WRITE
    except OSError as error:
        _say(f"refused: {error.filename or 'a file'}: {error.strerror}")
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
        _say(f"refused: {each.reason}")
    words = (
        ""
        if found or manifest is None
        else f"{asked.bundle.name} fits this box"
        + ("" if would_change else f", which has {manifest.version} already")
    )
    return _answer(asked, answer, words, found[0].code if found else 0)


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
            bundle.verify_files(asked.bundle, manifest, _bar("checking"))
    except Refusal as error:
        return None, [error], False
    return manifest, found, layout.pointed(layout.current) != manifest.version


def _install(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    manifest, found, would_change = _examined(layout, asked)
    for each in found[1:]:
        _say(f"refused: {each.reason}")
    if found:
        if os.environ.get(INSIDE) == "1":  # it was fit a moment ago
            _leave_nothing(layout, kept=False)
        raise found[0]
    assert manifest is not None
    if not would_change:
        with _alone(layout):
            changed = _keep_signers(layout, asked)
            outcome = trial.settle(
                layout, Outcome(changed, manifest.version, layout.pointed(layout.previous))
            )
        return _outcome(asked, outcome, f"{manifest.version} is installed already")
    if os.environ.get(INSIDE) != "1":
        with _alone(layout):
            recovery.recover(layout, _say)
            build.stage_tool(layout, Path(sys.argv[0]))
        if _outside(layout):
            return _detached(layout, asked)
    with _alone(layout):
        write_json(layout.under_way, {"what": "install", "version": manifest.version})
        kept = _keep_signers(layout, asked)
        try:
            if layout.about(manifest.version) is None:
                build.build(layout, asked.bundle, manifest, _say, kernels=not asked.unstarted)
            outcome = trial.switch(layout, manifest.version, _say, asked.gate_s, unstarted=asked.unstarted)
        except Refusal as error:
            error.begun = True
            recovery.recover(layout, lambda words: None)
            raise
        finally:
            if layout.pointed(layout.current) is None:
                _leave_nothing(layout, kept)
        return _outcome(asked, outcome, f"{outcome.version} is installed")


def _stick(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    asked.bundle = stick.newest_on(layout, asked.folder, _say)
    if asked.bundle is None:
        version, previous = layout.pointed(layout.current), layout.pointed(layout.previous)
        return _outcome(asked, Outcome(False, version, previous), "nothing on this stick is to be installed")
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
    version = asked.version if asked.command == "switch" else layout.pointed(layout.previous)
    if version is None:
        raise Refusal("there is no previous release to go back to", NOT_HERE)
    if layout.about(version) is None:
        raise Refusal(
            f"release {version} is not on this box; there are: {', '.join(layout.complete()) or 'none'}",
            NOT_HERE,
        )
    if _outside(layout) and version != layout.pointed(layout.current):
        return _detached(layout, asked)
    with _alone(layout):
        recovery.recover(layout, _say)
        outcome = trial.switch(layout, version, _say, asked.gate_s)
    return _outcome(asked, outcome, f"{outcome.version} runs")


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
    return _answer(asked, answer, "\n".join(lines), 0)


def _recover(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    with suppress(Refusal), _alone(layout):
        outcome = recovery.recover(layout, _say, boot=asked.boot)
        return _answer(asked, outcome.answer(), outcome.reason or "nothing was under way", 0)
    return _answer(asked, trial.status(layout), "somebody is at work", 0)


def _first_boot(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    changed = first_boot.first_boot(layout, _say)
    return _answer(asked, {"changed": changed}, "", 0)


def _uninstall(layout: Layout, asked: argparse.Namespace) -> int:
    _root_only(layout)
    with _alone(layout):
        outcome = removal.uninstall(layout, _say, purge_data=asked.purge_data)
    with suppress(OSError):
        (layout.root / LOCK).unlink()
    return _outcome(
        asked, outcome, "posecoach is removed" if outcome.changed else "posecoach was not installed"
    )


def _root_only(layout: Layout) -> None:
    if layout.root == Path("/") and os.geteuid() != 0:
        raise Refusal("only root can change what is installed: try sudo", CANNOT_WRITE)


def _outside(layout: Layout) -> bool:
    """Whether this must be handed to systemd, so that it goes on when whoever asked is cut off."""
    inside = os.environ.get(INSIDE) == "1"
    return not inside and system.running(layout) and shutil.which("systemd-run") is not None


def _detached(layout: Layout, asked: argparse.Namespace) -> int:
    """Run the same command as a unit; when it dies, systemd has `recover` run."""
    tools = [path for path in (layout.next_tool, layout.tool) if path.exists()]
    undo = " || ".join(f"test -e {path} && exec /usr/bin/python3 {path} recover --quiet" for path in tools)
    _wait_for_the_last_one(layout)
    words = [f"{word.resolve()}" if isinstance(word, Path) else word for word in asked.again(asked)]
    done = subprocess.run(
        ["systemd-run", "--quiet", "--collect", "--wait", "--pipe", f"--unit={UPDATE_UNIT}",
         f"--setenv={INSIDE}=1", f"--setenv=PATH={PLAIN['PATH']}", "--property=KillMode=mixed",
         "--property=TimeoutStopSec=180", f"--property=ExecStopPost=-/bin/sh -c '{undo}'",
         "/usr/bin/python3", str(tools[0]), *words],
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode == 1 and system.systemctl(layout, "is-active", UPDATE_UNIT).stdout.strip() == "active":
        raise Refusal(
            "another install is under way on this box: wait for it, posecoach-release status", CANNOT_WRITE
        )
    return done.returncode


def _wait_for_the_last_one(layout: Layout) -> None:
    """The unit of an update that has just ended may still be there for a moment.

    Raises:
        Refusal: It is at work.
    """
    for _ in range(WAIT_TIMES):
        if system.shown(layout, UPDATE_UNIT, "LoadState").get("LoadState") != "loaded":
            return
        time.sleep(WAIT_S)
    raise Refusal(
        "another install is under way on this box: wait for it, posecoach-release status", CANNOT_WRITE
    )


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    path = layout.root / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal("another install is under way on this box: wait for it", CANNOT_WRITE) from error
        yield


def _outcome(asked: argparse.Namespace, outcome: Outcome, words: str) -> int:
    if outcome.rolled_back:
        words = f"rolled back to {outcome.version or 'nothing'}: {outcome.reason}"
    elif outcome.reason:
        words = f"{words} ({outcome.reason})"
    return _answer(asked, outcome.answer(), words, outcome.code)


def _refused(layout: Layout, asked: argparse.Namespace, found: list[Refusal]) -> dict[str, Any]:
    current, previous = layout.pointed(layout.current), layout.pointed(layout.previous)
    return Outcome(False, current, previous, reason=found[0].reason).answer()


def _answer(asked: argparse.Namespace, answer: dict[str, Any], words: str, code: int) -> int:
    if asked.json:
        with suppress(BrokenPipeError):
            print(trial.as_line(answer), flush=True)
        if words.startswith(("refused", "not installed")):
            _say(words)
    elif words and not asked.quiet:
        _say(words) if code else _out(words)
    return code


def _out(words: str) -> None:
    with suppress(BrokenPipeError):
        print(words, flush=True)


def _say(words: str) -> None:
    with suppress(BrokenPipeError):  # whoever asked may be gone: that ends nothing
        print(words, file=sys.stderr, flush=True)


def _bar(words: str):  # noqa: ANN202 - what `bundle.verify_files` calls
    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            share = done / max(1, total)
            end = "\n" if done == total else ""
            with suppress(BrokenPipeError):
                print(
                    f"\r{words} [{'#' * int(30 * share):30s}] {100 * share:3.0f}%",
                    end=end,
                    file=sys.stderr,
                    flush=True,
                )

    return told


def _again_install(asked: argparse.Namespace) -> list[str | Path]:
    words: list[str | Path] = ["install", asked.bundle, "--gate-s", f"{asked.gate_s:g}"]
    if asked.signers is not None:
        words += ["--signers", asked.signers]
    return [*words, *(["--json"] if asked.json else [])]


def _again_switch(asked: argparse.Namespace) -> list[str | Path]:
    words: list[str | Path] = [asked.command, *([asked.version] if asked.command == "switch" else [])]
    return [*words, "--gate-s", f"{asked.gate_s:g}", *(["--json"] if asked.json else [])]


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
    from_stick.set_defaults(signers=None, gate_s=trial.GATE_S, unstarted=False, again=_again_install)
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
    install.set_defaults(again=_again_install)
    switch.set_defaults(again=_again_switch)
    rollback.set_defaults(again=_again_switch)
    return parser
