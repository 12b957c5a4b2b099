"""``python -m bundle --target trixie-arm64``: see provisioning/README.md."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bundle import content, pack, sign
from bundle.targets import TARGETS, BundleError, target_named

ROOT: Final = Path(__file__).resolve().parents[2]
PEOPLE: Final = ("posenet-mobilenet-075-481x641", "posenet-mobilenet-075-481x641-edgetpu")
"""The network for people that posecoach takes where none is named, for the processor and for a Coral."""


def main(arguments: list[str] | None = None) -> int:
    """Make one bundle; its exit code."""
    wanted = _parser().parse_args(arguments)
    try:
        print(make(wanted))
    except BundleError as error:
        print(f"no bundle: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"no bundle: {error.filename or 'a file'}: {error.strerror}", file=sys.stderr)
        return 74
    except KeyboardInterrupt:
        print("no bundle: interrupted; nothing half is left", file=sys.stderr)
        return 130
    return 0


def make(asked: argparse.Namespace) -> Path:
    """Make the bundle, and what goes beside it onto a stick."""
    wanted = content.Wanted(
        asked.source,
        target_named(asked.target),
        version=asked.version or None,
        packages=tuple(asked.packages.split(",")) if asked.packages else content.debs.PACKAGES,
        models=tuple(filter(None, asked.models.split(","))),
        without=frozenset(filter(None, asked.without.split(","))),
        extras=asked.extras,
    )
    out, cache = asked.out, asked.cache or asked.out / "cache"
    for folder in (out, cache):
        folder.mkdir(parents=True, exist_ok=True)
    if sign.require_key(asked.key):
        _say(f"a new key signs: {asked.key}. Keep it: boxes take bundles signed with it only")
    commit, epoch = content.commit_of(asked.source)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", epoch))
    parts = {
        "wheels": _step("wheels", lambda: content.third_party(wanted, cache)),
        "debs": _step("Debian packages", lambda: content.debian(wanted, cache)),
        "models": [],
    }
    parts["models"], absent = content.models(wanted)
    if absent:
        _say(f"without a network for people: {', '.join(absent)} not on this machine; posecoach models fetch")
    with tempfile.TemporaryDirectory(prefix="posecoach-bundle-") as work:
        files = content.assemble(wanted, Path(work), parts, asked.key, commit, epoch)
        version = files["manifest.json"].read_text().split('"version": "')[1].split('"')[0]
        target = out / f"posecoach-{version}-{wanted.target.name}.tar"
        total = sum(path.stat().st_size for path in files.values())
        pack.pack(files, target, epoch, lambda done: _bar(done, total))
    shutil.copy(asked.source / "provisioning/install.sh", out / "install.sh")
    (out / "allowed_signers").write_text(sign.allowed_signers(asked.key))
    _say(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, sha256 {pack.digest(target)}")
    return target


def _step(words: str, find) -> list[Path]:  # noqa: ANN001 - a function without arguments
    _say(f"{words} ...", end="")
    began = time.monotonic()
    found = find()
    size = sum(path.stat().st_size for path in found) / 1e6
    _say(f"\r{words}: {len(found)} files, {size:.1f} MB, {time.monotonic() - began:.0f} s")
    return found


def _bar(done: int, total: int) -> None:
    if sys.stderr.isatty():
        share = min(1.0, done / max(1, total))
        _say(f"\rpacking [{'#' * int(30 * share):30s}] {100 * share:3.0f}%", end="\n" if share == 1.0 else "")


def _say(words: str, end: str = "\n") -> None:
    if end or sys.stderr.isatty():
        print(words if sys.stderr.isatty() else words.lstrip("\r"), end=end, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    parser.add_argument("--target", required=True, help=", ".join(sorted(TARGETS)))
    parser.add_argument("--key", type=Path, default=Path.home() / ".ssh/posecoach-bundle")
    parser.add_argument("--version", help="of the release; default: the checkout's")
    parser.add_argument("--extras", type=Path, help="a folder of further .deb files")
    parser.add_argument(
        "--models", default=",".join(PEOPLE), help="ids of networks that go along, with commas"
    )
    parser.add_argument(
        "--without",
        default="",
        help="third-party distributions to leave out, with commas: numba,llvmlite (330 of 470 MB; slower)",
    )
    parser.add_argument("--packages", help="Debian packages instead of the usual ones, with commas")
    parser.add_argument("--source", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--cache", type=Path, help="where downloads are kept; default: OUT/cache")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
