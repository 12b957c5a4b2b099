"""Renders every screen and page to PNG, to be looked at: ``python tests/bench/gallery.py FOLDER [--all]``.

With the published exercise video beside the checkout a real person is shown, else a drawn one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests")]

import face_views  # noqa: E402
import printed_pages  # noqa: E402
import screen_views as views  # noqa: E402
from posecoach.adapters.languages import words_in  # noqa: E402
from posecoach.adapters.pdf_page import pdf_of, png_of  # noqa: E402
from posecoach.adapters.pictures import write_png  # noqa: E402
from posecoach.adapters.pygame_display import PygameDisplay  # noqa: E402
from posecoach.coach.compose import compose  # noqa: E402
from posecoach.coach.look import PLAIN, Look, PictureMode  # noqa: E402
from posecoach.coach.paper.sheet import PAPERS  # noqa: E402
from posecoach.coach.view import Stage  # noqa: E402
from posecoach.frame import Frame  # noqa: E402

BLAZEPOSE_TO_COCO = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]
SCREENS = {"1280x720": (1280, 720), "800x480": (800, 480), "1024x768": (1024, 768), "720x1280": (720, 1280)}
LOOKS = {
    "silhouette": Look(picture=PictureMode.SILHOUETTE),
    "skeleton": Look(picture=PictureMode.SKELETON),
    "large": Look(large=True),
    "light": Look(light=True),
    "light_skeleton": Look(light=True, picture=PictureMode.SKELETON),
    "german": Look(words=words_in("de")),
}
STANDING, MOVING, BOTTOM = 0, 9, 12


def real_frames():
    """Frames of the squat video with their keypoints, by index; None where it is not there."""
    folder = Path(os.environ.get("POSECOACH_SHARED", ROOT.parent / "shared")) / "data" / "video" / "tfjs"
    if not (folder / "pose_squats.mp4").is_file():
        return None
    import av

    points = np.array(json.loads((folder / "pose_squats.full.json").read_text()))[:, BLAZEPOSE_TO_COCO, :2]
    with av.open(str(folder / "pose_squats.mp4")) as container:
        images = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    return images, points


def in_landscape(image, xy):
    """The portrait picture in the middle of a 16:9 one, its edges carried on."""
    height, width = image.shape[:2]
    wide = round(height * 16 / 9)
    left = (wide - width) // 2
    # Each side continues in the mean colour of its edge: a plain wall rather than a second person.
    sides = [
        np.broadcast_to(part.mean(1, keepdims=True), (height, left, 3))
        for part in (image[:, :6], image[:, -6:])
    ]
    padded = np.concatenate([sides[0], image, sides[1]], axis=1).astype(np.uint8)
    step = height / 720
    rows, columns = (np.arange(720) * step).astype(int), (np.arange(1280) * step).astype(int)
    return np.ascontiguousarray(padded[rows][:, columns]), (xy + np.array([left, 0])) / step


def dressed(view, real, wh):
    """`view` with a real picture and person in place of the drawn ones, where there are any."""
    if real is None or view.person is None:
        return view
    active = view.stage is Stage.ACTIVE
    images, points = real
    image, xy, ghost = (
        images[MOVING if active else STANDING],
        points[MOVING if active else STANDING],
        points[BOTTOM],
    )
    if not active:
        ghost = xy
    if wh == views.LANDSCAPE:
        _, ghost = in_landscape(image, ghost)
        image, xy = in_landscape(image, xy)
    frame = Frame(0, 0.0, np.ascontiguousarray(image))
    near = views.close_up(np.concatenate([xy, ghost]), frame.wh) if view.close_up else None
    person = replace(view.person, keypoints_xy=xy, ghost_xy=ghost)
    return replace(view, frame=frame, person=person, close_up=near)


def write_sheet(path):
    """Four screens on one picture: choosing, exercising as in the demo, the summary, a trend."""
    import pygame

    aspect, half = 16 / 9, (640, 360)
    scenes = face_views.all_scenes(aspect)
    ended = compose(views.all_stages()["summary_compared"], (1280, 720))
    with PygameDisplay("headless", wh=(1280, 720)) as display:
        pictures = []
        for scene in (scenes["choose_pointing"], None, ended, scenes["history"]):
            if scene is None:
                pictures.append(pygame.image.load(str(ROOT / "device" / "screen.png")))
            else:
                display.show(scene)
                pixels = display.pixels()
                pictures.append(pygame.image.frombuffer(pixels.tobytes(), pixels.shape[1::-1], "RGB"))
    sheet = pygame.Surface((2 * half[0] + 8, 2 * half[1] + 8), 0, 24)
    sheet.fill((128, 128, 128))
    for number, picture in enumerate(pictures):
        place = ((number % 2) * (half[0] + 8), number // 2 * (half[1] + 8))
        sheet.blit(pygame.transform.smoothscale(picture.convert(sheet), half), place)
    pygame.image.save(sheet, str(path))


def write_face(folder, only):
    """Every screen around a session."""
    for screen, screen_wh in SCREENS.items():
        with PygameDisplay("headless", wh=screen_wh) as display:
            for how, look in {"": PLAIN, "_german": LOOKS["german"]}.items():
                for name, scene in face_views.all_scenes(screen_wh[0] / screen_wh[1], look).items():
                    if only in f"{screen}_{name}{how}":
                        display.show(scene)
                        write_png(folder / f"{screen}_{name}{how}.png", display.pixels())


def write_pages(folder, only):
    """Every page to print, on both papers."""
    for name, page in printed_pages.all_pages().items():
        for paper in PAPERS.values():
            if only in f"page_{name}_{paper.name}":
                pdf = pdf_of(page(paper=paper), paper.wh_pt, title=name)
                (folder / f"page_{name}_{paper.name}.png").write_bytes(png_of(pdf, rate_per_inch=110))


def main():
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("gallery"))
    parser.add_argument("--all", action="store_true", help="every screen size")
    parser.add_argument("--only", default="", help="names that contain this")
    parser.add_argument("--sheet", type=Path, help="four screens on one picture, and nothing else")
    options = parser.parse_args()
    if options.sheet:
        write_sheet(options.sheet)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    real = real_frames()
    write_face(options.folder, options.only)
    write_pages(options.folder, options.only)
    for screen, screen_wh in SCREENS.items():
        with PygameDisplay("headless", wh=screen_wh) as display:
            for picture, wh in views.PICTURES.items():
                if not options.all and (screen != "1280x720" or picture == "square"):
                    continue
                for name, view in views.all_stages(wh).items():
                    shown = view if picture == "square" else dressed(view, real, wh)
                    looks = {"": PLAIN}
                    if picture == "landscape" and screen == "1280x720":
                        looks |= {f"_{how}": look for how, look in LOOKS.items()}
                    for how, look in looks.items():
                        if options.only in f"{screen}_{picture}_{name}{how}":
                            display.show(compose(shown, screen_wh, look))
                            write_png(
                                options.folder / f"{screen}_{picture}_{name}{how}.png", display.pixels()
                            )


if __name__ == "__main__":
    main()
