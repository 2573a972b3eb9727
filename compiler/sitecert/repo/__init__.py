"""The only door to git."""

from sitecert.repo.committed import is_committed

__all__ = ["is_committed"]
