"""What can be seen of a scene as data: for tests of every screen."""

from dataclasses import fields, replace
from itertools import combinations

from posecoach.coach.bounds import bounds
from posecoach.coach.scene import Panel, Text
from posecoach.coach.typesetting import block_height
from posecoach.coach.words import Words

SCREENS = {
    "1280x720": (1280, 720),
    "800x480": (800, 480),
    "1024x768": (1024, 768),
    "720x1280": (720, 1280),
    "3840x2160": (3840, 2160),
}
TINY = 1e-6


def longer(words, share=0.4):
    """Words as another language has them: `share` longer, in words of ordinary length."""
    names = [f.name for f in fields(words) if f.name not in ("brand", "language", "catalogue")]
    return Words(**{name: stretched(getattr(words, name), share) for name in names})


def stretched(text, share=0.4):
    letters = max(1, round(len(text) * share))
    words = text.split(" ")
    for i in range(letters):
        spot = i % len(words)
        if words[spot].isalpha():
            words[spot] += "n"
    return " ".join(words)


def texts(scene):
    return [item for item in scene.items if isinstance(item, Text)]


def readable(scene, aspect):
    """Its texts but those that a panel drawn later has wholly covered."""
    seen = []
    for item in scene.items:
        if isinstance(item, Panel):
            seen = [text for text in seen if not contains(item.box, capitals(text, aspect))]
        elif isinstance(item, Text):
            seen.append(item)
    return seen


def said(scene):
    return [" ".join(text.lines) for text in texts(scene)]


def large_panels(scene):
    return [item.box for item in scene.items if isinstance(item, Panel) and item.box.h > 0.03]


def overlap(one, other):
    return (
        min(one.right, other.right) - max(one.x, other.x) > TINY
        and min(one.bottom, other.bottom) - max(one.y, other.y) > TINY
    )


def run_into_each_other(texts, aspect):
    """The lines of every two of the texts that overlap."""
    boxes = [(text.lines, capitals(text, aspect)) for text in texts]
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if overlap(a, b)]


def contains(outer, inner, slack=0.003):
    return (
        outer.x - slack <= inner.x
        and outer.y - slack <= inner.y
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def shorter_side(screen_wh):
    """In heights of the screen."""
    return min(1.0, screen_wh[0] / screen_wh[1])


def capitals(text, aspect):
    """The box of a text from its first capitals to its last baseline."""
    box, height = bounds(text, aspect), block_height(len(text.lines)) * text.size
    return replace(box, y=text.y - height / 2, h=height)
