"""The face: which screen comes after which, what a person can do there, and how those screens look."""
