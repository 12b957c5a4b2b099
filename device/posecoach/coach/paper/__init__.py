"""Pages to print, as scenes: what a session came to, and how somebody got on."""
