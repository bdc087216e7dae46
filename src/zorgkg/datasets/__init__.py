"""Dataset packages: a folder of tables with CSVW metadata and a DCAT description, and the reviewed link file."""
