"""The frozen types that the stages hand on.

A type comes only from the stage before it, so holding one proves that the earlier stages ran.
This room imports nothing of ours.
"""
