"""Records: files of CSV and YAML to typed documents. Knows no accounts and no rules."""
