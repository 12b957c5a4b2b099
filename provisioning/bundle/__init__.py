"""Makes a bundle: everything that a box without a network needs, in one signed file."""
