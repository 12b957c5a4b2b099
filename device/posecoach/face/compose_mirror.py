"""The screen of the mirror: whoever is there, and beside them the one who stands most like them.

Both are seen the same way round: where the person is shown as in a mirror, so is who stands like them, and
who stands like their mirror image is shown as taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from posecoach.coach.compose_body import FORGOTTEN_S, pose_items
from posecoach.coach.compose_line import coach_line, word_mark
from posecoach.coach.compose_trouble import with_trouble
from posecoach.coach.figure import WIDTHS, standing
from posecoach.coach.look import Look, PictureMode
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, BodyItem, Box, Ink, PictureBox, Scene, Shape, Still, Weight
from posecoach.coach.view import TroubleView
from posecoach.face.mirroring import MirrorView
from posecoach.face.pose_picture import PosePicture, put

_KEPT_WIDTH: Final = 0.6  # of a landscape picture: who looks into a mirror stands in its middle
_LINE_H: Final = 0.14
_WIDE: Final = 1.5  # screens on which everything about the twin stands in one row
_TITLE_H: Final = 0.09


@dataclass(frozen=True, slots=True)
class _Plan:
    """Boxes in height units."""

    title: Box
    live: Box
    twin: Box
    line: Box


def compose_mirror(
    view: MirrorView, screen_wh: tuple[int, int], look: Look, troubles: tuple[TroubleView, ...] = ()
) -> Scene:
    """What is on the screen now.

    Args:
        view: What there is to show.
        screen_wh: Width and height of the display; only its shape matters.
        look: How to show it.
        troubles: What is wrong with the box.
    """
    aspect = screen_wh[0] / screen_wh[1]
    page, words, plan = Page(aspect, look.type_scale), look.words, _plan(aspect)
    word_mark(page, plan.title, words)
    if view.frame is None:  # what is drawn later would lie over the picture
        page.panel(plan.live)
    page.panel(plan.twin)
    if view.nearest is None:
        _nobody(page, plan.twin)
        coach_line(page, plan.line, words.step_in, icon=Shape.POINTER, tint=Ink.GOOD)
    else:
        page.items += _still(view.nearest.picture, aspect, plan.twin, view.mirrored is not look.mirrored)
        _below(page, plan.line, view, look)
    picture = None if view.frame is None else _live(view, page, plan.live, look)
    body: tuple[BodyItem, ...] = ()
    if view.frame is not None and view.percept is not None and view.late_s <= FORGOTTEN_S:
        seen = view.percept
        body = pose_items(seen.keypoints_xy, seen.weights, view.frame.wh, late=view.late_s > 0)
    scene = Scene(picture, body, tuple(page.items))
    return replace(with_trouble(scene, troubles, plan.live, aspect, words), light=look.light)


def _nobody(page: Page, box: Box) -> None:
    """An outlined figure where somebody could be."""
    height = min(0.78 * box.h, 1.25 * box.w)
    figure = standing(raise_deg=60).placed((box.centre[0], box.centre[1] + 0.5 * height), height)
    strokes = tuple((points, WIDTHS[limb] * height) for limb, points in figure.limbs.items())
    page.silhouette(strokes, (figure.head,), Ink.GHOST, 0.012 * height, 0.16)


def _below(page: Page, box: Box, view: MirrorView, look: Look) -> None:
    """How alike they are, and who it is."""
    words, nearest = look.words, view.nearest
    assert nearest is not None
    page.panel(box)
    inner = box.inset(0.03, 0.014)
    if page.aspect >= _WIDE:
        label = Box(inner.x, inner.y, 0.26 * inner.w, inner.h)
        bar = Box(label.right + 0.02, inner.centre[1] - 0.022, 0.36 * inner.w, 0.044)
        name = Box(bar.right + 0.03, inner.y, inner.right - bar.right - 0.03, inner.h)
    else:  # both texts above the bar
        label = Box(inner.x, inner.y, 0.48 * inner.w, 0.68 * inner.h)
        name = Box(label.right + 0.02, inner.y, inner.w - label.w - 0.02, label.h)
        bar = Box(inner.x, inner.bottom - 0.22 * inner.h, inner.w, 0.22 * inner.h)
    page.text(words.alike, label, 0.06, max_lines=2, weight=Weight.BOLD)
    page.bar(bar, view.closeness, Ink.GOOD)
    told = f"{nearest.name} ({words.turned_over})" if view.mirrored else nearest.name
    page.text(told, name, 0.046, max_lines=3, ink=Ink.SOFT, align=Align.RIGHT)


def _live(view: MirrorView, page: Page, box: Box, look: Look) -> PictureBox:
    assert view.frame is not None
    width, height = view.frame.wh
    shape, room = width / height, box.w / box.h
    kept = min(1.0, max(_KEPT_WIDTH, room / shape)) if shape > room else 1.0
    shown = shape * kept
    wide = min(box.w, box.h * shown)
    tall = wide / shown
    return PictureBox(
        image=view.frame.image if look.picture is PictureMode.CAMERA else None,
        image_wh=view.frame.wh,
        stands=page.box(Box(box.centre[0] - wide / 2, box.centre[1] - tall / 2, wide, tall)),
        shows=Box((1 - kept) / 2, 0.0, kept, 1.0),
        mirrored=look.mirrored,
        radius=0.022,
    )


@lru_cache(maxsize=8)
def _still(picture: PosePicture, aspect: float, box: Box, turned: bool) -> list[Still]:
    """The picture of a twin: one object for as long as it is shown, so that it is drawn once."""
    page = Page(aspect)
    put(page, picture, box, turned=turned)
    return [item for item in page.items if isinstance(item, Still)]


def _plan(aspect: float) -> _Plan:
    gap = 0.024
    if aspect >= 1.0:
        title = Box(gap, gap, aspect - 2 * gap, _TITLE_H - gap)
        height = 1 - _TITLE_H - _LINE_H - 3 * gap
        half = (aspect - 3 * gap) / 2
        live = Box(gap, _TITLE_H + gap, half, height)
        twin = Box(live.right + gap, live.y, half, height)
    else:
        title = Box(gap, gap, aspect - 2 * gap, 0.04)
        height = (1 - title.bottom - _LINE_H - 4 * gap) / 2
        live = Box(gap, title.bottom + gap, aspect - 2 * gap, height)
        twin = Box(gap, live.bottom + gap, live.w, height)
    return _Plan(title, live, twin, Box(gap, twin.bottom + gap, aspect - 2 * gap, 1 - twin.bottom - 2 * gap))
