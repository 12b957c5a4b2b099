"""Keeping the box at work: supervision, and finding out what is wrong with it."""
