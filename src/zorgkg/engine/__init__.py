"""Engines: what answers SPARQL queries on a published version."""
