"""The knowledge graph of caring neighbourhoods, and the service that answers questions on it."""
