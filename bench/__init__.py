"""`make bench`: how fast the service is beside its peers, on one machine in one run (docs/performance.md)."""
