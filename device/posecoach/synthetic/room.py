"""Rooms to stand in: walls, floor and furniture, seen once by the camera and kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.furniture import Box, Rgb, as_rgb, sampled_furniture
from posecoach.synthetic.paint import Light
from posecoach.synthetic.textures import carpet, grain, planks, smoothed, tiles
from posecoach.synthetic.view_camera import NEAREST_M, ViewCamera

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Room:
    """A room.

    Attributes:
        wall, floor, skirting: Colours.
        flooring: planks, tiles or carpet.
        wall_m: How far the back wall is behind the athlete.
        left_m, right_m: How far the side walls are.
        furniture: What stands and hangs in it.
        light: From where, and how much.
        seed: Of its textures.
    """

    wall: Rgb = (214.0, 208.0, 196.0)
    floor: Rgb = (168.0, 130.0, 92.0)
    skirting: Rgb = (240.0, 240.0, 238.0)
    flooring: str = "planks"
    wall_m: float = 1.9
    left_m: float = 3.4
    right_m: float = 3.6
    furniture: tuple[Box, ...] = ()
    light: Light = field(default_factory=Light)
    seed: int = 0

    @classmethod
    def sample(cls, rng: np.random.Generator) -> Room:
        """A room drawn at random."""
        wall = np.array(_WALLS[rng.integers(len(_WALLS))]) + rng.normal(0, 4, 3)
        floor = np.array(_FLOORS[rng.integers(len(_FLOORS))]) * rng.uniform(0.9, 1.1)
        wall_m = float(rng.uniform(1.2, 2.8))
        aside = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.35, 0.75))
        up = float(rng.uniform(0.55, 0.85))
        away = -float(np.sqrt(max(1.0 - aside**2 - up**2, 0.04)))
        norm = float(np.sqrt(aside**2 + up**2 + away**2))
        light = Light(
            (aside / norm, -up / norm, away / norm),
            ambient=float(rng.uniform(0.46, 0.66)),
            diffuse=float(rng.uniform(0.36, 0.62)),
        )
        return cls(
            wall=as_rgb(wall),
            floor=as_rgb(floor),
            skirting=(238.0, 238.0, 235.0) if rng.random() < 0.7 else as_rgb(wall * 0.7),
            flooring=("planks", "tiles", "carpet")[rng.integers(3)],
            wall_m=wall_m,
            left_m=float(rng.uniform(2.2, 4.5)),
            right_m=float(rng.uniform(2.2, 4.5)),
            furniture=sampled_furniture(rng, wall_m),
            light=light,
            seed=int(rng.integers(1 << 30)),
        )

    def with_furniture(self, *boxes: Box) -> Room:
        """The same room with more in it."""
        return replace(self, furniture=(*self.furniture, *boxes))


def painted_room(room: Room, camera: ViewCamera) -> NDArray[np.uint8]:
    """``(height, width, 3)`` uint8: the empty room as the camera sees it."""
    width, height = camera.image_wh
    x = (np.arange(width, dtype=np.float32) - (width - 1) / 2) / camera.focal
    y = ((np.arange(height, dtype=np.float32) - (height - 1) / 2) / camera.focal)[:, None]
    edge_x, edge_y = x.max(), y.max()
    if camera.roll_deg:
        cosine, sine = np.float32(np.cos(roll := np.radians(camera.roll_deg))), np.float32(np.sin(roll))
        x, y = x * cosine - y * sine, x * sine + y * cosine
    tilt = np.radians(camera.tilt_deg)
    # Lines of sight in the room's axes, one metre away along the middle one.
    right = np.broadcast_to(x, (height, width)).astype(np.float32)
    away = np.broadcast_to(np.cos(tilt) - y * np.sin(tilt), (height, width)).astype(np.float32)
    up = np.broadcast_to(-np.sin(tilt) - y * np.cos(tilt), (height, width)).astype(np.float32)
    eye = np.array([camera.aside_m, -camera.distance_m, camera.height_m], dtype=np.float32)
    with np.errstate(divide="ignore"):
        colours, reach = _shell(room, (right, away, up), eye)
        for box in room.furniture:
            at = _window_of(box, camera)
            sight = right[at], away[at], up[at]
            _add_box(colours[at], reach[at], box, sight, eye, room.light)
    rng = np.random.default_rng(room.seed + 1)
    image = smoothed(colours)
    image += rng.normal(0.0, 1.6, (height, width, 1)).astype(np.float32)
    vignette = 1.0 - 0.10 * ((x / edge_x) ** 2 + (y / edge_y) ** 2)
    return np.asarray(np.clip(image * vignette[..., None], 0, 255), dtype=np.uint8)


def _shell(room: Room, sight: tuple[Array, Array, Array], eye: Array) -> tuple[Array, Array]:
    """Floor, walls and ceiling: colours ``(height, width, 3)`` and how far along the line of sight."""
    right, away, up = sight
    ceiling_m = 2.6
    to_wall = (room.wall_m - eye[1]) / np.maximum(away, 1e-4)
    to_floor = np.where(up < 0, -eye[2] / np.minimum(up, -1e-6), np.inf)
    to_ceiling = np.where(up > 0, (ceiling_m - eye[2]) / np.maximum(up, 1e-6), np.inf)
    to_side = np.where(
        right < 0,
        (-room.left_m - eye[0]) / np.minimum(right, -1e-6),
        (room.right_m - eye[0]) / np.maximum(right, 1e-6),
    )
    reach = np.minimum(np.minimum(to_wall, to_floor), np.minimum(to_side, to_ceiling)).astype(np.float32)
    px, py, pz = (eye[axis] + sight[axis] * reach for axis in range(3))
    light = room.light
    rng = np.random.default_rng(room.seed)
    plain = {"planks": planks, "tiles": tiles, "carpet": carpet}[room.flooring]
    floor = plain(px, py, rng)[..., None] * np.array(room.floor, dtype=np.float32)
    # Light falls off from the window's side; corners are a little darker.
    aside = 1.0 + 0.10 * np.sign(light.direction[0]) * px / 3.0
    over = np.maximum(pz, 0.0)  # below the floor is skirting: from outside the walls, very far below
    corner = 1.0 - 0.16 * np.exp(-np.abs(room.wall_m - py) * 3.0) - 0.10 * np.exp(-over * 5.0)
    wall = np.array(room.wall, dtype=np.float32) * (aside * (0.86 + 0.05 * pz) * corner)[..., None]
    wall *= (1.0 + 0.012 * grain(px * 3.0, pz * 3.0, rng))[..., None]
    skirt = pz < 0.09
    wall[skirt] = np.array(room.skirting, dtype=np.float32) * (0.88 * aside[skirt])[:, None]
    wall[(pz >= 0.09) & (pz < 0.1)] *= 0.75
    side = reach >= to_side - 1e-4
    wall[side] *= 0.88
    top = reach >= to_ceiling - 1e-4
    on_floor = reach >= to_floor - 1e-4
    colours = np.where(
        on_floor[..., None],
        floor * (0.94 * aside * (1.0 - 0.25 * np.exp(-np.abs(room.wall_m - py) * 4)))[..., None],
        wall,
    )
    colours[top] = np.array([236, 236, 232], dtype=np.float32) * 0.92
    return colours.astype(np.float32), reach


def _window_of(box: Box, camera: ViewCamera) -> tuple[slice, slice]:
    """Rows and columns of the picture that a box lies in; all of them where it reaches past the camera."""
    pairs = zip(box.low, box.high, strict=True)
    corners = np.array(list(product(*pairs)))  # (8, 3)
    if camera.roll_deg:
        return slice(None), slice(None)
    x, y, z = (corners - (camera.aside_m, -camera.distance_m, camera.height_m)).T
    cosine, sine = np.cos(np.radians(camera.tilt_deg)), np.sin(np.radians(camera.tilt_deg))
    depth = y * cosine - z * sine
    if depth.min() < NEAREST_M:
        return slice(None), slice(None)
    width, height = camera.image_wh
    columns = camera.focal * x / depth + (width - 1) / 2
    rows = -camera.focal * (z * cosine + y * sine) / depth + (height - 1) / 2
    return (
        slice(max(int(rows.min()) - 1, 0), max(int(rows.max()) + 3, 0)),
        slice(max(int(columns.min()) - 1, 0), max(int(columns.max()) + 3, 0)),
    )


def _add_box(
    colours: Array, reach: Array, box: Box, sight: tuple[Array, Array, Array], eye: Array, light: Light
) -> None:
    """Paint a box where it is nearer than what is there (the slab test of ray tracing)."""
    near = np.full(reach.shape, -np.inf, dtype=np.float32)
    far = np.full(reach.shape, np.inf, dtype=np.float32)
    face = np.zeros(reach.shape, dtype=np.int8)
    for axis in range(3):
        along = np.where(np.abs(sight[axis]) < 1e-6, np.float32(1e-6), sight[axis])
        first = (box.low[axis] - eye[axis]) / along
        second = (box.high[axis] - eye[axis]) / along
        entry = np.minimum(first, second)
        face = np.where(entry > near, np.int8(axis), face)
        near = np.maximum(near, entry)
        far = np.minimum(far, np.maximum(first, second))
    hit = (near < far) & (near > 0.1) & (near < reach - 1e-3)
    facing = np.array([abs(light.direction[0]), -light.direction[2], -light.direction[1]], dtype=np.float32)
    shade = light.ambient + light.diffuse * np.maximum(facing, 0.1) * 0.8 + box.glow
    colours[hit] = np.array(box.colour, dtype=np.float32) * shade[face[hit]][:, None]
    reach[hit] = near[hit]


_WALLS: Final = (
    (224, 220, 210), (200, 206, 210), (214, 200, 178), (178, 190, 176), (168, 178, 196), (232, 228, 224),
    (196, 178, 168), (140, 150, 160), (206, 190, 200),
)  # fmt: skip
_FLOORS: Final = (
    (176, 136, 94), (132, 94, 64), (204, 180, 146), (150, 148, 146), (112, 116, 122), (186, 176, 164),
    (98, 104, 92),
)  # fmt: skip
