"""Find private keys by what they are, whatever holds them: bytes in, leaks out."""
