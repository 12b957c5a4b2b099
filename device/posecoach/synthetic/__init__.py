"""The built-in athlete: a body, what it does, and pictures of it, with the exact truth beside them."""
