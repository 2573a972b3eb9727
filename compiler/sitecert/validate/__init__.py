"""Compare documents with the published schemas."""
