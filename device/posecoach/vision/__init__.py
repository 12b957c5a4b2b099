"""Pixels and tensors to poses; numpy only."""
