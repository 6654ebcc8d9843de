"""One file per command; each reads as the pipeline that it runs."""
