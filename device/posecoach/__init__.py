"""A coach in a box: watches a movement, scores it against a stored routine, says what to change."""

__version__ = "0.1.0"
