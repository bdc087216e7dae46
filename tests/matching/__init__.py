"""Which thing a name or a row of a table means."""
