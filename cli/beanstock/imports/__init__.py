"""Foreign files to records, by the mappings in rules/imports."""
