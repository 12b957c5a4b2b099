"""How a body is built: lengths and girths, as shares of its stature.

Lengths follow Drillis & Contini, Body Segment Parameters (1966), as printed in Winter, Biomechanics and
Motor Control of Human Movement, figure 4.1; joint centres of trunk and head after de Leva, J. Biomechanics
29 (1996) 1223; breadths, depths and girths, and the spread of all of them between people, after the 2012
Anthropometric Survey of U.S. Army Personnel (Gordon et al., NATICK/TR-15/007).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

# Shares of stature from the floor up; widths are from the middle line.
_LENGTHS: Final[dict[str, float]] = {
    "ankle_height": 0.039,
    "shin": 0.246,
    "thigh": 0.245,
    "hip_half_width": 0.056,
    "pelvis": 0.060,  # hip joints to the lumbar joint
    "waist": 0.100,  # lumbar to thoracic joint
    "chest": 0.142,  # thoracic joint to the base of the neck
    "shoulder_drop": 0.016,  # shoulder joints below the base of the neck
    "shoulder_half_width": 0.108,
    "upper_arm": 0.174,
    "forearm": 0.146,
    "hand": 0.100,
    "neck": 0.058,
    "head": 0.050,  # top of the neck to the middle of the head
    "foot": 0.152,
}
# Half breadths and half depths, bare.
_GIRTHS: Final[dict[str, float]] = {
    "calf": 0.033,
    "ankle": 0.021,
    "knee": 0.034,
    "thigh_top": 0.052,
    "hips_half_breadth": 0.100,
    "hips_half_depth": 0.068,
    "waist_half_breadth": 0.086,
    "waist_half_depth": 0.064,
    "chest_half_breadth": 0.097,
    "chest_half_depth": 0.070,
    "upper_arm_top": 0.033,
    "upper_arm_low": 0.026,
    "forearm_top": 0.026,
    "wrist": 0.0165,
    "neck_girth": 0.0335,
    "head_half_breadth": 0.0445,
    "head_half_depth": 0.056,
    "foot_half_breadth": 0.029,
}
_HEAVY: Final[dict[str, float]] = {"waist_half_depth": 2.2, "waist_half_breadth": 1.5, "hips_half_depth": 1.3}
"""How much more than average some girths grow with weight."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body's measures.

    Attributes:
        stature_m: How tall it is.
        lengths: Metres, by name: ankle_height, shin, thigh, hip_half_width, pelvis, waist, chest,
            shoulder_drop, shoulder_half_width, upper_arm, forearm, hand, neck, head, foot.
        girths: Metres: radii of limbs, half breadths and depths of the trunk, bare.
        curves: 0 a man's waist and hips, 1 a woman's; for the look of it.
    """

    stature_m: float
    lengths: dict[str, float] = field(repr=False)
    girths: dict[str, float] = field(repr=False)
    curves: float = 0.5

    @classmethod
    def average(cls, stature_m: float = 1.72) -> Body:
        """A body of average proportions."""
        return cls(
            stature_m,
            {name: share * stature_m for name, share in _LENGTHS.items()},
            {name: share * stature_m for name, share in _GIRTHS.items()},
        )

    @classmethod
    def sample(cls, rng: np.random.Generator) -> Body:
        """An adult drawn at random: a man or a woman, tall or short, slim or heavy, long- or short-limbed."""
        curves = float(rng.random() < 0.5)
        stature_m = float(np.clip(rng.normal(1.76 - 0.13 * curves, 0.068), 1.48, 1.98))
        legs, arms, broad = np.clip(rng.normal(1.0, [0.022, 0.025, 0.035]), 0.92, 1.08)
        weight = float(np.clip(rng.normal(0.02, 0.085), -0.13, 0.26))
        body = cls.average(stature_m)
        lengths = {
            name: value * float(np.clip(rng.normal(1.0, 0.012), 0.97, 1.03))
            for name, value in body.lengths.items()
        }
        for names, factor in (
            (("shin", "thigh"), legs),
            (("pelvis", "waist", "chest"), 2.0 - legs),
            (("upper_arm", "forearm", "hand"), arms),
            (("shoulder_half_width",), broad * (1.04 - 0.08 * curves)),
            (("hip_half_width",), 0.97 + 0.06 * curves),
        ):
            for name in names:
                lengths[name] *= float(factor)
        shape = {
            "hips_half_breadth": 0.06,
            "thigh_top": 0.04,
            "waist_half_breadth": -0.06,
            "neck_girth": -0.14,
        }
        shape |= {"chest_half_breadth": -0.04, "upper_arm_top": -0.08, "upper_arm_low": -0.08}
        girths = {}
        for name, value in body.girths.items():
            grown = 0.0 if name.startswith(("head", "foot", "wrist")) else weight * _HEAVY.get(name, 1.0)
            sexed = shape.get(name, 0.0) * (2.0 * curves - 1.0)
            girths[name] = value * (1.0 + grown + sexed) * float(np.clip(rng.normal(1.0, 0.02), 0.95, 1.05))
        return cls(stature_m, lengths, girths, curves)
