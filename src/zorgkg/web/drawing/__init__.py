"""Pictures in pages: maps, networks, charts and matrices, as SVG."""
