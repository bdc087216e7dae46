"""The service over HTTP: SPARQL, questions, things and their pages."""
