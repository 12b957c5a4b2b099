"""The parts of ``injection.py``: what is done to a running coach, and what became of it."""
