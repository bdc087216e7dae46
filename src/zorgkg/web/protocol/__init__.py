"""The standards over HTTP: SPARQL query and update, the Graph Store Protocol, the service description; and writes."""
