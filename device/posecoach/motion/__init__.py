"""Geometry and time; numpy only, knows no routine."""
