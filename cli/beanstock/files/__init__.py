"""Plain files: decoding, YAML with positions, CSV rows, paths that stay inside, writing all or nothing."""
