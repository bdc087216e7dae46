"""What the service tells of what it holds: datasets, versions, the ontology, DCAT, VoID, and what crawlers read."""
