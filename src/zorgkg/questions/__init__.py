"""Questions: SPARQL files with a header, their typed parameters, and answers with labels in the asked language."""
