"""Linking: which things of a dataset are the same as things of others; proposed by a tool, decided by a person."""
