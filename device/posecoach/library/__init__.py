"""Many poses: an index of them, the nearest ones, and which of them to go on showing."""
