"""Mutated files against the reader: a corpus that every run reads, and a search for more."""
