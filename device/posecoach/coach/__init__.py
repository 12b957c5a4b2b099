"""The product's rules, pure: routines, following, scoring, advice, the session and what it shows."""
