"""The search index of a version: everything that a person would look for, in SQLite beside the store."""
