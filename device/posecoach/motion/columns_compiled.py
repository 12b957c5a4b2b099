"""The loops over the keypoints of one pose, compiled: the same functions, the same results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from posecoach.compiled import Kernel, kernel
from posecoach.motion.columns import ARRAYS, Layout
from posecoach.motion.extents import survey
from posecoach.motion.normalise import grow
from posecoach.motion.one_euro import follow
from posecoach.motion.pose_distance import compare

_C: Final = "float64[::1]"
_ANY: Final = "float64[:]"
_MARKS: Final = "boolean[::1]"

_follow: Final = kernel(
    f"void({_ANY}, {_ANY}, {_MARKS}, {_MARKS}, {_MARKS}, {', '.join([_C] * 6)}, {', '.join(['float64'] * 6)})"
)(follow)

_grow: Final = kernel(f"float64({_ANY}, {_ANY}, {_C}, int64[::1], int64[::1], {_MARKS}, {_C}, {_C})")(grow)
_survey: Final = kernel(f"UniTuple(float64, 3)({_ANY}, {_ANY}, {_C}, int64[::1], int64[::1], {_C})")(survey)
_compare: Final = kernel(f"void({_ANY}, {_ANY}, {_ANY}, {_ANY}, int64[::1], int64[::1], float64, {_C})")(
    compare
)

KERNELS: Final[tuple[Kernel[..., Any], ...]] = (_follow, _grow, _survey, _compare)


def compiled_follow() -> tuple[Callable[..., None], Layout] | None:
    """The One Euro filter's loop; `None` where its kernel was not built for this machine."""
    found = _follow.load()
    return None if found is None else (found, ARRAYS)


def compiled_grow() -> tuple[Callable[..., float], Layout] | None:
    """The loop over the bones that a scale goes by; likewise."""
    found = _grow.load()
    return None if found is None else (found, ARRAYS)


def compiled_survey() -> tuple[Callable[..., tuple[float, float, float]], Layout] | None:
    """The loop over the keypoints that tells people apart; likewise."""
    found = _survey.load()
    return None if found is None else (found, ARRAYS)


def compiled_compare() -> tuple[Callable[..., None], Layout] | None:
    """The comparison of two poses; likewise."""
    found = _compare.load()
    return None if found is None else (found, ARRAYS)
