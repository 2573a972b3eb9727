"""The composition root: the only caller of the stages, in their order."""
