"""The reconciliation service over HTTP, on the graph of the repository's own data."""
