"""Painting one person: body, clothes, face, and the shadow on the floor."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.body import Body
from posecoach.synthetic.clothing import dressed_solids
from posecoach.synthetic.head import EYE
from posecoach.synthetic.kinematics import Part, Posture
from posecoach.synthetic.look import Hair, Look, Stuff
from posecoach.synthetic.paint import Canvas, Light, Tube, paint_disc, paint_tube
from posecoach.synthetic.solids import Outline, Shape
from posecoach.synthetic.textures import creases
from posecoach.synthetic.view_camera import ViewCamera

Array = NDArray[np.float64]
Rgb = tuple[float, float, float]

_WHITE: Final = (236.0, 234.0, 230.0)
_FOLDED: Final = (Stuff.TOP, Stuff.BOTTOM)
_LEAST_FACING: Final = 0.12
_FROM_THE_END: Final = 0.85


class Figure:
    """One person to paint: a body with a look."""

    def __init__(self, body: Body, look: Look) -> None:
        """Dress a body.

        Args:
            body: Its measures.
            look: What it wears.
        """
        self._body, self._look, self._folds = body, look, creases()
        self._shape = Shape(dressed_solids(body, look))
        self._features = _features(look)

    def outline(self, posture: Posture, camera: ViewCamera) -> Outline:
        """Where its solids are in the picture; of the first moment of `posture`."""
        return self._shape.outline(posture, camera)

    def box(self, outline: Outline, image_wh: tuple[int, int]) -> tuple[int, int, int, int] | None:
        """``left, top, right, bottom`` of what it covers of a picture; `None` where it is outside."""
        radius = outline.radius_px[0][..., None]
        least = (outline.xy[0] - radius).min(axis=(0, 1)) - 2
        most = (outline.xy[0] + radius).max(axis=(0, 1)) + 3
        left, top = (int(value) for value in np.maximum(least, 0))
        right, bottom = (int(value) for value in np.minimum(most, image_wh))
        return (left, top, right, bottom) if left < right and top < bottom else None

    def paint(self, image: NDArray[np.uint8], posture: Posture, camera: ViewCamera, light: Light) -> None:
        """Paint the person into an image, over what is there."""
        outline = self.outline(posture, camera)
        box = self.box(outline, camera.image_wh)
        if box is None or outline.depth_m.min() < 0.3:
            return
        canvas = Canvas.over(image, box)
        middle = outline.depth_m[0].mean(axis=1)
        xy, radii = outline.xy[0].tolist(), outline.radius_px[0].tolist()
        depths, thick = outline.depth_m[0].tolist(), outline.thick_m[0].tolist()
        end_on = outline.end_on[0].tolist()
        for index in np.argsort(-middle, kind="stable"):
            solid = self._shape.solids[index]
            away = end_on[index]
            tube = Tube(
                start=tuple(xy[index][0]),
                end=tuple(xy[index][1]),
                radii=tuple(radii[index]),
                depths_m=tuple(depths[index]),
                thick_m=tuple(thick[index]),
                round=solid.round or abs(away) > _FROM_THE_END,
                cap=solid.cap,
                cap_end=max(abs(away), 0.04) if solid.cut else solid.cap,  # a hem is a circle seen askew
                end_on=0.0 if solid.round else away,
            )
            folds = None
            if solid.stuff in _FOLDED:
                row, column = 41 * int(index) % 300, 67 * int(index) % 300
                folds = self._folds[row:, column:]
            paint_tube(canvas, tube, self._colour(solid.stuff), light, folds)
        self._face(canvas, posture, camera, light)
        canvas.onto(image)

    def _face(self, canvas: Canvas, posture: Posture, camera: ViewCamera, light: Light) -> None:
        """Eyes, brows and mouth, where they are turned to the camera."""
        tall = self._body.stature_m
        head = posture.frames[0, Part.HEAD]
        place = posture.origins[0, Part.HEAD]
        for (x, y, z), (wide, high), colour, opacity in self._features:
            outward = np.array([x + 0.004, y * 1.3, z * 0.3])
            outward = head @ (outward / np.linalg.norm(outward))
            point = place + head @ (np.array([x, y, z]) * tall)
            sight = camera.place - point
            facing = float(outward @ sight / np.linalg.norm(sight))
            if facing < _LEAST_FACING:
                continue
            (px, py), depth = camera.project(point)
            scale = camera.focal / float(depth) * tall
            across = np.cross(head[:, 2], outward)
            across = across / max(float(np.linalg.norm(across)), 1e-6)
            right, down = camera.axes[0], camera.axes[1]
            upward = np.cross(outward, across)
            first = (float(right @ across) * wide * scale, float(down @ across) * wide * scale)
            second = (float(right @ upward) * high * scale, float(down @ upward) * high * scale)
            shade = light.ambient + light.diffuse * 0.75
            paint_disc(
                canvas, (float(px), float(py)), (first, second),
                (colour[0] * shade, colour[1] * shade, colour[2] * shade),
                depth_m=float(depth) - 0.013 * tall, opacity=opacity,
            )  # fmt: skip

    def _colour(self, stuff: Stuff) -> Rgb:
        red, green, blue = self._look.colours[stuff]
        return float(red), float(green), float(blue)


def _features(look: Look) -> list[tuple[tuple[float, float, float], tuple[float, float], Rgb, float]]:
    """What a face has, from the first painted to the last.

    Each is a place in the head's frame, half width and half height (shares of the stature), a colour and
    an opacity.
    """
    skin = np.array(look.colours[Stuff.SKIN], dtype=float)
    hair = np.array(look.colours[Stuff.HAIR], dtype=float)

    def rgb(colour: Array) -> Rgb:
        red, green, blue = colour.tolist()
        return red, green, blue

    shadow, lips = rgb(skin * (0.74, 0.68, 0.66)), rgb(skin * (0.82, 0.60, 0.60))
    brow = rgb(np.minimum(hair, skin * 0.6) if look.hair is not Hair.BALD else skin * 0.45)
    features: list[tuple[tuple[float, float, float], tuple[float, float], Rgb, float]] = []
    if look.beard:
        dark = rgb(0.7 * hair + 0.3 * skin)
        features.append(((0.036, 0.0, -0.057), (0.026, 0.017), dark, 0.85))
        features.append(((0.046, 0.0, -0.033), (0.018, 0.0045), dark, 0.8))
    for sign in (1.0, -1.0):
        x, y, z = EYE[0], sign * EYE[1], EYE[2]
        features += [
            ((x - 0.001, y, z + 0.001), (0.0125, 0.0085), shadow, 0.55),
            ((x, y, z), (0.0084, 0.0040), _WHITE, 0.95),
            ((x + 0.001, y * 0.98, z), (0.0037, 0.0039), (48.0, 34.0, 28.0), 1.0),
            ((x, y * 1.02, z + 0.0040), (0.0092, 0.0014), (40.0, 28.0, 26.0), 0.85),
            ((x + 0.0005, y * 1.05, z + 0.0115), (0.0115, 0.0026), brow, 0.85),
            ((0.0560, sign * 0.0050, -0.0235), (0.0026, 0.0016), rgb(skin * 0.45), 0.8),
        ]
    features += [
        ((0.0500, 0.0, -0.0262), (0.0095, 0.0022), shadow, 0.7),
        ((0.0470, 0.0, -0.0430), (0.0145, 0.0050), lips, 0.9),
        ((0.0480, 0.0, -0.0425), (0.0140, 0.0011), rgb(skin * (0.45, 0.30, 0.30)), 0.8),
        ((0.0430, 0.0, -0.0520), (0.0100, 0.0022), shadow, 0.45),
    ]
    return features
