"""``posecoach track``: poses of a video as a pose track."""

from __future__ import annotations

import argparse
from pathlib import Path

from posecoach.cli.recordings import (
    add_model_option,
    model_choice,
    open_estimator,
    require_recording,
    track_video,
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "track",
        help="poses of a video as a pose track",
        description="Find one person in every frame of a video, or of a folder of pictures, and write their "
        "poses as a pose track (JSON, keypoints in COCO order).",
    )
    command.add_argument("video", type=Path, metavar="VIDEO")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="TRACK.json")
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make a track."""
    from posecoach.adapters.track_file import write_track

    require_recording(arguments.video)
    with open_estimator(model_choice(arguments)) as estimator:
        track = track_video(arguments.video, estimator)
    write_track(arguments.output, track)
    found = sum(frame.pose is not None for frame in track)
    print(
        f"{arguments.output}: {len(track.frames)} frames, {track.frames[-1].at_s:.1f} s, "
        f"a person in {found} of them"
    )
    return 0
