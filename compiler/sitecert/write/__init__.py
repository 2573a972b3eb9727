"""Compare with what is there, then replace: each file and each generation's folder as a whole."""
