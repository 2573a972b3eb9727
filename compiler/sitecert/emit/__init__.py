"""A plan and templates become the files of `out/`."""
