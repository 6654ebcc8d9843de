"""Hostile input: what records, rules, settings and files from strangers could try, and what must come of it."""
