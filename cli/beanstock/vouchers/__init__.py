"""Valued documents and compiled rules to vouchers. Pure."""
