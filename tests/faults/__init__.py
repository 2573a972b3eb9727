"""Faults of every kind at every change that a program makes to a disk: kills, refusals, losses of power."""
