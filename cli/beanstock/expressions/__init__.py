"""Expressions of rules and import mappings: a checked subset of Python's, compiled or interpreted, never evaluated raw."""
