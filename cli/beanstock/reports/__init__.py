"""(ledger index, masters) to tables. Pure: no files, no terminal."""
