"""Read the repository and the package's own data: bytes in, documents with places out."""
