"""A display on pygame (2.1.2 or newer, or pygame-ce): window, fullscreen, or pictures only."""

from __future__ import annotations

import os

# Both are read when pygame is imported or SDL starts; a person's own setting wins.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # signals belong to the appliance, not to SDL

from posecoach.adapters.pygame_display.display import PygameDisplay

__all__ = ["PygameDisplay"]
