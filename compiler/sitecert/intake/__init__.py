"""Judge what a CA returned: bytes in, a verdict out."""
