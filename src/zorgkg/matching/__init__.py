"""Matching: which thing of the graph a name or a row of a table means."""
